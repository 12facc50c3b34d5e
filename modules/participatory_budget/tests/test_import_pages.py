"""A `.pb` file on the pages for staff: whole or not at all."""

import io

import pytest
from sqlalchemy import func, select

from app.core.audit import latest
from app.sdk import db
from modules.participatory_budget.models import Category, Edition, Project, SealedBallot

from . import arranging
from .clerk import PAGES, Clerk, value_of, words

GOOD = """META
key;value
description;Budget of Testville
num_projects;4
num_votes;5
budget;300
vote_type;approval
rule;greedy
currency;EUR
date_begin;01.10.2025
date_end;20.10.2025
max_length;3
PROJECTS
project_id;cost;votes;name;category;selected
a1;100;4;Garden;Green;1
a2;100;2;Trees;Green;0
b1;150;3;Bench;Streets;1
b2;50;1;Lamp;Streets;0
VOTES
voter_id;vote
v1;a1,b1
v2;a1,a2,b1
v3;a1,a2
v4;b1,b2
v5;a1
"""


@pytest.fixture
def clerk(site, frozen):
    frozen("2026-11-22T10:00")
    return Clerk(site)


@pytest.fixture
def stored(in_city):
    """Return how many rows there are of each kind."""

    def count():
        with in_city("paris"):
            kinds = (Edition, Category, Project, SealedBallot)
            return tuple(db.session.scalar(select(func.count()).select_from(kind)) for kind in kinds)

    return count


def send(clerk, content, **answers):
    given = {"slug": "imported", "max_per_category": "", **answers}
    body = content if isinstance(content, bytes) else content.encode()
    return clerk.post("/import", {**given, "file": (io.BytesIO(body), "votes.pb")})


def test_a_file_goes_from_import_to_a_published_result(clerk, in_city, run_tasks, site, stored, frozen):
    answer = send(clerk, GOOD)
    assert answer.status_code == 303
    assert stored() == (1, 2, 4, 5)
    clerk.home = answer.location.rstrip("/")
    page = clerk.words()
    assert "Budget of Testville" in page
    assert "5 ballots were imported." in page
    assert "Green, Streets" in page
    assert "Open voting now" not in page
    assert "Show to residents" not in page
    assert site("paris").get("/participatory-budget/imported/").status_code == 404

    with in_city("paris"):
        green, streets = (f"envelope_{one.id.hex}" for one in arranging.edition_of("imported").categories)
    rules = {"budget": "300", "method": "greedy-skip", "tie_break": "cheaper-first", "min_votes": "1"}
    clerk.save("/money", {**rules, "sharing": "each", green: "100", streets: "200"})
    clerk.take("count")
    run_tasks()
    result = clerk.words("/result")
    assert "Compared with the city's own list" in result
    assert "1 project is not the same" in result
    assert "Lamp : funded here, not on the city's list" in result

    clerk.save("/money", {**rules, "sharing": "each", green: "100", streets: "150"})
    assert "Something has changed since the count." in clerk.words()
    frozen("2026-11-22T10:05")
    clerk.take("count")
    run_tasks()
    assert "The same projects" in clerk.words("/result")
    clerk.sign_and_publish(Clerk(site, email="ines@paris.example"))
    assert clerk.post("/money", {**rules, "sharing": "together"}).status_code == 409
    assert "Garden" in site("paris").get("/participatory-budget/imported/results").text


def test_what_is_typed_goes_before_what_the_file_says(clerk, in_city):
    assert send(clerk, GOOD, **{"title-fr": "Budget", "title-en": "The budget"}).status_code == 303
    with in_city("paris"):
        assert arranging.edition_of("imported").title == {"fr": "Budget", "en": "The budget"}


BAD = {
    "an unknown project": (GOOD.replace("v5;a1", "v5;zz"), "Line 25, column 4: There is no project zz."),
    "the same voter twice": (GOOD.replace("v5;", "v4;"), "Line 25, column 1: Voter v4 has voted before."),
    "too many choices": (
        GOOD.replace("v5;a1", "v5;a1,a2,b1,b2"),
        "Line 25, column 4: The ballot names 4 projects, at most 3 are allowed.",
    ),
    "an empty ballot": (
        GOOD.replace("v5;a1\n", "v5;\n").replace("a1;100;4", "a1;100;3"),
        "Line 25, column 4: the ballot of voter v5 names no project.",
    ),
    "other totals": (GOOD.replace("a1;100;4", "a1;100;5"), "Project a1 has 5 votes in its row, 4 on the ballots."),
    "a missing ballot": (
        GOOD.replace("v5;a1\n", "").replace("a1;100;4", "a1;100;3"),
        "META announces 5 ballots, the file has 4.",
    ),
    "a negative cost": (GOOD.replace("b2;50", "b2;-50"), "Line 18, column 4: An amount of money cannot be below zero"),
    "no ballots": (GOOD[: GOOD.index("VOTES")], "The section VOTES is missing."),
    "another kind of ballot": (GOOD.replace("approval", "ordinal"), "Ballots of the type “ordinal” cannot be counted"),
    "another currency": (GOOD.replace("EUR", "HUF"), "The file is in HUF, the city counts in EUR."),
    "a long number": (GOOD.replace("b2", "b" * 41), "is longer than 40 characters."),
    "a long category": (GOOD.replace("Green", "G" * 81), "is longer than 80 characters."),
    "a huge number": (GOOD.replace("max_length;3", "max_length;99999999999"), "99999999999 is too large a number."),
    "a year out of time": (GOOD.replace("20.10.2025", "20.10.9999"), "The vote cannot have been in the year 9999."),
    "no text": (b"\x89PNG\r\n\x1a\n\0\0", "Line 1, column 1: The file is not UTF-8 text."),
    "nothing": (" ", "The section META is missing."),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_a_wrong_file_is_named_with_its_place_and_leaves_nothing(clerk, stored, kind, in_city):
    content, error = BAD[kind]
    answer = send(clerk, content, **{"title-hu": "Költségvetés", "max_per_category": "9"})
    assert answer.status_code == 422
    assert error in words(answer)
    assert "Error:" in answer.text
    assert value_of(answer, "slug") == "imported"
    assert value_of(answer, "title-hu") == "Költségvetés"
    assert value_of(answer, "max_per_category") == "9"
    assert stored() == (0, 0, 0, 0)
    with in_city("paris"):
        assert not [one for one in latest() if one.action.startswith("participatory_budget.")]


def test_a_limit_of_choices_in_a_category_is_checked_on_every_ballot(clerk, stored):
    answer = send(clerk, GOOD, max_per_category="1")
    assert answer.status_code == 422
    place = "Line 22, column 4: the ballot of voter v2 names 2 projects in the category Green, at most 1 are allowed."
    assert place in words(answer)
    assert stored() == (0, 0, 0, 0)
    assert send(clerk, GOOD, max_per_category="2").status_code == 303


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"slug": "Not An Address"}, "Use lower-case letters, digits and hyphens"),
        ({"slug": "2026"}, "There is already an edition at this address."),
        ({"max_per_category": "none"}, "Write a whole number"),
        ({"max_per_category": "0"}, "Write a number from 1"),
    ],
)
def test_what_is_typed_wrong_is_refused_before_the_file_is_read(clerk, in_city, answers, error, stored):
    with in_city("paris"):
        arranging.approval()
    before = stored()
    answer = send(clerk, GOOD, **answers)
    assert answer.status_code == 422
    assert error in words(answer)
    assert stored() == before


def test_the_file_itself_is_needed(clerk, stored):
    answer = clerk.post("/import", {"slug": "imported"})
    assert answer.status_code == 422
    assert "Choose the file with the ballots." in words(answer)
    assert stored() == (0, 0, 0, 0)


def test_a_file_that_is_too_large_is_refused(clerk, stored):
    body = GOOD.encode() + b"#" * (41 * 1024 * 1024)
    assert send(clerk, body).status_code == 413
    assert stored() == (0, 0, 0, 0)


def test_nothing_is_counted_while_a_category_has_no_money(clerk, in_city):
    clerk.home = send(clerk, GOOD).location.rstrip("/")
    with in_city("paris"):
        green = arranging.edition_of("imported").categories[0].id
    clerk.save(f"/categories/{green}", {"name-fr": "Vert", "envelope": "100"})
    assert "Count the ballots" not in clerk.words()
    assert "No money is set aside for: Streets" in clerk.words()
    answer = clerk.post("/count")
    assert answer.status_code == 409
    assert "Say first how much money there is" in words(answer)


@pytest.mark.parametrize("step", ["show", "fix", "open", "close"])
def test_imported_ballots_are_counted_and_never_voted_on_again(clerk, step):
    clerk.home = send(clerk, GOOD).location.rstrip("/")
    assert clerk.post(f"/{step}").status_code == 409


@pytest.mark.parametrize(
    ("path", "answers"),
    [
        ("/ballot", {"kind": "all", "choices": "2"}),
        ("/dates", {"closes_day": "2027-01-01", "closes_time": "10:00"}),
        ("/projects/new", {"title-fr": "Autre", "cost": "1"}),
        ("/projects/1/remove", {}),
    ],
)
def test_what_the_ballots_rest_on_stays_as_it_was(clerk, path, answers):
    clerk.home = send(clerk, GOOD).location.rstrip("/")
    assert clerk.post(path, answers).status_code == 409


def test_texts_of_an_imported_edition_can_be_completed(clerk, in_city):
    clerk.home = send(clerk, GOOD).location.rstrip("/")
    clerk.save("/texts", {"title-fr": "Budget 2025", "source-fr": "Ville de Test"})
    clerk.save("/projects/1", {"title-fr": "Jardin", "title-en": "Garden"})
    with in_city("paris"):
        found = arranging.edition_of("imported")
        assert (found.source, found.projects[0].title["en"]) == ({"fr": "Ville de Test"}, "Garden")


def test_a_wrong_import_can_be_deleted_with_its_ballots_and_made_again(clerk, stored):
    clerk.home = send(clerk, GOOD).location.rstrip("/")
    clerk.save("/delete", {})
    assert stored() == (0, 0, 0, 0)
    clerk.home = PAGES
    assert send(clerk, GOOD, max_per_category="2").status_code == 303


def test_the_audit_log_says_who_imported_how_many_ballots(clerk, in_city):
    send(clerk, GOOD)
    with in_city("paris"):
        [entry] = [one for one in latest() if one.action == "participatory_budget.imported"]
        assert (entry.actor_name, entry.details) == ("Administrator", {"ballots": 5})
