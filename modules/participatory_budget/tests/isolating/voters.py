"""What the isolation suite needs of votes without an account, polling places and ballots on paper."""

import io
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from app.sdk import Account, PersonField, db, now
from app.testing.leaks import Filling, Twin, Upload
from app.testing.leaks.platform import residents
from modules.participatory_budget.models import (
    Challenge,
    Edition,
    Happening,
    LetIn,
    LetterBatch,
    OneTimeCode,
    PaperBatch,
    Station,
)
from modules.participatory_budget.rules.paper_ballots import Flaw, Reading
from modules.participatory_budget.rules.ways import Access, KeyKind, Way, write_access
from modules.participatory_budget.services import closing, doubts, persons
from modules.participatory_budget.services.codes import asking, letters
from modules.participatory_budget.services.codes.entering import named
from modules.participatory_budget.services.paper_votes import batches, keying, slips, stations
from modules.participatory_budget.services.voters import voter_called

WAYS = (Way.ACCOUNT, Way.MAIL, Way.LETTER, Way.BOOTH, Way.PAPER)
LIST = "family_name,given_name,birth_date\nTyped,Person,1970-01-01\n"
ADMIN = "participatory_budget_admin"


def fill(filling: Filling) -> None:
    """Add what is made in both cities and the values that addresses take."""
    filling.content(several_ways)
    filling.values("edition_id", "batch_id", of=f"{ADMIN}.void_letters")(_letter_batches)
    filling.values("edition_id", "batch_id")(_paper_batches)
    filling.values("edition_id", "batch_id", "serial")(_serials)
    filling.values("edition_id", "station_id")(_stations)
    filling.values("edition_id", "challenge_id")(_challenges)
    filling.values("edition_id", "network", "stamp")(_bursts)
    filling.values("code_id")(_codes)
    filling.values("edition_id", "voter", of="participatory_budget.tell_replaced")(_replaced)
    filling.values("slug", "way")(_ways)
    filling.answers(f"{ADMIN}.new_letters", title="Typed", number="1", form="sheets", file=Upload(b"", ""))
    filling.answers(f"{ADMIN}.ways", ways="account", duplicates="first")
    filling.answers(f"{ADMIN}.void_letters", which="", reason="Stolen")
    filling.answers(f"{ADMIN}.void_letters", which="1", reason="Came back")
    filling.answers(f"{ADMIN}.burst", voter=lambda twin: twin.kept["doubted"], reason="All at once")
    filling.answers(f"{ADMIN}.decide_challenge", upheld="0", decision="Known at the counter")
    at_the_desk = {field.value: typed for field, typed in _signed(3).items()}
    filling.answers(f"{ADMIN}.desk", act="paper", **at_the_desk)
    filling.answers(f"{ADMIN}.strike_slip", number="1", reason="Entered twice")
    filling.answers(f"{ADMIN}.key_batch", serial="1", flaw="blank")
    filling.answers(f"{ADMIN}.forget_entry", serial="1")
    filling.answers(f"{ADMIN}.restart_batch", reason="Mixed up")
    for column in (
        "let_in.*",
        "person_key.*",
        "one_time_code.*",
        "admission.*",
        "letter.*",
        "failed_tries.*",
    ):
        filling.review(f"no text participatory_budget_{column}", "hashes, districts and what is sealed")
    for column in ("edition.voting_ways", "paper_batch.invalid", "paper_slip.*", "paper_entry.*"):
        filling.review(f"no text participatory_budget_{column}", "names and numbers that the code gives")


def several_ways(twin: Twin) -> None:
    """Let people vote in several ways: a code is asked for, letters are printed, a place is open, paper is keyed."""
    edition = db.session.scalars(select(Edition).where(Edition.slug == twin.key("voting"))).one()
    edition.voting_ways = write_access(Access(WAYS))
    editor = _person(twin, "editor")
    boss = _person(twin, "administrator")
    _codes_of(twin, edition)
    place = stations.make(edition, twin.text("station"), twin.text("street"))
    db.session.flush()
    stations.set_officers(edition, place.id, [editor.id, boss.id])
    place.opened_at = now()
    stations._write(place, Happening.INCIDENT, editor, twin.text("incident"))
    doubts.let_in(edition, named(edition, KeyKind.MAIL, b"eva"), Way.MAIL, doubts.network_of("10.0.0.1"))
    doubts.failed(edition, doubts.network_of("10.0.0.1"))
    for voter in (b"otto", b"unda"):
        doubts.let_in(edition, named(edition, KeyKind.MAIL, voter), Way.MAIL, doubts.network_of("10.0.0.1"))
    doubts.challenge(edition, [named(edition, KeyKind.MAIL, b"eva")], twin.text("doubt"), boss)
    decided = doubts.challenges(edition)[0]
    doubts.decide(edition, decided.id, upheld=False, decision=twin.text("may vote"), by=editor)
    doubts.challenge(edition, [named(edition, KeyKind.MAIL, b"otto")], twin.text("another doubt"), editor)
    twin.keep("doubted", doubts.short_name(named(edition, KeyKind.MAIL, b"unda")))
    open_batch = batches.make(edition, in_envelopes=True, station_id=place.id, printed=2)
    slips.enter(edition, open_batch.id, _signed(2), {}, editor)
    keyed = batches.make(edition, in_envelopes=True)
    slips.enter(edition, keyed.id, _signed(1), {}, editor)
    batches.open_ballots(edition, keyed.id, 1, knowingly=True).missing_reason = twin.text("went home with it")
    for clerk in (editor, boss):
        keying.begin(edition, keyed.id, clerk)
        keying.enter(edition, keyed.id, 1, Reading({}, Flaw.BLANK), clerk)
    keying.finish(edition, keyed.id, editor)
    gone = batches.make(edition, in_envelopes=False)
    batches.void(edition, gone.id, twin.text("why void"))
    late = db.session.scalars(select(Edition).where(Edition.slug == twin.key("late"))).one()
    late.voting_ways = write_access(Access((Way.ACCOUNT, Way.PAPER)))
    closing.close_now(late.id)
    db.session.flush()


def _signed(place: int) -> dict[PersonField, str]:
    """Return what somebody on the city's list writes on a slip."""
    return {
        PersonField.NUMBER: residents.NUMBERS[place],
        PersonField.POSTCODE: f"7501{place + 1}",
        PersonField.FAMILY_NAME: "Nagy",
        PersonField.GIVEN_NAME: "Anna",
        PersonField.BIRTH_DATE: f"198{place}-03-27",
    }


def _codes_of(twin: Twin, edition: Edition) -> None:
    batch, _printed = letters.make(
        edition, twin.text("letters"), letters.read_list(edition, io.BytesIO(LIST.encode()))
    )
    letters.void_one(edition, batch.id, "1", twin.text("came back"))
    letters.make(edition, twin.text("more letters"), [letters.Line()])
    lost, _printed = letters.make(edition, twin.text("lost letters"), [letters.Line()])
    letters.void_batch(edition, lost.id, twin.text("lost in the post"))
    person = asking.person_of(edition, Way.MAIL, "eva@mail.example")
    asking.make(edition, Way.MAIL, person, '{"address": "eva@mail.example", "said": []}')
    own = persons.mail_key(edition, "eva@mail.example")
    persons.claim(edition, named(edition, KeyKind.MAIL, b"other"), [own])


def _person(twin: Twin, role: str) -> Account:
    return db.session.scalars(select(Account).where(Account.email == twin.email(role))).one()


def _letter_batches(_twin: Twin) -> Iterable[tuple[UUID, UUID]]:
    return _pairs(LetterBatch)


def _paper_batches(_twin: Twin) -> Iterable[tuple[UUID, UUID]]:
    return _pairs(PaperBatch)


def _stations(_twin: Twin) -> Iterable[tuple[UUID, UUID]]:
    return _pairs(Station)


def _challenges(_twin: Twin) -> Iterable[tuple[UUID, UUID]]:
    return _pairs(Challenge)


def _serials(_twin: Twin) -> Iterable[tuple[UUID, UUID, int]]:
    return [(edition, batch, 1) for edition, batch in _pairs(PaperBatch)]


def _bursts(_twin: Twin) -> Iterable[tuple[UUID, str, int]]:
    found = db.session.scalars(select(LetIn).order_by(LetIn.voter))
    return [(one.edition_id, one.network.hex(), int(one.at.timestamp())) for one in found]


def _codes(_twin: Twin) -> Iterable[UUID]:
    return db.session.scalars(select(OneTimeCode.id).order_by(OneTimeCode.id)).all()


def _replaced(twin: Twin) -> Iterable[tuple[UUID, str]]:
    """Return the editor as one whose vote on the web gave way to one on paper."""
    edition = db.session.scalars(select(Edition).where(Edition.slug == twin.key("voting"))).one()
    return [(edition.id, voter_called(edition, _person(twin, "editor").id).hex())]


def _ways(_twin: Twin) -> Iterable[tuple[str, str]]:
    slugs = db.session.scalars(select(Edition.slug).order_by(Edition.id)).all()
    return [(slug, way) for slug in slugs for way in ("mail", "sms")]


def _pairs(kind: type[LetterBatch | PaperBatch | Station | Challenge]) -> list[tuple[UUID, UUID]]:
    found = db.session.execute(select(kind.edition_id, kind.id).order_by(kind.id))
    return [(row[0], row[1]) for row in found]
