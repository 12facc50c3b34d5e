"""Voters who vote, change, repeat, move and take back at once, and a model that knows what must come of it.

Each voter has a client of her own, which does one thing after the other in transactions of its own; all clients begin
each round together. What one voter does is in order, so that the model knows it exactly; what lies between voters is
left to PostgreSQL. Before the close two clients may also be the same voter: then one of them must have won.
"""

import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum

from hypothesis import strategies as st
from sqlalchemy import func, select, text

from app.sdk import Conflict, Invalid, NotFound, db
from modules.participatory_budget.models import Ballot, Draft, Edition, RollEntry, SealedBallot
from modules.participatory_budget.rules.checks import check_ballot
from modules.participatory_budget.rules.marks import as_choices, encode_marks
from modules.participatory_budget.services import casting, drafts
from modules.participatory_budget.services.editions import options
from modules.participatory_budget.services.taking_part import rules_on_ballot
from modules.participatory_budget.services.voters import Voter

Enter = Callable[[], AbstractContextManager[object]]


class Kind(StrEnum):
    """What a voter does."""

    VOTE = "vote"
    """Confirms a page that shows what is in the box now."""
    STALE = "stale"
    """Confirms a page that was made before her last act."""
    AGAIN = "again"
    """Presses the button of her last act a second time."""
    WITHDRAW = "withdraw"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Step:
    """One act: which projects, and in which district; none of it need be allowed."""

    kind: Kind
    projects: tuple[int, ...] = ()
    district: str = "north"


_OF_ALL, _OF = (1, 2, 3), {"north": (4, 5, 6), "south": (7, 8, 9)}
"""The projects of the whole city and of each district."""
_KINDS = (*(Kind.VOTE,) * 4, Kind.STALE, Kind.AGAIN, Kind.WITHDRAW, Kind.DRAFT)


def _some(numbers: Sequence[int], most: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.sampled_from(numbers), max_size=most, unique=True)


def _marked(*parts: Sequence[int]) -> tuple[int, ...]:
    return tuple(sorted(number for part in parts for number in part))


_allowed = [
    st.tuples(st.builds(_marked, _some(_OF_ALL, 2), _some(mine, 2)), st.just(district))
    for district, mine in _OF.items()
]
# One more number than there are projects, more marks than allowed, and a district that there is not.
_anything = st.tuples(st.builds(_marked, _some(range(1, 11), 4)), st.sampled_from([*_OF, "west"]))
acts = st.builds(
    lambda kind, ballot: Step(kind, *ballot), st.sampled_from(_KINDS), st.one_of(*_allowed, _anything)
)
"""One act of a voter, for Hypothesis: most are allowed."""


def runs(voters: int, *, least: int, most: int) -> st.SearchStrategy[list[list[Step]]]:
    """Return what so many voters do at once, each between so many acts one after the other."""
    return st.lists(st.lists(acts, min_size=least, max_size=most), min_size=voters, max_size=voters)


@dataclass
class Model:
    """What must be in the box of one voter."""

    marks: dict[int, int] = field(default_factory=dict)
    district: str = ""
    version: int = 0
    last: tuple[Step, int, str, str] | None = None
    """The act that was taken last, with the version it saw, its key and its receipt."""
    acts: int = 0

    @property
    def has_voted(self) -> bool:
        """Tell whether there is a ballot of hers."""
        return self.version > 0


class Broken(AssertionError):
    """What the database did is not what the model says."""


@dataclass
class Sequences:
    """A run: an edition by its slug, how to enter a transaction of its city, and a model for each voter."""

    enter: Enter
    edition: Callable[[], Edition]
    voter: Callable[[int, Edition], Voter]
    models: list[Model]
    acknowledged: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, steps: Sequence[Sequence[Step]]) -> None:
        """Let each voter go through her own steps, all voters at once; raises Broken for what may not be."""
        barrier = threading.Barrier(len(steps))
        errors: list[BaseException] = []

        def client(number: int, mine: Sequence[Step]) -> None:
            try:
                barrier.wait(60)
                for step in mine:
                    self._do(number, step)
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=client, args=(n, mine)) for n, mine in enumerate(steps)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if errors:
            raise errors[0]

    def duel(self, number: int, pair: tuple[Step, Step]) -> None:
        """Let one voter confirm two pages in two windows at once, both made for what is in the box now."""
        model = self.models[number]
        seen = model.version
        found: list[str | Exception | None] = [None, None]
        barrier = threading.Barrier(2)

        def window(place: int) -> None:
            barrier.wait(60)
            found[place] = self._cast(number, pair[place], seen, f"{number}-duel-{model.acts}-{place}")

        threads = [threading.Thread(target=window, args=(place,)) for place in (0, 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        model.acts += 1
        won = [place for place in (0, 1) if isinstance(found[place], str)]
        legal = [place for place in (0, 1) if not isinstance(found[place], Invalid | NotFound)]
        if len(won) != min(1, len(legal)):
            raise Broken(f"voter {number}: {len(won)} of two windows won")
        if won:
            step = pair[won[0]]
            self._took(model, step, seen, f"{number}-duel-{model.acts - 1}-{won[0]}", str(found[won[0]]))

    def check_box(self) -> None:
        """Compare the whole box with all models: one legal ballot for each name on the roll, and no other."""
        with self.enter():
            edition = self.edition()
            mine = [drafts.my_ballot(edition, self.voter(n, edition)) for n in range(len(self.models))]
            for number, (model, found) in enumerate(zip(self.models, mine, strict=True)):
                if (dict(found.marks), found.version) != (model.marks, model.version):
                    raise Broken(f"voter {number}: {found} in the box, {model} in the model")
                if model.has_voted and self._problems(edition, model.marks, found.district):
                    raise Broken(f"voter {number}: a ballot that breaks the rule is in the box")
            voted = sum(model.has_voted for model in self.models)
            numbers = (_number(Ballot, edition), _number(RollEntry, edition), casting.turnout(edition))
            if numbers != (voted, voted, voted):
                raise Broken(f"{numbers} ballots, names and voters counted; {voted} voted")

    def check_sealed(self) -> None:
        """After the close: every ballot is there once, part by part, and nothing leads from it to a name."""
        with self.enter():
            edition = self.edition()
            expected = sorted(part for model in self.models for part in self._parts(edition, model))
            sealed = select(SealedBallot.contest, SealedBallot.choices).where(
                SealedBallot.edition_id == edition.id
            )
            found = sorted((row.contest, row.choices) for row in db.session.execute(sealed))
            if found != expected:
                raise Broken(f"{len(found)} parts of ballots are sealed, {len(expected)} were cast")
            if edition.slot_salt is not None or _number(Ballot, edition) or _number(Draft, edition):
                raise Broken("what leads from a voter to a ballot is still there")
            written = text(
                "SELECT count(DISTINCT xmin::text) FROM participatory_budget_roll WHERE edition_id = :id"
            )
            if (db.session.scalar(written, {"id": edition.id}) or 0) > 1:
                raise Broken("the roll still says who came in which transaction")

    def _do(self, number: int, step: Step) -> None:
        model = self.models[number]
        model.acts += 1
        match step.kind:
            case Kind.VOTE:
                self._vote(number, step)
            case Kind.STALE:
                answer = self._cast(number, step, model.version + 1, f"{number}-{model.acts}")
                if isinstance(answer, str):
                    raise Broken(f"voter {number}: a page that was never shown was taken")
            case Kind.AGAIN if model.last is not None:
                self._again(number, model.last)
            case Kind.WITHDRAW:
                self._withdraw(number)
            case Kind.DRAFT:
                self._draft(number, step)
            case _:
                pass

    def _vote(self, number: int, step: Step) -> None:
        model, key = self.models[number], f"{number}-act-{self.models[number].acts}"
        answer = self._cast(number, step, model.version, key)
        with self.enter():
            legal = not self._problems(self.edition(), as_choices(step.projects), step.district)
        if isinstance(answer, str) is not legal:
            raise Broken(f"voter {number}: {step} was answered with {answer!r}")
        if isinstance(answer, str):
            self._took(model, step, model.version, key, answer)

    def _took(self, model: Model, step: Step, seen: int, key: str, receipt: str) -> None:
        model.marks, model.district = dict(as_choices(step.projects)), step.district
        model.version, model.last = seen + 1, (step, seen, key, receipt)
        with self.lock:
            self.acknowledged += 1

    def _again(self, number: int, last: tuple[Step, int, str, str]) -> None:
        step, seen, key, receipt = last
        answer = self._cast(number, step, seen, key)
        withdrawn = not self.models[number].has_voted
        if withdrawn is isinstance(answer, str) or (isinstance(answer, str) and answer != receipt):
            raise Broken(f"voter {number}: repeated, {receipt} became {answer!r}")

    def _withdraw(self, number: int) -> None:
        model = self.models[number]
        try:
            with self.enter():
                edition = self.edition()
                casting.withdraw(edition, self.voter(number, edition), seen_version=model.version)
        except Conflict as conflict:
            if model.has_voted:
                raise Broken(f"voter {number}: her vote was not taken back") from conflict
            return
        if not model.has_voted:
            raise Broken(f"voter {number}: took back what she had not given")
        model.marks, model.version, model.district = {}, 0, ""

    def _draft(self, number: int, step: Step) -> None:
        try:
            with self.enter():
                edition = self.edition()
                for project in step.projects:
                    drafts.choose(edition, self.voter(number, edition), project, add=True)
        except (NotFound, Invalid):
            pass

    def _cast(self, number: int, step: Step, seen: int, key: str) -> "str | Exception":
        """Return the receipt, or why there is none."""
        try:
            with self.enter():
                edition = self.edition()
                given = casting.cast(
                    edition,
                    self.voter(number, edition),
                    as_choices(step.projects),
                    seen_version=seen,
                    key=f"{key:-<24}",
                    district=step.district,
                )
        except (Conflict, Invalid, NotFound) as error:
            return error
        return given.code

    def _problems(self, edition: Edition, marks: dict[int, int], district: str) -> bool:
        keys = {contest.key for contest in edition.contests}
        if district not in keys - {""}:
            return True
        paper = {option.number: option for option in options(edition)}
        rules = rules_on_ballot(edition, district)
        return bool(check_ballot(marks, paper, rules, edition.contests_by))

    def _parts(self, edition: Edition, model: Model) -> list[tuple[str, bytes]]:
        """Return the ballot of a model as sealing divides it: one part for each contest in which it marks something."""
        paper = {option.number: option.district for option in options(edition)}
        parts: dict[str, dict[int, int]] = {}
        for number, mark in model.marks.items():
            parts.setdefault(paper[number], {})[number] = mark
        return [(contest, encode_marks(edition.ballot_type, marks)) for contest, marks in parts.items()]


def _number(kind: type[Ballot] | type[RollEntry] | type[Draft], edition: Edition) -> int:
    return db.session.scalar(select(func.count()).select_from(kind).where(kind.edition_id == edition.id)) or 0
