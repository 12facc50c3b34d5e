"""Printed codes: made in a batch, printed once, kept as the names on the roll that follow from them."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

import segno
from sqlalchemy import delete, func, insert, select

from app.sdk import Conflict, Invalid, NotFound, PersonField, _, audit, db, identity, new_id, now

from ...models import Admission, Edition, Letter, LetterBatch, RollEntry
from ...rules.codes import PRINTED, CodeError, grouped, new_code, read_code
from ...rules.persons import name_pair
from ...rules.phases import Phase
from ...rules.ways import Way
from ..access import access_of
from ..admissions import end_all
from ..box import enter_box_alone
from ..editions import phase
from ..persons import identity_key
from .entering import letter_name

MOST, MOST_SHEETS = 20_000, 500
MOST_LABEL = 6
CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Line:
    """One letter to print: what stands above the code, and to whom it belongs where the list says so."""

    label: tuple[str, ...] = ()
    district: str = ""
    identity: bytes | None = None


@dataclass(frozen=True, slots=True)
class Printed:
    """A letter as it is printed; the code can never be seen again."""

    serial: int
    code: str
    label: tuple[str, ...]

    def picture(self, address: str) -> str:
        """Return a QR code of an address, as SVG."""
        drawn = io.BytesIO()
        segno.make(address, error="m").save(drawn, kind="svg", scale=3, border=2, xmldecl=False, svgns=True)
        return drawn.getvalue().decode()


@dataclass(frozen=True, slots=True)
class Use:
    """How many codes of a batch led to a ballot, and how many cannot any more."""

    made: int
    used: int
    void: int

    @property
    def unused(self) -> int:
        """Return how many still can."""
        return self.made - self.used - self.void


def make(edition: Edition, title: str, lines: Sequence[Line]) -> tuple[LetterBatch, list[Printed]]:
    """Make a code for each line and return them in order; nobody can see them again. Raises Invalid, Conflict."""
    if not access_of(edition).has(Way.LETTER):
        raise Conflict(_("People do not vote with printed codes here."))
    if phase(edition) not in (Phase.DRAFT, Phase.PUBLISHED, Phase.VOTING):
        raise Conflict(_("The vote has closed."))
    if not title.strip():
        raise Invalid(_("Write what the codes are for."))
    if not 1 <= len(lines) <= MOST:
        raise Invalid(_("Enter a number from 1 to %(most)s.", most=MOST))
    batch = LetterBatch(
        id=new_id(), edition_id=edition.id, title=title.strip()[:120], number=len(lines), made_at=now()
    )
    batch.void_reason = ""
    db.session.add(batch)
    db.session.flush()
    printed = [Printed(serial, code, line.label) for serial, (code, line) in enumerate(_with_codes(lines), 1)]
    _keep(edition, batch, zip(printed, lines, strict=True))
    audit(
        "participatory_budget.letters_made",
        subject=f"edition:{edition.id}",
        batch=str(batch.id),
        number=len(lines),
    )
    return batch, printed


def read_list(edition: Edition, stream: io.BytesIO) -> list[Line]:
    """Return a line for each row of a CSV file, whose first row names the columns; raises Invalid.

    Columns family_name, given_name and birth_date, where they are all there, keep the person from voting twice; a
    column district names a district of the edition. Every column is printed on the letter, none is kept.
    """
    try:
        text = stream.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid(_("Save the list as CSV in UTF-8.")) from None
    first = text.partition("\n")[0]
    rows = csv.DictReader(io.StringIO(text), delimiter=max(";,\t", key=first.count))
    lines: list[Line] = []
    try:
        for number, row in enumerate(rows, 2):
            if len(lines) > MOST:
                raise Invalid(_("A list can have %(most)s lines.", most=MOST))
            if any((value or "").strip() for value in row.values() if isinstance(value, str)):
                lines.append(_line(edition, number, row))
    except csv.Error as error:
        raise Invalid(_("A line of the file cannot be read: a quotation mark is not closed.")) from error
    if not lines:
        raise Invalid(_("The file has no lines below the names of the columns."))
    return lines


def batches(edition: Edition) -> Sequence[LetterBatch]:
    """Return the batches of an edition, the newest first."""
    mine = select(LetterBatch).where(LetterBatch.edition_id == edition.id)
    return db.session.scalars(mine.order_by(LetterBatch.made_at.desc(), LetterBatch.id).limit(200)).all()


def batch_of(edition: Edition, batch_id: UUID) -> LetterBatch:
    """Return a batch; raises NotFound."""
    found = db.session.get(LetterBatch, batch_id)
    if found is None or found.edition_id != edition.id:
        raise NotFound(_("There is no such batch."))
    return found


def use_of(edition: Edition) -> dict[UUID, Use]:
    """Return for each batch how many codes were used, are void, and can still be used."""
    on_roll = (RollEntry.edition_id == Letter.edition_id) & (RollEntry.voter == Letter.voter)
    void = (Letter.voided_at.is_not(None)) | (LetterBatch.voided_at.is_not(None))
    counted = (
        select(
            Letter.batch_id,
            func.count(),
            func.count(RollEntry.voter),
            func.count().filter(void, RollEntry.voter.is_(None)),
        )
        .join(LetterBatch, LetterBatch.id == Letter.batch_id)
        .outerjoin(RollEntry, on_roll)
        .where(Letter.edition_id == edition.id)
        .group_by(Letter.batch_id)
    )
    return {row[0]: Use(row[1], row[2], row[3]) for row in db.session.execute(counted)}


def void_batch(edition: Edition, batch_id: UUID, reason: str) -> None:
    """Let no code of a batch lead to a ballot any more; ballots that are in stay. Raises NotFound, Invalid."""
    # Whoever confirms a ballot with one of its codes is in the box before, or finds it void.
    enter_box_alone(edition)
    batch = batch_of(edition, batch_id)
    if batch.voided_at is not None:
        raise Conflict(_("This batch is void already."))
    batch.void_reason = _reason(reason)
    batch.voided_at = now()
    voters = select(Letter.voter).where(Letter.batch_id == batch.id)
    ended = delete(Admission).where(Admission.edition_id == edition.id, Admission.voter.in_(voters))
    db.session.execute(ended, execution_options={"synchronize_session": False})
    audit("participatory_budget.letters_voided", subject=f"edition:{edition.id}", batch=str(batch.id))


def void_one(edition: Edition, batch_id: UUID, typed: str, reason: str) -> None:
    """Let one code lead to no ballot any more, by its number on the letter or by the code; raises Invalid."""
    enter_box_alone(edition)
    batch = batch_of(edition, batch_id)
    found = _found(edition, batch, typed.strip())
    if found is None:
        raise Invalid(_("This batch has no such letter. Type the number that stands on it, or its code."))
    if found.voided_at is not None:
        raise Conflict(_("This code is void already."))
    used = db.session.get(RollEntry, {"edition_id": edition.id, "voter": found.voter})
    if used is not None:
        raise Conflict(
            _("Somebody has voted with this code. A ballot that is in stays; raise a doubt instead.")
        )
    found.void_reason = _reason(reason)
    found.voided_at = now()
    end_all(edition, found.voter)
    audit(
        "participatory_budget.letter_voided",
        subject=f"edition:{edition.id}",
        batch=str(batch.id),
        serial=found.serial,
    )


def csv_of(printed: Iterable[Printed]) -> Iterator[list[str]]:
    """Yield rows for a printing house."""
    yield ["number", "code", "line_1", "line_2", "line_3", "line_4", "line_5", "line_6"]
    for one in printed:
        label = [*one.label, *[""] * MOST_LABEL][:MOST_LABEL]
        yield [str(one.serial), grouped(one.code), *label]


def _with_codes(lines: Sequence[Line]) -> Iterator[tuple[str, Line]]:
    drawn: set[str] = set()
    for line in lines:
        code = new_code(PRINTED)
        while code in drawn:
            code = new_code(PRINTED)
        drawn.add(code)
        yield code, line


def _keep(edition: Edition, batch: LetterBatch, letters: Iterable[tuple[Printed, Line]]) -> None:
    # Sorted by name: the order of the rows does not give the order of the letters away.
    rows = sorted(
        (
            {
                "edition_id": edition.id,
                "voter": letter_name(edition, one.code),
                "batch_id": batch.id,
                "serial": one.serial,
                "district": line.district,
                "identity": line.identity,
                "void_reason": "",
            }
            for one, line in letters
        ),
        key=lambda row: bytes(row["voter"]),  # type: ignore[arg-type]
    )
    for start in range(0, len(rows), CHUNK):
        db.session.execute(insert(Letter), rows[start : start + CHUNK])


def _line(edition: Edition, number: int, row: dict[str, str | None]) -> Line:
    cells = {(name or "").strip().casefold(): (value or "").strip() for name, value in row.items() if name}
    label = tuple(value for value in cells.values() if value)[:MOST_LABEL]
    wanted = (PersonField.FAMILY_NAME, PersonField.GIVEN_NAME, PersonField.BIRTH_DATE)
    person = None
    if all(cells.get(field.value) for field in wanted):
        try:
            born = identity({PersonField.BIRTH_DATE: cells["birth_date"]})[0]
        except Invalid:
            raise Invalid(_("Line %(number)s: the birth date cannot be read.", number=number)) from None
        pair = name_pair(cells["given_name"], cells["family_name"])
        person = identity_key(edition, pair, born).value
    return Line(label, _district(edition, number, cells.get("district", "")), person)


def _district(edition: Edition, number: int, typed: str) -> str:
    if not typed:
        return ""
    for district in edition.districts:
        if typed.casefold() in (district.key.casefold(), district.name.casefold()):
            return district.key
    raise Invalid(
        _("Line %(number)s: this edition has no district “%(name)s”.", number=number, name=typed[:60])
    )


def _found(edition: Edition, batch: LetterBatch, typed: str) -> Letter | None:
    if typed.isdecimal() and len(typed) <= 6:
        mine = select(Letter).where(Letter.batch_id == batch.id, Letter.serial == int(typed))
        return db.session.scalar(mine.with_for_update())
    try:
        voter = letter_name(edition, read_code(typed, PRINTED))
    except CodeError:
        return None
    found = db.session.get(Letter, {"edition_id": edition.id, "voter": voter}, with_for_update=True)
    return found if found is not None and found.batch_id == batch.id else None


def _reason(text: str) -> str:
    if not text.strip():
        raise Invalid(_("Write why."))
    return text.strip()[:300]
