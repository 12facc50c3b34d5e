import re

import pytest

SETTINGS = {
    "name": "Paris",
    "contact_email": "mairie@paris.example",
    "language_1": "fr",
    "language_2": "en",
    "language_3": "hu",
    "language_4": "es",
    "time_zone": "Europe/Paris",
    "currency": "EUR",
}


def test_the_form_shows_what_is_so(admin):
    page = admin.get("/admin/settings").text
    assert 'value="Paris"' in page
    assert 'value="hello@paris.example"' in page
    chosen = re.findall(r'<option selected value="([^"]*)"', page)
    assert chosen == ["fr", "en", "hu", "es", "Europe/Paris", "EUR"]


def test_what_is_saved_holds_with_the_next_request(admin, visitor):
    changed = {
        **SETTINGS,
        "name": "Lutèce",
        "language_1": "en",
        "language_2": "",
        "language_3": "fr",
        "language_4": "",
    }
    assert admin.post("/admin/settings", data=changed).status_code == 303
    page = visitor.get("/").text
    assert "Lutèce" in page
    assert '<html lang="en"' in page
    assert re.findall(r'hreflang="(\w+)"', page)[:2] == ["en", "fr"]
    log = admin.get("/admin/audit").text
    assert "Name: Paris → Lutèce" in log
    assert "Languages: fr, en, hu, es → en, fr" in log


def test_the_clock_of_the_city_is_that_of_its_time_zone(frozen, english):
    frozen("2026-11-22T10:00")
    admin = english(role="administrator")
    admin.post("/admin/settings", data={**SETTINGS, "time_zone": "America/New_York"})
    assert "5:00" in admin.get("/admin/audit").text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " "}, "Fill this in."),
        ({"name": "x" * 121}, "Use at most 120 characters."),
        ({"contact_email": "nobody"}, "Enter an e-mail address"),
        ({"contact_email": "a@b.example\r\nBcc: c@d.example"}, "Enter an e-mail address"),
        ({"language_2": "fr"}, "Choose each language once."),
        ({"language_1": ""}, "Not a valid choice."),
        ({"language_1": "xx"}, "Not a valid choice."),
        ({"time_zone": "Europe/Atlantis"}, "Not a valid choice."),
        ({"currency": "DEM"}, "Not a valid choice."),
    ],
)
def test_wrong_settings_are_shown_again_and_change_nothing(admin, wrong, said):
    answer = admin.post("/admin/settings", data={**SETTINGS, **wrong})
    assert answer.status_code == 422
    assert said in answer.text
    assert "hello@paris.example" in admin.get("/admin/settings").text


def test_a_name_with_markup_is_only_a_name(admin, visitor):
    admin.post("/admin/settings", data={**SETTINGS, "name": "<b>Paris</b>"})
    page = visitor.get("/").text
    assert "&lt;b&gt;Paris&lt;/b&gt;" in page
    assert "<b>Paris</b>" not in page
