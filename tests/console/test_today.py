import re

import pytest


def states(page):
    return dict(
        re.findall(
            r"<strong>([^<]+)</strong>.*?<span class=\"tag[^>]*>(?:<svg.*?</svg>)?([^<]+)</span>",
            page,
            re.DOTALL,
        )
    )


@pytest.mark.usefixtures("fresh_city")
def test_a_fresh_city_shows_what_is_to_be_done(admin):
    page = admin.get("/admin/").text
    assert "Get your city ready" in page
    assert states(page) == {
        "Name and contact": "To do",
        "Colours and greeting": "To do",
        "Choose modules": "To do",
        "Invite staff": "To do",
        "Publish": "Cannot start yet",
    }
    assert "0 of 5 done" in page


@pytest.mark.usefixtures("fresh_city")
def test_each_task_is_done_once_its_page_has_been_used(admin):
    def done():
        return [title for title, state in states(admin.get("/admin/").text).items() if state == "Done"]

    details = {"name": "Paris", "contact_email": "mairie@paris.example", "language_1": "fr"}
    assert (
        admin.post(
            "/admin/settings", data={**details, "time_zone": "Europe/Paris", "currency": "EUR"}
        ).status_code
        == 303
    )
    assert done() == ["Name and contact"]
    assert admin.post("/admin/branding", data={"brand": "#006600", "hero": "plain"}).status_code == 303
    assert done() == ["Name and contact", "Colours and greeting"]
    assert admin.post("/admin/modules/start", data={"preset": "everything"}).status_code == 303
    assert done() == ["Name and contact", "Colours and greeting", "Choose modules"]
    invited = {"emails": "a@paris.example", "role": "editor", "confirmed": "1"}
    assert admin.post("/admin/staff/invite", data=invited).status_code == 303
    assert done() == ["Name and contact", "Colours and greeting", "Choose modules", "Invite staff"]
    assert states(admin.get("/admin/").text)["Publish"] == "To do"


@pytest.mark.usefixtures("fresh_city")
def test_a_city_is_not_published_before_it_has_a_contact_and_a_module(admin):
    assert "Give a contact address first." in admin.get("/admin/publish").text
    answer = admin.post("/admin/publish")
    assert answer.status_code == 409
    assert "Turn on a module first." in answer.text
    assert admin.get("/admin/").text.count("Not public yet")


def test_publishing_asks_first_and_then_residents_see_the_site(admin, visitor, change_city):
    change_city(published=False)
    assert visitor.get("/").status_code == 403
    assert "Publish Paris?" in admin.get("/admin/publish").text
    assert visitor.get("/").status_code == 403

    assert admin.post("/admin/publish").location == "/admin/"
    assert "Paris is public" in admin.get("/admin/").text
    assert visitor.get("/").status_code == 200
    assert "Made the site public" in admin.get("/admin/audit").text


def test_publishing_twice_says_that_it_is_done(admin):
    assert admin.get("/admin/publish").status_code == 409
    assert admin.post("/admin/publish").status_code == 409


def test_a_published_city_can_be_hidden_again(admin, visitor):
    assert "Hide Paris from residents?" in admin.get("/admin/unpublish").text
    assert visitor.get("/").status_code == 200
    assert admin.post("/admin/unpublish").status_code == 303
    assert visitor.get("/").status_code == 403
    assert admin.post("/admin/unpublish").status_code == 409


def test_staff_who_do_not_decide_see_no_tasks(english, change_city):
    change_city(published=False)
    page = english(role="viewer").get("/admin/").text
    assert "What is going on" in page
    assert "Get your city ready" not in page
    assert "See the whole audit log" not in page


def test_a_public_city_shows_what_is_on_the_people_and_the_last_changes(admin, resident, switch):
    switch(admin, "participatory_budget", on=False)
    page = admin.get("/admin/").text
    assert 'href="/admin/news/"' in page
    assert "/participatory-budget/" not in page
    assert "resident with an account" in page
    assert "Turned off a module" in page
    assert "Participatory budget" in page


@pytest.mark.usefixtures("town_modules")
def test_what_is_going_on_in_a_module_is_told_in_its_own_words(admin, switch):
    switch(admin, "town_forms", on=True)
    assert "Residents fill in forms." in admin.get("/admin/").text
    admin.post("/admin/modules/town_forms", data={"open": "3", "greeting": "Hi", "order": "new"})
    assert "3 forms are open." in admin.get("/admin/").text


def test_the_first_page_asks_little_of_the_database(admin, count_queries, english):
    admin.get("/admin/")
    with count_queries() as asked:
        assert admin.get("/admin/").status_code == 200
    assert len(asked) <= 15, asked
