import re

import pytest


def rows(page):
    return dict(
        re.findall(
            r'<h2 class="h3 module__title"[^>]*><a href="/admin/modules/([a-z_]+)">.*?aria-checked="(\w+)"',
            page,
            re.DOTALL,
        )
    )


def tabs(page):
    return dict(re.findall(r'>(All|On|Off) <span class="tag num">(\d+)</span>', page))


def test_every_installed_module_has_a_row_with_its_switch(admin):
    page = admin.get("/admin/modules/").text
    assert {"news": "true", "participatory_budget": "true"}.items() <= rows(page).items()
    assert "shared by Budapest and Paris" in page
    assert "used by 2 cities" in page
    assert 'role="switch"' in page


def test_the_tabs_count_and_filter(admin, switch):
    switch(admin, "news", on=False)
    number = len(rows(admin.get("/admin/modules/").text))
    assert tabs(admin.get("/admin/modules/").text) == {"All": str(number), "On": str(number - 1), "Off": "1"}
    assert "news" not in rows(admin.get("/admin/modules/?show=on").text)
    assert rows(admin.get("/admin/modules/?show=off").text) == {"news": "false"}
    switch(admin, "news", on=True)
    admin.get("/admin/modules/")
    assert "Everything is on" in admin.get("/admin/modules/?show=off").text


def test_a_module_that_is_off_is_gone_in_that_city_only_with_the_next_request(admin, site, switch):
    visitor, elsewhere = site("paris"), site("budapest")
    assert visitor.get("/news/").status_code == 200
    assert switch(admin, "news", on=False).location == "/admin/modules/"
    assert visitor.get("/news/").status_code == 404
    assert admin.get("/admin/news/").status_code == 404
    assert elsewhere.get("/news/").status_code == 200
    assert "/admin/news/" not in admin.get("/admin/").text

    switch(admin, "news", on=True)
    assert visitor.get("/news/").status_code == 200


def test_the_notice_says_what_happened_and_takes_it_back(admin, visitor, switch):
    switch(admin, "news", on=False)
    page = admin.get("/admin/modules/").text
    assert "<strong>News is off.</strong>" in page
    assert 'form="undo-switch">Undo' in page
    undo = re.search(
        r'<form id="undo-switch" method="post" action="([^"]+)".*?name="on" value="(\d)"', page, re.DOTALL
    )
    assert undo is not None
    assert admin.post(undo[1].replace("&amp;", "&"), data={"on": undo[2]}).status_code == 303
    assert visitor.get("/news/").status_code == 200
    page = admin.get("/admin/modules/").text
    assert "News is on." in page
    assert 'Residents can see it at <a href="/news/">paris.parvis.localhost/news</a>' in page
    assert "News is on." not in admin.get("/admin/modules/").text


def test_the_row_that_was_switched_stays_on_its_tab_for_undo(admin):
    admin.post("/admin/modules/news/switch?show=on", data={"on": "0"})
    assert rows(admin.get("/admin/modules/?show=on").text)["news"] == "false"
    assert "news" not in rows(admin.get("/admin/modules/?show=on").text)


def test_whoever_comes_second_sees_who_was_faster(english, switch):
    first = english(role="administrator", email="anna@paris.example")
    second = english(role="administrator", email="bela@paris.example")
    assert switch(first, "news", on=False).status_code == 303
    late = switch(second, "news", on=False)
    assert late.status_code == 409
    assert "News is already off" in late.text
    assert re.search(r"Anna turned it off \d+ seconds? ago\.", late.text)
    assert rows(second.get("/admin/modules/").text)["news"] == "false"
    assert second.get("/admin/audit").text.count("Turned off a module</td>") == 1


def test_every_switch_is_in_the_audit_log(admin, switch):
    switch(admin, "news", on=False)
    switch(admin, "news", on=True)
    page = admin.get("/admin/audit").text
    assert page.index("Turned on a module</td>") < page.index("Turned off a module</td>")
    assert page.count('<td data-label="About">News</td>') == 2


def test_an_unknown_module_is_not_found(admin, switch):
    assert admin.get("/admin/modules/nothing").status_code == 404
    assert switch(admin, "nothing", on=True).status_code == 404
    assert admin.get("/admin/modules/nothing/off").status_code == 404


@pytest.mark.usefixtures("town_modules")
def test_what_a_module_needs_is_asked_for_and_turned_on_with_it(admin, switch):
    assert "Needs “Town forms”" in admin.get("/admin/modules/").text
    answer = switch(admin, "town_polls", on=True)
    assert answer.location == "/admin/modules/town_polls/on"
    page = admin.get(answer.location).text
    assert "Also turn on Town forms?" in page
    assert "Turn on both" in page
    assert rows(admin.get("/admin/modules/").text)["town_polls"] == "false"

    assert switch(admin, "town_polls", on=True, together=["town_forms"]).status_code == 303
    page = admin.get("/admin/modules/").text
    assert "Town polls and Town forms are on." in page
    assert {"town_polls": "true", "town_forms": "true"}.items() <= rows(page).items()


@pytest.mark.usefixtures("town_modules")
def test_what_needs_a_module_goes_off_with_it_and_comes_back_with_undo(admin, switch):
    switch(admin, "town_polls", on=True, together=["town_forms"])
    answer = switch(admin, "town_forms", on=False)
    assert answer.location == "/admin/modules/town_forms/off"
    page = admin.get(answer.location).text
    assert "Turn off Town forms?" in page
    assert "Town polls" in page

    # Agreeing to less than what would happen changes nothing.
    assert switch(admin, "town_forms", on=False, confirmed="1").location == "/admin/modules/town_forms/off"
    assert switch(admin, "town_forms", on=False, confirmed="1", together=["town_polls"]).status_code == 303
    page = admin.get("/admin/modules/").text
    assert {"town_polls": "false", "town_forms": "false"}.items() <= rows(page).items()
    assert 'name="together" value="town_polls"' in page

    assert switch(admin, "town_forms", on=True, together=["town_polls"]).status_code == 303
    assert {"town_polls": "true", "town_forms": "true"}.items() <= rows(
        admin.get("/admin/modules/").text
    ).items()


@pytest.mark.usefixtures("town_modules")
def test_a_module_that_residents_are_using_is_turned_off_only_after_asking(admin, switch):
    switch(admin, "town_forms", on=True)
    admin.post("/admin/modules/town_forms", data={"open": "23", "greeting": "Hi", "order": "new"})
    answer = switch(admin, "town_forms", on=False)
    assert answer.location == "/admin/modules/town_forms/off"
    page = admin.get(answer.location).text
    assert "23 forms are open." in page
    assert "Everything in it is kept" in page
    assert "Keep on" in page
    assert rows(admin.get("/admin/modules/").text)["town_forms"] == "true"
    assert switch(admin, "town_forms", on=False, confirmed="1").location == "/admin/modules/"
    assert rows(admin.get("/admin/modules/").text)["town_forms"] == "false"


@pytest.mark.usefixtures("town_modules")
def test_with_htmx_a_question_comes_as_a_page_of_its_own(admin):
    answer = admin.post("/admin/modules/town_polls/switch", data={"on": "1"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.headers["HX-Redirect"] == "/admin/modules/town_polls/on"
    assert answer.text == ""


def test_a_question_about_what_is_so_already_leads_to_the_module(admin):
    assert admin.get("/admin/modules/news/on").location == "/admin/modules/news"


@pytest.mark.usefixtures("town_modules", "fresh_city")
def test_presets_follow_the_categories_and_never_turn_anything_off(admin, switch):
    page = admin.get("/admin/modules/start").text
    assert re.findall(r'name="preset"[^>]*value="(\w+)"', page) == ["participation", "services", "everything"]
    assert admin.post("/admin/modules/start", data={}).status_code == 422
    assert admin.post("/admin/modules/start", data={"preset": "nothing"}).status_code == 422

    admin.post("/admin/modules/start", data={"preset": "services"})
    assert {name for name, on in rows(admin.get("/admin/modules/").text).items() if on == "true"} == {
        "town_forms",
        "news",
    }
    admin.post("/admin/modules/start", data={"preset": "participation"})
    on = {name for name, state in rows(admin.get("/admin/modules/").text).items() if state == "true"}
    assert {"town_forms", "news", "town_polls", "participatory_budget"} <= on


@pytest.mark.usefixtures("town_modules", "fresh_city")
def test_a_preset_brings_what_its_modules_need(admin):
    assert "News, Participatory budget, Town forms, and Town polls" in admin.get("/admin/modules/start").text
    admin.post("/admin/modules/start", data={"preset": "participation"})
    assert rows(admin.get("/admin/modules/").text)["town_forms"] == "true"
    admin.post("/admin/modules/start", data={"preset": "participation"})
    assert "All of this was on already." in admin.get("/admin/modules/").text


def test_a_module_switched_on_for_the_first_time_gets_its_tables(admin, app, switch):
    from sqlalchemy import text

    from tenants import schema

    def exists():
        with app.app_context(), schema.owner_transaction() as connection:
            return connection.scalar(text("SELECT to_regclass('c_testparis.news_article')")) is not None

    assert exists()
    switch(admin, "news", on=False)
    assert exists()
    assert switch(admin, "news", on=True).status_code == 303


def test_the_list_asks_little_of_the_database(admin, count_queries):
    admin.get("/admin/modules/")
    with count_queries() as asked:
        assert admin.get("/admin/modules/").status_code == 200
    assert len(asked) <= 11, asked
