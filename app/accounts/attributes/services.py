"""What is known about people: told, checked, asked for, judged."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app.accounts.attributes import kinds
from app.accounts.attributes.models import PersonAttribute
from app.accounts.attributes.rules import Eligibility, Level, OneOf, Statement, Verdict, judge, surest_of
from app.accounts.attributes.wording import document_names
from app.accounts.models import Account
from app.core.audit import audit
from app.core.clock import local, now
from app.core.context import current_actor
from app.core.db import db
from app.core.districts import uses_districts
from app.core.errors import Conflict, Invalid, NotFound
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.reading import Query, rows

MOST_FOUND = 20
QUEUE_PAGE = 25
_SAID = Query(
    select(
        PersonAttribute.attribute,
        PersonAttribute.value,
        PersonAttribute.level,
        PersonAttribute.stated_at,
        PersonAttribute.expires_at,
    )
    .where(PersonAttribute.account_id == bindparam("account"))
    .order_by(PersonAttribute.attribute, PersonAttribute.stated_at)
)


def eligible(rule: Eligibility, account: Account, at: datetime | None = None) -> Verdict:
    """Say whether a person meets a rule at a moment, now when none is given; asks nothing where nothing is needed."""
    if not rule.needs:
        return Verdict()
    moment = at or now()
    known = _said_of(account, rule.attributes)
    return judge(rule, known, at=moment, today=local(moment).date())


def unknown_in(rule: Eligibility) -> tuple[str, ...]:
    """Return what a rule asks for and the city does not: an attribute, or a value that nobody can have."""
    if not rule.needs:
        return ()
    known, found = kinds.kinds(), []
    for condition in (one for need in rule.needs for one in need):
        kind = known.get(condition.attribute)
        if kind is None:
            found.append(condition.attribute)
        elif kind.options and isinstance(condition, OneOf):
            found += [f"{kind.title} {value}" for value in condition.values if value not in kind.options]
    return tuple(dict.fromkeys(found))


def of_account(account_id: UUID, attributes: Iterable[str] | None = None) -> Sequence[PersonAttribute]:
    """Return what was ever said about a person and has not been forgotten, by attribute, the surest last."""
    found = select(PersonAttribute).where(PersonAttribute.account_id == account_id)
    if attributes is not None:
        found = found.where(PersonAttribute.attribute.in_(list(attributes)))
    return db.session.scalars(found.order_by(PersonAttribute.attribute, PersonAttribute.stated_at)).all()


def _said_of(account: Account, attributes: Collection[str]) -> list[Statement]:
    """Return what was said about a person of these attributes; very many are asked about at once, so no objects."""
    return [Statement(*row) for row in rows(_SAID(account=account.id)) if row.attribute in attributes]


def proven_value(
    attribute: str,
    *,
    account: Account | None,
    statements: Sequence[Statement] = (),
    least: Level = Level.CODE,
) -> str | None:
    """Return what is known at least so surely about a person, or by the statements of one without an account."""
    known = _said_of(account, [attribute]) if account else list(statements)
    found = surest_of(attribute, known, now())
    return found.value if found is not None and found.level.reaches(least) else None


def proven_values(
    attributes: Sequence[str],
    *,
    account: Account | None,
    statements: Sequence[Statement] = (),
    least: Level = Level.SELF,
) -> dict[str, str]:
    """Return what is known at least so surely about a person, of several attributes in one question."""
    known = _said_of(account, attributes) if account else list(statements)
    moment = now()
    found = {name: surest_of(name, known, moment) for name in attributes}
    return {name: one.value for name, one in found.items() if one is not None and one.level.reaches(least)}


def declare(account: Account, attribute: str, text: str) -> None:
    """Keep what a person says about herself; whatever was checked counts for more."""
    value = kinds.kind_of(attribute).clean(text)
    state(account.id, Statement(attribute, value, Level.SELF, now()))


def take_back(account: Account, attribute: str) -> None:
    """Forget what a person has said about herself."""
    mine = PersonAttribute.account_id == account.id, PersonAttribute.level == Level.SELF
    db.session.execute(delete(PersonAttribute).where(*mine, PersonAttribute.attribute == attribute))


def ask_for_check(account: Account, attribute: str) -> None:
    """Put what a person has said into the queue of the staff who look at documents."""
    found = _one(account.id, attribute, Level.SELF)
    if found is None:
        raise Conflict(_("Tell it first; then it can be checked."))
    found.asked_at = found.asked_at or now()


def check(person: Account, attribute: str, text: str, document: str) -> None:
    """Keep what staff have seen on a document; what she has said herself is settled with it."""
    if document not in document_names():
        raise Invalid(_("Choose which document you have seen."))
    value, moment = kinds.kind_of(attribute).clean(text), now()
    until = kinds.expiry(attribute, Level.STAFF, moment)
    state(
        person.id,
        Statement(attribute, value, Level.STAFF, moment, until),
        document=document,
        checked_by=_actor_id(),
    )
    settle(person.id, attribute)
    audit("people.checked", subject=f"account:{person.id}", attribute=attribute, document=document)


def settle(account_id: UUID, attribute: str) -> None:
    """Take what a person has said about this out of the queue."""
    found = _one(account_id, attribute, Level.SELF)
    if found is not None:
        found.asked_at = None


def refuse(person: Account, attribute: str) -> None:
    """Take a request out of the queue without a check: nothing that was shown proves it."""
    settle(person.id, attribute)
    audit("people.check_refused", subject=f"account:{person.id}", attribute=attribute)


def withdraw(person: Account, statement_id: UUID) -> None:
    """Take back what staff, a code or a list have proven about a person; raises NotFound."""
    found = db.session.get(PersonAttribute, statement_id)
    if found is None or found.account_id != person.id or found.level is Level.SELF:
        raise NotFound(_("This is not known about the person any more."))
    audit(
        "people.check_withdrawn",
        subject=f"account:{person.id}",
        attribute=found.attribute,
        level=found.level,
    )
    db.session.delete(found)


def state(
    account_id: UUID,
    statement: Statement,
    *,
    document: str = "",
    checked_by: UUID | None = None,
    roll_id: UUID | None = None,
) -> None:
    """Keep a statement in place of the one of the same level before."""
    values: dict[str, object] = {
        "value": statement.value,
        "stated_at": statement.stated_at,
        "expires_at": statement.expires_at,
        "document": document,
        "checked_by": checked_by,
        "roll_id": roll_id,
        "asked_at": None,
    }
    named = {"account_id": account_id, "attribute": statement.attribute, "level": statement.level}
    made = insert(PersonAttribute).values(id=new_id(), **named, **values)
    db.session.execute(made.on_conflict_do_update(index_elements=list(named), set_=values))
    db.session.expire_all()


def waiting() -> Sequence[tuple[Account, Sequence[PersonAttribute]]]:
    """Return who waits for a check, whoever has waited longest first, with what is to be checked."""
    people = (
        select(PersonAttribute.account_id)
        .where(PersonAttribute.asked_at.is_not(None))
        .group_by(PersonAttribute.account_id)
        .order_by(func.min(PersonAttribute.asked_at))
        .limit(QUEUE_PAGE)
    )
    ids = list(db.session.scalars(people))
    asked = select(PersonAttribute, Account).join(Account, Account.id == PersonAttribute.account_id)
    rows = db.session.execute(
        asked.where(PersonAttribute.account_id.in_(ids), PersonAttribute.asked_at.is_not(None))
    ).all()
    found: dict[UUID, tuple[Account, list[PersonAttribute]]] = {}
    for statement, account in rows:
        found.setdefault(account.id, (account, []))[1].append(statement)
    return [found[one] for one in ids]


def look_up(text: str) -> Sequence[Account]:
    """Return people by their address, or by the beginning of a word of their name; a few only."""
    typed = " ".join(text.split()).lower()
    if len(typed) < 3:
        raise Invalid(_("Type at least three letters of the name, or the whole e-mail address."))
    if "@" in typed:
        found = select(Account).where(Account.email == typed)
    else:
        name, part = func.lower(Account.name), _like(typed)
        found = select(Account).where(name.like(f"{part}%") | name.like(f"% {part}%"))
    confirmed = found.where(Account.confirmed_at.is_not(None))
    return db.session.scalars(
        confirmed.order_by(func.lower(Account.name), Account.id).limit(MOST_FOUND)
    ).all()


def person(person_id: UUID) -> Account:
    """Return somebody with an account; raises NotFound."""
    found = db.session.get(Account, person_id)
    if found is None:
        raise NotFound(_("There is no such person."))
    return found


def counted(known: Sequence[PersonAttribute], at: datetime) -> Mapping[str, PersonAttribute]:
    """Return which statement counts for each attribute at a moment."""
    valid = [one for one in known if one.statement.holds(at)]
    surest = sorted(valid, key=lambda one: (one.level.rank, one.stated_at))
    return {one.attribute: one for one in surest}


def _one(account_id: UUID, attribute: str, level: Level) -> PersonAttribute | None:
    return db.session.scalar(
        select(PersonAttribute).where(
            PersonAttribute.account_id == account_id,
            PersonAttribute.attribute == attribute,
            PersonAttribute.level == level,
        )
    )


def _actor_id() -> UUID | None:
    try:
        return UUID(current_actor().id)
    except ValueError:
        return None


def _like(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


@uses_districts
def _proven_of(code: str) -> Iterable[str]:
    """Say that residents are known to live in a district: it could not be read any more."""
    mine = PersonAttribute.attribute == kinds.DISTRICT, PersonAttribute.value == code
    if db.session.scalar(select(PersonAttribute.id).where(*mine).limit(1)) is not None:
        yield _("Residents have said or proven that they live there.")
