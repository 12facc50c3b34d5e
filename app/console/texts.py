"""Languages and texts: the city's own words, language by language, and what is missing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.console import city
from app.console.blueprint import bp
from app.core.audit import audit
from app.core.context import current_city
from app.core.errors import NotFound
from app.core.i18n import LANGUAGES, offered
from app.core.i18n import gettext as _
from app.core.text import Localized
from app.web.forms import Form
from app.web.gates import requires
from app.web.localized import LocalizedField
from app.web.look.face import FOOTER, WELCOME, texts
from app.web.own_texts import CONTACT, PRIVACY, keep_own_text, own_texts
from app.web.page import render

SHORT, LONG = 600, 6000


@dataclass(frozen=True, slots=True)
class OwnText:
    """One text that a city writes itself; label and hint are lazily translated."""

    name: str
    label: str
    hint: str
    words: Callable[[], Localized]
    longest: int = 0
    """0 for texts that the branding page keeps."""
    is_markdown: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One text with the languages it is missing in."""

    text: OwnText
    missing: tuple[str, ...]
    is_empty: bool
    url: str


TEXTS: Mapping[str, OwnText] = {
    one.name: one
    for one in (
        OwnText("tagline", _l("Greeting on the home page"), "", lambda: dict(current_city().tagline)),
        OwnText(
            WELCOME,
            _l("Welcome below the greeting"),
            _l("Two or three sentences on the home page."),
            lambda: texts(current_city().look, WELCOME),
            SHORT,
        ),
        OwnText(FOOTER, _l("Text at the foot of every page"), "", lambda: texts(current_city().look, FOOTER)),
        OwnText(
            CONTACT,
            _l("Contact page"),
            _l(
                "Addresses, telephone, opening hours. Blank lines make paragraphs, lines that begin with - make lists."
            ),
            lambda: own_texts(CONTACT),
            LONG,
            True,
        ),
        OwnText(
            PRIVACY,
            _l("Addition to the privacy page"),
            _l("The data protection officer and what the law of your country asks for."),
            lambda: own_texts(PRIVACY),
            LONG,
            True,
        ),
    )
}


@bp.get("/texts")
@requires("console.manage")
def own_texts_list() -> str:
    """Show which of the city's own texts are missing in which language."""
    return render("console/texts.html", lines=lines(), languages_on=[LANGUAGES[code] for code in offered()])


@bp.route("/texts/<name>", methods=["GET", "POST"])
@requires("console.manage")
def own_text_page(name: str) -> ResponseReturnValue:
    """Show and change one text."""
    text = TEXTS.get(name)
    if text is None or not text.longest:
        raise NotFound(_("There is no such text."))
    form = _form(text)
    if form.sent():
        _keep(text, form.words.data)
        flash(_("The text is saved."), "ok")
        return redirect(url_for(".own_texts_list"), 303)
    return render("console/text.html", form=form, text=text), form.status


def lines() -> list[Line]:
    """Return the texts with what is missing; one that is written in no language lacks none."""
    found = []
    for text in TEXTS.values():
        words = text.words()
        missing = tuple(LANGUAGES[code] for code in offered() if not words.get(code)) if words else ()
        url = url_for(".own_text_page", name=text.name) if text.longest else url_for(".branding")
        found.append(Line(text, missing, not words, url))
    return found


def _form(text: OwnText) -> Form:
    class TextForm(Form):
        words = LocalizedField(text.label, longest=text.longest)

    return TextForm(words=text.words())


def _keep(text: OwnText, words: Localized) -> None:
    languages = ", ".join(code for code, typed in words.items() if typed)
    if text.name == WELCOME:
        row = city.record()
        kept = {key: said for key, said in row.look.items() if not key.startswith(f"{WELCOME}_")}
        row.look = {**kept, **{f"{WELCOME}_{code}": said for code, said in words.items() if said}}
        city.note("city.text_changed", {}, {"text": text.name, "languages": languages})
        return
    keep_own_text(text.name, {code: said for code, said in words.items() if said})
    audit("city.text_changed", subject=f"city:{current_city().slug}", text=text.name, languages=languages)
