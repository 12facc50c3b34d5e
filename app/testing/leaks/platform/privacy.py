"""The chain over the audit log, and what people ask for about their own data."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from app.accounts import services
from app.accounts.models import Role
from app.accounts.privacy import collecting
from app.accounts.privacy.models import Departure, Download
from app.core import audit_chain
from app.core.clock import now
from app.core.db import db
from app.core.ids import new_id, secret_hash
from app.testing.leaks.filling import Twin
from app.testing.leaks.platform.owner import filling


@filling.content
def downloads(twin: Twin) -> None:
    """Have the data of somebody put together, and let somebody be known who has left."""
    person = services.create_confirmed(
        twin.email(Role.RESIDENT.value), twin.text("resident"), role=Role.RESIDENT, language=twin.language
    )
    db.session.flush()
    collecting.ask(person)
    row = Departure(
        address=secret_hash(person.email)[:32].encode(), account_id=new_id(), until=now() + timedelta(1)
    )
    db.session.add(row)


@filling.values("download_id")
def files(_twin: Twin) -> Iterable[UUID]:
    """Return the files with people's data."""
    return db.session.scalars(select(Download.id).order_by(Download.id)).all()


@filling.values("account_id", "download_id")
def asked_for(_twin: Twin) -> Iterable[tuple[UUID, UUID]]:
    """Return the files with whose they are."""
    found = db.session.execute(select(Download.account_id, Download.id).order_by(Download.id))
    return [(row.account_id, row.id) for row in found]


@filling.at_the_end
def chains(_twin: Twin) -> None:
    """Seal what was written into the audit log so far."""
    audit_chain.seal()


filling.answers("portal_my_data.delete", address=lambda twin: twin.email(Role.RESIDENT.value))
filling.review("no text audit_seal.*", "hashes, and no words")
filling.command("audit verify", "--city", "{city}", "--json")
