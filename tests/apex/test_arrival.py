import re

import pytest

from app.accounts.models import Purpose
from app.accounts.services import find, new_link

FROM_THE_PLATFORM = {"Sec-Fetch-Site": "same-site"}


@pytest.fixture
def ready(apex, confirmed, run_tasks):
    """The page of a city that has just become ready, in the browser that set it up."""
    page = confirmed()
    run_tasks()
    return page


@pytest.fixture
def path_to_city(apex, ready):
    """Where the platform sends that browser, on the city's host."""
    answer = apex.get(f"{ready}/console")
    assert answer.status_code == 303
    found = re.fullmatch(r"http://szentendre\.parvis\.localhost:8000(/arrive/[\w-]{43})", answer.location)
    assert found
    return found[1]


def test_the_page_shows_the_steps_while_the_city_is_made(apex, confirmed):
    page = apex.get(confirmed()).text
    assert "Your address is reserved" in page
    assert "szentendre.parvis.localhost" in page
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in page
    assert 'hx-trigger="every 1s"' in page


def test_the_page_answers_the_poll_when_something_is_new(apex, confirmed, run_tasks):
    page = confirmed()
    poll = re.search(r'hx-get="([^"]+)"', apex.get(page).text)[1].replace("&amp;", "&")
    htmx = {"HX-Request": "true"}
    assert apex.get(poll, headers=htmx).status_code == 204
    run_tasks()
    answer = apex.get(poll, headers=htmx)
    assert answer.headers["HX-Redirect"] == f"{page}/console"


def test_another_browser_sees_that_the_city_is_ready_and_signs_in_there(site, ready):
    other = site("")
    page = other.get(ready, headers={"Accept-Language": "en"}).text
    assert "Szentendre is ready" in page
    assert 'href="http://szentendre.parvis.localhost:8000/sign-in"' in page
    assert "http-equiv" not in page
    assert other.get(f"{ready}/console").location == ready
    fragment = other.get(f"{ready}?seen=reserved", headers={"HX-Request": "true", "Accept-Language": "en"})
    assert "Szentendre is ready" in fragment.text
    assert "hx-get" not in fragment.text


def test_the_browser_that_pressed_the_button_is_led_in(apex, ready):
    page = apex.get(ready).text
    assert f'<meta http-equiv="refresh" content="0;url={ready}/console">' in page
    assert "Go to my back office" in page


def test_four_clicks_lead_from_the_home_page_into_the_console(site, path_to_city):
    city = site("szentendre")
    answer = city.get(path_to_city, headers=FROM_THE_PLATFORM)
    assert (answer.status_code, answer.location) == (303, "/admin/")
    assert city.get("/").status_code == 200


def test_the_platform_lets_a_browser_in_once(apex, ready, path_to_city):
    assert apex.get(f"{ready}/console").location == ready


def test_the_way_in_works_once(site, path_to_city):
    site("szentendre").get(path_to_city, headers=FROM_THE_PLATFORM)
    second = site("szentendre")
    assert second.get(path_to_city, headers=FROM_THE_PLATFORM).location == "/admin/"
    assert second.get("/").status_code == 403


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "none"}])
def test_whoever_comes_from_elsewhere_presses_a_button_first(site, path_to_city, headers):
    city = site("szentendre")
    answer = city.get(path_to_city, headers=headers)
    assert answer.location.startswith("/sign-in/")
    assert "next=" in answer.location
    assert city.get("/").status_code == 403
    assert "mayor@szentendre.example" in city.get(answer.location).text
    assert city.post(answer.location).status_code == 303
    assert city.get("/").status_code == 200


def test_a_link_for_something_else_signs_nobody_in(site, ready, in_city):
    with in_city("szentendre"):
        account = find("mayor@szentendre.example")
        secrets = [new_link(account, purpose) for purpose in Purpose if purpose is not Purpose.ARRIVE]
    for secret in (*secrets, "made-up"):
        city = site("szentendre")
        city.get(f"/arrive/{secret}", headers=FROM_THE_PLATFORM)
        assert city.get("/").status_code == 403


def test_a_way_into_one_city_leads_into_no_other(site, path_to_city):
    paris = site("paris")
    paris.get(path_to_city, headers=FROM_THE_PLATFORM)
    assert paris.get("/admin/").status_code in (302, 303, 404)
    assert site("").get(path_to_city).status_code == 404


def test_after_an_hour_the_browser_signs_in_like_any_other(apex, confirmed, run_tasks, frozen):
    frozen("2026-11-22T10:00")
    page = confirmed()
    run_tasks()
    frozen("2026-11-22T11:01")
    assert apex.get(f"{page}/console").location == page
    assert "Sign in" in apex.get(page).text
