"""The way of an idea through the town hall: no move that is not on it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.participatory_budget.rules.feasibility.deadlines import (
    days_late,
    due_on,
    is_overdue,
    is_reminded,
)
from modules.participatory_budget.rules.feasibility.flows import ReviewRules, read_review, write_review
from modules.participatory_budget.rules.feasibility.steps import (
    Answer,
    Flow,
    IllegalMove,
    Move,
    Place,
    Step,
    Verdict,
    after,
    begin,
    moves,
    verdict_of,
)

FLOWS = st.builds(Flow, formal=st.booleans(), opinions=st.booleans(), appeal_days=st.sampled_from([0, 1, 14]))


def walked(flow, *taken):
    place = begin(flow)
    for move in taken:
        place = after(place, move, flow)
    return place


def test_the_usual_way_goes_from_the_formal_check_to_the_published_opinion():
    flow = Flow()
    assert begin(flow) == Place(Step.FORMAL)
    done = walked(flow, Move.ACCEPT, Move.COMPLETE, Move.DECIDE, Move.PUBLISH)
    assert done == Place(Step.PUBLISHED)
    assert after(done, Move.CLOSE, flow) == Place(Step.FINAL)


def test_an_appeal_has_it_looked_at_once_more_and_then_it_is_final():
    flow = Flow()
    appealed = walked(flow, Move.ACCEPT, Move.COMPLETE, Move.DECIDE, Move.PUBLISH, Move.APPEAL)
    assert appealed == Place(Step.OPINIONS, 2)
    again = after(after(appealed, Move.COMPLETE, flow), Move.DECIDE, flow)
    assert after(again, Move.PUBLISH, flow) == Place(Step.FINAL, 2)


def test_a_formal_fault_ends_it_without_opinions_and_can_be_appealed():
    failed = walked(Flow(), Move.FAIL, Move.PUBLISH)
    assert failed == Place(Step.PUBLISHED)
    assert Move.APPEAL in moves(failed, Flow())


def test_a_city_leaves_out_steps():
    assert begin(Flow(formal=False)) == Place(Step.OPINIONS)
    assert begin(Flow(formal=False, opinions=False)) == Place(Step.DECISION)
    assert walked(Flow(appeal_days=0), Move.FAIL, Move.PUBLISH) == Place(Step.FINAL)
    assert Move.ASK_AGAIN not in moves(Place(Step.DECISION), Flow(opinions=False))


def test_what_is_decided_and_not_told_can_be_taken_back():
    assert after(Place(Step.DECIDED), Move.REOPEN, Flow()) == Place(Step.DECISION)


@given(FLOWS, st.lists(st.sampled_from(Move), max_size=30))
def test_whatever_is_tried_an_idea_stays_on_its_way(flow, tried):
    place, told, appeals = begin(flow), 0, 0
    for move in tried:
        if move not in moves(place, flow):
            with pytest.raises(IllegalMove):
                after(place, move, flow)
            continue
        earlier, place = place, after(place, move, flow)
        told += move is Move.PUBLISH
        appeals += move is Move.APPEAL
        assert place.round >= earlier.round
        assert place.step is not Step.OPINIONS or flow.opinions
        assert place.step is not Step.FORMAL
        assert place.round == 1 + appeals
    assert appeals <= (1 if flow.appeal_days else 0)
    assert told <= 2
    assert (place.step is Step.FINAL) == (not moves(place, flow))


@given(FLOWS, st.data())
def test_every_way_ends(flow, data):
    place = begin(flow)
    for _turn in range(60):
        open_moves = sorted(moves(place, flow) - {Move.ASK_AGAIN, Move.REOPEN})
        if not open_moves:
            break
        place = after(place, data.draw(st.sampled_from(open_moves)), flow)
    assert place.step is Step.FINAL


def test_one_no_makes_an_idea_not_feasible_and_changes_count_before_yes():
    yes, changes, no = Answer.YES, Answer.CHANGES, Answer.NO
    assert verdict_of({"law": yes, "land": no, "cost": changes}) is Verdict.NOT_FEASIBLE
    assert verdict_of({"law": yes, "cost": changes}) is Verdict.WITH_CHANGES
    assert verdict_of({"law": yes}) is Verdict.FEASIBLE
    assert verdict_of({}) is None
    assert not Verdict.NOT_FEASIBLE.is_feasible
    assert Verdict.WITH_CHANGES.is_feasible


@given(FLOWS, st.integers(0, 365), st.booleans())
def test_rules_are_read_as_they_were_written(flow, days, consent):
    rules = ReviewRules(flow=flow, refusal_days=days, needs_consent=consent)
    assert read_review(write_review(rules)) == rules


def test_stored_rules_that_mean_nothing_are_refused():
    assert write_review(ReviewRules()) == {}
    for document in ({"speed": 1}, {"flow_formal": 1}, {"refusal_days": True}, {"refusal_days": 400}):
        with pytest.raises(ValueError, match=r"rule of examination|days for an appeal"):
            read_review(document)


def test_a_department_is_reminded_before_on_and_after_its_last_day():
    due = due_on(date(2026, 3, 1), 14)
    assert due == date(2026, 3, 15)
    reminded = [n for n in range(-4, 4) if is_reminded(due, due + timedelta(days=n))]
    assert reminded == [-2, 0, 1, 2, 3]
    assert not is_overdue(due, due)
    assert is_overdue(due, due + timedelta(days=1))
    assert (days_late(due, due), days_late(due, due + timedelta(days=3))) == (0, 3)
