"""A best choice that cannot be found exactly ends the count; then two people can choose another method, and only then."""

import json

import pytest

from app.sdk import db
from modules.participatory_budget.models import Count, CountState, Edition, Failure, VersionKind
from modules.participatory_budget.rules.counting import optimum
from modules.participatory_budget.rules.outcomes import Method
from modules.participatory_budget.rules.phases import Stage
from modules.participatory_budget.services import closing, counting, other_method, projects
from modules.participatory_budget.services import frozen as rules

from .. import arranging
from ..ballots import papers
from ..clerk import Clerk, words

RULES = "/participatory-budget/2026/rules"
WANTED = {"method": "greedy-stop", "reason-fr": "Trop de combinaisons pour un calcul exact."}
IN_VAIN = "Counting again does not help."


@pytest.fixture
def clerk(site):
    return Clerk(site)


@pytest.fixture
def closed_with(cast, in_city, clerk, second, run_tasks):
    """A vote that looks for the best choice in all, closed and counted."""

    def act(make=arranging.approval):
        with in_city("paris"):
            made = make()
            made.method = Method.OPTIMUM
            arranging.opened(made)
            clerk.home += f"/{made.id}"
            second.home = clerk.home
        cast([[1, 2], [2, 3], [1]])
        with in_city("paris"):
            arranging.closed(arranging.edition_of())
        run_tasks()

    return act


@pytest.fixture
def failed(closed_with, monkeypatch):
    monkeypatch.setattr(optimum, "MOST_TOTALS", 0)
    closed_with()


def propose(clerk, data=WANTED):
    answer = clerk.post("/rules/change/method", data)
    assert answer.status_code == 303, words(answer)
    return answer.location[len(clerk.home) :]


def newest(edition):
    count = counting.latest(edition)
    return edition.stage, count.state, count.failure


def test_such_a_vote_is_not_decided_and_its_page_says_what_to_do(failed, clerk, edition):
    assert edition(newest) == (Stage.COUNTING, CountState.FAILED, Failure.TOO_MANY_TOTALS)
    page = clerk.words()
    assert "too many ways to choose among these projects" in page
    assert f"{IN_VAIN} Propose another way to hand out the money, with a public reason" in page
    assert "if it fails once more" not in page
    assert "Choose another rule" in clerk.words("/rules")
    form = clerk.get("/rules/change/method").text
    assert 'value="equal-shares"' in form
    assert 'value="optimum"' not in form
    assert 'value="majority-judgement"' not in form


def test_two_people_choose_another_method_in_public_and_the_votes_are_counted(
    failed, clerk, second, visitor, edition, run_tasks
):
    change = propose(clerk)
    refused = clerk.post(f"{change}/confirm")
    assert refused.status_code == 403
    assert "A second person has to confirm it." in words(refused)
    assert edition(lambda one: one.method) is Method.OPTIMUM

    second.save(f"{change}/confirm", {})
    [version, *_former] = edition(lambda one: [(v.kind, v.number) for v in rules.versions_of(one)])
    assert version == (VersionKind.CHANGED, edition(lambda one: one.version))
    visitor.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    said = words(visitor.get(RULES))
    assert WANTED["reason-fr"] in said
    assert "By votes; stop at the first project that no longer fits" in said
    before, after = (
        json.loads(visitor.get(f"{RULES}/{number}.json").data) for number in (version[1] - 1, version[1])
    )
    assert (before["rules"].pop("method"), after["rules"].pop("method")) == ("optimum", "greedy-stop")
    assert before == after
    assert IN_VAIN not in clerk.words()

    clerk.take("count")
    run_tasks()
    assert edition(newest) == (Stage.COUNTED, CountState.DONE, "")
    clerk.sign_and_publish(second)
    assert edition(lambda one: one.stage) is Stage.RESULTS


def test_nothing_but_the_method_can_change_and_it_needs_a_method_and_a_reason(failed, clerk, edition):
    money = {"budget": "1000", "sharing": "each", "method": "greedy-stop", "tie_break": "cheaper-first"}
    answer = clerk.post("/rules/change/money", {**money, **WANTED, "completion": "add1u", "min_votes": "1"})
    assert answer.status_code in (409, 422)
    assert "cannot be changed in this way now" in clerk.words("/rules/change/money")
    assert clerk.post("/rules/change/method", {"method": "greedy-stop"}).status_code == 422
    assert clerk.post("/rules/change/method", {**WANTED, "method": "optimum"}).status_code == 422
    assert clerk.post("/rules/change/method", {**WANTED, "method": ""}).status_code == 422

    def more(one):
        wanted = other_method.settings_by(one, Method.GREEDY_STOP)
        return other_method.is_allowed(one, wanted), other_method.is_allowed(one, {**wanted, "min_votes": 9})

    assert edition(more) == (True, False)


def test_what_was_proposed_before_the_count_failed_cannot_be_confirmed_after_it(
    cast, in_city, site, frozen, run_tasks, monkeypatch, edition
):
    frozen("2026-11-22T10:00")
    monkeypatch.setattr(optimum, "MOST_TOTALS", 0)
    clerk = Clerk(site)
    with in_city("paris"):
        made = arranging.approval()
        made.method = Method.OPTIMUM
        arranging.opened(made, days=1)
        clerk.home += f"/{made.id}"
    change = propose(clerk)
    cast()
    frozen("2026-11-23T10:01")
    with in_city("paris"):
        closing.close_if_due(arranging.edition_of().id)
    run_tasks()
    assert edition(newest)[2] == Failure.TOO_MANY_TOTALS
    second = Clerk(site, email="second@paris.example")
    second.home = clerk.home
    refused = second.post(f"{change}/confirm")
    assert refused.status_code == 409
    assert "Withdraw it and propose it anew." in words(refused)
    assert edition(lambda one: one.method) is Method.OPTIMUM


def test_once_a_count_has_decided_the_method_stays(
    closed_with, clerk, edition, in_city, run_tasks, monkeypatch
):
    closed_with()
    assert edition(newest)[0] is Stage.COUNTED
    monkeypatch.setattr(optimum, "MOST_TOTALS", 0)
    with in_city("paris"):
        projects.exclude(arranging.edition_of().id, 1, {"fr": "Retiré"})
        counting.start_again(arranging.edition_of().id)
    run_tasks()
    assert edition(newest)[2] == Failure.TOO_MANY_TOTALS
    assert clerk.post("/rules/change/method", WANTED).status_code == 409
    assert "Choose another rule" not in clerk.words("/rules")
    page = clerk.words()
    assert "An earlier count came to a result, so the rule stays." in page
    assert "Choose another rule" not in page


@pytest.mark.parametrize(
    ("stage", "failure", "imported"),
    [
        (Stage.COUNTING, Failure.RULES_DIFFER, False),
        (Stage.COUNTING, Failure.TWO_COUNTS_DIFFER, False),
        (Stage.COUNTING, "", False),
        (Stage.COUNTED, Failure.TOO_MANY_TOTALS, False),
        (Stage.RESULTS, Failure.TOO_MANY_TOTALS, False),
        (Stage.COUNTING, Failure.TOO_MANY_TOTALS, True),
    ],
)
def test_in_every_other_case_after_the_close_it_stays_forbidden(
    failed, clerk, in_city, stage, failure, imported
):
    with in_city("paris"):
        db.session.query(Count).update({"failure": failure})
        db.session.query(Edition).update({"stage": stage, "imported": imported})
    assert clerk.post("/rules/change/method", WANTED).status_code == 409
    assert "cannot be changed in this way now" in clerk.words("/rules/change/method")


def test_a_contest_with_a_rule_of_its_own_is_changed_alone(in_city):
    with in_city("paris"):
        edition = papers.by_district(papers.points(number=3))
        [north] = [one for one in edition.contests if one.key == "north"]
        north.counting = {"method": "optimum", "max_winners": 2}
        changed = other_method.settings_by(edition, Method.GREEDY_SKIP)
        assert changed.keys() == {"contests"}
        counting_by = {one["key"]: one["counting"] for one in changed["contests"]}
        assert counting_by == {"": {}, "north": {"method": "greedy-skip", "max_winners": 2}, "south": {}}


def test_imported_ballots_get_another_rule_on_the_page_of_the_money(failed, clerk, in_city):
    with in_city("paris"):
        db.session.query(Edition).update({"imported": True})
    assert "Choose another rule under “Money and counting rule”, then count again." in clerk.words()
    assert "Save the money" in clerk.words("/money")
