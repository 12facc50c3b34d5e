"""One person: where she is, what she reads, what she sends."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import unescape
from re import sub
from urllib.parse import urlencode, urljoin, urlsplit

from app.testing.persons.forms import Form, forms_of

MOST_REDIRECTS = 5
REDIRECTS = (301, 302, 303, 307, 308)


class Unexpected(AssertionError):
    """A page was not what the person counted on."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; header names in lower case."""

    status: int
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)
    data: bytes = b""

    @property
    def words(self) -> str:
        """Return what the page says, without its markup."""
        return " ".join(unescape(sub(r"<[^>]+>", " ", self.text)).split())


Road = Callable[[str, str, bytes, Mapping[str, str]], Answer]
"""Sends method, path, body and headers, keeps cookies, and follows nothing."""


class Person:
    """Somebody at a browser that follows redirects; `path` is where she is."""

    def __init__(self, road: Road, *, language: str = "en") -> None:
        self._road, self._language = road, language
        self.path, self.answer = "/", Answer(0, "")

    def open(self, path: str) -> Answer:
        """Go to a page; raises Unexpected when it is not given out."""
        return self._go("GET", path, b"", {}, wanted=(200,))

    def send(
        self,
        answers: Mapping[str, object] | None = None,
        *,
        form: str = "",
        button: str = "",
        status: int = 200,
    ) -> Answer:
        """Send a form of the page she is on and follow to where it leads.

        `form` is the end of its address, or one of the names of its fields; without it the first form is meant that has
        all the answered fields. `button` is a word on the button that is pressed.
        """
        found = self._find(form, dict(answers or {}), button)
        fields = found.filled(dict(answers or {}))
        fields += [
            (name, value) for name, value, words in found.buttons if name and button and button in words
        ][:1]
        target = urljoin(self.path, found.action) if found.action else self.path
        if found.method == "get":
            return self._go(
                "GET", f"{target.partition('?')[0]}?{urlencode(fields)}", b"", {}, wanted=(status,)
            )
        body, kind = urlencode(fields).encode(), "application/x-www-form-urlencoded"
        return self._go("POST", target, body, {"Content-Type": kind}, wanted=(status,))

    def post(self, path: str, fields: list[tuple[str, str]], *, status: int = 200) -> Answer:
        """Send fields to an address as they are."""
        kind = "application/x-www-form-urlencoded"
        return self._go("POST", path, urlencode(fields).encode(), {"Content-Type": kind}, wanted=(status,))

    def _find(self, form: str, answers: Mapping[str, object], button: str) -> Form:
        fitting = [
            one
            for one in forms_of(self.answer.text)
            if (not form or one.action.partition("?")[0].endswith(form) or form in one.names)
            and (not button or any(button in words for _name, _value, words in one.buttons))
            and (form or set(answers) <= one.names)
        ]
        if not fitting:
            raise Unexpected(
                f"no form {form or sorted(answers)} with {button!r} at {self.path}: {self.answer.words[:4000]}"
            )
        return fitting[0]

    def _go(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str], *, wanted: tuple[int, ...]
    ) -> Answer:
        for _step in range(MOST_REDIRECTS):
            given = {"Accept-Language": self._language, **headers}
            self.path, self.answer = path, self._road(method, path, body, given)
            if self.answer.status not in REDIRECTS:
                break
            target = urlsplit(urljoin(path, self.answer.headers["location"]))
            path = target.path + (f"?{target.query}" if target.query else "")
            method, body, headers = "GET", b"", {}
        if self.answer.status not in wanted:
            raise Unexpected(f"{self.answer.status} at {self.path}: {self.answer.words[:900]}")
        return self.answer
