"""An edition whose ideas are examined, with departments and those who work on it."""

import pytest
from sqlalchemy import select

from app.sdk import db
from modules.participatory_budget.models import Idea
from modules.participatory_budget.services.feasibility import settings
from modules.participatory_budget.services.feasibility.settings import DepartmentTexts
from modules.participatory_budget.services.ideas import publishing
from modules.participatory_budget.tests.arranging import edition_of
from modules.participatory_budget.tests.clerk import PAGES, Clerk
from modules.participatory_budget.tests.moderation import arranging

ANNA, BELA = "anna@paris.example", "bela@paris.example"
PARKS, ROADS = "parks@paris.example", "roads@paris.example"


@pytest.fixture
def edition(in_city, site, frozen):
    """An edition with five criteria and two departments, of parks and of roads, with one person each."""
    frozen("2026-11-02T09:00")
    for email in (ANNA, BELA):
        site("paris", role="resident", email=email)
    for email in (PARKS, ROADS):
        site("paris", role="editor", email=email)
    with in_city("paris"):
        made = arranging.edition_with_ideas()
        settings.add_usual_criteria(made.id)
        settings.save_department(made.id, DepartmentTexts({"fr": "Parcs", "en": "Parks"}, 14, (PARKS,)))
        settings.save_department(made.id, DepartmentTexts({"fr": "Voirie", "en": "Roads"}, 7, (ROADS,)))
        return made.id


@pytest.fixture
def published(in_city, edition):
    """Publish ideas of Anna; returns the number of the last one."""

    def act(*titles, email=ANNA, **more):
        with in_city("paris"):
            for title in titles:
                idea = arranging.hand_in(edition_of(), email, title, **more)
                publishing.publish(idea)
            return idea.number

    return act


@pytest.fixture
def clerk(site, edition):
    """Somebody of the staff on the pages of the edition."""

    def make(role="administrator", email=None):
        found = Clerk(site, role=role, email=email or f"{role}@paris.example")
        found.home = f"{PAGES}/{edition}"
        return found

    return make


@pytest.fixture
def departments(in_city, edition):
    """Return the ids of the departments by their English names."""
    with in_city("paris"):
        return {one.name["en"]: one.id for one in settings.departments(edition_of())}


@pytest.fixture
def idea_of(in_city):
    """Return an idea by its number."""

    def find(number):
        return db.session.scalars(select(Idea).where(Idea.number == number)).one()

    return find


@pytest.fixture
def inbox(site):
    """Read what somebody was told, in English."""

    def read(email, role="resident"):
        browser = site("paris", role=role, email=email)
        return browser.get("/account/inbox", headers={"Accept-Language": "en"}).text

    return read
