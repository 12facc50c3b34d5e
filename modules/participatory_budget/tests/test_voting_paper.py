import re

from . import arranging
from .voter import HTMX, Voter


def test_a_category_takes_no_more_than_its_votes(approval, site):
    anna = Voter(site)
    anna.choose([1, 2, 3])
    page = anna.get("/vote").text
    assert page.count("You have used your 3 votes in this category. Remove a project first.") == 2
    assert 'aria-disabled="true"' in page
    assert "3 of 3 votes used" in page
    assert 'aria-disabled="true"' not in anna.get("/vote?category=streets").text


def test_a_project_that_is_too_dear_says_by_how_much(knapsack, site):
    anna = Voter(site)
    anna.choose([1])
    page = anna.get("/vote").text
    assert "Costs €10 more than you have left. Remove a project first." in page
    assert '<strong class="num">€40</strong> left' in page
    assert "1 chosen" in page


def test_a_pressed_button_answers_with_its_card_what_changed_and_the_bar(knapsack, site):
    anna = Voter(site)
    part = anna.press(1, headers=HTMX)
    assert part.status_code == 200
    assert "<html" not in part.text
    assert part.text.lstrip().startswith('<li class="card pcard pcard--sel" id="project-1"')
    changed = re.findall(r'<hx-partial hx-target="#([\w-]+)"', part.text)
    assert sorted(changed) == ["budget-bar", "project-2", "project-5"]
    assert "Costs €10 more than you have left" in part.text
    assert "€40" in part.text


def test_a_pressed_button_changes_only_what_the_filtered_page_shows(knapsack, site):
    part = Voter(site).press(1, query="?q=Project+1", headers=HTMX)
    assert re.findall(r'<hx-partial hx-target="#([\w-]+)"', part.text) == ["budget-bar"]


def test_a_pressed_button_brings_the_counter_of_its_category(approval, site):
    part = Voter(site).press(2, query="?category=green", headers=HTMX).text
    assert '<hx-partial hx-target="#ballot-categories"' in part
    assert "1 of 3 votes used" in part


def test_a_button_pressed_after_the_close_opens_the_page_that_says_so(knapsack, site, frozen, in_city):
    anna = Voter(site)
    anna.get("/vote")
    with in_city("paris"):
        closes = arranging.edition_of().closes_at
    frozen(closes)
    answer = anna.press(1, headers=HTMX)
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/participatory-budget/2026/vote"


def test_an_unknown_project_cannot_be_chosen(knapsack, site):
    assert Voter(site).press(77).status_code == 404
    assert Voter(site).post("/vote/choose", {"add": "1"}).status_code == 400


def test_the_filters_stay_when_a_button_is_pressed_without_javascript(approval, site):
    answer = Voter(site).press(6, query="?category=streets&order=cost")
    assert (
        answer.headers["Location"] == "/participatory-budget/2026/vote?category=streets&order=cost#project-6"
    )


def test_the_pages_of_a_vote_are_kept_by_no_cache(knapsack, site):
    anna = Voter(site)
    anna.choose([1])
    for path in ("/vote", "/vote/check"):
        assert anna.get(path).headers["Cache-Control"] == "no-store"
    anna.confirm(anna.paper())
    assert anna.get("/vote/receipt").headers["Cache-Control"] == "no-store"


def test_the_ballot_paper_asks_a_bounded_number_of_questions(in_city, site, count_queries):
    with in_city("paris"):
        arranging.opened(arranging.approval(per_category=60))
    anna = Voter(site)
    anna.choose([1, 2])
    with count_queries() as asked:
        page = anna.get("/vote")
    assert page.text.count('class="card pcard') == 60
    assert len(asked) <= 18


def test_a_confirmation_asks_nine_questions_whatever_lies_on_the_paper(in_city, site, count_queries):
    with in_city("paris"):
        arranging.opened(arranging.approval(per_category=60))
    for name in ("anna", "bela"):
        voter = Voter(site, f"{name}@paris.example")
        voter.choose([1, 2])
        sent = voter.paper()
        with count_queries() as asked:
            assert voter.confirm(sent).status_code == 303
    assert len(asked) <= 9


def test_each_voter_has_an_order_of_her_own_that_stays(in_city, site):
    with in_city("paris"):
        arranging.opened(arranging.knapsack(costs=[10] * 12))
    anna, bela = Voter(site), Voter(site, "bela@paris.example")
    assert _order(anna) == _order(anna)
    assert _order(anna) != _order(bela)
    assert sorted(_order(anna)) == sorted(_order(bela))
    assert _order(anna) == _order(Voter(site))


def _order(voter):
    return re.findall(r'<li class="card pcard[^"]*" id="project-(\d+)"', voter.get("/vote").text)
