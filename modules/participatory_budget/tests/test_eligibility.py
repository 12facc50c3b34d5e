"""Votes that are not for everyone with an account."""

import json

import pytest

from app.accounts.attributes import kinds
from app.accounts.attributes import services as attributes
from app.core.districts import add_districts, uses_of
from app.sdk import Aged, Conflict, Eligibility, Level, OneOf, db
from modules.participatory_budget.rules.protocol import read_protocol, write_protocol
from modules.participatory_budget.services import casting, counting, editions, eligibility

from . import arranging
from .voter import Voter

RULE = Eligibility(((OneOf("district", ("11", "12"), Level.STAFF),), (Aged(at_least=14, level=Level.SELF),)))
FORM = {"who": "some", "districts": ["11", "12"], "at_least": "14", "level": "staff"}


@pytest.fixture
def for_district(in_city):
    with in_city():
        add_districts([("11", {"en": "11th", "fr": "11e"}), ("12", {"en": "12th", "fr": "12e"})])
        edition = arranging.approval()
        eligibility.change_voters(edition.id, RULE)
        arranging.opened(edition)


@pytest.fixture
def admin(site):
    browser = site("paris", role="administrator")
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return browser


def prove(in_city, email="anna@paris.example", district="11", born="2000-01-01"):
    with in_city():
        account = arranging.person(email)
        attributes.check(account, "district", district, "bill")
        attributes.declare(account, "birth_date", born)


def test_whoever_is_not_meant_reads_what_is_missing_and_whom_to_ask(for_district, site, in_box):
    anna = Voter(site)
    assert "District: 11th or 12th" in anna.get("/").text
    for page in (anna.get("/vote"), anna.press(3), anna.get("/vote/check")):
        assert page.status_code == 403
        assert "14 years or older" in page.text
        assert "Show a document at a counter" in page.text
        assert "/account/known" in page.text
    sent = anna.post("/vote/check", {"project": [3], "seen_version": 0, "key": "k" * 30})
    assert sent.status_code == 403
    assert in_box() == ()
    assert anna.press(3, headers={"HX-Request": "true"}).headers["HX-Redirect"].endswith("/vote")


def test_whoever_meets_the_rule_votes_as_always(for_district, site, in_city, in_box):
    anna = Voter(site)
    prove(in_city)
    anna.vote([3, 6])
    assert in_box() == (3, 6)


def test_what_somebody_only_says_is_not_enough_where_a_check_is_asked_for(for_district, site, in_city):
    anna = Voter(site)
    with in_city():
        account = arranging.person("anna@paris.example")
        attributes.declare(account, "district", "11")
        attributes.declare(account, "birth_date", "2000-01-01")
    page = anna.get("/vote")
    assert page.status_code == 403
    assert "still has to be proven" in page.text
    assert "14 years" not in page.text


def test_the_service_refuses_by_itself(for_district, site, in_city):
    Voter(site)
    with in_city(), pytest.raises(eligibility.NotEligible):
        casting.cast(
            arranging.edition_of(),
            arranging.voter("anna@paris.example"),
            {3: 1},
            seen_version=0,
            key="k" * 30,
        )


def test_the_rule_cannot_change_once_the_ballot_is_fixed(for_district, in_city, admin):
    with in_city():
        ident = arranging.edition_of().id
        with pytest.raises(Conflict):
            eligibility.change_voters(ident, None)
    path = f"/admin/participatory-budget/{ident}/voters"
    assert "can no longer change" in admin.get(path).text
    assert admin.post(path, data={"who": "everybody"}).status_code == 409
    with in_city():
        assert eligibility.rule_of(arranging.edition_of()) == RULE


def test_staff_choose_who_can_vote_on_a_page(in_city, admin):
    with in_city():
        add_districts([("11", {"en": "11th"}), ("12", {"en": "12th"})])
        ident = arranging.approval().id
    path = f"/admin/participatory-budget/{ident}/voters"
    assert "Everyone with an account." in admin.get(f"/admin/participatory-budget/{ident}/").text
    for wrong in (
        {"who": "some"},
        {**FORM, "at_least": "x"},
        {**FORM, "at_most": "3"},
        {**FORM, "on": "soon"},
    ):
        assert admin.post(path, data=wrong).status_code == 422
    assert admin.post(path, data=FORM).status_code == 303
    hub = admin.get(f"/admin/participatory-budget/{ident}/").text
    assert "District: 11th or 12th (checked by staff, or surer)." in hub
    with in_city():
        assert eligibility.rule_of(arranging.edition_of()) == Eligibility(
            (RULE.needs[0], (Aged(at_least=14, level=Level.STAFF),))
        )
        assert any("2026" in sentence for sentence in uses_of("11"))
    assert 'value="11" checked' in admin.get(path).text
    assert admin.post(path, data={"who": "everybody"}).status_code == 303
    with in_city():
        assert arranging.edition_of().eligibility is None


def test_two_clerks_do_not_overwrite_each_other(in_city, admin):
    with in_city():
        ident = arranging.approval().id
    path = f"/admin/participatory-budget/{ident}/voters"
    page = admin.post(path, data={"who": "some", "here": ["lives_in_city"], "level": "self", "seen": "older"})
    assert page.status_code == 409
    assert 'value="lives_in_city" checked' in page.text


def test_a_rule_about_something_the_city_no_longer_asks_for_keeps_the_vote_shut(in_city):
    with in_city():
        kinds.add_own("member", {"en": "Member"}, kinds.Type.YES_NO, {})
        edition = arranging.approval()
        eligibility.change_voters(edition.id, Eligibility(((OneOf("member", ("yes",)),),)))
        assert editions.setup_of(edition).unknown == ()
        kinds.remove_own("member")
        assert editions.setup_of(edition).unknown == ("member",)
        with pytest.raises(Conflict):
            arranging.opened(edition)


def test_an_edition_without_a_rule_is_for_everyone_and_asks_nothing_more(in_city, site, count_queries):
    Voter(site)
    with in_city():
        edition = arranging.opened(arranging.approval())
        voter = arranging.voter("anna@paris.example")
        db.session.flush()
        with count_queries() as asked:
            eligibility.must_be_eligible(edition, voter)
            assert eligibility.who_can_vote(edition) == []
        assert asked == []


def test_the_rule_is_published_with_the_count_and_the_count_can_still_be_checked(
    for_district, site, in_city, finish
):
    anna = Voter(site)
    prove(in_city)
    anna.vote([3])
    finish()
    with in_city():
        written = counting.latest(arranging.edition_of()).protocol
        protocol = json.loads(written)
    assert protocol["version"] == 2
    assert protocol["eligibility"]["rule"]["needs"][0]["any"][0]["values"] == ["11", "12"]
    assert "11e" in protocol["eligibility"]["words"][0]
    assert write_protocol(read_protocol(protocol)) == written


def test_a_protocol_of_a_vote_for_everyone_says_nothing_new(in_city, finish, cast):
    with in_city():
        arranging.opened(arranging.approval())
    cast()
    finish()
    with in_city():
        assert "eligibility" not in json.loads(counting.latest(arranging.edition_of()).protocol)
