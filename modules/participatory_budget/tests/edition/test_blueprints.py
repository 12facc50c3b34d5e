"""An edition as a file: it comes back as it was, in another city too, and a hostile file changes nothing."""

import io
import json

import pytest

from modules.participatory_budget.rules.blueprint import Fault, WrongBlueprint, read_blueprint
from modules.participatory_budget.services import blueprints, importing
from modules.participatory_budget.services.settings_of import settings_of

from .. import arranging
from ..clerk import PAGES, Clerk, value_of, words

PLAN = {
    "ideas_begins_day": "2026-12-01",
    "ideas_begins_time": "09:30",
    "ideas_ends_day": "2026-12-31",
    "realisation_begins_day": "2027-06-01",
}


@pytest.fixture
def clerk(site, frozen):
    frozen("2026-11-22T10:00")
    found = Clerk(site)
    found.create()
    return found


@pytest.fixture
def rich(clerk):
    """An edition with nearly everything that one can have."""
    clerk.save("/texts", {"title-fr": "Budget", "summary-fr": "Vous décidez.", "description-en": "Long."})
    clerk.save("/districts", {"added": "Nord\nSud"})
    clerk.save("/categories", {"name-fr": "Vert", "summary-fr": "Arbres"})
    clerk.save("/ballot", {"kind": "points", "points": "10", "most_points": "5", "final": "1"})
    money = {"budget": "1000", "sharing": "together", "method": "greedy-stop", "completion": "add1u"}
    rules = {"tie_break": "dearer-first", "min_votes": "5", "min_share": "2.5", "stop_tolerance": "80"}
    clerk.save("/money", {**money, **rules, "exclusive": "1, 2"})
    table = {"by": "district", "money_0": "300", "points_0": "6", "max_points_0": "3", "transfer_0": "*"}
    clerk.save("/contests", {**table, "money_2": "700", "transfer_1": "-", "transfer_2": "-"})
    clerk.save("/calendar", PLAN)
    dates = {"opens_day": "2027-03-01", "opens_time": "08:00", "closes_day": "2027-03-31"}
    clerk.save("/dates", {**dates, "closes_time": "18:00"})
    clerk.add("Banc", "100")
    return clerk


@pytest.fixture
def document(rich):
    def changed(**changes):
        return {**json.loads(rich.get("/blueprint.json").data), **changes}

    return changed


def upload(clerk, content, **answers):
    data = {f"title-{clerk.first}": "Copie", "slug": "copie", "begins_on": "2028-01-10", **answers}
    data["file"] = (io.BytesIO(content), "blueprint.json")
    return clerk.browser.post(f"{PAGES}/from-blueprint", data=data, content_type="multipart/form-data")


def test_a_copy_has_the_same_rules_contests_phases_and_texts_at_other_dates(rich, in_city):
    rich.save("/like", {"title-fr": "Budget 2028", "slug": "2028", "begins_on": "2027-12-01"})
    with in_city("paris"):
        first, copy = arranging.edition_of(), arranging.edition_of("2028")
        was, became = settings_of(first), settings_of(copy)
        dates = ("opens_at", "closes_at", "counting")
        assert {k: v for k, v in became.items() if k not in dates} == {
            k: v for k, v in was.items() if k not in dates
        }
        assert became["counting"] == {"min_share": 25, "stop_tolerance": 80}
        assert became["opens_at"] == "2028-02-29T07:00:00+00:00"
        assert copy.schedule["ideas"][:2] == ["2027-12-01T08:30:00+00:00", "2027-12-31T23:00:00+00:00"]
        assert copy.title == {"fr": "Budget 2028"}
        assert (copy.summary, copy.description) == (first.summary, first.description)
        assert [(c.key, c.summary) for c in copy.categories] == [("vert", {"fr": "Arbres"})]
        assert [d.name for d in copy.districts] == ["Nord", "Sud"]
        assert copy.projects == []


def test_another_city_takes_the_file_and_its_dates_follow_its_own_clocks(rich, site, in_city):
    content = rich.get("/blueprint.json").data
    assert b"Banc" not in content
    assert b"2027" not in content
    other = Clerk(site, city="budapest")
    answer = upload(other, content)
    assert answer.status_code == 303, words(answer)
    with in_city("budapest"):
        copy = arranging.edition_of("copie")
        assert [(c.key, c.transfer_to, c.balloting) for c in copy.contests] == [
            ("nord", "", {"points": 6, "max_points": 3}),
            ("", None, {}),
        ]
        assert copy.schedule["ideas"][0] == "2028-01-10T08:30:00+00:00"
        assert copy.budget == 0
    other.home = answer.location.rstrip("/")
    assert "Its amounts are in another currency." in other.words()
    again = json.loads(other.get("/blueprint.json").data)
    assert again["calendar"] == json.loads(content)["calendar"]


def test_a_round_trip_ends_where_it_began(rich, in_city):
    with in_city("paris"):
        text = blueprints.write_blueprint(arranging.edition_of())
        made = blueprints.make_from(text.encode(), slug="again", title=arranging.edition_of().title)
        made.schedule, made.opens_at = arranging.edition_of().schedule, arranging.edition_of().opens_at
        made.closes_at = arranging.edition_of().closes_at
        assert blueprints.write_blueprint(made) == text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "not readable as JSON"),
        (b"[" * 100_000, "not readable as JSON"),
        (b"\xff\xfe", "not readable as JSON"),
        (b"[]", "no blueprint of an edition"),
        (b'{"format": "another/1"}', "no blueprint of an edition"),
        (b" " * 1_000_001, "too large for a blueprint"),
    ],
)
def test_what_is_no_blueprint_is_refused(clerk, content, said):
    answer = upload(clerk, content)
    assert answer.status_code == 422
    assert said in words(answer)
    assert value_of(answer, "title-fr") == "Copie"
    clerk.home = PAGES
    assert "Copie" not in clerk.words()


def _in(path, value):
    def change(document):
        *way, last = path.split(".")
        place = document
        for step in way:
            place = place[int(step)] if isinstance(place, list) else place[step]
        place[int(last) if isinstance(place, list) else last] = value
        return document

    return change


def test_an_edition_that_came_from_a_file_is_a_blueprint_too(clerk, in_city):
    lines = [
        "META",
        "key;value",
        "num_projects;1",
        "num_votes;1",
        "budget;100",
        "vote_type;approval",
        "PROJECTS",
    ]
    lines += [
        "project_id;cost;category;name",
        "1;80;Local Small Idea;Bench",
        "VOTES",
        "voter_id;vote",
        "1;1",
        "",
    ]
    with in_city("paris"):
        texts = importing.ImportTexts("imported", envelopes={"Local Small Idea": 100_00})
        edition = importing.import_pb(io.BytesIO("\n".join(lines).encode()), texts)
        clerk.home = f"{PAGES}/{edition.id}"
    clerk.save("/like", {"title-fr": "Encore", "slug": "encore", "begins_on": ""})
    with in_city("paris"):
        [category] = arranging.edition_of("encore").categories
        assert (category.key, category.envelope) == ("Local Small Idea", 100_00)


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        ("surprise", 1, Fault.UNKNOWN),
        ("rules.surprise", 1, Fault.UNKNOWN),
        ("rules.budget", "1000", Fault.VALUE),
        ("rules.budget", True, Fault.VALUE),
        ("rules.budget", 2**63, Fault.VALUE),
        ("rules.max_choices", 1.5, Fault.VALUE),
        ("rules.ballot_type", "lottery", Fault.VALUE),
        ("rules.method", "majority-judgement", Fault.VALUE),
        ("rules.balloting.points", {"a": 1}, Fault.VALUE),
        ("rules.balloting.script", "<script>", Fault.VALUE),
        ("rules.balloting.district_by", "moon", Fault.VALUE),
        ("rules.balloting.withdraw", {"a": []}, Fault.VALUE),
        ("rules.counting.min_share", -1, Fault.VALUE),
        ("rules.eligibility", "all", Fault.VALUE),
        ("rules.contests", {}, Fault.VALUE),
        ("rules.contests.0.transfer_to", "moon", Fault.VALUE),
        ("rules.contests.0.transfer_to", "nord", Fault.VALUE),
        ("rules.contests.0.key", "../x", Fault.VALUE),
        ("rules.contests.0.key", "a\nb", Fault.VALUE),
        ("rules.contests.0.key", "a\ud800b", Fault.VALUE),
        ("rules.contests.0.key", "a ", Fault.VALUE),
        ("rules.contests.0.key", "a" * 81, Fault.VALUE),
        ("rules.contests.0.key", "", Fault.TWICE),
        ("rules.contests.0.key", "est", Fault.VALUE),
        ("categories", [{"key": "a", "name": {}}] * 501, Fault.TOO_LONG),
        ("categories.0.name", "Vert", Fault.VALUE),
        ("categories.0.name.fr", "x" * 81, Fault.TOO_LONG),
        ("districts.0.name", 7, Fault.VALUE),
        ("districts.0.key", "sud", Fault.TWICE),
        ("texts.summary.fr", "a\x00b", Fault.VALUE),
        ("texts.summary.fr", "\ud800", Fault.VALUE),
        ("texts.summary.<b>", "x", Fault.UNKNOWN),
        ("texts.slogan", {}, Fault.UNKNOWN),
        ("calendar.vote.begins.day", -1, Fault.VALUE),
        ("calendar.vote.begins.time", "25:00", Fault.VALUE),
        ("calendar.vote.ends.day", 0, Fault.VALUE),
        ("calendar.phases.party", {}, Fault.UNKNOWN),
        ("calendar.phases.ideas", {}, Fault.MISSING),
        ("parts", [], Fault.VALUE),
    ],
)
def test_a_hostile_file_is_refused_with_the_place(document, path, value, fault):
    content = json.dumps(_in(path, value)(document())).encode()
    with pytest.raises(WrongBlueprint) as refused:
        read_blueprint(content)
    assert refused.value.fault is fault
    assert refused.value.where.split(".")[0] == path.split(".")[0]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"surprise": 1}, "something that this platform does not know: surprise"),
        ({"parts": {"moon": 1}}, "something that this platform does not know: parts.moon"),
        ({"settings": {"moon": 1}}, "something that this platform does not know: settings.moon"),
        ({"settings": {"idea_rules": 7}}, "a value that cannot be: settings.idea_rules"),
        ({"settings": {"idea_rules": {"moon": 1}}}, "a value that cannot be: settings.idea_rules"),
        ({"currency": "euro"}, "a value that cannot be: currency"),
    ],
)
def test_a_page_names_what_is_wrong_and_keeps_nothing(rich, document, changes, said):
    answer = upload(rich, json.dumps(document(**changes)).encode())
    assert answer.status_code == 422
    assert said in words(answer)
    rich.home = PAGES
    assert "Copie" not in rich.words()


def test_rules_of_who_and_how_are_checked_by_those_who_own_them(rich, document):
    for name, value in (("eligibility", {"needs": "everything"}), ("voting_ways", {"ways": ["shouting"]})):
        found = document()
        found["rules"][name] = value
        answer = upload(rich, json.dumps(found).encode())
        assert answer.status_code == 422
        assert f"a value that cannot be: rules.{name}" in words(answer)


def test_dates_that_no_calendar_holds_are_refused(rich):
    answer = upload(rich, rich.get("/blueprint.json").data, begins_on="9999-12-31")
    assert answer.status_code == 422
    assert "These dates are too far away." in words(answer)
