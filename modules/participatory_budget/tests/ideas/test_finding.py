"""Finding ideas: words, filters, what is alike or near, feeds, the map, bounded queries."""

import json
from xml.etree import ElementTree

import pytest

from modules.participatory_budget.rules.ideas.rules import Publication
from modules.participatory_budget.services.finding import find_ideas
from modules.participatory_budget.services.ideas import finding

from .. import arranging
from .author import HTMX, TEXT, words

pytestmark = pytest.mark.usefixtures("taking")
BASE = "/participatory-budget/2026/ideas"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def written(anna, in_city):
    """Ideas by title; the first two lie 200 metres from each other."""
    titles = {
        "Benches for the school square": {"latitude": "48.905", "longitude": "2.31", "district": "north"},
        "Shade for the playground": {"latitude": "48.9068", "longitude": "2.31", "district": "north"},
        "A pump for bicycles": {"latitude": "48.885", "longitude": "2.31", "district": "south"},
        "Cinema under the stars": {},
    }
    return {title: anna.hand_in(title, text=f"{TEXT} {title}", **place) for title, place in titles.items()}


@pytest.mark.parametrize("asked", ["playground", "PLAYGROUND shade", "plaground", "bicycle"])
def test_words_find_even_when_they_are_typed_almost_right(anna, written, asked):
    page = words(anna.get(f"/ideas?q={asked}"))
    assert ("A pump for bicycles" if asked == "bicycle" else "Shade for the playground") in page
    assert "1 idea" in page


def test_filters_narrow_the_list(anna, written):
    page = words(anna.get("/ideas?district=south"))
    assert "A pump for bicycles" in page
    assert "1 idea" in page
    assert "No idea fits these filters" in words(anna.get("/ideas?category=streets"))
    assert "No idea fits these filters" in words(anna.get("/ideas?state=merged"))


def test_the_order_is_random_and_stays_for_one_reader(anna, ben, in_city):
    for number in range(8):
        anna.hand_in(f"Idea of the order {number}")

    def order(who) -> list[str]:
        return [w for w in who.get("/ideas").text.split('id="idea-')[1:] if w]

    first = [one.split('"')[0] for one in order(anna)]
    assert first == [one.split('"')[0] for one in order(anna)]
    assert sorted(first) == sorted(one.split('"')[0] for one in order(ben))
    assert first != [one.split('"')[0] for one in order(ben)]


def test_similar_ideas_are_shown_while_the_title_is_typed(ben, written):
    answer = ben.get("/ideas/alike?title=Bench+on+the+square+of+the+school", headers=HTMX)
    assert "Benches for the school square" in answer.text
    assert "<html" not in answer.text
    assert "Nobody has suggested this yet" in words(ben.get("/ideas/alike?title=Swimming", headers=HTMX))
    assert ben.get("/ideas/alike?title=Swimming").status_code == 303


def test_what_is_near_is_suggested_whatever_it_is_called(ben, written):
    path = ben.begin("Ice rink")
    ben.step(path, "place", {"latitude": "48.9052", "longitude": "2.3101"})
    page = words(ben.get(f"{path}/alike"))
    assert "Benches for the school square" in page
    assert "Shade for the playground" in page
    assert "m away" in page
    assert "A pump for bicycles" not in page


def test_nobodys_draft_is_suggested(anna, ben):
    anna.write("Benches for the school square")
    path = ben.begin("Benches for the school square")
    assert ben.get(f"{path}/alike").status_code == 303


def test_the_feed_has_the_newest_ideas(visitor, written):
    answer = visitor.get(f"{BASE}/feed.atom")
    assert answer.content_type.startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.data)
    titles = [entry.find(f"{ATOM}title").text for entry in feed.findall(f"{ATOM}entry")]
    assert titles[0] == "Cinema under the stars"
    assert len(titles) == 4
    assert {one.text for one in feed.findall(f"{ATOM}entry/{ATOM}author/{ATOM}name")} == {"Anna"}
    assert (
        visitor.get(f"{BASE}/feed.atom", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    )


def test_the_places_are_geojson(visitor, written):
    answer = visitor.get(f"{BASE}/places.geojson")
    assert answer.content_type.startswith("application/geo+json")
    features = json.loads(answer.data)["features"]
    assert [one["properties"]["title"] for one in features] == list(written)[:3]
    assert features[0]["geometry"] == {"type": "Point", "coordinates": [2.31, 48.905]}


def test_the_map_shows_pins_that_lead_to_ideas(anna, written):
    page = anna.get("/ideas").text
    assert page.count('class="dmap__pin"') == 3
    assert f'href="{BASE}/{written["A pump for bicycles"]}" aria-label="3. A pump for bicycles"' in page


def test_programs_read_what_everybody_reads(visitor, written):
    items = visitor.get("/api/v1/participatory-budget/editions/2026/ideas").json["items"]
    assert [one["title"] for one in items] == list(written)
    one = visitor.get("/api/v1/participatory-budget/editions/2026/ideas/3").json
    assert (one["authors"], one["district"], one["supports"]) == (["Anna"], "south", None)


def test_where_ideas_are_not_shown_nothing_shows_them(anna, visitor, written, collecting, in_city):
    collecting(publication=Publication.NONE)
    with in_city("paris"):
        find_ideas(arranging.edition_of())
    number = written["A pump for bicycles"]
    for path in (BASE, "/search?q=pump", "/participatory-budget/2026/"):
        page = visitor.get(path)
        assert page.status_code == 200
        assert "A pump for bicycles" not in page.text
    for path in (f"{BASE}/{number}", f"{BASE}/feed.atom", f"{BASE}/places.geojson"):
        assert visitor.get(path).status_code == 404
    assert visitor.get("/api/v1/participatory-budget/editions/2026/ideas").status_code == 404
    assert anna.get(f"/ideas/{number}").status_code == 200


def test_the_whole_city_is_searched_with_ideas(visitor, written):
    assert "A pump for bicycles" in words(visitor.get("/search?q=pump")).replace("  ", " ")


def test_lists_ask_the_database_as_often_for_many_as_for_few(anna, count_queries, in_city):
    anna.hand_in("The first of many ideas")
    anna.get("/ideas")
    with count_queries() as few:
        anna.get("/ideas")
    for number in range(8):
        anna.hand_in(f"Another idea {number}")
    with count_queries() as many:
        page = anna.get("/ideas")
    assert "9 ideas" in words(page)
    assert len(many) <= len(few) + 1


def test_a_page_beyond_the_last_is_none(anna, written):
    assert anna.get("/ideas?page=2").status_code == 404


def test_the_nearest_idea_comes_first(written, in_edition):
    found = in_edition(lambda edition: finding.near(edition, (2.31, 48.9055)))
    assert [one.metres for one in found] == sorted(one.metres for one in found)
    assert found[0].metres < 100


def test_the_page_of_the_edition_says_that_ideas_are_taken(visitor, written):
    page = visitor.get("/participatory-budget/2026/", headers={"Accept-Language": "en"})
    assert "Everybody can suggest ideas now." in words(page)
    assert "See all 4 ideas" in words(page)


def test_counts_of_ideas_by_state_hold(in_edition, written):
    assert in_edition(finding.number_shown) == 4
    assert in_edition(finding.by_district) == {"north": 2, "south": 1, "": 1}
