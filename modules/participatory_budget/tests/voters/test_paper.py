"""Ballots on paper: who voted, keyed twice, differences, the policy for duplicates, the sealing that waits."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.sdk import PersonField, db
from modules.participatory_budget.models import (
    Ballot,
    BatchState,
    ChannelTotal,
    PaperSlip,
    RollEntry,
    SealedBallot,
)
from modules.participatory_budget.rules.ballots import BallotType
from modules.participatory_budget.rules.paper_ballots import (
    Flaw,
    Reading,
    differences,
    paper_code,
    parse_marks,
    read_paper_code,
    written_marks,
)
from modules.participatory_budget.rules.persons import name_pair
from modules.participatory_budget.rules.ways import Channel, Duplicates, Way
from modules.participatory_budget.services import closing, persons
from modules.participatory_budget.services.paper_votes import batches

from .. import arranging
from ..clerk import words
from ..voter import Voter

BOTH = (Way.ACCOUNT, Way.MAIL, Way.LETTER, Way.PAPER)
ANNA = ("Nagy", "Anna", "1984-03-27")


def named(family, given_name, born):
    return {"family_name": family, "given_name": given_name, "birth_date": born}


def typed(person):
    return {PersonField(name): value for name, value in named(*person).items()}


@pytest.fixture
def batch(clerk, in_city):
    """Make a batch of so many voters through the pages; returns its address."""

    def act(*people, kind="envelopes"):
        office = clerk()
        made = office.post("/paper/new", {"station": "", "kind": kind, "district": "", "printed": "20"})
        assert made.status_code == 303, words(made)
        path = made.location[made.location.index("/paper/") :]
        for person in people:
            assert office.post(f"{path}/slips", named(*person)).status_code == 303
        return path

    return act


def voters(number):
    return [("Voter", name, "1970-01-01") for name in ("Ada", "Bea", "Cleo", "Dora", "Ena", "Flo")[:number]]


def key_all(person, path, readings):
    for serial, text in enumerate(readings, start=1):
        sent = {"serial": serial, "flaw": text} if text.isalpha() else {"serial": serial, "marks": text}
        answer = person.post(f"{path}/key", sent)
        assert answer.status_code == 303, words(answer)
    return person.post(f"{path}/finish")


def open_all(person, path, number):
    answer = person.post(f"{path}/open", {"declared": number, "knowingly": "y"})
    assert answer.status_code == 303, words(answer)


def state_of(in_city):
    with in_city("paris"):
        return batches.batches(arranging.edition_of())[0].state


def test_ballots_that_two_people_read_alike_lie_in_the_box_with_all_others(ways, batch, clerk, in_city):
    ways(*BOTH)
    path = batch(*voters(3))
    open_all(clerk(), path, 3)
    read = ["1 2", "3", "blank"]
    assert key_all(clerk("one"), path, read).status_code == 303
    assert state_of(in_city) is BatchState.KEYING
    key_all(clerk("two"), path, read)
    with in_city("paris"):
        (found,) = batches.batches(arranging.edition_of())
        assert (found.state, found.put, found.invalid) == (BatchState.IN_BOX, 2, {"blank": 1})
        assert {one.channel for one in db.session.scalars(select(Ballot))} == {Channel.PAPER}


def test_one_person_never_keys_a_batch_twice_and_sees_nothing_of_the_other(ways, batch, clerk, in_city):
    ways(*BOTH)
    path = batch(*voters(2))
    open_all(clerk(), path, 2)
    first, second = clerk("one"), clerk("two")
    key_all(first, path, ["1 2", "3"])
    again = first.post(f"{path}/key", {"serial": 1, "marks": "5"})
    assert again.status_code == 409
    assert "Garden" not in words(second.get(f"{path}/key"))
    page = words(second.get(f"{path}/key"))
    assert "0 of 2 ballots keyed" in page
    third = clerk("three")
    second.get(f"{path}/key")
    assert third.get(f"{path}/key").status_code == 409


def test_where_two_people_differ_a_third_decides_with_a_reason(ways, batch, clerk, in_city):
    ways(*BOTH)
    path = batch(*voters(2))
    open_all(clerk(), path, 2)
    first, second, third = clerk("one"), clerk("two"), clerk("three")
    key_all(first, path, ["1 2", "3"])
    key_all(second, path, ["1 2", "4"])
    assert state_of(in_city) is BatchState.KEYING
    side = words(third.get(f"{path}/compare/2"))
    assert "First reading" in side
    assert "Second reading" in side
    decision = {"serial": 2, "marks": "4", "reason": "the 3 is struck out"}
    assert (
        first.post(f"{path}/compare/2", decision).status_code == 422 or state_of(in_city) is BatchState.KEYING
    )
    assert third.post(f"{path}/compare/2", {**decision, "reason": ""}).status_code == 422
    assert third.post(f"{path}/compare/2", decision).status_code == 303
    assert state_of(in_city) is BatchState.IN_BOX


def test_a_number_that_only_one_has_typed_is_found_to_be_no_paper(ways, batch, clerk, in_city):
    ways(*BOTH)
    path = batch(*voters(1))
    open_all(clerk(), path, 1)
    first, second, third = clerk("one"), clerk("two"), clerk("three")
    first.post(f"{path}/key", {"serial": 1, "marks": "1"})
    first.post(f"{path}/finish")
    second.post(f"{path}/key", {"serial": 7, "marks": "1"})
    second.post(f"{path}/finish")
    third.post(f"{path}/compare/1", {"serial": 1, "marks": "1", "reason": "clear"})
    third.post(f"{path}/compare/7", {"serial": 7, "flaw": "absent", "reason": "it is number 1"})
    assert state_of(in_city) is BatchState.IN_BOX


def test_more_ballots_than_voters_are_refused_and_fewer_need_a_reason(ways, batch, clerk):
    ways(*BOTH)
    path = batch(*voters(6))
    office = clerk()
    assert "there cannot be more ballots" in words(office.post(f"{path}/open", {"declared": 7}))
    assert office.post(f"{path}/open", {"declared": 5}).status_code == 422
    assert office.post(f"{path}/open", {"declared": 5, "reason": "one went home"}).status_code == 303


def test_a_handful_of_ballots_is_opened_knowingly_only(ways, batch, clerk):
    ways(*BOTH)
    path = batch(*voters(2))
    office = clerk()
    assert "So few ballots tell" in words(office.post(f"{path}/open", {"declared": 2}))


def test_what_breaks_the_rule_of_the_ballot_is_no_reading(ways, batch, clerk):
    ways(*BOTH)
    path = batch(*voters(1))
    open_all(clerk(), path, 1)
    one = clerk("one")
    answer = one.post(f"{path}/key", {"serial": 1, "marks": "1 2 3 4"})
    assert answer.status_code == 422
    assert 'value="1 2 3 4"' in answer.text
    assert one.post(f"{path}/key", {"serial": 1, "marks": "1 99"}).status_code == 422
    assert one.post(f"{path}/key", {"serial": 1, "marks": "x"}).status_code == 422
    assert one.post(f"{path}/key", {"serial": 21, "marks": "1"}).status_code == 422
    assert one.post(f"{path}/key", {"serial": paper_code(2, 1), "marks": "1"}).status_code == 422
    assert one.post(f"{path}/key", {"serial": paper_code(1, 1), "marks": "1"}).status_code == 303


def test_whoever_voted_on_paper_is_told_where_when_she_comes_online(ways, batch, guest, printed):
    ways(*BOTH)
    batch(ANNA)
    # A letter that was printed for the same person.
    person = guest()
    code = printed_for(printed, ANNA)
    answer = person.post("/vote/letter", {"code": code})
    assert answer.status_code == 409
    assert "You have voted on paper, by post." in answer.text


def printed_for(printed, person):
    def line(edition):
        return persons.identity_key(edition, name_pair(person[1], person[0]), person[2]).value

    return printed(1, identity=line)[0]


def test_an_envelope_of_somebody_who_voted_online_stays_closed(ways, batch, guest, printed, in_city, clerk):
    ways(*BOTH)
    person = guest()
    person.post("/vote/letter", {"code": printed_for(printed, ANNA)})
    person.vote([1])
    path = batch(ANNA)
    assert "Has voted already" in words(clerk().get(path))
    with in_city("paris"):
        assert len(db.session.scalars(select(RollEntry)).all()) == 1


def test_where_paper_counts_it_takes_the_place_of_the_ballot_online(ways, batch, guest, printed, in_city):
    ways(*BOTH, duplicates=Duplicates.PAPER)
    person = guest()
    person.post("/vote/letter", {"code": printed_for(printed, ANNA)})
    person.vote([1])
    batch(ANNA)
    with in_city("paris"):
        assert db.session.scalars(select(Ballot)).all() == []
        assert len(db.session.scalars(select(RollEntry)).all()) == 1
        assert arranging.casting.turnout(arranging.edition_of()) == 1
    assert person.get("/vote").location.endswith("/vote/ways")


def test_whoever_voted_with_an_account_is_told_that_paper_took_the_place(ways, batch, site, in_city, mails):
    ways(*BOTH, duplicates=Duplicates.PAPER)
    code = Voter(site, "anna@paris.example").vote([1])
    with in_city("paris"):
        edition, anna = arranging.edition_of(), arranging.person("anna@paris.example")
        anna.language = "en"
        own = persons.identity_key(edition, name_pair("Anna", "Nagy"), "1984-03-27")
        persons.claim(edition, arranging.voter(anna.email).name, [own])
    batch(ANNA)
    mail = [one for one in mails() if one["recipient"] == "anna@paris.example"][-1]
    assert "Your ballot on paper counts" in mail["subject"]
    assert not re.search(rf"Green city|Streets|{code}", mail["text"] + mail["html"])


def test_where_online_counts_a_closed_envelope_gives_way_and_an_open_one_does_not(
    ways, batch, guest, printed, in_city, clerk
):
    ways(*BOTH, duplicates=Duplicates.ONLINE)
    bea = ("Nagy", "Bea", "1984-03-27")
    path = batch(ANNA, bea)
    person = guest()
    assert person.post("/vote/letter", {"code": printed_for(printed, ANNA)}).status_code == 303
    person.vote([1])
    assert "Has voted on the web since" in words(clerk().get(path))
    open_all(clerk(), path, 1)
    late = guest().post("/vote/letter", {"code": printed_for(printed, bea)})
    assert late.status_code == 409
    with in_city("paris"):
        assert len(db.session.scalars(select(RollEntry)).all()) == 2


def test_a_slip_that_was_struck_lets_the_person_vote_again(ways, batch, clerk, guest, printed):
    ways(*BOTH)
    path = batch(ANNA)
    assert clerk().post(f"{path}/strike", {"number": 1, "reason": ""}).status_code == 422
    assert clerk().post(f"{path}/strike", {"number": 1, "reason": "wrong Anna"}).status_code == 303
    assert guest().post("/vote/letter", {"code": printed_for(printed, ANNA)}).status_code == 303


def test_the_ballots_are_sealed_once_all_paper_is_in(ways, batch, clerk, by_mail, in_city, run_tasks):
    ways(*BOTH)
    by_mail().vote([1, 2])
    path = batch(*voters(2))
    with in_city("paris"):
        closing.close_now(arranging.edition_of().id)
    run_tasks()
    boss = clerk("boss", "administrator")
    with in_city("paris"):
        assert arranging.edition_of().sealed_at is None
    assert "not in the box yet: 1" in words(boss.post("/paper/finish"))
    open_all(clerk(), path, 2)
    key_all(clerk("one"), path, ["1", "3 4"])
    key_all(clerk("two"), path, ["1", "3 4"])
    assert boss.post("/paper/finish").status_code == 303
    run_tasks()
    with in_city("paris"):
        edition = arranging.edition_of()
        assert edition.sealed_at is not None
        assert len(db.session.scalars(select(SealedBallot)).all()) == 3
        totals = {one.channel: one.ballots for one in db.session.scalars(select(ChannelTotal))}
        assert totals == {Channel.CODE: 1, Channel.PAPER: 2}
        assert db.session.scalars(select(PaperSlip.voter)).all() == [None, None]
        assert edition.slot_salt is None


def test_slips_come_in_after_the_close_and_not_after_the_sealing(ways, batch, clerk, in_city, run_tasks):
    ways(*BOTH)
    path = batch(*voters(1))
    with in_city("paris"):
        closing.close_now(arranging.edition_of().id)
    office = clerk()
    assert office.post(f"{path}/slips", named(*ANNA)).status_code == 303
    office.post(f"{path}/void", {"reason": "burnt"})
    clerk("boss", "administrator").post("/paper/finish")
    run_tasks()
    assert office.post(f"{path}/slips", named(*ANNA)).status_code == 409


def test_a_void_batch_gives_its_voters_their_vote_back(ways, batch, clerk, guest, printed, in_city):
    ways(*BOTH)
    path = batch(ANNA, *voters(2))
    assert clerk().post(f"{path}/void", {"reason": "the urn was open"}).status_code == 303
    with in_city("paris"):
        assert db.session.scalars(select(RollEntry)).all() == []
    assert guest().post("/vote/letter", {"code": printed_for(printed, ANNA)}).status_code == 303


def test_a_ballot_on_paper_does_not_say_that_it_can_be_changed(ways, batch, clerk):
    ways(*BOTH)
    said = words(clerk().get(f"{batch(*voters(1))}/print?language=en"))
    assert "Put a cross into the box of each project you want." in said
    assert "You can change your vote" not in said


def test_papers_are_printed_with_number_and_picture_in_each_language(ways, batch, clerk):
    ways(*BOTH)
    path = batch()
    page = clerk().get(f"{path}/print?language=fr")
    assert page.status_code == 200
    assert page.text.count("<svg") >= 20
    assert paper_code(1, 20) in page.text
    assert 'lang="fr"' in page.text


@given(st.integers(1, 5000), st.integers(1, 9999))
def test_the_number_of_a_paper_is_read_as_it_was_printed(number, serial):
    assert read_paper_code(paper_code(number, serial)) == (number, serial)


MARKS = st.dictionaries(st.integers(1, 300), st.integers(1, 9), min_size=1, max_size=8)


@given(MARKS, st.sampled_from(BallotType))
def test_what_is_written_of_a_ballot_is_read_back(marks, kind):
    if kind is BallotType.RANKED:
        marks = {number: place for place, number in enumerate(marks, start=1)}
    elif kind in (BallotType.APPROVAL, BallotType.KNAPSACK):
        marks = dict.fromkeys(marks, 1)
    assert parse_marks(kind, written_marks(kind, marks)) == marks


@pytest.mark.parametrize("text", ["1 1", "a", "1=2", "-1", "1.5", "１"])
def test_what_cannot_be_read_of_a_ballot_is_refused(text):
    with pytest.raises(ValueError):
        parse_marks(BallotType.APPROVAL, text)


def test_differences_are_found_whichever_side_is_missing():
    one, other = Reading({1: 1}), Reading({}, Flaw.BLANK)
    found = differences({1: one, 2: one, 3: one}, {1: one, 2: other, 4: one})
    assert [(d.serial, d.first, d.second) for d in found] == [(2, one, other), (3, one, None), (4, None, one)]
