import pytest

VALID = {"open": "3", "greeting": "Hi", "order": "old"}


def test_a_module_tells_what_it_is_who_shares_it_and_who_may_do_what(admin):
    page = admin.get("/admin/modules/participatory_budget").text
    assert "Projects, ballot, secret vote, count and results that anyone can check." in page
    assert "1.0.0" in page
    assert "Budapest and Paris" in page
    assert "Open and close the vote, start the count, see, sign and publish results" in page
    assert "paris.parvis.localhost/participatory-budget" in page
    assert 'role="switch"' in page


def test_a_module_can_be_switched_on_its_own_page(admin):
    answer = admin.post("/admin/modules/news/switch?back=page", data={"on": "0"})
    assert answer.location == "/admin/modules/news"
    page = admin.get("/admin/modules/news").text
    assert "News is off." in page
    assert 'aria-checked="false"' in page
    assert "Work with this module" not in page


@pytest.mark.usefixtures("town_modules")
def test_settings_are_drawn_from_the_manifest(admin):
    page = admin.get("/admin/modules/town_forms").text
    for label in ("Forms that are open", "Greeting", "Allow forms without a name", "Newest first"):
        assert label in page
    assert 'value="Hello"' in page
    assert 'type="checkbox"' in page
    assert "This module has nothing to set." in admin.get("/admin/modules/town_polls").text


@pytest.mark.usefixtures("town_modules")
def test_settings_are_kept_and_what_they_were_is_in_the_audit_log(admin):
    answer = admin.post("/admin/modules/town_forms", data={**VALID, "anonymous": "y"})
    assert answer.status_code == 303
    page = admin.get(answer.location).text
    assert "The settings of Town forms are saved." in page
    assert 'value="3"' in page
    assert 'value="old" checked' in page
    log = admin.get("/admin/audit").text
    assert "Changed the settings of a module" in log
    assert "Greeting: Hello → Hi" in log
    assert "Allow forms without a name: No → Yes" in log
    assert "Forms that are open: 0 → 3" in log


@pytest.mark.usefixtures("town_modules")
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"open": "many"}, "Enter a whole number, for example 10."),
        ({"open": "51"}, "Enter a number from 0 to 50."),
        ({"open": "-1"}, "Enter a number from 0 to 50."),
        ({"open": ""}, "Enter a number."),
        ({"greeting": "x" * 501}, "Use at most 500 characters."),
        ({"order": "sideways"}, "Not a valid choice."),
    ],
)
def test_wrong_settings_are_shown_again_with_what_was_typed(admin, wrong, said):
    answer = admin.post("/admin/modules/town_forms", data={**VALID, **wrong})
    assert answer.status_code == 422
    assert said in answer.text
    assert answer.text.count('<li><a href="#') == 1
    assert "There is a problem" in answer.text
    if wrong.get("open"):
        assert f'value="{wrong["open"]}"' in answer.text
    assert 'value="Hello"' in admin.get("/admin/modules/town_forms").text


@pytest.mark.usefixtures("town_modules")
def test_settings_of_one_city_are_not_those_of_another(admin, english):
    admin.post("/admin/modules/town_forms", data=VALID)
    elsewhere = english("budapest", role="administrator")
    assert 'value="Hello"' in elsewhere.get("/admin/modules/town_forms").text


def test_a_modules_page_asks_little_of_the_database(admin, count_queries):
    admin.get("/admin/modules/news")
    with count_queries() as asked:
        assert admin.get("/admin/modules/news").status_code == 200
    assert len(asked) <= 12, asked
