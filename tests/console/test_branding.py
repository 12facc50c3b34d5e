import random
import re

import pytest

LOOK = {"brand": "#00695c", "hero": "skyline", "tagline-fr": "Vos démarches", "tagline-en": "Your errands"}


def theme(browser):
    return browser.get("/theme.css").text


def test_a_saved_look_is_on_the_next_page_of_this_city_only(admin, site):
    elsewhere = theme(site("budapest"))
    address = re.search(r"/theme\.css\?v=\w+", admin.get("/").text)[0]
    answer = admin.post("/admin/branding", data=LOOK)
    assert answer.location == "/admin/branding"
    assert "--c-base:#00695c" in theme(admin)
    assert re.search(r"/theme\.css\?v=\w+", admin.get("/").text)[0] != address
    assert "Your errands" in admin.get("/").text
    assert theme(site("budapest")) == elsewhere


@pytest.mark.parametrize(
    "typed",
    [
        "red; }",
        "red",
        "",
        "#12345",
        "#14387g",
        "#fff}body{display:none",
        "url(x)",
        "##fff",
        "１２３",
        "#14387f;",
    ],
)
def test_what_is_no_colour_is_kept_and_explained_and_changes_nothing(admin, typed):
    before = theme(admin)
    answer = admin.post("/admin/branding", data={**LOOK, "brand": typed})
    assert answer.status_code == 422
    assert "Enter a colour as # and six digits" in answer.text
    assert f'id="brand" name="brand" value="{typed}"' in answer.text
    assert "Your errands" in answer.text
    assert theme(admin) == before


@pytest.mark.parametrize(
    ("typed", "meant"), [("abc", "#aabbcc"), (" #ABCDEF ", "#abcdef"), ("#f0f", "#ff00ff")]
)
def test_short_and_shouted_colours_are_understood(admin, typed, meant):
    assert admin.post("/admin/branding", data={**LOOK, "brand": typed}).status_code == 303
    assert f"--c-base:{meant}" in theme(admin)


def test_the_picker_counts_when_it_has_moved_and_the_text_otherwise(admin):
    moved = {**LOOK, "brand": ["#14387f", "#aa0000"], "brand-shown": "#14387f"}
    admin.post("/admin/branding", data=moved)
    assert "--c-base:#aa0000" in theme(admin)
    still = {**LOOK, "brand": ["#00aa00", "#aa0000"], "brand-shown": "#aa0000"}
    admin.post("/admin/branding", data=still)
    assert "--c-base:#00aa00" in theme(admin)


def test_a_greeting_that_is_too_long_is_refused(admin):
    answer = admin.post("/admin/branding", data={**LOOK, "tagline-fr": "a" * 121})
    assert answer.status_code == 422
    assert "use at most 120 characters (Français)" in answer.text


def test_the_preview_shows_what_is_typed_and_saves_nothing(admin):
    before = theme(admin)
    answer = admin.post("/admin/branding/preview", data={**LOOK, "brand": "#ffc20e"})
    assert answer.status_code == 200
    assert "This is a preview. Nothing is saved yet." in answer.text
    assert "Your errands" in answer.text
    assert "Black text on your colour" in answer.text
    assert "/admin/branding/ffc20e.css" in answer.text
    assert "Your colour is light" in answer.text
    assert theme(admin) == before
    assert admin.get("/admin/audit").text.count("Changed the branding") == 0


def test_the_preview_of_a_wrong_colour_keeps_showing_the_last_good_one(admin):
    answer = admin.post("/admin/branding/preview", data={**LOOK, "brand": "red; }"})
    assert answer.status_code == 422
    assert "/admin/branding/14387f.css" in answer.text


def test_the_colours_of_a_preview_touch_nothing_but_previews(admin):
    sheet = admin.get("/admin/branding/ffc20e.css")
    assert sheet.mimetype == "text/css"
    assert all(line.startswith(".preview[data-theme=") for line in sheet.text.splitlines())
    assert admin.get("/admin/branding/ffc20e.svg").mimetype == "image/svg+xml"
    assert admin.get("/admin/branding/red.css").status_code == 404
    assert admin.get("/admin/branding/red.svg").status_code == 404


def test_no_colour_makes_text_hard_to_read(admin):
    rng = random.Random(7)
    for _number in range(25):
        colour = f"#{rng.randrange(1 << 24):06x}"
        page = admin.post("/admin/branding/preview", data={**LOOK, "brand": colour}).text
        assert "easy to read" in page, colour
        assert "too faint" not in page, colour


def test_the_last_change_can_be_taken_back_and_brought_again(admin):
    assert "Undo this change" not in admin.get("/admin/branding").text
    assert admin.post("/admin/branding/undo").status_code == 409
    admin.post("/admin/branding", data=LOOK)
    page = admin.get("/admin/branding").text
    assert "Colour: #14387f → #00695c" in page
    assert "Greeting (Français): Vos démarches" in page
    admin.post("/admin/branding", data=LOOK)
    assert admin.get("/admin/branding").text.count("Undo this change") == 1

    assert admin.post("/admin/branding/undo").status_code == 303
    assert "--c-base:#14387f" in theme(admin)
    assert "Your errands" not in admin.get("/").text
    admin.post("/admin/branding/undo")
    assert "--c-base:#00695c" in theme(admin)
    assert "Your errands" in admin.get("/").text
    assert admin.get("/admin/audit").text.count("Changed the branding</td>") == 3


def test_the_picture_can_go_and_the_landmark_comes_back_with_it(admin, change_city):
    change_city(hero="skyline:eiffel")
    with_tower = admin.get("/skyline.svg").text
    admin.post("/admin/branding", data={**LOOK, "brand": "#14387f", "hero": "plain"})
    assert "hero__img" not in admin.get("/").text
    admin.post("/admin/branding", data={**LOOK, "brand": "#14387f", "hero": "skyline"})
    assert "hero__img" in admin.get("/").text
    assert admin.get("/skyline.svg").text == with_tower
