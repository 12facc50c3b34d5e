"""The forms of a page, filled in as they come: what a browser would send if only the button were pressed."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

BUTTONS = ("submit", "image", "button", "reset")


@dataclass(slots=True)
class Form:
    """One form; `fields` are names and values in the order of the page, `buttons` the values each button would add."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    """Name, value and words of each button that sends it."""
    names: set[str] = field(default_factory=set)
    """Every field that can be filled in, also those that would send nothing now."""
    is_multipart: bool = False
    words: str = ""

    def filled(self, answers: dict[str, object]) -> list[tuple[str, str]]:
        """Return what is sent: the answers in place of what the page had; a list gives a field several values."""
        kept = [(name, value) for name, value in self.fields if name not in answers]
        for name, value in answers.items():
            values = value if isinstance(value, list | tuple) else [value]
            kept += [(name, str(one)) for one in values if one is not None]
        return kept


def forms_of(page: str) -> list[Form]:
    """Return the forms of a page in its order; fields elsewhere on the page that name a form belong to it."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    for ident, name, value in reader.strays:
        if ident in reader.by_id:
            reader.by_id[ident].fields.append((name, value))
            reader.by_id[ident].names.add(name)
    return reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Form] = []
        self.by_id: dict[str, Form] = {}
        self.strays: list[tuple[str, str, str]] = []
        self._form: Form | None = None
        self._area: str | None = None
        self._select: str | None = None
        self._options: list[tuple[str, bool]] = []
        self._button: tuple[str, str] | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower())
            self._form.is_multipart = "multipart" in given.get("enctype", "")
            self.found.append(self._form)
            if "id" in given:
                self.by_id[given["id"]] = self._form
        elif tag == "input":
            self._input(given)
        elif tag == "textarea":
            self._area, self._text = given.get("name", ""), ""
        elif tag == "select":
            self._select, self._options = given.get("name", ""), []
        elif tag == "option" and self._select is not None:
            self._options.append((given.get("value", ""), "selected" in given))
        elif tag == "button" and given.get("type", "submit") == "submit":
            self._button, self._text = (given.get("name", ""), given.get("value", "")), ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea" and self._area is not None:
            self._put(self._area, self._text.removeprefix("\n"))
            self._area = None
        elif tag == "select" and self._select is not None:
            chosen = [value for value, selected in self._options if selected] or [
                value for value, _selected in self._options[:1]
            ]
            for value in chosen:
                self._put(self._select, value)
            self._select = None
        elif tag == "button" and self._button is not None:
            if self._form is not None:
                self._form.buttons.append((*self._button, " ".join(self._text.split())))
            self._button = None

    def handle_data(self, data: str) -> None:
        self._text += data
        if self._form is not None:
            self._form.words += data

    def _input(self, given: dict[str, str]) -> None:
        kind, name = given.get("type", "text"), given.get("name", "")
        if not name or kind in BUTTONS:
            return
        if self._form is not None:
            self._form.names.add(name)
        if kind == "file" or (kind in ("checkbox", "radio") and "checked" not in given):
            return
        value = given.get("value", "on" if kind in ("checkbox", "radio") else "")
        if "form" in given:
            self.strays.append((given["form"], name, value))
        else:
            self._put(name, value)

    def _put(self, name: str, value: str) -> None:
        if self._form is not None and name:
            self._form.fields.append((name, value))
            self._form.names.add(name)
