"""Projects, categories and districts on the pages for staff."""

import io

import pytest
from PIL import Image

from modules.participatory_budget.services import projects

from . import arranging
from .clerk import Clerk, value_of, words

OPENING = {"opens_day": "2026-11-25", "opens_time": "09:00"}


@pytest.fixture
def clerk(site, frozen):
    frozen("2026-11-22T10:00")
    found = Clerk(site)
    found.create()
    return found


@pytest.fixture
def categories(in_city):
    def read():
        with in_city("paris"):
            return [(one.id, one.key, one.name["fr"]) for one in arranging.edition_of().categories]

    return read


@pytest.fixture
def on_ballot(in_city):
    """Return the project with a number as it is in the database."""

    def read(number=1):
        with in_city("paris"):
            return projects.texts_of(projects.project(arranging.edition_of(), number))

    return read


def picture(colour=(20, 120, 80)):
    content = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(content, "PNG")
    content.seek(0)
    return content, "place.png"


def test_a_project_is_added_with_all_that_is_known_of_it(clerk, on_ballot):
    clerk.save("/categories", {"name-fr": "Vert"})
    clerk.save("/districts", {"added": "Nord\nSud\n"})
    clerk.add(
        "Jardin",
        "1 500.50 €",
        **{"title-en": "Garden", "summary-fr": "Un jardin."},
        category="vert",
        district="sud",
        reference="A-7",
        picture=picture(),
        **{"picture_alt-fr": "Des arbres"},
    )
    made = on_ballot()
    assert (made.title, made.cost) == ({"fr": "Jardin", "en": "Garden"}, 150_050)
    assert (made.category, made.district, made.reference) == ("vert", "sud", "A-7")
    assert made.picture.endswith(".webp")
    listed = clerk.words("/projects")
    assert "A-7 Garden Vert Sud €1,500.50" in listed


@pytest.mark.parametrize(
    ("answers", "error", "status"),
    [
        ({"title-fr": ""}, "Write the title (Français).", 422),
        ({"cost": ""}, "Write what the project costs.", 422),
        ({"cost": "twelve"}, "Write an amount, for example 250,000.", 422),
        ({"cost": "1.500"}, "This amount can be read in two ways.", 422),
        ({"cost": "0"}, "Write an amount above zero.", 422),
        ({"reference": "7,8"}, "cannot hold a comma", 422),
        ({"reference": "1"}, "Another project has the number 1.", 409),
    ],
)
def test_a_project_is_refused_with_everything_kept(clerk, on_ballot, answers, error, status):
    clerk.add("Premier")
    given = {"title-fr": "Jardin", "summary-hu": "Kert.", "cost": "100", "reference": "9", **answers}
    answer = clerk.post("/projects/new", given)
    assert answer.status_code == status
    assert error in words(answer)
    assert "Kert." in answer.text
    for name in ("title-fr", "cost", "reference"):
        if given[name]:
            assert value_of(answer, name) == given[name]
    assert "1 project" in clerk.words("/projects")


def test_a_picture_needs_words_and_is_not_asked_for_twice(clerk, on_ballot):
    answer = clerk.post("/projects/new", {"title-fr": "Jardin", "cost": "100", "picture": picture()})
    assert answer.status_code == 422
    assert "Say what the picture shows (Français)." in words(answer)
    kept = value_of(answer, "kept_picture")
    clerk.add("Jardin", kept_picture=kept, **{"picture_alt-fr": "Des arbres"})
    assert on_ballot().picture == kept
    clerk.save("/projects/1", {"title-fr": "Jardin", "cost": "100", "remove_picture": "y"})
    assert (on_ballot().picture, on_ballot().picture_alt) == ("", {})


@pytest.mark.parametrize("content", [b"no picture", b""])
def test_what_is_no_picture_is_refused(clerk, content):
    sent = {"title-fr": "Jardin", "cost": "100", "picture": (io.BytesIO(content), "x.png")}
    answer = clerk.post("/projects/new", sent)
    assert answer.status_code == 422
    assert value_of(answer, "title-fr") == "Jardin"


def test_one_project_can_follow_another(clerk):
    answer = clerk.post("/projects/new", {"title-fr": "Jardin", "cost": "100", "more": "1"})
    assert answer.location.endswith("/projects/new")
    assert "“Jardin” is on the ballot." in clerk.words("/projects/new")


def test_while_people_vote_the_page_of_a_project_says_why_it_stays_and_keeps_what_was_typed(
    site, frozen, on_ballot
):
    frozen("2026-11-22T10:00")
    clerk = Clerk(site)
    clerk.prepare()
    clerk.take("open")
    page = clerk.get("/projects/1")
    assert "People are voting: what they read of a project stays as it is." in words(page)
    assert "Save the project" not in words(page)
    refused = clerk.post("/projects/1", {"title-fr": "Jardin clos"})
    assert refused.status_code == 409
    assert words(refused).count("People are voting:") == 1
    assert value_of(refused, "title-fr") == "Jardin clos"
    assert on_ballot().title["fr"] == "Jardin"


def test_projects_are_found_by_their_words_in_any_language(clerk):
    clerk.add("Jardin des Tuileries", **{"summary-en": "Shade and water"})
    clerk.add("Place du marché")
    for asked, found in (("marche", "Place du marché"), ("WATER", "Jardin des Tuileries"), ("2", "Place")):
        page = clerk.words(f"/projects?q={asked}")
        assert "1 project" in page
        assert found in page
    assert "No project has “théâtre” in its title or summary." in clerk.words("/projects?q=théâtre")


def test_removing_a_project_asks_first(clerk):
    clerk.add("Jardin")
    assert "Remove “Jardin” from the ballot?" in clerk.words("/projects/1/remove")
    assert "Jardin" in clerk.words("/projects")
    clerk.save("/projects/1/remove", {})
    assert "“Jardin” is off the ballot." in clerk.words("/projects")
    assert "No projects yet" in clerk.words("/projects")
    assert clerk.get("/projects/1").status_code == 404


def test_what_somebody_else_saved_of_a_project_is_not_overwritten_unseen(clerk, on_ballot):
    clerk.add("Jardin")
    seen = value_of(clerk.get("/projects/1"), "seen")
    clerk.save("/projects/1", {"title-fr": "Parc", "cost": "100", "seen": seen})
    refused = clerk.post("/projects/1", {"title-fr": "Jardin public", "cost": "100", "seen": seen})
    assert refused.status_code == 409
    assert value_of(refused, "title-fr") == "Jardin public"
    again = {"title-fr": "Jardin public", "cost": "100", "seen": value_of(refused, "seen")}
    clerk.save("/projects/1", again)
    assert on_ballot().title == {"fr": "Jardin public"}


def test_on_a_fixed_ballot_texts_change_and_nothing_else(site, frozen, on_ballot):
    frozen("2026-11-22T10:00")
    clerk = Clerk(site)
    clerk.prepare()
    clerk.save("/dates", {**OPENING, "closes_day": "2026-12-10", "closes_time": "18:00"})
    clerk.take("fix")
    page = clerk.get("/projects/1")
    assert "The ballot is fixed: texts and picture can change, nothing else." in words(page)
    assert 'name="cost"' not in page.text
    clerk.save("/projects/1", {"title-fr": "Jardin clos", "cost": "1", "category": "x", "reference": "8"})
    saved = on_ballot()
    assert (saved.title["fr"], saved.cost, saved.category, saved.reference) == (
        "Jardin clos",
        60_000,
        "",
        "1",
    )
    assert clerk.post("/projects/1/remove").status_code == 409
    assert "Remove" not in clerk.words("/projects")


def test_categories_are_added_named_ordered_and_removed(clerk, categories):
    for name in ("Vert", "Rues", "Écoles"):
        clerk.save("/categories", {"name-fr": name})
    assert [key for _id, key, _name in categories()] == ["vert", "rues", "ecoles"]
    last = categories()[2][0]
    clerk.save(f"/categories/{last}/move", {"up": "1"})
    clerk.save(f"/categories/{last}/move", {"up": "1"})
    clerk.save(f"/categories/{last}/move", {"up": "1"})
    assert [name for _id, _key, name in categories()] == ["Écoles", "Vert", "Rues"]
    clerk.save(f"/categories/{last}/move", {"up": "0"})
    clerk.save(f"/categories/{last}", {"name-fr": "Écoles et crèches", "name-en": "Schools"})
    assert [name for _id, _key, name in categories()] == ["Vert", "Écoles et crèches", "Rues"]
    clerk.save(f"/categories/{last}/remove", {})
    assert [name for _id, _key, name in categories()] == ["Vert", "Rues"]
    assert clerk.get(f"/categories/{last}").status_code == 404


def test_two_categories_of_the_same_name_are_told_apart(clerk, categories):
    for _ in range(2):
        clerk.save("/categories", {"name-fr": "Vert"})
    assert [key for _id, key, _name in categories()] == ["vert", "vert-2"]


def test_a_category_with_projects_stays(clerk, categories):
    clerk.save("/categories", {"name-fr": "Vert"})
    clerk.add("Jardin", category="vert")
    [(vert, _key, _name)] = categories()
    answer = clerk.post(f"/categories/{vert}/remove")
    assert answer.status_code == 409
    assert "1 project stands in this category. Move it first." in words(answer)
    assert categories()


def test_a_category_needs_a_name_and_keeps_what_was_typed(clerk, categories):
    answer = clerk.post("/categories", {"name-en": "Green", "envelope": "much"})
    assert answer.status_code == 422
    assert "Write the name (Français)." in words(answer)
    assert value_of(answer, "name-en") == "Green"
    assert value_of(answer, "envelope") == "much"
    assert categories() == []


def test_while_people_vote_a_category_can_be_renamed_and_keeps_its_money(site, frozen, in_city, categories):
    frozen("2026-11-22T10:00")
    clerk = Clerk(site)
    with in_city("paris"):
        arranging.opened(arranging.approval())
        clerk.home += f"/{arranging.edition_of().id}"
    green = categories()[0][0]
    assert 'name="envelope"' not in clerk.get(f"/categories/{green}").text
    clerk.save(f"/categories/{green}", {"name-fr": "Ville verte"})
    assert categories()[0][2] == "Ville verte"
    late = clerk.post(f"/categories/{green}", {"name-fr": "Ville verte", "envelope": "1"})
    assert late.status_code == 409
    with in_city("paris"):
        assert arranging.edition_of().envelopes["green"] == 100 * arranging.EURO


def test_districts_are_one_list(clerk, in_city):
    clerk.save("/districts", {"added": "Nord\n\n Sud \nEst"})
    clerk.add("Jardin", district="sud")
    with in_city("paris"):
        north, south, east = (f"name_{one.id.hex}" for one in arranging.edition_of().districts)
    clerk.save("/districts", {north: "", south: "Midi", east: "Est", "added": "Ouest"})
    with in_city("paris"):
        found = [(one.key, one.name) for one in arranging.edition_of().districts]
    assert found == [("sud", "Midi"), ("est", "Est"), ("ouest", "Ouest")]
    assert "Midi" in clerk.words("/projects")


def test_a_district_with_projects_stays_and_names_are_told_apart(clerk, in_city):
    clerk.save("/districts", {"added": "Nord\nSud"})
    clerk.add("Jardin", district="sud")
    with in_city("paris"):
        north, south = (f"name_{one.id.hex}" for one in arranging.edition_of().districts)
    used = clerk.post("/districts", {north: "Nord", south: "", "added": "Est"})
    assert used.status_code == 409
    assert "Projects are for Sud. Move them first." in words(used)
    assert "Est</textarea>" in used.text
    twice = clerk.post("/districts", {north: "Nord", south: "nord"})
    assert twice.status_code == 422
    assert "nord is on the list twice." in words(twice)
    assert value_of(twice, south) == "nord"


def test_a_long_list_costs_as_many_questions_as_a_short_one(clerk, count_queries, in_city):
    clerk.save("/categories", {"name-fr": "Vert"})
    clerk.save("/districts", {"added": "Nord"})
    clerk.add("Premier", category="vert", district="nord")

    def asked(path):
        clerk.get(path)
        with count_queries() as found:
            assert clerk.get(path).status_code == 200
        return len(found)

    few = {path: asked(path) for path in ("/projects", "/", "/categories")}
    with in_city("paris"):
        for place in range(120):
            arranging._project(arranging.edition_of(), f"Projet {place}", cost=100, category="vert")
    many = {path: asked(path) for path in ("/projects", "/", "/categories")}
    assert "121 projects" in clerk.words("/projects")
    assert many == few
    assert max(many.values()) <= 23
