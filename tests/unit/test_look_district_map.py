import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.look.district_map import district_map, districts

GEO = Path(__file__).parents[2] / "devstack" / "demo" / "geo"
SQUARE = [[2.0, 48.0], [2.1, 48.0], [2.1, 48.1], [2.0, 48.1], [2.0, 48.0]]
U_SHAPE = [[0, 0], [3, 0], [3, 3], [2, 3], [2, 1], [1, 1], [1, 3], [0, 3], [0, 0]]


def city(name):
    return json.loads((GEO / f"{name}.geojson").read_text())


def one(ring, name="A", id_="a"):
    feature = {
        "type": "Feature",
        "id": id_,
        "properties": {"name": name},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    return {"type": "FeatureCollection", "features": [feature]}


@pytest.mark.parametrize(("name", "count"), [("paris", 20), ("budapest", 23), ("baltimore", 21)])
def test_each_demo_city_has_all_its_districts(name, count):
    drawn = str(district_map(city(name), label="Map", links=lambda id_: f"?district={id_}"))
    assert len(districts(city(name))) == count
    assert drawn.count("<a href=") == count
    assert "style=" not in drawn
    ET.fromstring(drawn)


def test_a_district_with_an_address_is_a_link_and_one_without_is_not():
    linked = district_map(one(SQUARE), label="Map", links=lambda id_: f"/d/{id_}")
    assert '<a href="/d/a" aria-label="A">' in linked
    assert 'role="group"' in linked
    assert "<a " not in district_map(one(SQUARE), label="Map", links=lambda _id: None)


def test_a_map_without_links_is_one_picture_with_its_name():
    drawn = district_map(one(SQUARE), label="Districts of Paris")
    assert 'role="img" aria-label="Districts of Paris"' in drawn
    assert "<a " not in drawn


def test_highlighted_districts_are_marked():
    assert 'class="dmap__on"' in district_map(one(SQUARE), label="Map", highlight={"a"})
    assert "dmap__on" not in district_map(one(SQUARE), label="Map", highlight={"b"})


def test_names_and_addresses_are_escaped():
    drawn = district_map(one(SQUARE, name="<script>"), label='"><b>', links=lambda _id: '"><i>')
    assert "<script>" not in drawn
    assert "<b>" not in drawn
    assert "<i>" not in drawn


def test_north_is_up_and_east_is_right():
    two = one(SQUARE, name="South", id_="s")
    two["features"] += one([[x + 0.2, y + 0.2] for x, y in SQUARE], name="North", id_="n")["features"]
    text = {t.text: t for t in ET.fromstring(str(district_map(two, label="Map"))).iter("text")}
    assert float(text["North"].get("y")) < float(text["South"].get("y"))
    assert float(text["North"].get("x")) > float(text["South"].get("x"))


def test_the_name_of_a_hollow_district_stands_inside_it():
    drawn = ET.fromstring(str(district_map(one(U_SHAPE), label="Map")))
    x = float(next(drawn.iter("text")).get("x"))
    assert not 720 / 3 < x < 720 * 2 / 3 or float(next(drawn.iter("text")).get("y")) > 400


@pytest.mark.parametrize(
    "broken",
    [{}, {"features": None}, {"features": ["x", {}]}, {"features": [{"geometry": {"type": "Point"}}]}],
)
def test_a_file_without_districts_is_refused(broken):
    with pytest.raises(ValueError, match="no districts"):
        district_map(broken, label="Map")


places = st.tuples(st.floats(-179, 179), st.floats(-80, 80))


@given(st.lists(places, min_size=3, max_size=12))
def test_any_ring_is_drawn(ring):
    drawn = str(district_map(one([list(place) for place in ring]), label="Map"))
    ET.fromstring(drawn)
    assert "nan" not in drawn
