"""The forms of a page, found and filled in as a person would."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from app.core.clock import now
from app.testing.leaks.filling import Twin, Upload

Pairs = list[tuple[str, str | Upload]]
TYPED = {
    "email": "somebody.new@typed.example",
    "url": "https://typed.example/",
    "number": "1",
    "time": "18:00",
    "password": "Brouette-17-mauve-lanterne",
    "tel": "+33 1 23 45 67 89",
    "color": "#14387f",
}
BUTTONS = ("submit", "image")
DAYS_AHEAD = 30


@dataclass(slots=True)
class Field:
    """One thing to fill in."""

    name: str
    kind: str = "text"
    value: str = ""
    required: bool = False
    checked: bool = False
    options: list[tuple[str, bool]] = field(default_factory=list)
    low: str = ""


@dataclass(slots=True)
class Form:
    """One form that sends something, with its buttons that have a name."""

    action: str
    method: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    has_plain_button: bool = False

    @property
    def path(self) -> str:
        """Return where it is sent to, without query."""
        return urlsplit(self.action).path

    def filled(self, twin: Twin) -> Iterator[Pairs]:
        """Yield what a person could send: the necessary alone, everything, then each button once."""
        least, most = self._pairs(twin, everything=False), self._pairs(twin, everything=True)
        if self.has_plain_button or not self.buttons:
            yield least
            if most != least:
                yield most
        for button in dict.fromkeys(self.buttons):
            yield [*least, button]

    def _pairs(self, twin: Twin, *, everything: bool) -> Pairs:
        """Return a value for each field; of several radio buttons the one that is chosen, else the first."""
        pairs: Pairs = []
        chosen = {each.name for each in self.fields if each.kind == "radio" and each.checked}
        for each in self.fields:
            if each.kind == "radio":
                wanted = each.checked or (each.name not in chosen and (each.required or everything))
                if wanted and each.name not in dict(pairs):
                    pairs.append((each.name, each.value))
            else:
                pairs.extend(_typed(each, twin, everything=everything))
        return pairs


class _Finder(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.found: list[Form] = []
        self.links: list[str] = []
        self._by_id: dict[str, Form] = {}
        self._form: Form | None = None
        self._select: Field | None = None
        self._area: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        handler = getattr(self, f"open_{tag}", None)
        if handler is not None:
            handler(given)
        for name in ("href", "hx-get"):
            if given.get(name):
                self.links.append(urljoin(self.page, given[name]))
        if given.get("hx-post"):
            self.found.append(Form(urljoin(self.page, given["hx-post"]), "POST", has_plain_button=True))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value += data

    def _target(self, given: dict[str, str]) -> Form | None:
        return self._by_id.get(given["form"]) if given.get("form") else self._form

    def open_form(self, given: dict[str, str]) -> None:
        made = Form(urljoin(self.page, given.get("action") or self.page), given.get("method", "get").upper())
        self._form = made
        self.found.append(made)
        if given.get("id"):
            self._by_id[given["id"]] = made

    def open_input(self, given: dict[str, str]) -> None:
        form, kind = self._target(given), given.get("type", "text")
        if form is None or "disabled" in given:
            return
        if kind in BUTTONS:
            self.open_button(given)
        elif given.get("name"):
            form.fields.append(
                Field(
                    given["name"],
                    kind,
                    given.get("value", "on" if kind == "checkbox" else ""),
                    "required" in given,
                    "checked" in given,
                    low=given.get("min", ""),
                )
            )

    def open_button(self, given: dict[str, str]) -> None:
        form = self._target(given)
        if form is None or given.get("type", "submit") == "button" or "disabled" in given:
            return
        if given.get("formaction"):
            self.found.append(Form(urljoin(self.page, given["formaction"]), "POST", form.fields, [], True))
        elif given.get("name"):
            form.buttons.append((given["name"], given.get("value", "")))
        else:
            form.has_plain_button = True

    def open_select(self, given: dict[str, str]) -> None:
        form = self._target(given)
        self._select = Field(given.get("name", ""), "select", required="required" in given)
        if form is not None and given.get("name"):
            form.fields.append(self._select)

    def open_option(self, given: dict[str, str]) -> None:
        if self._select is not None and "disabled" not in given:
            self._select.options.append((given.get("value", ""), "selected" in given))

    def open_textarea(self, given: dict[str, str]) -> None:
        form = self._target(given)
        self._area = Field(given.get("name", ""), "textarea", required="required" in given)
        if form is not None and given.get("name"):
            form.fields.append(self._area)


def forms_and_links(page: str, html: str) -> tuple[list[Form], list[str]]:
    """Return the forms of a page that send something, and the addresses it links to."""
    finder = _Finder(page)
    finder.feed(html)
    return [form for form in finder.found if form.method == "POST"], finder.links


def _typed(each: Field, twin: Twin, *, everything: bool) -> Pairs:
    if each.kind == "file" or each.name == "csrf_token":
        return []
    if each.kind == "checkbox":
        return [(each.name, each.value)] if each.checked or each.required or everything else []
    if each.kind == "select":
        chosen = [value for value, selected in each.options if selected]
        other = [value for value, _selected in each.options if value]
        return [(each.name, value) for value in (chosen or other[:1] or [""])]
    if each.kind == "hidden" or each.value or not (each.required or everything):
        return [(each.name, each.value)]
    return [(each.name, _plausible(each, twin))]


def _plausible(each: Field, twin: Twin) -> str:
    if each.kind == "date":
        return f"{now() + timedelta(days=DAYS_AHEAD):%Y-%m-%d}"
    if each.kind == "number" and each.low:
        return each.low
    if "email" in each.name:
        return TYPED["email"]
    return TYPED.get(each.kind) or twin.text("typed")
