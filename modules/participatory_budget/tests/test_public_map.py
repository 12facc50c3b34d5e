import re

import pytest
from sqlalchemy import select

from app.sdk import db

from ..models import District, Edition
from ..services import editions, projects

SQUARE = [[[2.0, 48.0], [2.1, 48.0], [2.1, 48.1], [2.0, 48.1], [2.0, 48.0]]]
OUTLINES = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "id": 1,
            "properties": {"name": name},
            "geometry": {"type": "Polygon", "coordinates": SQUARE},
        }
        for name in ("10e", "11e <b>")
    ],
}


@pytest.fixture
def mapped(in_city):
    with in_city("paris"):
        edition = editions.create("mapped", {"fr": "Carte"})
        for position, (key, name) in enumerate([("10e", "10e"), ("11e", "11e <b>")]):
            edition.districts.append(District(key=key, name=name, position=position))
        edition.outlines = OUTLINES
        db.session.flush()
        projects.add(edition.id, projects.ProjectTexts(title={"fr": "Jardin"}, cost=100, district="10e"))
        editions.show(edition.id)


def test_districts_with_projects_lead_to_them_on_the_map(mapped, visitor):
    page = visitor.get("/participatory-budget/mapped/").text
    drawing = re.search(r'<svg class="dmap".*?</svg>', page, re.DOTALL).group(0)
    assert "projects?district=10e" in drawing
    assert drawing.count("<a ") == 1


def test_names_on_the_map_are_text(mapped, visitor):
    assert "11e &lt;b&gt;" in visitor.get("/participatory-budget/mapped/").text


def test_without_outlines_there_is_no_map(mapped, in_city, visitor):
    with in_city("paris"):
        db.session.scalars(select(Edition)).one().outlines = None
    page = visitor.get("/participatory-budget/mapped/")
    assert page.status_code == 200
    assert "dmap" not in page.text
