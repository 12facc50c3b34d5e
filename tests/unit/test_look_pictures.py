import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.web.look.favicon import favicon_svg
from app.web.look.project_art import project_art
from app.web.look.skyline import LANDMARKS, skyline_svg

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
words = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), max_size=12)


@given(words, words)
def test_a_projects_picture_is_well_formed_whatever_its_theme(seed, theme):
    picture = str(project_art(seed, theme))
    ET.fromstring(picture)
    assert "style=" not in picture
    assert 'aria-hidden="true"' in picture


def test_a_project_keeps_its_picture_and_another_gets_another():
    assert project_art("12", "nature") == project_art("12", "nature")
    assert project_art("12", "nature") != project_art("13", "nature")


def test_a_theme_is_known_in_any_case_and_an_unknown_one_takes_the_citys_colours():
    assert "art--nature" in project_art("1", "Nature")
    assert "art--" not in project_art("1", "nothing we know")


@settings(max_examples=30)
@given(words, colours, st.sampled_from([*LANDMARKS, None, "unheard of"]))
def test_a_skyline_is_well_formed_in_every_colour(seed, brand, landmark):
    picture = str(skyline_svg(seed, brand, landmark))
    ET.fromstring(picture)
    assert "style=" not in picture
    assert len(picture) < 20_000


def test_a_city_keeps_its_skyline():
    assert skyline_svg("paris", "#14387f", "eiffel") == skyline_svg("paris", "#14387f", "eiffel")
    assert skyline_svg("paris", "#14387f", "eiffel") != skyline_svg("lyon", "#14387f", "eiffel")


def test_a_landmark_changes_the_skyline():
    plain = skyline_svg("paris", "#14387f")
    assert all(len(skyline_svg("paris", "#14387f", name)) > len(plain) for name in LANDMARKS)


@given(words, colours)
def test_a_favicon_is_well_formed_whatever_the_citys_name(name, brand):
    icon = str(favicon_svg(name, brand))
    ET.fromstring(icon)
    assert "style=" not in icon


def test_a_favicon_shows_the_first_letter_in_capitals():
    assert ">É<" in favicon_svg("évry", "#14387f")
    assert ">P<" in favicon_svg("  ", "#14387f")
    assert "<b>" not in favicon_svg("<b>", "#14387f")


@pytest.mark.parametrize("draw", [lambda c: skyline_svg("x", c), lambda c: favicon_svg("x", c)])
def test_a_picture_refuses_what_is_no_colour(draw):
    with pytest.raises(ValueError, match="hex colour"):
        draw('"/><script>')
