"""How a look would look: small pages in light and dark, and its contrast in words."""

from dataclasses import dataclass

from app.console.brand_form import BrandForm
from app.core.context import current_city
from app.core.i18n import gettext as _
from app.core.i18n import reading_order
from app.core.text import Picked, pick
from app.web.filters import number
from app.web.look.face import FONTS
from app.web.look.palette import contrast, palette

SCHEMES = ("light", "dark")
NON_TEXT, TEXT, TEXT_BEST = 3, 4.5, 7


@dataclass(frozen=True, slots=True)
class Contrast:
    """One pair of colours that people must be able to tell apart."""

    what: str
    ratio: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What the preview shows; the colour is the last one that could be read."""

    colour: str
    hero: str
    picture: str
    logo: str
    font: str
    tagline: Picked
    light: list[Contrast]
    dark: list[Contrast]
    remark: str

    @classmethod
    def of(cls, form: BrandForm) -> "Preview":
        """Return the preview of what the form holds, valid or not."""
        colour = form.brand.picker
        return cls(
            colour=colour,
            hero=form.hero.data or current_city().hero,
            picture=form.kept_picture.data or "",
            logo="" if form.remove_logo.data else form.kept_logo.data or "",
            font=form.font.data if form.font.data in FONTS else "figtree",
            tagline=pick(form.tagline.data or {}, reading_order()),
            light=_contrasts(palette(colour, dark=False)),
            dark=_contrasts(palette(colour, dark=True)),
            remark=_remark(colour),
        )


def preview_sheet(colour: str, font: str = "figtree") -> str:
    """Return a style sheet that colours previews and nothing else."""
    rules = [_rule(scheme, palette(colour, dark=scheme == "dark")) for scheme in SCHEMES]
    letters = f".preview[data-theme=light],.preview[data-theme=dark]{{--font:{FONTS[font]};font-family:var(--font)}}"
    return "\n".join([*rules, letters, ".preview[data-theme=light] .hero__img{filter:none}"])


def _rule(scheme: str, steps: dict[str, str]) -> str:
    declared = "".join(f"--c-{name}:{value};" for name, value in steps.items())
    return f".preview[data-theme={scheme}]{{{declared}color:var(--c-text);background:var(--c-bg);color-scheme:{scheme}}}"


def _contrasts(steps: dict[str, str]) -> list[Contrast]:
    on = _("White text on your colour") if steps["on"] == "#ffffff" else _("Black text on your colour")
    return [
        _text(on, contrast(steps["on"], steps["base"])),
        _text(_("Links on the page"), contrast(steps["link"], steps["bg"])),
        _text(_("Text on the page"), contrast(steps["text"], steps["bg"])),
        _shape(_("Switches and outlines"), contrast(steps["ui"], steps["bg"])),
    ]


def _text(what: str, ratio: float) -> Contrast:
    verdicts = ((TEXT_BEST, _("very easy to read")), (TEXT, _("easy to read")), (0, _("too faint")))
    return Contrast(what, number(round(ratio, 1)), next(words for least, words in verdicts if ratio >= least))


def _shape(what: str, ratio: float) -> Contrast:
    return Contrast(what, number(round(ratio, 1)), _("easy to see") if ratio >= NON_TEXT else _("too faint"))


def _remark(colour: str) -> str:
    if palette(colour, dark=False)["ui"] != colour:
        return _(
            "Your colour is light: links and outlines use a darker shade of it, so that everybody sees them."
        )
    if palette(colour, dark=True)["base"] != colour:
        return _("Your colour is dark: in dark mode a lighter shade of it is used.")
    return ""
