"""Two roads to the pages: through the network to a deployment, and inside one process."""

import http.client
import time
from collections.abc import Mapping

from app.testing.browsers import Browser
from app.testing.persons.person import Answer, Unexpected

BUSY, TRIES, WAIT_SECONDS = 503, 20, 0.5


class Network:
    """A connection that stays open, on one host; keeps cookies as a browser does.

    With an `address` it comes through a proxy that serves https: what the proxy would say is said.
    """

    def __init__(
        self, port: int, host: str, cookies: Mapping[str, str] | None = None, *, address: str = ""
    ) -> None:
        self._port, self._host = port, host
        self._origin = f"{'https' if address else 'http'}://{host}:{port}"
        self._proxy = {"X-Forwarded-For": address, "X-Forwarded-Proto": "https"} if address else {}
        self.cookies = dict(cookies or {})
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def __call__(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send one request; again when the connection was lost or the server is busy."""
        sent = {**headers, **self._proxy, "Host": self._origin.partition("//")[2]}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if method != "GET":
            sent["Origin"] = self._origin
            sent["Referer"] = f"{self._origin}{path}"
        for _try in range(TRIES):
            try:
                answer = self._ask(method, path, body, sent)
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                self._connection.close()
                continue
            if answer.status != BUSY:
                return answer
            # The page says that nothing was carried out, and to try again in a moment.
            time.sleep(WAIT_SECONDS)
        raise Unexpected(f"no answer to {method} {path} after {TRIES} tries")

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        self._connection.request(method, path, body or None, dict(headers))
        answer = self._connection.getresponse()
        data = answer.read()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        found = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, data.decode(errors="replace"), found, data)


class Inside:
    """The test client of an application in this process."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    def __call__(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send one request."""
        answer = self._browser.open(path, method=method, data=body, headers=dict(headers))
        found = {name.lower(): value for name, value in answer.headers.items()}
        data: bytes = answer.get_data()
        return Answer(answer.status_code, data.decode(errors="replace"), found, data)
