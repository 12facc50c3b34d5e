"""An administrator for a city that has lost its last one: named by operators, never during a visit."""

from app.accounts.models import Role
from app.accounts.services import clean_email, create_confirmed, find
from app.core.audit import audit
from app.core.context import City, serving
from app.core.db import end_transaction
from app.core.errors import Conflict
from app.core.i18n import gettext as _
from tenants import journal


def name_administrator(city: City, email: str) -> None:
    """Make somebody administrator of a city, who then signs in by a mailed link; both journals tell.

    Raises Invalid for what is no address, Conflict for somebody who is administrator already.
    """
    address, kept = clean_email(email), False
    with serving(city):
        try:
            account = find(address)
            before = account.role if account else None
            if before is Role.ADMINISTRATOR:
                raise Conflict(_("%(email)s is an administrator already.", email=address))
            name = account.name if account else address.partition("@")[0]
            language = account.language if account else city.language
            account = create_confirmed(address, name, role=Role.ADMINISTRATOR, language=language)
            audit(
                "accounts.role_changed",
                subject=f"account:{account.id}",
                before=before or Role.RESIDENT,
                after=Role.ADMINISTRATOR,
            )
            journal.note("city.administrator_named", city.id)
            kept = True
        finally:
            end_transaction(keep=kept)
