"""Frozen rules: a public version with its digest; a change needs two people and a reason."""

import hashlib
import json

import pytest
from sqlalchemy import event, text, update
from sqlalchemy.exc import IntegrityError, ProgrammingError

from app.sdk import db
from modules.participatory_budget.models import Edition, RuleVersion
from modules.participatory_budget.rules.outcomes import Method
from modules.participatory_budget.services import frozen as service

from .. import arranging
from ..clerk import Clerk, value_of, words
from ..voter import Voter

PUBLIC = "/participatory-budget/2026/rules"
MONEY = {
    "budget": "1000",
    "sharing": "together",
    "method": "greedy-stop",
    "completion": "add1u",
    "tie_break": "cheaper-first",
    "min_votes": "1",
}
REASON = {"reason-fr": "Le conseil municipal l'a décidé."}


@pytest.fixture
def clerk(site, frozen):
    frozen("2026-11-22T10:00")
    found = Clerk(site)
    found.prepare()
    found.take("open")
    return found


def propose(clerk, part, data):
    answer = clerk.post(f"/rules/change/{part}", {**data, **REASON})
    assert answer.status_code == 303, words(answer)
    return answer.location[len(clerk.home) :]


def test_what_is_frozen_at_the_opening_is_public_with_its_digest(clerk, visitor, edition):
    visitor.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    page = visitor.get(PUBLIC)
    document = visitor.get(f"{PUBLIC}/1.json")
    assert hashlib.sha256(document.data).hexdigest() in page.text.replace("<wbr>", "")
    told = json.loads(document.data)
    assert [project["cost"] for project in told["projects"]] == [60_000, 50_000, 5_000]
    assert told["rules"]["method"] == "greedy-skip"
    assert told["rules"]["max_choices"] == 2
    assert "Rules of this vote, version 1" in words(visitor.get("/participatory-budget/2026/"))
    assert edition(service.is_as_frozen)
    assert visitor.get(f"{PUBLIC}/2.json").status_code == 404


def test_a_second_person_makes_a_change_a_new_version_with_its_reason(clerk, second, visitor, edition):
    change = propose(clerk, "money", MONEY)
    assert edition(lambda one: one.method) is Method.GREEDY_SKIP
    shown = second.words(change)
    assert "Until now By votes; pass over" in shown or "pass over a project" in shown
    second.save(f"{change}/confirm", {})
    assert edition(lambda one: (one.method, one.version)) == (Method.GREEDY_STOP, 2)
    visitor.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    said = words(visitor.get(PUBLIC))
    assert "Le conseil municipal l'a décidé." in said
    assert "By votes; stop at the first project that no longer fits" in said
    assert json.loads(visitor.get(f"{PUBLIC}/2.json").data)["rules"]["method"] == "greedy-stop"
    assert json.loads(visitor.get(f"{PUBLIC}/1.json").data)["rules"]["method"] == "greedy-skip"


def test_nobody_confirms_her_own_change(clerk, edition):
    change = propose(clerk, "money", MONEY)
    assert "Confirm this change" not in clerk.words(change)
    refused = clerk.post(f"{change}/confirm")
    assert refused.status_code == 403
    assert "A second person has to confirm it." in words(refused)
    assert edition(lambda one: one.method) is Method.GREEDY_SKIP


def test_confirming_needs_the_right_to_publish_and_a_fresh_proof(clerk, second, site, frozen, edition):
    change = propose(clerk, "money", MONEY)
    editor = Clerk(site, role="editor")
    editor.home = clerk.home
    assert editor.post(f"{change}/confirm").status_code == 403
    frozen("2026-11-22T10:30")
    asked = second.post(f"{change}/confirm")
    assert "The rules have a new version" not in words(asked)
    assert edition(lambda one: one.version) == 1


def test_a_change_needs_a_reason_and_has_to_change_something(clerk):
    without = clerk.post("/rules/change/money", {**MONEY, "budget": "1001"})
    assert without.status_code == 422
    assert "Write why (Français)." in words(without)
    assert value_of(without, "budget") == "1001"
    same = clerk.post("/rules/change/money", {**MONEY, **REASON, "method": "greedy-skip"})
    assert same.status_code == 422
    assert "Nothing would change." in words(same)


def test_only_one_change_waits_at_a_time_and_it_can_be_withdrawn(clerk, edition):
    change = propose(clerk, "money", MONEY)
    second = clerk.post("/rules/change/money", {**MONEY, **REASON, "budget": "2000"})
    assert second.status_code == 409
    assert "Somebody has proposed a change already." in words(second)
    clerk.save(f"{change}/withdraw", {})
    propose(clerk, "money", {**MONEY, "budget": "2000"})
    assert edition(lambda one: one.budget) == 100_000


@pytest.mark.parametrize(
    ("part", "data", "said"),
    [
        ("ballot", {"kind": "all", "choices": "1"}, "would be outside of the new ones"),
        ("ballot", {"kind": "all", "choices": "2", "least": "2"}, "would be outside of the new ones"),
        ("ballot", {"kind": "ranked", "choices": "2"}, "choose in another way"),
        ("dates", {"opens_day": "2026-11-23", "opens_time": "08:00", "closes_day": "2026-12-10",
                   "closes_time": "18:00"}, "The vote has opened already."),
        ("dates", {"closes_day": "2026-11-21", "closes_time": "18:00"}, "The close has passed already."),
    ],
)  # fmt: skip
def test_what_would_make_ballots_invalid_can_no_longer_change(clerk, site, part, data, said):
    Voter(site).vote([1])
    answer = clerk.post(f"/rules/change/{part}", {**data, **REASON})
    assert answer.status_code in (409, 422)
    assert said in words(answer)


def test_a_change_is_looked_at_again_when_it_is_confirmed(clerk, second, site, edition):
    change = propose(clerk, "ballot", {"kind": "all", "choices": "1"})
    Voter(site).vote([1, 2])
    refused = second.post(f"{change}/confirm")
    assert refused.status_code == 409
    assert "as people have voted" in words(refused)
    assert edition(lambda one: (one.max_choices, one.version)) == (2, 1)


def test_a_change_that_nobody_confirmed_before_the_close_is_no_work_any_more(clerk, second):
    address = propose(clerk, "money", MONEY)
    assert "A change waits for a second person." in clerk.words()
    assert "Confirm or withdraw that one first." in clerk.words("/rules/change/money")
    clerk.take("close")
    assert "A change waits for a second person." not in clerk.words()
    for page in ("/rules", address):
        assert "This change can no longer be made. Withdraw it." in second.words(page)
    assert "Confirm this change" not in second.words(address)
    assert second.post(f"{address}/confirm").status_code == 409
    second.save(f"{address}/withdraw", {})
    assert "can no longer be made" not in second.words("/rules")


def test_higher_limits_and_an_earlier_close_are_possible_while_people_vote(
    clerk, second, site, frozen, edition
):
    Voter(site).vote([1])
    second.save(f"{propose(clerk, 'ballot', {'kind': 'all', 'choices': '3'})}/confirm", {})
    page = clerk.get("/rules/change/dates")
    dates = {name: value_of(page, name) for name in ("opens_day", "opens_time")}
    earlier = {**dates, "closes_day": "2026-12-01", "closes_time": "12:00"}
    second.save(f"{propose(clerk, 'dates', earlier)}/confirm", {})
    assert edition(lambda one: (one.max_choices, one.version)) == (3, 3)
    assert edition(lambda one: one.closes_at.isoformat()) == "2026-12-01T11:00:00+00:00"
    frozen("2026-12-01T11:00:01")
    assert clerk.post("/rules/change/money", {**MONEY, **REASON}).status_code == 409


@pytest.fixture
def tokyo(app):
    """Have the database give instants by another clock than UTC."""

    def move(connection):
        connection.connection.dbapi_connection.pgconn.exec_(b"SET LOCAL TimeZone TO 'Asia/Tokyo'")

    with app.app_context():
        engine = db.engine
    event.listen(engine, "begin", move)
    yield
    event.remove(engine, "begin", move)


def test_a_database_by_another_clock_changes_nothing(clerk, second, site, edition, tokyo):
    Voter(site).vote([1])
    page = clerk.get("/rules/change/dates")
    dates = {name: value_of(page, name) for name in ("opens_day", "opens_time")}
    earlier = {**dates, "closes_day": "2026-12-01", "closes_time": "12:00"}
    second.save(f"{propose(clerk, 'dates', earlier)}/confirm", {})
    assert edition(lambda one: one.closes_at.isoformat()) == "2026-12-01T20:00:00+09:00"
    assert edition(service.is_as_frozen)


def test_an_extension_is_a_version_too(clerk, edition):
    clerk.save("/extend", {"closes_day": "2026-12-20", "closes_time": "18:00"})
    assert edition(lambda one: [v.kind.value for v in service.versions_of(one)]) == ["extended", "fixed"]
    assert "The vote closes later" in clerk.words("/rules")


def test_before_the_opening_a_fixed_ballot_is_released_and_fixed_anew_as_the_next_version(
    site, frozen, in_city
):
    frozen("2026-11-22T10:00")
    clerk = Clerk(site)
    clerk.prepare()
    dates = {"opens_day": "2026-12-01", "opens_time": "08:00", "closes_day": "2026-12-10"}
    clerk.save("/dates", {**dates, "closes_time": "18:00"})
    clerk.take("fix")
    clerk.take("release")
    clerk.add("Fontaine", "100")
    clerk.take("fix")
    with in_city("paris"):
        newest = frozen_versions()[0]
        assert len(json.loads(newest.document)["projects"]) == 4


def frozen_versions():
    return service.versions_of(arranging.edition_of())


def test_lots_are_promised_at_the_opening_and_the_seed_stays_secret(site, frozen, in_city, visitor):
    frozen("2026-11-22T10:00")
    clerk = Clerk(site)
    clerk.prepare()
    clerk.save("/money", {**MONEY, "tie_break": "lot"})
    clerk.take("open")
    with in_city("paris"):
        seed = arranging.edition_of().lot_seed
    document = visitor.get(f"{PUBLIC}/1.json")
    assert json.loads(document.data)["lot"] == {"commitment": hashlib.sha256(seed.encode()).hexdigest()}
    assert seed not in document.text


def test_versions_cannot_be_changed_and_a_document_has_to_match_its_digest(clerk, in_city):
    with pytest.raises(ProgrammingError, match="permission denied"), in_city("paris"):
        db.session.execute(update(RuleVersion).values(document="{}"))
    forged = text(
        "INSERT INTO participatory_budget_rule_version (edition_id, number, kind, document, digest, reason, made_at)"
        " SELECT edition_id, 9, kind, '{}', digest, reason, made_at FROM participatory_budget_rule_version"
    )
    with pytest.raises(IntegrityError, match="digest"), in_city("paris"):
        db.session.execute(forged)


def test_a_rule_that_was_changed_past_the_pages_is_noticed(clerk, in_city):
    assert "past these pages" not in clerk.words("/rules")
    with in_city("paris"):
        db.session.execute(update(Edition).values(min_votes=7))
    assert "somebody has changed them past these pages" in clerk.words("/rules")


def test_two_votes_are_open_at_once_each_with_its_own_rules(site, frozen, in_city):
    frozen("2026-11-22T10:00")
    city, schools = Clerk(site), Clerk(site)
    city.prepare()
    city.take("open")
    schools.create("Écoles", slug="ecoles", choices="1", budget="100")
    schools.save("/texts", {"title-fr": "Écoles", "summary-fr": "Les élèves décident."})
    for title in ("Vélos", "Livres"):
        schools.add(title, "60")
    schools.save("/dates", {"closes_day": "2026-12-05", "closes_time": "18:00"})
    schools.take("open")
    Voter(site).vote([1, 2])
    Voter(site, edition="ecoles").vote([2])
    with in_city("paris"):
        found = {slug: frozen_rules(slug) for slug in ("2026", "ecoles")}
    assert {slug: rules["max_choices"] for slug, rules in found.items()} == {"2026": 2, "ecoles": 1}
    assert "1 person has voted" in city.words()
    assert "1 person has voted" in schools.words()


def frozen_rules(slug):
    return service.rules_in(service.versions_of(arranging.edition_of(slug))[0])
