"""Places on a picture: there and back, inside and outside, near and far."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.participatory_budget.rules.ideas.plane import Plane, box_around, holds, metres_between

PARIS = [(2.22, 48.81), (2.47, 48.91)]
places = st.tuples(st.floats(2.22, 2.47), st.floats(48.81, 48.91))
SQUARE = [[[(0, 0), (4, 0), (4, 4), (0, 4), (0, 0)], [(1, 1), (2, 1), (2, 2), (1, 2), (1, 1)]]]


@given(places)
def test_a_place_comes_back_from_its_point_to_a_few_metres(place):
    plane = Plane.around(PARIS, 320)
    x, y = plane.point(place)
    assert 0 <= x <= 320
    assert 0 <= y <= 320
    assert metres_between(place, plane.place((x, y))) < 10


def test_north_is_up_and_east_is_right():
    plane = Plane.around(PARIS, 320)
    assert plane.point((2.3, 48.9))[1] < plane.point((2.3, 48.85))[1]
    assert plane.point((2.4, 48.9))[0] > plane.point((2.3, 48.9))[0]


def test_no_places_make_no_picture():
    with pytest.raises(ValueError):
        Plane.around([], 320)


@pytest.mark.parametrize(
    ("place", "inside"), [((3, 3), True), ((1.5, 1.5), False), ((5, 1), False), ((-1, 2), False)]
)
def test_a_hole_is_not_inside(place, inside):
    assert holds(SQUARE, place) is inside


def test_a_degree_of_latitude_is_111_kilometres():
    assert metres_between((2.3, 48), (2.3, 49)) == pytest.approx(111_195, abs=50)


@given(places, places, st.integers(50, 2000))
def test_a_box_holds_everything_that_is_so_near(one, other, metres):
    west, south, east, north = box_around(one, metres)
    if metres_between(one, other) < metres * 0.999:
        assert west <= other[0] <= east
        assert south <= other[1] <= north
