"""Where paper counts: telling somebody with an account that a ballot on paper took the place of her vote on the web."""

from uuid import UUID

from sqlalchemy import select

from app.sdk import Account, current_city, db, enqueue, send_mail

from ...models import Edition
from ..editions import by_id
from ..voters import voter_called

AT_ONCE = 5000


def ask_to_tell(edition: Edition, name: bytes) -> None:
    """Have the one who stands on the roll under a name told, once what was done holds."""
    enqueue("participatory_budget.tell_replaced", edition_id=str(edition.id), voter=name.hex())


def tell(edition_id: UUID, name: bytes) -> bool:
    """Tell her by mail; False for whoever voted with a code, whose address nobody keeps: her pages tell her."""
    edition = by_id(edition_id)
    account = _whose(edition, name)
    if account is None:
        return False
    language = account.language or current_city().language
    send_mail("participatory_budget_replaced", account.email, language, edition=edition, name=account.name)
    return True


def _whose(edition: Edition, name: bytes) -> Account | None:
    """Return whose name this is: names cannot be read, so those of all accounts are made until one is the same."""
    ids = db.session.scalars(select(Account.id).execution_options(yield_per=AT_ONCE))
    found = next((one for one in ids if voter_called(edition, one) == name), None)
    ids.close()
    return db.session.get(Account, found) if found is not None else None
