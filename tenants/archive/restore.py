"""Make a city out of an archive, or put an archive in the place of a city.

One transaction of the owner's login makes schema, rows and the entry in the registry: nobody sees the city before it is
whole, and a failure at any moment leaves nothing of it.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, text

from app.core import changes
from app.core.ids import new_short_id
from tenants import addresses, owner, resolve, schema
from tenants.archive import bound, build, places, registry
from tenants.archive.errors import Refused
from tenants.archive.manifest import Manifest
from tenants.archive.opened import Archive, opened
from tenants.archive.progress import Tell, nobody
from tenants.migrate import replay

File = Path | IO[bytes]
BEFORE = "_before"


@dataclass(frozen=True, slots=True)
class Wish:
    """How a city is to be restored."""

    empty_open_votes: bool = False
    """Let votes that are open begin anew where they cannot go on, instead of refusing."""
    published: bool | None = None
    """Whether residents see it; None: as it was."""
    contact_email: str | None = None
    """The contact address; None: as it was."""
    domains: bool = True
    """Whether it claims the hosts of its own that it had."""
    closed: str = ""
    """Why the city is suspended from its first moment; empty: it is live."""
    id: str | None = None
    """The id the city gets where it need not be the old one; None: a new one."""


@dataclass(frozen=True, slots=True)
class Restored:
    """The city that was made."""

    id: str
    address: str
    name: str
    rows: int
    files: int
    emptied: tuple[str, ...] = ()
    """The open votes that had to begin anew."""
    domains: tuple[str, ...] = ()
    """Hosts of its own that have to be proven here before they lead to it."""


def restore(
    file: File,
    *,
    address: str,
    name: str | None = None,
    wish: Wish = Wish(),
    tell: Tell = nobody,
) -> Restored:
    """Make a new city out of an archive under an address that is free here.

    Raises Unusable when the archive is damaged or does not fit this deployment, Refused or Taken when it cannot be done.
    Ends the look-ups of hosts with the next commit of the caller's session.
    """
    places.sweep()
    with opened(file) as archive:
        _must_be_free(address)
        build.must_fit(archive.manifest)
        archive.verify(tell)
        city_id, emptied = _id_for(archive.manifest, wish)
        manifest = _wished(archive.manifest, wish)
        with places.staged(city_id) as stage, owner.transaction() as connection:
            called = name or manifest.city.name
            registry.enter(connection, city_id, manifest, address=address, name=called, closed=wish.closed)
            _make(connection, f"c_{city_id}", archive, role_exists=False, empty=bool(emptied), tell=tell)
            files = places.write(stage / places.FILES, archive.files())
            places.move_in(stage, city_id)
    resolve.change()
    rows = sum(table.rows for table in manifest.tables)
    return Restored(city_id, address, called, rows, files, emptied, tuple(manifest.domains))


def replace_contents(city_id: str, file: File, *, wish: Wish = Wish(), tell: Tell = nobody) -> Restored:
    """Put what an archive holds in the place of what a city has; id, address, domains, quotas and state stay.

    The schema that was there is dropped in a second transaction; nobody else is touched. Uploads of the archive are
    added, none is removed. Ends the look-ups of hosts with the next commit of the caller's session.
    """
    with opened(file) as archive:
        build.must_fit(archive.manifest)
        archive.verify(tell)
        manifest = archive.manifest
        emptied = () if bound.fits(manifest, city_id) else _release(manifest, wish)
        files = places.add(city_id, archive.files())
        name = f"c_{city_id}"
        _drop_before(name)
        with owner.transaction() as connection:
            address = _set_aside(connection, name)
            _make(connection, name, archive, role_exists=True, empty=bool(emptied), tell=tell)
            registry.change(connection, city_id, manifest)
        _drop_before(name)
    changes.changed(city_id)
    resolve.change()
    rows = sum(table.rows for table in manifest.tables)
    return Restored(city_id, address, manifest.city.name, rows, files, emptied)


def _make(
    connection: Connection, name: str, archive: Archive, *, role_exists: bool, empty: bool, tell: Tell
) -> None:
    build.make(connection, name, archive, role_exists=role_exists, tell=tell)
    if empty:
        bound.release(connection, archive.manifest.revisions)


def _must_be_free(address: str) -> None:
    trouble = addresses.trouble(address)
    if trouble:
        raise Refused(trouble)


def _id_for(manifest: Manifest, wish: Wish) -> tuple[str, tuple[str, ...]]:
    """Return the id the city gets, and the open votes that have to begin anew; raises Refused."""
    if manifest.bound is None:
        return wish.id or new_short_id(), ()
    wanted = manifest.bound.id
    if bound.fits(manifest, wanted) and _never_used(wanted):
        return wanted, ()
    return wish.id or new_short_id(), _release(manifest, wish)


def _release(manifest: Manifest, wish: Wish) -> tuple[str, ...]:
    what = tuple(manifest.bound.what) if manifest.bound else ()
    if not wish.empty_open_votes:
        raise Refused(
            f"Votes are open in this archive ({'; '.join(what)}). Their voters are known by hashes under the secret key"
            " and the city id of the deployment it comes from: here everybody could vote twice. Wait until they are"
            " closed and export the city again, or restore it so that they begin anew, with empty ballot boxes"
            " (--empty-open-votes)."
        )
    return what


def _never_used(city_id: str) -> bool:
    """Tell whether no city here has or had this id."""
    with owner.transaction() as connection:
        used = connection.scalar(
            text(
                "SELECT EXISTS (SELECT FROM platform.city WHERE id = :id)"
                " OR EXISTS (SELECT FROM platform.erasure WHERE city_id = :id)"
                " OR EXISTS (SELECT FROM pg_roles WHERE rolname = 'c_' || :id)"
                " OR EXISTS (SELECT FROM pg_namespace WHERE nspname = 'c_' || :id)"
            ),
            {"id": city_id},
        )
    return not used


def _wished(manifest: Manifest, wish: Wish) -> Manifest:
    city = manifest.city
    if wish.published is not None:
        city = replace(city, published=wish.published)
    if wish.contact_email is not None:
        city = replace(city, contact_email=wish.contact_email)
    return replace(manifest, city=city, domains=manifest.domains if wish.domains else [])


def _set_aside(connection: Connection, name: str) -> str:
    """Rename the schema of a city and return the city's address; raises Refused when there is no such city."""
    for message in replay.taking(name, replay.LOCK_TIMEOUT):
        connection.exec_driver_sql(message)
    address = connection.scalar(
        text("SELECT slug FROM platform.city WHERE id = :id FOR UPDATE"), {"id": name.removeprefix("c_")}
    )
    if address is None or not schema.exists(connection, name):
        raise Refused("There is no such city to put the archive in the place of.")
    connection.exec_driver_sql(f'ALTER SCHEMA "{name}" RENAME TO "{name}{BEFORE}"')
    return str(address)


def _drop_before(name: str) -> None:
    with owner.transaction() as connection:
        connection.exec_driver_sql(f'DROP SCHEMA IF EXISTS "{name}{BEFORE}" CASCADE')
