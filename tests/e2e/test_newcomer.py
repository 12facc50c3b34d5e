from datetime import UTC, datetime, timedelta

import pytest

from tests.e2e.steps import (
    add,
    confirm,
    follow_the_mail,
    get_ready,
    in_menu,
    prepare_a_vote,
    start_a_city,
    take_step,
)

pytestmark = pytest.mark.browser

PROJECTS = {"A roof for the market": 80_000, "Drinking fountains": 15_000}
# From the platform's home page to a vote that is open in a public city.
MOST_PRESSES = 26


def test_a_newcomer_opens_a_vote_in_a_city_of_her_own_and_a_resident_votes(person):
    mayor = person(closely=False)
    city = start_a_city(mayor, "Newhaven", "mayor@newhaven.example")
    get_ready(mayor)
    in_menu(mayor, "Participatory budget")
    closes = datetime.now(UTC) + timedelta(days=14)
    prepare_a_vote(mayor, "Budget of Newhaven", PROJECTS, closes=f"{closes:%Y-%m-%d}")
    take_step(mayor, "Open voting now", done="The vote is open.")
    assert mayor.presses <= MOST_PRESSES

    resident, email = person(), "rita@newhaven.example"
    resident.open(city)
    resident.follow("Vote now")
    resident.sees("Sign in")
    resident.follow("Open an account")
    resident.sees("Open an account")
    resident.finds_nothing_wrong()
    resident.type("Your name", "Rita")
    resident.type("E-mail address", email)
    resident.press("Open my account")
    resident.sees("Look into your mail")
    follow_the_mail(resident, email, "/sign-in/link/")
    resident.press("Confirm my address")
    resident.sees("Choose your projects")
    add(resident, "Drinking fountains")
    assert confirm(resident)
