"""Somebody in front of a browser: opens pages, reads, presses; counts how often she presses."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Locator, Page, Response, expect

from tests.deployment import Deployment, eventually
from tests.e2e.inspection import Inspector

PATIENCE_MS = 15_000
expect.set_options(timeout=PATIENCE_MS)
Name = str | re.Pattern[str]
PAGES = ("document", "fetch", "xhr")
# The browser notes every page that is not there; tests that expect one say so themselves.
NOTED = "Failed to load resource"


class Person:
    """One browser window on one deployment; `troubles` has what pages complained about, but for what she `expects`."""

    def __init__(self, page: Page, deployment: Deployment, inspector: Inspector | None) -> None:
        self.page, self.presses = page, 0
        self.troubles: list[str] = []
        self.expects: set[int] = set()
        self._deployment, self._inspector = deployment, inspector
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.troubles.append(f"{page.url}: {error}"))
        page.on("response", self._notice)

    def open(self, slug: str, path: str = "/") -> int:
        """Type an address; returns the status of the page."""
        answer = self.page.goto(self._deployment.url(slug, path))
        assert answer is not None
        return answer.status

    def waits_for(self, slug: str, path: str, sight: Locator) -> None:
        """Open a page again and again until something is on it."""
        eventually(lambda: self.open(slug, path) == 200 and sight.count(), what=f"{sight} on {path}")

    def press(self, name: Name, *, within: Locator | None = None) -> None:
        """Press a button."""
        self.activate((within or self.page).get_by_role("button", name=name, exact=_is_whole(name)))

    def follow(self, name: Name, *, within: Locator | None = None) -> None:
        """Follow a link."""
        self.activate((within or self.page).get_by_role("link", name=name, exact=_is_whole(name)))

    def activate(self, what: Locator) -> None:
        """Press whatever it is."""
        self.presses += 1
        what.click()

    def type(self, label: str, text: str) -> None:
        """Type into a field."""
        self.page.get_by_label(label, exact=True).and_(self.page.locator("input, textarea")).fill(text)

    def choose(self, label: Name) -> None:
        """Mark a radio button or a box."""
        self.page.get_by_label(label).check()

    def sees(self, heading: Name) -> None:
        """Wait for the page with this first heading."""
        expect(self.page.get_by_role("heading", name=heading, level=1, exact=True)).to_be_visible()

    def reads(self, text: Name, *, within: Locator | None = None) -> None:
        """Wait until the page says something."""
        expect((within or self.page.locator("body")).get_by_text(text).first).to_be_visible()

    def finds_nothing_wrong(self) -> None:
        """Have the page inspected as it stands, unless she is somebody who does not look closely."""
        found = self._inspector.look(self.page) if self._inspector else []
        assert not found, f"{self.path}: " + "\n".join(found)

    @property
    def path(self) -> str:
        """Return the path of the page she is on."""
        return urlsplit(self.page.url).path

    @property
    def host(self) -> str:
        """Return the host of the page she is on."""
        return urlsplit(self.page.url).hostname or ""

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and NOTED not in message.text:
            self.troubles.append(f"{self.page.url}: {message.text}")

    def _notice(self, answer: Response) -> None:
        if answer.status in self.expects:
            return
        lost = answer.status >= 400 and answer.request.resource_type not in PAGES
        if lost or answer.status >= 500:
            self.troubles.append(f"{self.page.url}: {answer.url} answered {answer.status}")


def _is_whole(name: Name) -> bool:
    return isinstance(name, str)
