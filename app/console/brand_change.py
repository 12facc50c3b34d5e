"""Changing how a city looks, and taking the last change back."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.console import city
from app.console.audit_words import BEFORE, Line, lines
from app.core import audit
from app.core.audit import Detail
from app.core.text import Localized
from app.web.look.face import FONT, FOOTER, LOGO, PICTURE
from tenants.models import CityRecord

ACTION = "city.branding_changed"
TAGLINE = "tagline_"


@dataclass(frozen=True, slots=True)
class Look:
    """How a city looks."""

    brand: str
    hero: str
    tagline: Localized
    rest: Mapping[str, str] = field(default_factory=dict)
    """Letters, logo, picture, footer, as the city's row keeps them."""

    def flat(self) -> dict[str, Detail]:
        """Return the look as the audit log keeps it."""
        words: dict[str, Detail] = {f"{TAGLINE}{code}": text for code, text in self.tagline.items()}
        kept: dict[str, Detail] = {key: text for key, text in self.rest.items() if is_branding(key)}
        return {"brand": self.brand, "hero": self.hero, **words, **kept}

    @classmethod
    def of(cls, row: CityRecord) -> "Look":
        """Return how the city looks now."""
        return cls(row.brand, row.hero, dict(row.tagline), dict(row.look))

    def with_flat(self, values: Mapping[str, Detail]) -> "Look":
        """Return the look with some values replaced; an empty greeting is none."""
        flat = {**self.flat(), **values}
        taglines = {k.removeprefix(TAGLINE): str(v) for k, v in flat.items() if k.startswith(TAGLINE) and v}
        kept = {k: v for k, v in self.rest.items() if not is_branding(k)}
        rest = {k: str(v) for k, v in flat.items() if is_branding(k) and v}
        return Look(str(flat["brand"]), str(flat["hero"]), taglines, {**kept, **rest})


def is_branding(key: str) -> bool:
    """Tell whether the branding page is where something of the look is changed."""
    return key in (FONT, LOGO, PICTURE) or key.startswith(f"{FOOTER}_")


def keep(look: Look) -> None:
    """Give the city a look; what it was before stays in the audit log."""
    row = city.record()
    before = Look.of(row)
    if before == look:
        return  # the change that can be taken back stays the last one
    row.brand, row.hero, row.tagline, row.look = look.brand, look.hero, look.tagline, dict(look.rest)
    city.note(ACTION, before.flat(), look.flat())


def undo() -> bool:
    """Bring back the look from before the last change; returns False when there was none."""
    row = city.record()
    before = _before_last()
    if before:
        keep(Look.of(row).with_flat(before))
    return bool(before)


def last() -> Line | None:
    """Return the last change, None when there is none to take back."""
    entries = audit.latest(1, search=audit.Search(action=ACTION))
    return lines(entries)[0] if entries and _before_last() else None


def _before_last() -> dict[str, Detail]:
    for entry in audit.latest(1, search=audit.Search(action=ACTION)):
        return {k.removesuffix(BEFORE): v for k, v in entry.details.items() if k.endswith(BEFORE)}
    return {}
