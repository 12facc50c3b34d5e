"""What staff fill in before a vote: texts, money, ballot."""

import pytest

from modules.participatory_budget.services import editions, projects

from . import arranging
from .clerk import Clerk, value_of, words


@pytest.fixture
def clerk(site, frozen):
    frozen("2026-11-22T10:00")
    found = Clerk(site)
    found.create()
    return found


@pytest.fixture
def saved(in_city):
    """Return something of the edition as it is in the database: `saved("budget")`."""

    def read(name, *, city="paris"):
        with in_city(city):
            return getattr(arranging.edition_of(), name)

    return read


MONEY = {
    "budget": "1000",
    "sharing": "together",
    "method": "greedy-skip",
    "completion": "add1u",
    "tie_break": "cheaper-first",
}


def money(**answers):
    return {**MONEY, "min_votes": "1", **answers}


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"title-fr": ""}, "Write the title (Français)."),
        ({"slug": "Not An Address"}, "Use lower-case letters, digits and hyphens"),
        ({"slug": "2026"}, "There is already an edition at this address."),
        ({"choices": ""}, "Write how many projects one voter can choose."),
        ({"choices": "three"}, "Write a whole number, for example 3."),
        ({"choices": "0"}, "Write a number from 1 to 1,000,000."),
        ({"budget": ""}, "Write how much money there is."),
        ({"budget": "0"}, "Write an amount above zero."),
        ({"budget": "a lot"}, "Write an amount, for example 250,000."),
    ],
)
def test_a_new_edition_is_refused_beside_the_field_with_everything_kept(clerk, answers, error):
    given = {"title-fr": "Fête", "slug": "autre", "kind": "all", "choices": "3", "budget": "5 000", **answers}
    answer = clerk.browser.post("/admin/participatory-budget/new", data=given)
    assert answer.status_code == 422
    assert error in words(answer)
    for name in ("title-fr", "slug", "choices", "budget"):
        if given[name]:
            assert value_of(answer, name) == given[name]
    clerk.home = "/admin/participatory-budget"
    assert "Fête" not in clerk.words()


@pytest.mark.parametrize(
    ("kind", "limits"),
    [
        ("all", ("approval", 4, None)),
        ("each", ("approval", None, 4)),
        ("budget", ("knapsack", None, None)),
    ],
)
def test_each_kind_of_ballot_is_kept_and_shown_again(clerk, saved, kind, limits):
    clerk.save("/ballot", {"kind": kind, "choices": "4"})
    assert (saved("ballot_type"), saved("max_choices"), saved("max_per_category")) == limits
    page = clerk.get("/ballot").text
    assert f'value="{kind}" checked' in page


@pytest.mark.parametrize(
    ("language", "text", "minor"),
    [
        ("fr", "120 000", 12_000_000),
        ("fr", "120\u202f000,50 €", 12_000_050),
        ("fr", "1500,5", 150_050),
        ("en", "120,000", 12_000_000),
        ("en", "€1,500.50", 150_050),
        ("es", "120.000", 12_000_000),
        ("hu", "120 000", 12_000_000),
    ],
)
def test_money_is_read_as_the_reader_writes_it(clerk, saved, language, text, minor):
    clerk.browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    clerk.save("/money", money(budget=text))
    assert saved("budget") == minor
    clerk.save("/money", money(budget=value_of(clerk.get("/money"), "budget")))
    assert saved("budget") == minor


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "120.000"), ("en", "1,5"), ("fr", "120.000"), ("es", "1.5"), ("en", "-5"), ("en", "12.345,6")],
)
def test_an_amount_that_could_mean_another_is_refused_as_typed(clerk, saved, language, text):
    clerk.browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    answer = clerk.post("/money", money(budget=text))
    assert answer.status_code == 422
    assert value_of(answer, "budget") == text
    assert saved("budget") == 100_000


def test_categories_share_the_money_only_as_far_as_there_is_some(clerk, saved, in_city):
    for name in ("Vert", "Rues"):
        clerk.save("/categories", {"name-fr": name})
    with in_city("paris"):
        first, second = (f"envelope_{one.id.hex}" for one in arranging.edition_of().categories)

    missing = clerk.post("/money", money(sharing="each", **{first: "600"}))
    assert missing.status_code == 422
    assert "Write how much money Rues has." in words(missing)
    assert value_of(missing, first) == "600"

    over = clerk.post("/money", money(sharing="each", **{first: "600", second: "500"}))
    assert over.status_code == 422
    assert "The categories have €100 more than there is in all." in words(over)
    assert value_of(over, second) == "500"

    clerk.save("/money", money(sharing="each", **{first: "600", second: "400"}))
    with in_city("paris"):
        assert arranging.edition_of().envelopes == {"vert": 60_000, "rues": 40_000}
    clerk.save("/money", money(sharing="together", **{first: "600", second: "400"}))
    with in_city("paris"):
        assert arranging.edition_of().envelopes == {}


def test_texts_keep_every_language_and_need_the_first(clerk, saved):
    refused = clerk.post("/texts", {"title-fr": "", "title-en": "Budget", "summary-hu": "Ön dönt."})
    assert refused.status_code == 422
    assert "Write the title (Français)." in words(refused)
    assert value_of(refused, "title-en") == "Budget"
    assert "Ön dönt." in refused.text
    clerk.save("/texts", {"title-fr": "Le budget", "title-en": "Budget", "summary-hu": "Ön dönt."})
    assert saved("title") == {"fr": "Le budget", "en": "Budget"}
    assert saved("summary") == {"hu": "Ön dönt."}


def test_texts_can_be_corrected_while_people_vote(site, frozen, saved):
    frozen("2026-11-22T10:00")
    clerk = Clerk(site)
    clerk.prepare()
    clerk.take("open")
    clerk.save("/texts", {"title-fr": "Budget 2026", "summary-fr": "Vous décidez, vraiment."})
    assert saved("summary") == {"fr": "Vous décidez, vraiment."}


@pytest.mark.parametrize(
    ("page", "mine", "theirs", "field"),
    [
        ("/texts", {"title-fr": "Le mien"}, {"title-fr": "Le leur"}, "title-fr"),
        ("/money", money(budget="7"), money(budget="8"), "budget"),
        ("/ballot", {"kind": "all", "choices": "7"}, {"kind": "all", "choices": "8"}, "choices"),
        (
            "/dates",
            {"closes_day": "2026-12-07", "closes_time": "18:00"},
            {"closes_day": "2026-12-08", "closes_time": "18:00"},
            "closes_day",
        ),
    ],
)
def test_what_somebody_else_saved_meanwhile_is_not_overwritten_unseen(clerk, page, mine, theirs, field):
    seen = value_of(clerk.get(page), "seen")
    clerk.save(page, {**theirs, "seen": seen})
    refused = clerk.post(page, {**mine, "seen": seen})
    assert refused.status_code == 409
    assert "Somebody else has changed this meanwhile." in words(refused)
    assert value_of(refused, field) == mine[field]
    clerk.save(page, {**mine, "seen": value_of(refused, "seen")})
    assert value_of(clerk.get(page), field) == mine[field]


@pytest.mark.parametrize(
    ("page", "answers", "typed"),
    [
        ("/money", money(budget="77"), ("budget", "77")),
        ("/ballot", {"kind": "all", "choices": "77"}, ("choices", "77")),
        ("/dates", {"closes_day": "2027-01-01", "closes_time": "10:00"}, ("closes_day", "2027-01-01")),
        ("/districts", {"added": "Nord"}, None),
        ("/categories", {"name-fr": "Vert"}, ("name-fr", "Vert")),
        ("/projects/new", {"title-fr": "Tard", "cost": "7"}, ("title-fr", "Tard")),
    ],
)
def test_once_the_ballot_is_fixed_pages_only_show_and_forms_are_refused(site, frozen, page, answers, typed):
    frozen("2026-11-22T10:00")
    clerk = Clerk(site)
    clerk.prepare()
    clerk.take("open")
    shown = clerk.get(page)
    assert shown.status_code == 200
    assert "The ballot is fixed" in words(shown)
    assert "Save" not in words(shown)
    refused = clerk.post(page, answers)
    assert refused.status_code == 409
    assert "The ballot is fixed" in words(refused)
    if typed:
        assert value_of(refused, typed[0]) == typed[1]


def test_two_clerks_cannot_take_the_same_address(in_city, clerk):
    with in_city("paris"):
        assert editions.free_address() == "budget-2026"
    answer = clerk.browser.post(
        "/admin/participatory-budget/new",
        data={"title-fr": "Bis", "slug": "2026", "kind": "all", "choices": "1", "budget": "1"},
    )
    assert answer.status_code == 422


def test_the_checklist_names_what_is_missing_with_names_and_numbers(clerk, in_city):
    clerk.save("/categories", {"name-fr": "Vert", "envelope": "300"})
    clerk.add("Château", "2 000", category="vert")
    clerk.add("Banc", "50")
    said = clerk.words()
    assert "Costs nothing, or more than there is for it: no. 1 Château" in said
    assert "No money is set aside for: Other projects" in said
    assert "Say when the vote closes." in said
    with in_city("paris"):
        found = arranging.edition_of()
        projects.change(found.id, 1, projects.ProjectTexts(title={"en": "Castle"}, cost=100, category="vert"))
    assert "titles of projects" in clerk.words()
