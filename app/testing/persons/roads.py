"""Two roads to the pages: through the network to a deployment, and inside one process."""

import http.client
from collections.abc import Mapping

from app.testing.browsers import Browser
from app.testing.persons.person import Answer


class Network:
    """A connection that stays open, on one host; keeps cookies as a browser does."""

    def __init__(self, port: int, host: str, cookies: Mapping[str, str] | None = None) -> None:
        self._port, self._host = port, host
        self.cookies = dict(cookies or {})
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def __call__(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send one request; a connection that the server has closed meanwhile is opened again."""
        sent = {**headers, "Host": f"{self._host}:{self._port}"}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if method != "GET":
            sent["Origin"] = f"http://{self._host}:{self._port}"
        try:
            return self._ask(method, path, body, sent)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self._connection.close()
            return self._ask(method, path, body, sent)

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
