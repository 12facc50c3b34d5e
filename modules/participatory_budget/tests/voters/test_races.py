"""The same person in two ways at once: the order of events is forced, and one ballot is left."""

import threading
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from sqlalchemy import func, select

from app.sdk import Conflict, PersonField, db
from modules.participatory_budget.models import Ballot, Challenge, Letter, PaperKeying, RollEntry
from modules.participatory_budget.rules.marks import as_choices
from modules.participatory_budget.rules.persons import name_pair
from modules.participatory_budget.rules.ways import Channel, Duplicates, KeyKind, Way
from modules.participatory_budget.services import casting, doubts, persons
from modules.participatory_budget.services.codes import letters
from modules.participatory_budget.services.codes.entering import named
from modules.participatory_budget.services.paper_votes import batches, keying, slips
from modules.participatory_budget.services.voters import Voter

from .. import arranging
from ..test_voting_races import gate_before

ANNA = {PersonField.FAMILY_NAME: "Nagy", PersonField.GIVEN_NAME: "Anna", PersonField.BIRTH_DATE: "1984-03-27"}
PATIENCE = 20


@pytest.fixture
def at_once():
    with ThreadPoolExecutor(4) as pool:
        yield pool.submit


@pytest.fixture
def clerks(site, in_city):
    """Return accounts of the staff by name."""
    for name in ("one", "two"):
        site("paris", role="editor", email=f"{name}@paris.example")
    return lambda name: arranging.person(f"{name}@paris.example")


def anna(edition, code=b"letter"):
    """Return Anna with a printed code of hers."""
    own = persons.identity_key(edition, name_pair("Anna", "Nagy"), "1984-03-27")
    return Voter(
        named(edition, KeyKind.MAIL, code), code, Channel.CODE, mail="anna@paris.example", keys=(own,)
    )


@pytest.fixture
def online(in_city):
    def act(gate=None, code=b"letter"):
        with in_city("paris"):
            if gate:
                gate.guard()
            edition = arranging.edition_of()
            return casting.cast(edition, anna(edition, code), as_choices([1]), seen_version=0, key="k" * 20)

    return act


@pytest.fixture
def on_paper(in_city, clerks):
    def act(gate=None):
        with in_city("paris"):
            if gate:
                gate.guard()
            edition = arranging.edition_of()
            (batch,) = batches.batches(edition)
            return slips.enter(edition, batch.id, ANNA, {}, clerks("one"))

    return act


def overlapping(at_once, first, second, *, before):
    """Hold the first act before a statement until the second has begun; return both when they are done."""
    with gate_before(before) as gate:
        one = at_once(first, gate)
        assert gate.reached.wait(PATIENCE)
        other = at_once(second)
        gate.open.set()
        wait([one, other], PATIENCE)
    return one, other


def in_box(in_city):
    with in_city("paris"):
        ballots = db.session.scalar(select(func.count()).select_from(Ballot))
        return ballots, db.session.scalar(select(func.count()).select_from(RollEntry))


@pytest.fixture
def vote(ways, in_city):
    def act(duplicates=Duplicates.FIRST):
        ways(Way.ACCOUNT, Way.LETTER, Way.PAPER, duplicates=duplicates)
        with in_city("paris"):
            batches.make(arranging.edition_of(), in_envelopes=True)

    return act


def test_a_slip_that_comes_while_a_ballot_is_cast_waits_and_is_set_aside(
    vote, online, on_paper, at_once, in_city
):
    vote()
    casting_now, slip = overlapping(at_once, online, on_paper, before="INSERT INTO mail")
    casting_now.result(PATIENCE)
    assert slip.result(PATIENCE).why is slips.SetAside.VOTED
    assert in_box(in_city) == (1, 1)


def test_a_ballot_that_comes_while_a_slip_is_entered_waits_and_is_refused(
    vote, online, on_paper, at_once, in_city
):
    vote()
    entering, ballot = overlapping(
        at_once, on_paper, online, before="INSERT INTO participatory_budget_arrival"
    )
    assert entering.result(PATIENCE).why is None
    with pytest.raises(persons.VotedAlready):
        ballot.result(PATIENCE)
    assert in_box(in_city) == (0, 1)


def test_where_paper_counts_one_name_is_left_whoever_comes_first(vote, online, on_paper, at_once, in_city):
    vote(Duplicates.PAPER)
    casting_now, slip = overlapping(at_once, online, on_paper, before="INSERT INTO mail")
    casting_now.result(PATIENCE)
    assert slip.result(PATIENCE).replaced
    assert in_box(in_city) == (0, 1)


def test_two_codes_of_one_person_at_once_cast_one_ballot(vote, online, at_once, in_city):
    vote()
    first, second = overlapping(
        at_once, lambda gate: online(gate, b"one"), lambda: online(None, b"two"), before="INSERT INTO mail"
    )
    first.result(PATIENCE)
    with pytest.raises(persons.VotedAlready):
        second.result(PATIENCE)
    assert in_box(in_city) == (1, 1)


def test_the_same_code_in_two_tabs_casts_one_ballot(vote, online, at_once, in_city):
    vote()
    barrier = threading.Barrier(2)

    def together():
        barrier.wait(PATIENCE)
        return online()

    done = [at_once(together), at_once(together)]
    assert len({one.result(PATIENCE).code for one in done}) == 1
    assert in_box(in_city) == (1, 1)


def test_two_clerks_who_begin_at_once_get_a_turn_each(vote, clerks, at_once, in_city):
    vote()
    with in_city("paris"):
        edition = arranging.edition_of()
        (batch,) = batches.batches(edition)
        slips.enter(edition, batch.id, ANNA, {}, clerks("one"))
        batches.open_ballots(edition, batch.id, 1, knowingly=True)
    barrier = threading.Barrier(3)

    def begin(name):
        barrier.wait(PATIENCE)
        with in_city("paris"):
            edition = arranging.edition_of()
            try:
                return keying.begin(edition, batches.batches(edition)[0].id, clerks(name)).turn
            except Conflict:
                return 0

    done = [at_once(begin, name) for name in ("one", "one", "two")]
    turns = [one.result(PATIENCE) for one in done]
    assert {turns[0], turns[1]} - {0} != set()
    with in_city("paris"):
        taken = db.session.execute(select(PaperKeying.turn, PaperKeying.clerk_id)).all()
        assert sorted(row.turn for row in taken) == [1, 2]
        assert len({row.clerk_id for row in taken}) == 2


@pytest.fixture
def lettered(vote, in_city):
    """Return a printed code's batch, how its voter votes, and how it is made void."""
    vote()
    with in_city("paris"):
        batch, _printed = letters.make(arranging.edition_of(), "Letters", [letters.Line()])
        batch_id, name = batch.id, db.session.scalar(select(Letter.voter))

    def cast(gate=None):
        with in_city("paris"):
            if gate:
                gate.guard()
            edition = arranging.edition_of()
            person = Voter(name, b"seed", Channel.CODE)
            return casting.cast(edition, person, as_choices([1]), seen_version=0, key="k" * 20)

    def make_void(whole=False):
        with in_city("paris"):
            if whole:
                letters.void_batch(arranging.edition_of(), batch_id, "lost")
            else:
                letters.void_one(arranging.edition_of(), batch_id, "1", "came back")

    return cast, make_void


def test_a_code_is_not_made_void_while_it_confirms_a_ballot(lettered, at_once, in_city):
    cast, make_void = lettered
    casting_now, voiding = overlapping(
        at_once, cast, make_void, before="INSERT INTO participatory_budget_ballot"
    )
    casting_now.result(PATIENCE)
    with pytest.raises(Conflict):
        voiding.result(PATIENCE)
    assert in_box(in_city) == (1, 1)


@pytest.mark.parametrize("whole", [True, False])
def test_whoever_was_let_in_before_her_code_was_made_void_casts_nothing(lettered, in_city, whole):
    cast, make_void = lettered
    make_void(whole)
    with pytest.raises(Conflict):
        cast()
    assert in_box(in_city) == (0, 0)


def test_a_doubt_that_is_upheld_while_she_confirms_takes_her_ballot_out(lettered, at_once, in_city, clerks):
    cast, _make_void = lettered
    with in_city("paris"):
        edition, name = arranging.edition_of(), db.session.scalar(select(Letter.voter))
        doubts.let_in(edition, name, Way.LETTER, b"networks")
        doubts.challenge(edition, [name], "Nobody knows her", clerks("one"))
        doubt = db.session.scalar(select(Challenge.id))

    def uphold():
        with in_city("paris"):
            doubts.decide(arranging.edition_of(), doubt, upheld=True, decision="Indeed", by=clerks("two"))

    casting_now, upholding = overlapping(
        at_once, cast, uphold, before="INSERT INTO participatory_budget_ballot"
    )
    casting_now.result(PATIENCE)
    upholding.result(PATIENCE)
    assert in_box(in_city) == (0, 0)
    with pytest.raises(Conflict):
        cast()
