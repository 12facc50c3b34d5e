import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.look.colour import at_luminance, chroma_and_hue, luminance
from app.web.look.palette import contrast, palette, parse_colour, theme_css

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
GROUNDS = ("bg", "bg2", "surface", "tint", "hover")


@given(colours, st.booleans())
def test_text_of_every_brand_passes_aa_on_every_ground(brand, dark):
    steps = palette(brand, dark=dark)
    for ground in GROUNDS:
        for ink in ("text", "text2", "link"):
            assert contrast(steps[ink], steps[ground]) >= 4.5, (ink, ground)


@given(colours, st.booleans())
def test_text_on_buttons_of_every_brand_passes_aa(brand, dark):
    steps = palette(brand, dark=dark)
    for ground in ("base", "basehover"):
        assert contrast(steps["on"], steps[ground]) >= 4.5, ground
    assert contrast(steps["onui"], steps["ui"]) >= 3


@given(colours, st.booleans())
def test_borders_and_marks_of_every_brand_stand_out_three_to_one(brand, dark):
    steps = palette(brand, dark=dark)
    for ground in GROUNDS:
        assert contrast(steps["border"], steps[ground]) >= 3, ground
        assert contrast(steps["ui"], steps[ground]) >= 3, ground


@given(colours)
def test_the_light_scheme_keeps_the_citys_own_colour(brand):
    assert palette(brand, dark=False)["base"] == brand


def test_a_navy_brand_stays_blue_in_the_dark():
    chroma, _hue = chroma_and_hue(palette("#14387f", dark=True)["base"])
    assert chroma > 0.1


@given(st.floats(0.01, 0.98), colours)
def test_a_colour_of_a_wanted_luminance_has_it(target, brand):
    chroma, hue = chroma_and_hue(brand)
    assert luminance(at_luminance(target, chroma, hue)) == pytest.approx(target, abs=0.012)


def test_contrast_is_the_one_of_wcag():
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#ffffff", "#777777") == contrast("#777777", "#ffffff")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("#14387F", "#14387f"), ("14387f", "#14387f"), (" #FC0 ", "#ffcc00"), ("fc0", "#ffcc00")],
)
def test_a_colour_is_kept_in_one_spelling(typed, kept):
    assert parse_colour(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["", "red", "red; }", "#12345", "#1234567", "#ggg", "#fff;}", "url(x)", "#ﬀﬀﬀ", "#fff\n#000", "#１２３"],
)
def test_anything_but_a_hex_colour_is_refused(typed):
    with pytest.raises(ValueError, match="hex colour"):
        parse_colour(typed)
    with pytest.raises(ValueError, match="hex colour"):
        theme_css(typed)


@given(st.text(max_size=12))
def test_whatever_is_typed_as_a_colour_nothing_but_colours_gets_into_the_sheet(typed):
    try:
        sheet = theme_css(typed)
    except ValueError:
        return
    values = re.findall(r"--c-[a-z0-9]+:([^;]*);", sheet)
    assert values
    assert all(re.fullmatch("#[0-9a-f]{6}", value) for value in values)


def test_the_sheet_serves_both_schemes_and_the_readers_choice():
    sheet = theme_css("#14387f")
    assert sheet.startswith(":root{--c-bg:#ffffff;")
    assert "@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){" in sheet
    assert "@media screen{:root[data-theme=dark]{" in sheet
    assert len(sheet) < 2048
