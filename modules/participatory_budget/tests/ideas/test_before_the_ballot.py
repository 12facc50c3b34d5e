"""What the pages of an edition say while there are ideas and no ballot yet."""

import pytest

from modules.participatory_budget.rules.schedule import Part

from .author import words


@pytest.fixture
def without_projects(in_edition, taking):
    """Take all projects off the edition, as before its ballot is drafted."""
    in_edition(lambda edition: edition.projects.clear())


def test_the_list_of_editions_counts_ideas_and_leads_to_them(without_projects, anna, site):
    anna.hand_in()
    listed = site("paris").get("/participatory-budget/", headers={"Accept-Language": "en"})
    assert listed.status_code == 200
    assert "Ideas are taken" in words(listed)
    assert "1 idea " in words(listed)
    assert '/participatory-budget/2026/ideas"' in listed.text
    assert "on the ballot" not in words(listed)


def test_rules_of_a_vote_that_can_still_change_are_not_told(without_projects, site):
    page = words(site("paris").get("/participatory-budget/2026/", headers={"Accept-Language": "en"}))
    assert "How it works" not in page
    assert "Ideas are taken" in page


@pytest.mark.parametrize(
    ("part", "said"), [(Part.FEASIBILITY, "Ideas are examined"), (Part.SUPPORT, "supported")]
)
def test_the_phase_that_is_open_stands_above_the_edition(without_projects, collecting, site, part, said):
    collecting(part)
    assert said in words(site("paris").get("/participatory-budget/2026/", headers={"Accept-Language": "en"}))
