"""Enter what a manifest says of a city into the platform's tables, by the owner's login and inside its transaction."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, insert, update
from sqlalchemy.exc import IntegrityError

from app.core.clock import now
from app.core.ids import new_secret
from tenants.addresses import Taken
from tenants.archive.manifest import City, Manifest, Switch
from tenants.models import CityRecord, CityState, Domain, ModuleToggle, Quota


def enter(
    connection: Connection, city_id: str, manifest: Manifest, *, address: str, name: str, closed: str
) -> None:
    """Enter a new city with its switches, quotas and claims to domains; raises Taken."""
    values = {**_own(manifest.city), "id": city_id, "slug": address, "name": name}
    values |= {"state": CityState.SUSPENDED if closed else CityState.LIVE, "state_reason": closed}
    values |= {"state_changed_at": now(), "created_at": _made(manifest), "published": manifest.city.published}
    row = insert(CityRecord).values(**values)
    try:
        connection.execute(row)
    except IntegrityError as error:
        raise Taken(f"Somebody has taken the address {address} meanwhile.") from error
    _switch(connection, city_id, manifest.modules)
    for resource, most in manifest.quotas.items():
        connection.execute(insert(Quota).values(city_id=city_id, resource=resource, most=most))
    for host in manifest.domains:
        claim = {"host": host, "city_id": city_id, "verified": False, "main": False, "proof": new_secret()}
        connection.execute(insert(Domain).values(**claim, added_at=now()))


def change(connection: Connection, city_id: str, manifest: Manifest) -> None:
    """Give an existing city the face and the switches it had; address, domains, quotas and state stay."""
    own = {**_own(manifest.city), "name": manifest.city.name, "published": manifest.city.published}
    connection.execute(update(CityRecord).where(CityRecord.id == city_id).values(**own))
    connection.execute(delete(ModuleToggle).where(ModuleToggle.city_id == city_id))
    _switch(connection, city_id, manifest.modules)


def _own(city: City) -> dict[str, object]:
    return {
        "languages": city.languages,
        "time_zone": city.time_zone,
        "currency": city.currency,
        "brand": city.brand,
        "hero": city.hero,
        "tagline": city.tagline,
        "look": city.look,
        "contact_email": city.contact_email,
    }


def _switch(connection: Connection, city_id: str, switches: Iterable[Switch]) -> None:
    for switch in switches:
        changed = {"changed_at": datetime.fromisoformat(switch.changed_at), "changed_by": switch.changed_by}
        connection.execute(
            insert(ModuleToggle).values(city_id=city_id, module=switch.name, on=switch.on, **changed)
        )


def _made(manifest: Manifest) -> datetime:
    return datetime.fromisoformat(manifest.city.created_at)
