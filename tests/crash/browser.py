"""A browser without JavaScript, over real connections, of somebody who tries again when a page does not come."""

import html
import http.client
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from tests.deployment import Deployment, host_of

COOKIE = "__Host-parvis"
PATIENCE_SECONDS = 60.0
HIDDEN = re.compile(r'type="hidden" name="(\w+)" value="([^"]*)"')
Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Page:
    """An answer: a page, or the path of the page to go to."""

    status: int
    text: str
    leads_to: str = ""

    def hidden(self, around: str) -> list[tuple[str, str]]:
        """Return the hidden fields of the form that has `around` in it."""
        place = self.text.index(around)
        form = self.text[self.text.rindex("<form", 0, place) : self.text.index("</form>", place)]
        return [(name, html.unescape(value)) for name, value in HIDDEN.findall(form)]


class Browser:
    """One person's browser on one host; `tries` tells how often something had to be asked for again."""

    def __init__(self, deployment: Deployment, slug: str, cookie: str = "") -> None:
        self.host, self.port, self.cookie = host_of(slug), deployment.port, cookie
        self.again = 0

    def get(self, path: str) -> Page:
        """Open a page and those it leads to."""
        page = self._insist("GET", path)
        while page.leads_to:
            page = self._insist("GET", page.leads_to)
        return page

    def send(self, path: str, fields: Fields) -> Page:
        """Send a form, the same one again as long as nothing comes back; follows nothing."""
        return self._insist("POST", path, urlencode(fields))

    def _insist(self, method: str, path: str, body: str | None = None) -> Page:
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                page = self._ask(method, path, body)
            except (OSError, http.client.HTTPException):
                page = Page(0, "")
            if 0 < page.status < 500:
                return page
            assert time.monotonic() < end, f"{method} {path} gave {page.status} to the end"
            self.again += 1
            time.sleep(0.2)

    def _ask(self, method: str, path: str, body: str | None) -> Page:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Host": f"{self.host}:{self.port}", "Accept-Language": "en"}
        if self.cookie:
            headers["Cookie"] = f"{COOKIE}={self.cookie}"
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookie = value if name == COOKIE else self.cookie
        return Page(answer.status, text, _path(answer.headers.get("Location") or ""))


def _path(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
