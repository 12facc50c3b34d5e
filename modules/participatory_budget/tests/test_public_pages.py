import re
from datetime import UTC, datetime, timedelta

import pytest

from app.sdk import force_locale, now
from modules.participatory_budget.models import District
from modules.participatory_budget.public import pages

from . import arranging
from .voter import PAGES, Voter


@pytest.fixture
def visit(site):
    """Open a page of paris as somebody who is not signed in, in English."""
    browser = site("paris")
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"

    def get(path=f"{PAGES}/"):
        return browser.get(path)

    return get


def test_a_city_without_editions_says_so(visit):
    page = visit()
    assert page.status_code == 200
    assert "Nothing to vote on yet" in page.text


def test_the_list_tells_open_coming_and_decided_editions_apart(in_city, visit, run_tasks):
    with in_city("paris"):
        arranging.opened(arranging.knapsack("open"))
        arranging.opening_at(arranging.knapsack("coming"), now() + timedelta(days=20))
        arranging.opened(arranging.knapsack("decided"))
        arranging.closed(arranging.edition_of("decided"))
    run_tasks()
    with in_city("paris"):
        arranging.published(arranging.edition_of("decided"))
    page = visit().text
    assert page.index("/open/vote") < page.index("Coming up") < page.index("/decided/results")
    assert "Voting is open" in page
    assert "The vote opens on" in page
    assert "/coming/vote" not in page
    assert "/decided/vote" not in page


def test_a_draft_is_for_staff_alone(in_city, site, visit):
    with in_city("paris"):
        arranging.knapsack("draft")
    paths = ["/", "/projects", "/projects/1", "/vote", "/receipt", "/results", "/results/results.csv"]
    resident, editor = (
        Voter(site, edition="draft"),
        Voter(site, "ed@paris.example", edition="draft", role="editor"),
    )
    for path in paths:
        assert visit(f"{PAGES}/draft{path}").status_code == 404, path
        assert resident.get(path).status_code == 404, path
    assert "draft" not in visit().text
    assert "draft" not in visit("/").text
    assert editor.get("/").status_code == 200


def test_an_edition_says_what_how_much_who_and_until_when(in_city, visit):
    with in_city("paris"):
        edition = arranging.opened(arranging.approval())
        edition.description = {"en": "Some **bold** words."}
    page = visit(f"{PAGES}/2026/").text
    assert "Participatory budget 2026" in page
    assert "You decide what is built." in page
    assert "<strong>bold</strong>" in page
    assert "Choose up to 3 projects in each category." in page
    assert "In each category the projects with the most votes are paid first" in page
    assert "only the last one counts" in page
    assert "Everyone with an account in Paris can vote once" in page
    assert "(10 days left)" in page
    assert "Green city" in page
    assert "5 projects · €100" in page
    assert f'href="{PAGES}/2026/vote"' in page


def test_whoever_has_voted_is_told_on_the_page_of_the_edition(in_city, site):
    with in_city("paris"):
        arranging.opened(arranging.knapsack())
    anna = Voter(site)
    assert "You have voted" not in anna.get("/").text
    anna.vote([1])
    page = anna.get("/").text
    assert "You have voted" in page
    assert "Change my vote" in page


def test_districts_lead_to_their_projects(in_city, visit):
    with in_city("paris"):
        edition = arranging.knapsack()
        edition.districts.append(District(key="11e", name="11th arrondissement", position=0))
        edition.districts.append(District(key="12e", name="12th arrondissement", position=1))
        edition.projects[0].district = "11e"
        arranging.opened(edition)
    page = visit(f"{PAGES}/2026/").text
    assert "11th arrondissement" in page
    assert "12th arrondissement" not in page
    found = visit(f"{PAGES}/2026/projects?district=11e").text
    assert re.findall(r'id="project-(\d+)"', found) == ["1"]
    assert "11th arrondissement" in visit(f"{PAGES}/2026/projects/1").text


def test_the_turnout_is_shown_from_the_number_the_city_has_set(in_city, site, visit):
    with in_city("paris"):
        arranging.opened(arranging.knapsack())
    emails = [f"voter{number}@paris.example" for number in range(10)]
    voters = [Voter(site, email) for email in emails]
    for voter in voters[:9]:
        voter.vote([1])
    assert "residents have voted" not in visit(f"{PAGES}/2026/").text
    assert "residents have voted" not in visit("/").text
    voters[9].vote([1])
    assert re.search(r"<b>10</b><span>residents have voted", visit(f"{PAGES}/2026/").text)
    assert re.search(r"<b>10</b><span>residents have voted", visit("/").text)


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("?category=green", ["2", "4"]),
        ("?category=streets&order=cost", ["3", "1", "5"]),
        ("?q=project+4", ["4"]),
        ("?q=nothing+such", []),
        ("?q=en", []),
        ("?q=PROJECT&order=cost", ["4", "3", "2", "1", "5"]),
        ("?order=cost&category=unknown", []),
    ],
)
def test_filters_narrow_the_list_down(in_city, visit, query, numbers):
    with in_city("paris"):
        arranging.opened(arranging.knapsack())
    page = visit(f"{PAGES}/2026/projects{query}").text
    found = re.findall(r'<li class="card pcard" id="project-(\d+)"', page)
    assert found == numbers if "order" in query else sorted(found) == numbers
    assert ("No project fits these filters" in page) is not bool(numbers)


def test_searching_knows_no_accents_and_no_case(in_city, visit):
    with in_city("paris"):
        edition = arranging.knapsack()
        edition.projects[0].title = {"fr": "Arbres à l'école", "en": "Trees"}
        arranging.opened(edition)
    for words in ("ecole", "ÉCOLE", "trees", "l%27ecole+arbres"):
        page = visit(f"{PAGES}/2026/projects?q={words}").text
        assert re.findall(r'<li class="card pcard" id="project-(\d+)"', page) == ["1"], words


def test_a_visitor_keeps_her_order_and_another_has_another(in_city, site):
    with in_city("paris"):
        arranging.opened(arranging.knapsack(costs=[10] * 12))

    def order(voter):
        return re.findall(r'id="project-(\d+)"', voter.get("/projects").text)

    one, other = Voter(site, None), Voter(site, None)
    assert order(one) == order(one)
    assert order(one) != order(other)
    assert sorted(order(one)) == sorted(order(other))


def test_a_project_page_has_its_button_while_the_vote_is_open(in_city, site, visit):
    with in_city("paris"):
        arranging.opened(arranging.knapsack())
    address = f"{PAGES}/2026/projects/1"
    page = visit(address).text
    assert "Project 1" in page
    assert "€60" in page
    assert f'href="{PAGES}/2026/vote"' in page

    anna = Voter(site)
    assert 'id="add-1"' in anna.get("/projects/1").text
    answer = anna.press(1, query="?back=project")
    assert answer.headers["Location"].endswith("/2026/projects/1")
    assert "Added" in anna.get("/projects/1").text
    assert "Costs €10 more than you have left" in anna.get("/projects/2").text

    anna.confirm(anna.paper())
    assert "You have voted. You can change your vote until the close." in anna.get("/projects/2").text


def test_an_unknown_project_or_edition_is_not_found(in_city, visit):
    with in_city("paris"):
        arranging.opened(arranging.knapsack())
    assert visit(f"{PAGES}/2026/projects/99").status_code == 404
    assert visit(f"{PAGES}/2027/").status_code == 404


def test_an_edition_of_one_city_is_unknown_in_another(in_city, site):
    with in_city("paris"):
        arranging.opened(arranging.knapsack())
    here, there = Voter(site, None), Voter(site, "bela@budapest.example", city="budapest")
    for path in ("/", "/projects", "/projects/1", "/receipt"):
        assert here.get(path).status_code == 200, path
        assert there.get(path).status_code == 404, path
    assert there.get("/vote").status_code == 404
    assert there.press(1).status_code == 404
    assert f"{PAGES}/2026/" not in there.browser.get(f"{PAGES}/").text


def test_the_home_page_carries_the_open_vote(in_city, visit):
    with in_city("paris"):
        arranging.opened(arranging.knapsack())
    page = visit("/").text
    assert "Voting is open" in page
    assert "Vote now" in page
    assert "See the 5 projects" in page
    assert "€100" in page


def test_the_home_page_says_when_the_next_vote_opens(in_city, visit, frozen):
    frozen("2026-11-01T10:00")
    with in_city("paris"):
        arranging.opening_at(arranging.knapsack(), datetime(2026, 11, 10, 8, tzinfo=UTC))
    page = visit("/").text
    assert "The vote opens on Tuesday, November 10, 2026" in page
    assert "Vote now" not in page


def test_the_console_is_told_what_is_going_on(in_city):
    with in_city("paris"), force_locale("en"):
        assert pages.going_on() is None
        arranging.opened(arranging.knapsack("one"))
        assert pages.going_on() == "1 vote is open or being counted."
        arranging.opened(arranging.knapsack("two"))
        assert pages.going_on() == "2 votes are open or being counted."


def test_the_last_day_of_a_vote_is_said_in_words(in_city, visit, frozen):
    frozen("2026-11-01T10:00")
    with in_city("paris"):
        edition = arranging.opened(arranging.knapsack())
        closes = edition.closes_at
    frozen(closes - timedelta(hours=2))
    assert "(closes today)" in visit("/").text


def test_a_vote_planned_for_later_opens_by_the_clock(in_city, site, frozen):
    frozen("2026-11-01T10:00")
    with in_city("paris"):
        arranging.opening_at(arranging.knapsack(), datetime(2026, 11, 10, 8, tzinfo=UTC))
    frozen("2026-11-10T07:59")
    assert Voter(site).get("/vote").status_code == 409
    frozen("2026-11-10T08:00")
    assert Voter(site).get("/vote").status_code == 200


@pytest.mark.parametrize(
    ("path", "most"), [(f"{PAGES}/", 10), (f"{PAGES}/2026/", 12), (f"{PAGES}/2026/projects", 10), ("/", 14)]
)
def test_pages_ask_a_bounded_number_of_questions(in_city, visit, count_queries, path, most):
    with in_city("paris"):
        for number in range(6):
            arranging.opening_at(arranging.approval(f"coming-{number}"), now() + timedelta(days=number + 1))
        arranging.opened(arranging.approval(per_category=50))
    visit(path)
    with count_queries() as asked:
        page = visit(path)
    assert page.status_code == 200
    assert len(asked) <= most, asked


def test_ballots_leave_the_home_page_as_it_is_for_a_minute_at_most(in_city, site, visit, frozen):
    frozen("2026-11-22T10:00")
    emails = [f"voter{number}@paris.example" for number in range(12)]
    for email in emails:
        site("paris", role="resident", email=email)
    with in_city("paris"):
        arranging.opened(arranging.approval())
    before = visit("/").text
    assert "residents have voted" not in before
    with in_city("paris"):
        arranging.cast(arranging.edition_of(), [(arranging.person(email), [3]) for email in emails])
    assert visit("/").text == before
    frozen("2026-11-22T10:01")
    assert "residents have voted" in visit("/").text


def test_texts_in_another_language_are_marked_as_such(in_city, visit):
    with in_city("paris"):
        edition = arranging.opened(arranging.knapsack())
        edition.summary = {"fr": "Vous décidez."}
    page = visit(f"{PAGES}/2026/").text
    assert '<span lang="fr">Vous décidez.</span>' in page
