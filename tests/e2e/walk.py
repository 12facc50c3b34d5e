"""A walk through a site: every link followed, each kind of page looked at once."""

from collections import deque
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException

from tests.deployment import BASE, Deployment
from tests.e2e.person import Person

LINKS = "() => [...document.links].filter(a => !a.hasAttribute('download')).map(a => a.href)"
IS_PAGE = (
    "async url => (await fetch(url, {method: 'HEAD'})).headers.get('content-type').startsWith('text/html')"
)


class Walk:
    """Follows every link from page to page of one site, to each kind of page once; `part` is all that is walked through.

    A kind is the endpoint that answers; those in `known` are left out.
    """

    def __init__(
        self, deployment: Deployment, look: Callable[[Page], Sequence[str]], *, part: str = ""
    ) -> None:
        self.urls = deployment.app.url_map.bind(BASE)
        self.look, self.part = look, part
        self.ways: deque[str] = deque()
        self.known: set[str] = set()
        self.pages: list[str] = []
        self.troubles: list[str] = []

    def go(self, person: Person, *starts: str) -> None:
        """Walk as somebody, through what nobody has seen before; `starts` are looked at in any case."""
        for start in starts:
            self._visit(person, start)
        while self.ways:
            found = self.ways.popleft()
            if person.page.evaluate(IS_PAGE, found):
                self._visit(person, found)

    @property
    def kinds(self) -> set[str | None]:
        """Return the kinds of pages that were looked at."""
        return {self._kind(path) for path in self.pages}

    def _visit(self, person: Person, address: str) -> None:
        answer = person.page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        path = urlsplit(address).path
        if kind := self._kind(path):
            self.known.add(kind)
        self.pages.append(path)
        self.troubles += [f"{path}: {trouble}" for trouble in self.look(person.page)]
        for link in person.page.evaluate(LINKS):
            self._note(link, urlsplit(address).hostname)

    def _note(self, address: str, host: str | None) -> None:
        parts = urlsplit(address)
        kind = self._kind(parts.path)
        if parts.hostname == host and kind and kind.startswith(self.part) and kind not in self.known:
            self.known.add(kind)
            self.ways.append(address)

    def _kind(self, path: str) -> str | None:
        try:
            return str(self.urls.match(path, method="GET")[0])
        except HTTPException:
            return None
