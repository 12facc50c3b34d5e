"""A copy of a city to practise in: as it is, with other people."""

from flask_babel import force_locale
from sqlalchemy import select

from app.core.db import db
from app.core.errors import NotFound
from app.core.i18n import gettext as _
from tenants.archive import export as exporting
from tenants.archive import restore as restoring
from tenants.archive.drafts import draft
from tenants.archive.progress import Tell, nobody
from tenants.archive.restore import Restored
from tenants.models import CityRecord

LONGEST_NAME = 120


def copy(
    city_id: str,
    *,
    address: str,
    name: str | None = None,
    people: bool = False,
    new_id: str | None = None,
    tell: Tell = nobody,
) -> Restored:
    """Make a copy of a city for training: its name says so, residents do not see it, open votes begin anew.

    Without `people` nobody of the real city is in it: the data are replaced while they are read.
    """
    record = db.session.scalar(select(CityRecord).where(CityRecord.id == city_id))
    if record is None:
        raise NotFound(f"There is no city with the id {city_id}.")
    called = training_name(name or record.name, record.languages[0])
    contact = None if people else ""
    with draft() as archive:
        exporting.export(city_id, archive, wish=exporting.Wish(people=people), tell=tell)
        wish = restoring.Wish(
            empty_open_votes=True, published=False, contact_email=contact, domains=False, id=new_id
        )
        return restoring.restore(archive, address=address, name=called, wish=wish, tell=tell)


def training_name(name: str, language: str) -> str:
    """Return the name of a copy, in the city's language; a long name is cut."""
    with force_locale(language):
        mark = _("training copy")
    if name.endswith(f"({mark})"):
        return name
    return f"{name[: LONGEST_NAME - len(mark) - 3].rstrip()} ({mark})"
