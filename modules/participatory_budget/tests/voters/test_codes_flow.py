"""Voting without an account: a code by mail, by text message, on paper."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.sdk import Aged, Level, OneOf, db, now
from app.testing.telephones import telephones as offering
from modules.participatory_budget.models import Admission, FailedTries, LetIn, OneTimeCode, PersonKey
from modules.participatory_budget.rules.ways import Way
from modules.participatory_budget.services import doubts
from modules.participatory_budget.services.codes import asking, letters

from .. import arranging
from ..voter import Voter
from .conftest import CODE

MAIL = "/vote/code/mail"


def number_of(kind):
    return db.session.scalar(select(func.count()).select_from(kind))


def test_somebody_without_an_account_votes_with_a_code_from_her_mail(ways, by_mail, mails):
    ways(Way.ACCOUNT, Way.MAIL)
    eva = by_mail()
    code = eva.vote([1, 2])
    assert any(code in one["text"] for one in mails() if one["recipient"] == "eva@mail.example")


def test_she_changes_her_vote_with_another_code_and_stays_one_voter(ways, by_mail, in_city):
    ways(Way.MAIL)
    by_mail().vote([1, 2])
    again = by_mail("Eva+paris@mail.example")
    assert again.post("/vote/change").status_code == 303
    assert again.press(2, add=False).status_code == 303
    assert again.confirm(again.paper()).status_code == 303
    with in_city("paris"):
        edition = arranging.edition_of()
        assert arranging.casting.turnout(edition) == 1
        assert number_of(PersonKey) == 1


def test_a_mailbox_that_voted_with_an_account_does_not_vote_with_a_code(ways, guest, code_to, site):
    ways(Way.ACCOUNT, Way.MAIL)
    Voter(site, "anna@paris.example").vote([1])
    person = guest()
    person.post(MAIL, {"address": "anna@paris.example"})
    answer = person.post("/vote/code", {"code": code_to("anna@paris.example")})
    assert answer.status_code == 409
    assert "A ballot from this mail address is in already." in answer.text


def test_an_account_whose_mailbox_voted_with_a_code_is_told_before_it_chooses(ways, by_mail, site):
    ways(Way.ACCOUNT, Way.MAIL)
    by_mail("anna@paris.example").vote([1])
    answer = Voter(site, "anna@paris.example").get("/vote")
    assert answer.status_code == 409
    assert "A ballot from this mail address is in already." in answer.text


def test_the_answer_is_the_same_for_every_address(ways, guest, site):
    ways(Way.ACCOUNT, Way.MAIL)
    Voter(site, "anna@paris.example").vote([1])
    one, other = guest(), guest()
    answers = [p.post(MAIL, {"address": a}) for p, a in ((one, "anna@paris.example"), (other, "x@y.example"))]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert one.get("/vote/code").text.count("mail") == other.get("/vote/code").text.count("mail")


def test_a_wrong_code_is_counted_and_five_of_them_end_the_code_of_this_browser_alone(
    ways, guest, code_to, in_city
):
    ways(Way.MAIL)
    stranger, eva = guest(), guest()
    for person in (eva, stranger):
        person.post(MAIL, {"address": "eva@mail.example"})
    wrong = asking.code_from(b"\0" * 16, asking.SENT)
    for _try in range(asking.MOST_TRIES):
        assert stranger.post("/vote/code", {"code": wrong}).location.endswith("/vote/code") or _try == 4
    code = code_to("eva@mail.example")
    assert stranger.post("/vote/code", {"code": code}).location.endswith(MAIL)
    assert eva.post("/vote/code", {"code": code}).location.endswith("/vote")
    with in_city("paris"):
        assert db.session.scalar(select(func.sum(FailedTries.tries))) == 6


def test_strangers_who_ask_for_her_codes_do_not_keep_her_from_voting(ways, guest, code_to, mails):
    ways(Way.MAIL)
    eva, code = guest(), ""
    for _time in range(asking.MOST_SENT + 4):
        guest().post(MAIL, {"address": "eva@mail.example"})
    eva.post(MAIL, {"address": "eva@mail.example"})
    code = code_to("eva@mail.example")
    assert sum(one["recipient"] == "eva@mail.example" for one in mails()) == asking.MOST_SENT
    assert eva.post("/vote/code", {"code": code}).location.endswith("/vote")


def test_a_code_works_once_and_not_when_its_time_is_up(ways, guest, code_to, frozen):
    frozen("2026-11-22T10:00")
    ways(Way.MAIL)
    first, second = guest(), guest()
    for person in (first, second):
        person.post(MAIL, {"address": "eva@mail.example"})
    code = code_to("eva@mail.example")
    assert first.post("/vote/code", {"code": code}).location.endswith("/vote")
    assert not second.post("/vote/code", {"code": code}).location.endswith("/vote")
    second.post(MAIL, {"address": "eva@mail.example"})
    late = code_to("eva@mail.example")
    frozen("2026-11-22T10:21")
    assert not second.post("/vote/code", {"code": late}).location.endswith("/vote")


def test_what_is_wrong_with_a_code_is_said_and_what_was_typed_is_kept(ways, guest):
    ways(Way.MAIL)
    eva = guest()
    eva.post(MAIL, {"address": "eva@mail.example"})
    answer = eva.post("/vote/code", {"code": "ABCD-EFG0"})
    assert answer.status_code == 422
    assert "Codes have no “0”" in answer.text
    assert 'value="ABCD-EFG0"' in answer.text


def test_a_code_opens_its_own_vote_only_and_leaving_ends_it(ways, by_mail, in_city):
    ways(Way.MAIL)
    with in_city("paris"):
        other = arranging.approval("2027")
        other.voting_ways = {"ways": ["mail"]}
        arranging.opened(other)
    eva = by_mail()
    assert eva.get("/vote").status_code == 200
    assert eva.browser.get("/participatory-budget/2027/vote").location.endswith("/2027/vote/ways")
    eva.post("/vote/leave")
    assert eva.get("/vote").location.endswith("/vote/ways")
    with in_city("paris"):
        assert number_of(Admission) == 0


def test_an_admission_ends_after_an_hour(ways, by_mail, frozen, in_city):
    frozen("2026-11-22T10:00")
    ways(Way.MAIL)
    eva = by_mail()
    frozen("2026-11-22T11:01")
    assert eva.get("/vote").location.endswith("/vote/ways")


def test_neither_code_nor_address_lies_readable_in_the_database(ways, guest, code_to, in_city):
    ways(Way.MAIL)
    guest().post(MAIL, {"address": "eva@mail.example"})
    with in_city("paris"):
        row = db.session.scalars(select(OneTimeCode)).one()
        stored = repr([getattr(row, column.key) for column in OneTimeCode.__table__.columns])
    assert "eva@" not in stored
    assert code_to("eva@mail.example").replace("-", "") not in stored


@pytest.fixture
def telephones(app):
    with offering(app):
        yield


def test_a_text_message_brings_code_and_receipt(telephones, ways, guest, mails):
    ways(Way.SMS)
    eva = guest()
    assert eva.post("/vote/code/sms", {"address": "06 12 34 56 78"}).status_code == 303

    def texts():
        return [one["text"] for one in mails() if one["recipient"] == "+33612345678"]

    assert eva.post("/vote/code", {"code": CODE.search(texts()[-1])[1]}).location.endswith("/vote")
    receipt = eva.vote([1])
    assert receipt in texts()[-1]
    assert "+33612345678" in eva.get("/vote/receipt").text


def test_codes_go_to_telephones_of_the_country_only(telephones, ways, guest):
    ways(Way.SMS)
    answer = guest().post("/vote/code/sms", {"address": "+36 20 123 4567"})
    assert answer.status_code == 422
    assert "of this country only" in answer.text


DECLARED = ((Aged(at_least=16),), (OneOf("lives_in_city", ("yes",)),))


def test_what_the_rule_asks_for_is_said_by_whoever_has_no_account(ways, guest, by_mail):
    ways(Way.MAIL, needs=DECLARED, self_declared=True)
    child = {"said_birth_date": "2015-03-01", "said_lives_in_city": "yes"}
    refused = guest().post(MAIL, {"address": "kid@mail.example", **child})
    assert refused.status_code == 403
    grown = {"said_birth_date": "1984-03-01", "said_lives_in_city": "yes"}
    assert by_mail(**grown).get("/vote").status_code == 200


def test_without_the_citys_word_nobody_declares_herself(ways, guest):
    ways(Way.MAIL, Way.ACCOUNT, needs=DECLARED)
    assert guest().get(MAIL).location.endswith("/vote/ways") or guest().get("/vote").status_code == 302


def test_what_has_to_be_checked_is_not_proven_by_a_code(ways, guest):
    ways(Way.MAIL, Way.LETTER, needs=((OneOf("lives_in_city", ("yes",), Level.STAFF),),), self_declared=True)
    person = guest()
    assert person.get(MAIL).location.endswith("/vote/ways")
    assert "these ways are not open: With a code by mail" in person.get("/vote/ways").text


def test_a_printed_code_opens_one_ballot_and_leads_back_to_it(ways, guest, printed, in_city):
    ways(Way.LETTER)
    (code,) = printed()
    first = guest()
    # A browser puts it in from behind the "#" of the printed address; what an address sends is not taken.
    asked = first.get(f"/vote/letter?code={code}").text
    assert f'value="{code}' not in asked
    assert "printed-code.js" in asked
    assert first.post("/vote/letter", {"code": letters.grouped(code).lower()}).location.endswith("/vote")
    first.vote([1, 2])
    second = guest()
    second.post("/vote/letter", {"code": code})
    assert second.get("/vote").location.endswith("/vote/receipt")
    with in_city("paris"):
        assert arranging.casting.turnout(arranging.edition_of()) == 1
        (use,) = letters.use_of(arranging.edition_of()).values()
        assert (use.made, use.used, use.unused) == (1, 1, 0)


def test_a_void_code_opens_nothing_and_throws_out_whoever_it_let_in(ways, guest, printed, in_city):
    ways(Way.LETTER)
    (code,) = printed()
    person = guest()
    person.post("/vote/letter", {"code": code})
    with in_city("paris"):
        edition = arranging.edition_of()
        letters.void_one(edition, letters.batches(edition)[0].id, "1", "came back")
    assert person.get("/vote").location.endswith("/vote/ways")
    assert person.post("/vote/letter", {"code": code}).location.endswith("/vote/letter")
    assert "This code does not work." in person.get("/vote/letter").text


def test_a_list_makes_a_code_for_each_line_and_keeps_nothing_of_it(ways, clerk, in_city):
    ways(Way.LETTER)
    rows = "family_name,given_name,birth_date,street\nNagy,Anna,1984-03-27,Fő utca 1\nKiss,Béla,1990-01-02,Tó 2\n"
    made = clerk().post(
        "/letters/new",
        {"title": "List", "form": "sheets", "file": (io.BytesIO(rows.encode()), "list.csv")},
        content_type="multipart/form-data",
    )
    assert made.status_code == 200, made.text
    assert "Fő utca 1" in made.text
    assert made.headers["Cache-Control"] == "no-store"
    with in_city("paris"):
        stored = repr(
            [
                [getattr(one, column.key) for column in letters.Letter.__table__.columns]
                for one in db.session.scalars(select(letters.Letter))
            ]
        )
    assert "Nagy" not in stored
    assert "utca" not in stored


def test_a_burst_stands_out_and_a_doubt_takes_two_people(ways, by_mail, clerk, in_city):
    ways(Way.MAIL)
    by_mail().vote([1])
    by_mail("uma@mail.example").vote([2])
    first, second = clerk("one", "administrator"), clerk("two", "administrator")
    with in_city("paris"):
        (burst,) = doubts.bursts(arranging.edition_of())
        assert (burst.let_in, burst.voted, burst.stands_out) == (2, 2, False)
        short = [one.short for one in doubts.in_burst(arranging.edition_of(), burst.network, burst.at)]
    page = f"/doubts/{burst.network}/{int(burst.at.timestamp())}"
    assert first.post(page, {"voter": short[0], "reason": ""}).status_code == 422
    assert first.post(page, {"voter": short[0], "reason": "same hand"}).status_code == 303
    with in_city("paris"):
        raised = doubts.challenges(arranging.edition_of())[0].id
    answer = {"upheld": "1", "decision": "no such mailbox"}
    assert first.post(f"/challenges/{raised}", answer).status_code == 403
    assert second.post(f"/challenges/{raised}", answer).status_code == 303
    with in_city("paris"):
        assert arranging.casting.turnout(arranging.edition_of()) == 1
        assert number_of(PersonKey) == 1


def test_traces_and_keys_are_forgotten_after_their_time(ways, by_mail, in_city):
    ways(Way.MAIL)
    by_mail().vote([1])
    with in_city("paris"):
        edition = arranging.edition_of()
        assert doubts.forget(edition.closes_at + timedelta(days=6)) == 0
        assert doubts.forget(edition.closes_at + timedelta(days=8)) == number_of(LetIn) + 1 == 1


@pytest.mark.parametrize("path", ["/vote/code", "/vote/letter", "/vote/booth", MAIL, "/vote/ways"])
def test_nothing_is_asked_for_a_vote_that_is_closed(ways, guest, in_city, path):
    ways()
    with in_city("paris"):
        arranging.edition_of().closes_at = now()
    assert guest().get(path).status_code == 409
