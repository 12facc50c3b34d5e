"""Rows that mean something only under the id of their city and the secret key of their deployment.

An open vote knows its voters by such hashes. Under another key nobody on the roll would be recognised, and everybody
could vote again; so an archive says what is bound, and to what.
"""

from collections.abc import Callable, Iterable

from sqlalchemy import Connection

from app.core.exporting import BOUND, Bound
from app.core.ids import keyed_hash
from tenants.archive.manifest import Binding, Manifest


def binding(connection: Connection, city_id: str, owners: Iterable[str]) -> Binding | None:
    """Return what is bound in the city that the connection sees; None when nothing is."""
    what = found(connection, owners)
    return Binding(city_id, mark(city_id), what) if what else None


def found(connection: Connection, owners: Iterable[str]) -> list[str]:
    """Return what is bound in the city that the connection sees, each with its owner."""
    return _named(owners, lambda bound: bound.found(connection))


def hidden(connection: Connection, owners: Iterable[str]) -> list[str]:
    """Return what nobody in the city that the connection sees may know yet, each with its owner."""
    return _named(owners, lambda bound: bound.hidden(connection))


def _named(owners: Iterable[str], ask: Callable[[Bound], list[str]]) -> list[str]:
    return [f"{name}: {item}" for name in owners if name in BOUND for item in sorted(ask(BOUND[name]))]


def mark(city_id: str) -> str:
    """Return what the city's id and this deployment's secret key give; tells neither."""
    return keyed_hash("archive.binding", city_id.encode()).hex()


def fits(manifest: Manifest, city_id: str) -> bool:
    """Tell whether what is bound would still mean what it did in a city with this id, here."""
    told = manifest.bound
    return told is None or (told.id == city_id and told.mark == mark(city_id))


def release(connection: Connection, owners: Iterable[str]) -> None:
    """Empty what is bound in the schema that the connection sees, so that it begins anew."""
    for name in owners:
        if name in BOUND:
            BOUND[name].release(connection)
