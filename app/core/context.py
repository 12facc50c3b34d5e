"""Which city the running code serves, and who acts."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class NoCity(RuntimeError):
    """Code that needs a city ran outside one; always a bug, never shown."""


class CityState(StrEnum):
    """Where a city is in its life."""

    PROVISIONING = "provisioning"
    LIVE = "live"
    SUSPENDED = "suspended"
    ERASING = "erasing"
    """Closed; its data go for good at `erase_at`, until then it can be taken back."""


@dataclass(frozen=True, slots=True)
class City:
    """One city as the code sees it while it serves a request or a task."""

    id: str
    slug: str
    name: str
    host: str
    """The one host its pages name themselves by; the others lead to it."""
    languages: tuple[str, ...] = ("en",)
    time_zone: str = "UTC"
    currency: str = "EUR"
    published: bool = False
    brand: str = "#3d2bb8"
    hero: str = "skyline"
    tagline: Mapping[str, str] = field(default_factory=dict)
    contact_email: str = ""
    look: Mapping[str, str] = field(default_factory=dict)
    """Letters, logo, picture, and short texts by language (`footer_fr`)."""
    modules: frozenset[str] = frozenset()
    state: CityState = CityState.LIVE
    state_reason: str = ""
    state_changed_at: datetime | None = None
    erase_at: datetime | None = None
    quotas: Mapping[str, int] = field(default_factory=dict)
    """What it may use of something, where that differs from what every city gets (tenants.quotas)."""

    @property
    def is_live(self) -> bool:
        """Tell whether the city serves people and does its work; suspended and closing cities do neither."""
        return self.state is CityState.LIVE

    @property
    def schema(self) -> str:
        """Return the PostgreSQL schema that holds this city's rows; its role has the same name."""
        return f"c_{self.id}"

    @property
    def language(self) -> str:
        """Return the city's first language."""
        return self.languages[0]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, as the audit log writes it down."""

    kind: str
    id: str = ""
    name: str = ""
    for_id: str = ""
    """Of a person for whom somebody else acts: a child, a parent; with `for_name`, empty for one who acts for herself."""
    for_name: str = ""


SYSTEM = Actor("system")
_city: ContextVar[City | None] = ContextVar("city", default=None)
_actor: ContextVar[Actor] = ContextVar("actor", default=SYSTEM)


def current_city() -> City:
    """Return the city being served; raises NoCity outside one."""
    city = _city.get()
    if city is None:
        raise NoCity("no city: enter one with serving(city)")
    return city


def city_or_none() -> City | None:
    """Return the city being served, or None on the platform's own pages."""
    return _city.get()


@contextmanager
def serving(city: City | None) -> Iterator[City | None]:
    """Serve `city` inside the block; None means the platform's own site."""
    token = _city.set(city)
    try:
        yield city
    finally:
        _city.reset(token)


def current_actor() -> Actor:
    """Return who acts; the system itself when nobody is signed in."""
    return _actor.get()


@contextmanager
def acting(actor: Actor) -> Iterator[Actor]:
    """Write `actor` into the audit log for what happens inside the block."""
    token = _actor.set(actor)
    try:
        yield actor
    finally:
        _actor.reset(token)
