"""What programs can ask for, as it was declared, and which scopes tokens can have."""

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import BaseModel

from app.registry import modules
from app.web.rest.schemas import Sent

View = Callable[..., object]
PLATFORM = "platform"
READS = frozenset({"GET"})


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One thing that programs can ask for."""

    name: str
    """`<blueprint>.<view>`, as Flask knows it."""
    owner: str
    """The module it belongs to, or `platform`."""
    method: str
    path: str
    """As Flask writes it, `/api/v1/news/articles/<uuid:article_id>`."""
    text: str
    """What it does: the docstring of its view."""
    status: int
    returns: type[BaseModel] | None
    body: type[Sent] | None
    query: type[Sent] | None
    scope: str | None
    """What the token must be allowed; None where none is needed."""
    may: tuple[str, ...]
    """Scopes with which it answers more, or takes more."""
    guarded: bool
    """Whether `If-Match` keeps it from changing what has changed meanwhile."""

    @property
    def is_public(self) -> bool:
        """Tell whether it needs no token."""
        return self.scope is None

    @property
    def reads(self) -> bool:
        """Tell whether it changes nothing."""
        return self.method in READS


ENDPOINTS: dict[str, Endpoint] = {}
SCOPES: dict[str, str] = {}


def scope(name: str, label: str) -> str:
    """Declare a scope of the platform; those of modules are the permissions in their manifests."""
    SCOPES[name] = label
    return name


def scopes_for(on: frozenset[str]) -> dict[str, str]:
    """Return what tokens can be given in a city with these modules, with what it means."""
    used = {
        name
        for each in ENDPOINTS.values()
        if each.owner == PLATFORM or each.owner in on
        for name in (each.scope, *each.may)
        if name
    }
    return {name: label for name in sorted(used) if (label := _label(name))}


def _label(name: str) -> str:
    if name in SCOPES:
        return SCOPES[name]
    module = modules().get(name.partition(".")[0])
    return next((p.label for p in module.permissions if p.name == name), "") if module else ""
