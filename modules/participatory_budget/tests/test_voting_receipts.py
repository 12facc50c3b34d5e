import pytest

from modules.participatory_budget.rules.proof import receipt

from . import arranging
from .voter import Voter


@pytest.fixture
def vote(in_city):
    with in_city("paris"):
        arranging.opened(arranging.knapsack())


@pytest.fixture
def ask(site):
    """Ask, signed in as nobody, what became of a code."""

    def act(code, *, city="paris", edition="2026"):
        return Voter(site, None, city=city, edition=edition).post("/receipt", {"code": code})

    return act


def test_before_the_close_a_code_says_that_the_ballot_is_in_the_box(vote, site, ask):
    code = Voter(site).vote([1])
    assert "is in the ballot box" in ask(code).text


def test_after_the_close_a_code_says_that_the_ballot_is_sealed_then_counted(vote, site, ask, finish):
    code = Voter(site).vote([1])
    finish(publish=False)
    assert "is sealed and part of the count" in ask(code).text


def test_when_the_result_is_published_a_code_says_that_the_ballot_was_counted(vote, site, ask, finish):
    code = Voter(site).vote([1])
    finish()
    assert "has been counted" in ask(code).text


def test_the_code_of_a_ballot_that_was_changed_says_so_and_never_what_was_in_it(vote, site, ask, finish):
    anna = Voter(site)
    first = anna.vote([1])
    anna.post("/vote/change")
    second = anna.vote([3])
    assert "was changed or withdrawn by its voter" in ask(first).text
    assert "is in the ballot box" in ask(second).text
    finish()
    assert "was changed or withdrawn by its voter" in ask(first).text
    assert "has been counted" in ask(second).text


def test_a_code_can_be_typed_the_way_people_type(vote, site, ask):
    code = Voter(site).vote([1])
    assert "is in the ballot box" in ask(f"  {code.lower().replace('-', ' ')} ").text


def test_a_typing_error_is_told_from_a_code_that_is_not_there(vote, ask):
    code = receipt(37)
    assert "No ballot of this vote has this code" in ask(code).text
    wrong = ask(code[:-1] + ("0" if code[-1] != "0" else "1"))
    assert wrong.status_code == 422
    assert "This is not a receipt code" in wrong.text
    assert ask("").status_code == 422


def test_a_code_is_worth_nothing_in_another_edition_or_city(vote, site, ask, in_city):
    with in_city("paris"):
        arranging.opened(arranging.knapsack("other"))
    with in_city("budapest"):
        arranging.opened(arranging.knapsack())
    code = Voter(site).vote([1])
    assert "is in the ballot box" in ask(code).text
    assert "No ballot of this vote has this code" in ask(code, edition="other").text
    assert "No ballot of this vote has this code" in ask(code, city="budapest").text


def test_codes_cannot_be_tried_one_after_the_other(vote, ask):
    statuses = {ask(receipt(37)).status_code for _ in range(31)}
    assert statuses == {200, 429}


def test_the_mail_carries_the_code_the_way_back_and_no_choice(vote, site, mails):
    code = Voter(site).vote([1, 3])
    [mail] = mails()
    assert mail["recipient"] == "anna@paris.example"
    for part in (mail["text"], mail["html"]):
        assert code in part
        assert "/participatory-budget/2026/receipt" in part
        assert "/participatory-budget/2026/vote" in part
        assert "Project 1" not in part
        assert "Project 3" not in part
    assert "2026" in mail["subject"]


def test_a_changed_vote_is_mailed_as_such_and_a_repeated_click_not_at_all(vote, site, mails, in_city):
    anna = Voter(site)
    with in_city("paris"):
        arranging.person("anna@paris.example").language = "en"
    anna.choose([1])
    paper = anna.paper()
    anna.confirm(paper)
    anna.confirm(paper)
    anna.post("/vote/change")
    anna.vote([3])
    first, second = mails()
    assert "taken the place" not in first["text"]
    assert "taken the place" in second["text"]
