"""What is known about residents, lists and letters, households; in both cities."""

import io
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.accounts.attributes import kinds, services
from app.accounts.attributes.models import PersonAttribute
from app.accounts.households import services as households
from app.accounts.households.models import ActingRight
from app.accounts.households.rules import Area
from app.accounts.models import Account, Role
from app.accounts.rolls import codes, importing
from app.accounts.rolls import services as rolls
from app.accounts.rolls.models import Roll, RollEntry
from app.accounts.rolls.normal import Field
from app.accounts.rolls.reading import Columns
from app.accounts.services import create_confirmed
from app.core.audit import audit
from app.core.context import Actor, acting
from app.core.db import db
from app.core.ids import new_secret, secret_hash
from app.testing.leaks.filling import Twin, Upload
from app.testing.leaks.platform.owner import filling

NUMBERS = ("4711", "4712", "4713", "4714")
LIST = "no;cp;school\n4711;75011;{mark} school\n4712;75012;\n4713;75013;\n4714;75014;\n"
TYPED = b"no;cp\n1;75011\n2;75012\n"


@filling.content
def attributes(twin: Twin) -> None:
    """Let a resident tell something, and have a clerk check it; ask for something of the city's own."""
    if not twin.alone:
        choices = {"one": twin.texts("answer one"), "two": twin.texts("answer two")}
        kinds.add_own("own", twin.texts("own attribute"), kinds.Type.CHOICE, choices)
    person = _resident(twin, "told")
    services.declare(person, "school", twin.text("school"))
    services.declare(person, "birth_date", "1990-05-01")
    services.ask_for_check(person, "school")
    services.check(person, "lives_in_city", "yes", "bill")


@filling.content
def lists(twin: Twin) -> None:
    """Take in a list and make codes; somebody has used each."""
    columns = Columns({Field.NUMBER: "no", Field.POSTCODE: "cp"}, carried="school")
    wish = importing.Wish(twin.text("list"), columns, {"lives_in_city": "yes"}, carried="school")
    report = importing.take_in(io.BytesIO(LIST.format(mark=twin.mark).encode()), wish)
    person = _resident(twin, "told")
    assert report.roll_id is not None
    rolls.prove(person, report.roll_id, {Field.NUMBER: NUMBERS[0], Field.POSTCODE: "75011"})
    twin.same_ids = False
    _batch, made = codes.make(twin.text("letters"), 2, {"works_in_city": "yes"})
    twin.same_ids = True
    rolls.redeem(person, made[0])
    twin.keep("letter", made[1])


@filling.content
def household(twin: Twin) -> None:
    """Enter children and people who are helped, and send an invitation."""
    parent = _resident(twin, Role.RESIDENT.value)
    child = households.add_child(
        parent, name=twin.text("child"), born=date(2020, 2, 29), school=twin.text("class")
    )
    invited = households.invite_guardian(parent, child.id, twin.email("guardian"))
    secret = new_secret()
    invited.secret_hash = secret_hash(secret)
    twin.keep("household", secret)
    households.add_person(parent, name=twin.text("grandmother"), areas=[Area.BOOK], ends_on=None)
    helper = _resident(twin, "told")
    households.add_child(helper, name=twin.text("other child"), born=date(2021, 1, 1))


@filling.values("attribute")
def known_attributes(_twin: Twin) -> Iterable[str]:
    """Return what the cities ask for."""
    return ["school", "own"]


@filling.values("key", of="console.remove_attribute")
def own_attributes(_twin: Twin) -> Iterable[str]:
    """Return what a city asks for of its own."""
    return ["own"]


@filling.values("roll_id")
def list_ids(_twin: Twin) -> Iterable[UUID]:
    """Return the lists and letters."""
    return db.session.scalars(select(Roll.id).order_by(Roll.kind.desc(), Roll.id)).all()


@filling.values("right_id")
def rights(_twin: Twin) -> Iterable[UUID]:
    """Return who acts for whom: those of whom the browsers are signed in as first."""
    found = select(ActingRight.id).join(Account, Account.id == ActingRight.helper_id, isouter=True)
    return db.session.scalars(found.order_by(Account.email, ActingRight.id)).all()


@filling.values("person_id", "attribute")
def residents(_twin: Twin) -> Iterable[tuple[UUID, str]]:
    """Return people with what they have told."""
    found = select(PersonAttribute.account_id).where(PersonAttribute.attribute == "school").distinct()
    return [(one, "school") for one in db.session.scalars(found)]


@filling.values("person_id", "statement_id")
def statements(_twin: Twin) -> Iterable[tuple[UUID, UUID]]:
    """Return what was checked."""
    found = select(PersonAttribute.account_id, PersonAttribute.id).where(PersonAttribute.level == "staff")
    return [(row[0], row[1]) for row in db.session.execute(found)]


@filling.values("person_id", "roll_id")
def places(_twin: Twin) -> Iterable[tuple[UUID, UUID]]:
    """Return who has used which list."""
    found = select(RollEntry.account_id, RollEntry.roll_id).where(RollEntry.account_id.is_not(None))
    return [(row[0], row[1]) for row in db.session.execute(found) if row[0]]


@filling.content
def acted_for(twin: Twin) -> None:
    """Write down an act that somebody did for somebody else."""
    with acting(
        Actor("resident", twin.key("helper"), twin.text("helper"), twin.text("for"), twin.text("aunt"))
    ):
        audit("people.acted_for")


@filling.values("secret", of="portal_household.invited")
def invitations(twin: Twin) -> Iterable[str]:
    """Return the secrets of invitations that nobody has answered."""
    return twin.kept["household"]


def _resident(twin: Twin, name: str) -> Account:
    account = create_confirmed(twin.email(name), twin.text(name), role=Role.RESIDENT, language=twin.language)
    db.session.flush()
    return account


filling.answers("console.people", who=lambda twin: twin.email("told"))
filling.answers("console.check", value="Typed", document="bill")
filling.answers("console.new_roll", file=Upload(TYPED, "list.csv"))
filling.answers(
    "console.import_roll",
    title="Typed",
    header=["no", "cp"],
    number="no",
    postcode="cp",
    grants=["lives_in_city=yes"],
    file=Upload(TYPED, "list.csv"),
)
filling.answers("console.new_codes", title="Typed", number="2", grants=["lives_in_city=yes"], form="file")
filling.answers(
    "console.attributes", **{"title-fr": "Chien", "title-hu": "Kutya", "key": "dog", "type": "text"}
)
filling.answers("console.attribute_months", staff="12", code="6")
filling.answers("portal_known.tell", value="Typed")
filling.answers("portal_household.add_child", name="Typed", born="2020-01-01")
filling.answers("portal_household.change_child", name="Typed")
filling.answers("portal_household.invite_guardian", email="typed@typed.example")
filling.answers("portal_household.invite_helper", email="typed@typed.example", areas=["book"], ends_on="")
filling.answers("portal_household.add_person", name="Typed", areas=["book"], ends_on="")
filling.answers("portal_known.by_list", number=NUMBERS[1], postcode="75012")
filling.answers("portal_known.redeem", code=lambda twin: twin.kept["letter"][0])
filling.review("never POST console.free_place", "frees a place whose account was deleted; there is none here")
filling.review("no text acting_right.secret_hash", "a hash")
filling.review("no text acting_right.areas", "names that the code gives")
for _column in ("fields", "grants"):
    filling.review(f"no text roll.{_column}", "names that the code gives")
filling.review("no text person_attribute.attribute", "a name that the code gives")
filling.review("no text person_attribute.document", "a name that the code gives")
filling.review("no text roll.carried", "a name that the code gives")
filling.file("list.csv", TYPED.decode())
filling.command(
    "city take-in-list",
    "{city}",
    "{folder}/list.csv",
    "--title",
    "Typed",
    "--column",
    "number=no",
    "--column",
    "postcode=cp",
    "--proves",
    "lives_in_city=yes",
)
