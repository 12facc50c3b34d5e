"""From a published result to the last step: what staff write, what residents and other sites read."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from app.sdk import db
from modules.participatory_budget.models import Realisation
from modules.participatory_budget.services.realisation import alarm, boards, news
from modules.participatory_budget.tests import arranging
from modules.participatory_budget.tests.clerk import Clerk, value_of, words


@pytest.fixture
def begun(published, in_city):
    """A published result whose chosen projects have their pages."""
    with in_city("paris"):
        return boards.begin(arranging.edition_of().id)


@pytest.fixture
def clerk(site, in_city):
    made = Clerk(site)
    with in_city("paris"):
        made.home = f"{made.home}/{arranging.edition_of().id}"
    return made


@pytest.fixture
def number(in_city):
    """The first chosen project."""

    def ask():
        with in_city("paris"):
            return boards.boards(arranging.edition_of())[0].project.number

    return ask


def standing(page, **changed):
    fields = dict.fromkeys(re.findall(r'name="((?:planned|actual)_\w+)"', page.text), "")
    return {"seen": value_of(page, "seen"), "state": "planned", "department": "", **fields, **changed}


def days_of(page):
    return re.findall(r'name="planned_(\w+)"', page.text)


def test_every_chosen_project_has_a_page_with_the_citys_steps_and_beginning_again_changes_nothing(
    begun, in_city, reader
):
    assert begun > 0
    with in_city("paris"):
        edition = arranging.edition_of()
        assert boards.begin(edition.id) == 0
        assert [step.name["en"] for step in boards.boards(edition)[0].milestones] == [
            "Study",
            "Design",
            "Tender",
            "Works",
            "Done",
        ]
    page = reader.get("/realisation")
    assert page.status_code == 200
    assert page.text.count("0 of 5 steps reached") >= begun


def test_nothing_is_followed_before_the_result_is_published(counted, reader, in_city):
    with in_city("paris"):
        assert boards.begin(arranging.edition_of().id) == 0
    for path in ("/realisation", "/realisation/3", "/realisation/news.atom", "/embed/results"):
        assert reader.get(path).status_code == 404
    assert reader.get("/open-data/results.csv").status_code == 404


def test_steps_move_a_project_on_and_a_late_one_stands_first(begun, clerk, number, reader):
    own = f"/realisation/{number()}"
    page = clerk.get(own)
    first, second, *_rest = days_of(page)
    past = f"{datetime.now(UTC) - timedelta(days=400):%Y-%m-%d}"
    clerk.save(
        own, standing(page, **{f"planned_{first}": past, f"actual_{first}": past, f"planned_{second}": past})
    )
    listed = clerk.words("/realisation")
    assert "Under way" in listed
    assert "Late" in listed
    shown = words(reader.get(own))
    assert "1 of 5 steps reached" in shown
    assert "Late" in shown


def test_an_old_page_does_not_overwrite_what_a_colleague_has_saved(begun, clerk, number):
    own = f"/realisation/{number()}"
    page = clerk.get(own)
    clerk.save(own, standing(page, department="Parks"))
    answer = clerk.post(own, standing(page, department="Streets"))
    assert answer.status_code == 409
    assert "Streets" in answer.text


def test_a_project_is_not_given_up_without_a_reason(begun, clerk, number, reader):
    own = f"/realisation/{number()}"
    page = clerk.get(own)
    answer = clerk.post(own, standing(page, state="abandoned"))
    assert answer.status_code == 422
    assert "Say why" in words(answer)
    clerk.save(own, standing(page, state="abandoned", **{"reason-fr": "Le terrain est pollué."}))
    assert "Le terrain est pollué." in words(reader.get(own))


def test_a_wrong_payment_stays_and_is_corrected_by_another(begun, clerk, number, reader):
    own = f"/realisation/{number()}"
    paid = {"day": "2026-01-05", "what": "Trees", "amount": "900", "corrects": ""}
    clerk.save(f"{own}/spending", paid)
    page = clerk.get(own)
    (wrong,) = list(re.findall(r'<option value="([0-9a-f-]{36})"', page.text))
    clerk.save(f"{own}/spending", {**paid, "amount": "90", "corrects": wrong})
    answer = clerk.post(f"{own}/spending", {**paid, "amount": "80", "corrects": wrong})
    assert answer.status_code == 422
    shown = words(reader.get(own))
    assert "corrected" in shown
    assert "correction" in shown
    assert re.search(r"€90(\.00)? spent of", shown)


def test_a_payment_of_tomorrow_is_refused_and_what_was_typed_stays(begun, clerk, number):
    answer = clerk.post(
        f"/realisation/{number()}/spending",
        {"day": "2999-01-01", "what": "Benches", "amount": "10", "corrects": ""},
    )
    assert answer.status_code == 422
    assert "Benches" in answer.text


def test_news_reaches_followers_the_page_and_the_feed(begun, clerk, number, reader, site, in_city):
    chosen = number()
    with in_city("paris"):
        subject = news.subject(boards.board(arranging.edition_of(), chosen).project)
    anna = site("paris", role="resident", email="anna@paris.example")
    anna.post("/account/notifications/follow", data={"subject": subject, "follow": "1"})
    own = f"/realisation/{number()}"
    told = {"title-fr": "Les travaux commencent", "text-fr": "Lundi."}
    clerk.save(f"{own}/news", told)
    assert "Les travaux commencent" in reader.get(own).text
    feed = reader.get("/realisation/news.fr.atom")
    assert feed.content_type.startswith("application/atom+xml")
    assert "Les travaux commencent" in feed.text
    assert clerk.post(f"{own}/news", {"title-fr": "Seul"}).status_code == 422


def test_staff_find_promises_of_which_nothing_is_heard_and_are_told_once(begun, in_city):
    with in_city("paris"):
        assert alarm.tell_staff() == 0
        for one in db.session.query(Realisation):
            one.last_news_at -= timedelta(days=120)
        db.session.flush()
        assert alarm.count_alarms(None).number == begun
        assert len(list(alarm.alarms(None, 50))) == begun
        assert alarm.tell_staff() == begun
        assert alarm.tell_staff() == 0


def test_residents_read_since_when_nothing_was_heard(begun, in_city, reader, number):
    with in_city("paris"):
        for one in db.session.query(Realisation):
            one.last_news_at -= timedelta(days=120)
    assert "No news since" in words(reader.get(f"/realisation/{number()}"))


def test_the_list_asks_a_fixed_number_of_questions(begun, reader, count_queries):
    reader.get("/realisation")
    with count_queries() as counted:
        assert reader.get("/realisation").status_code == 200
    assert len(counted) <= 12


def test_steps_of_an_edition_are_set_in_each_language_with_as_many_lines(begun, clerk):
    page = clerk.get("/realisation/settings")
    seen = value_of(page, "seen")
    bad = clerk.post(
        "/realisation/settings", {"seen": seen, "steps-fr": "Un\nDeux", "steps-en": "One", "stale_days": "60"}
    )
    assert bad.status_code == 422
    clerk.save(
        "/realisation/settings",
        {"seen": seen, "steps-fr": "Un\nDeux", "steps-en": "One\nTwo", "stale_days": "60"},
    )
    assert (
        clerk.post("/realisation/settings", {"seen": seen, "steps-fr": "Un", "stale_days": "1"}).status_code
        == 422
    )


@pytest.mark.parametrize("kind", ["projects", "results", "turnout", "realisation", "projects/3"])
def test_pieces_for_other_sites_may_stand_in_frames_without_cookies_and_scripts(begun, reader, kind):
    answer = reader.get(f"/embed/{kind}")
    assert answer.status_code == 200
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    assert "public" in answer.headers["Cache-Control"]
    assert "<script" not in answer.text
    assert "<form" not in answer.text


def test_every_other_page_stays_out_of_frames(begun, reader):
    for path in ("/", "/embed", "/realisation", "/open-data"):
        answer = reader.get(path)
        assert answer.status_code == 200
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "DENY"


def test_open_data_has_the_same_records_in_each_form_and_says_what_they_mean(begun, reader):
    schema = json.loads(reader.get("/open-data/schema.json").text)
    names = [one["name"] for one in schema["resources"]]
    assert names == ["projects", "results", "realisation", "turnout"]
    for resource in schema["resources"]:
        table = reader.get(f"/open-data/{resource['name']}.csv").text.lstrip("\ufeff").splitlines()
        document = json.loads(reader.get(f"/open-data/{resource['name']}.json").text)
        fields = [field["name"] for field in resource["schema"]["fields"]]
        assert table[0].replace('"', "").split(",") == fields
        assert len(table) - 1 == len(document["records"]) > 0
        assert document["licence"] == schema["licenses"][0]["name"] == "CC-BY-4.0"
        assert all(set(record) == set(fields) for record in document["records"])
    places = json.loads(reader.get("/open-data/realisation.geojson").text)
    assert places["type"] == "FeatureCollection"
    assert len(places["features"]) == begun
    assert reader.get("/open-data/turnout.geojson").status_code == 404
    assert reader.get("/open-data/voters.csv").status_code == 404
