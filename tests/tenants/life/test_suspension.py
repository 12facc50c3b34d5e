import re

import pytest

from app.core.audit import latest
from app.core.context import CityState
from app.core.db import db
from app.core.errors import Conflict, Invalid
from tenants import lifecycle, schema
from tenants.inside import inside
from tenants.models import PlatformEntry
from tests.tenants.life.acts import OPERATOR, REASON, operating

ROADS = (
    "/",
    "/news/",
    "/news/feed.atom",
    "/sign-in",
    "/contact",
    "/admin/",
    "/admin/settings",
    "/nothing",
    "/robots.txt",
)


@pytest.mark.parametrize("path", ROADS)
def test_every_road_of_a_suspended_city_says_why(path, suspend, visitor):
    assert visitor.get(path).status_code in (200, 302, 404)
    suspend()
    answer = visitor.get(path, headers={"Accept-Language": "en"})
    assert answer.status_code == 503
    assert REASON in answer.text
    assert "Paris is closed for now" in answer.text
    assert "hello@paris.example" in answer.text
    assert answer.headers["Retry-After"] == "3600"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Cache-Control"] == "no-store"
    assert '<meta name="robots" content="noindex">' in answer.text


def test_the_page_speaks_the_readers_language_and_offers_the_others(suspend, visitor):
    suspend()
    assert '<html lang="hu"' in visitor.get("/", headers={"Accept-Language": "hu"}).text
    link = re.search(r'href="([^"]*lang=es[^"]*)"', visitor.get("/").text)[1]
    assert visitor.get(link).status_code == 302
    assert '<html lang="es"' in visitor.get("/").text


def test_the_page_has_the_citys_look_and_nothing_to_press(suspend, visitor):
    suspend()
    page = visitor.get("/").text
    assert "/theme.css?v=" in page
    assert "Paris" in page
    assert "<form" not in page
    assert "/sign-in" not in page
    assert visitor.get("/theme.css").status_code == 200
    assert "14387f" in visitor.get("/theme.css").text.lower()
    assert visitor.get("/favicon.svg").status_code == 200
    assert visitor.get("/favicon.ico").status_code == 301
    assert visitor.get("/static/parvis.css").status_code == 200


def test_since_when_is_told_by_the_citys_clock(frozen, suspend, visitor):
    frozen("2026-11-22T10:00")
    suspend()
    assert "11:00" in visitor.get("/", headers={"Accept-Language": "en"}).text.replace("\u202f", " ")


def test_a_reason_with_markup_is_only_words(suspend, visitor):
    suspend("<b>Unpaid</b>\n\nAsk us.")
    page = visitor.get("/").text
    assert "&lt;b&gt;Unpaid&lt;/b&gt;" in page
    assert "<b>Unpaid" not in page


def test_nobody_gets_in_and_nothing_can_be_sent(app, suspend, site):
    browsers = [site("paris", role=role) for role in ("resident", "editor", "administrator")]
    app.config["WTF_CSRF_ENABLED"] = True
    suspend()
    for browser in browsers:
        assert browser.get("/account").status_code == 503
        assert browser.get("/admin/").status_code == 503
        assert browser.post("/account", data={"name": "Eve", "language": "en"}).status_code == 503
        assert browser.post("/prefs", data={"theme": "dark"}).status_code == 503
        assert "@paris.example</span>" not in browser.get("/").text


def test_programs_get_one_line_and_parts_of_pages_load_the_page_anew(suspend, visitor):
    suspend()
    feed = visitor.get("/news/feed.atom", headers={"Accept": "application/atom+xml, */*;q=0.5"})
    assert (feed.status_code, feed.mimetype) == (503, "text/plain")
    assert feed.text.splitlines() == [feed.text.splitlines()[0], REASON]
    asked = visitor.get("/api/v1/anything", headers={"Accept": "application/json"})
    assert (asked.status_code, asked.mimetype) == (503, "application/problem+json")
    assert asked.json["detail"] == REASON
    part = visitor.get("/news/", headers={"HX-Request": "true"})
    assert (part.status_code, part.text, part.headers["HX-Refresh"]) == (503, "", "true")
    picture = visitor.get("/files/0123456789abcdef.webp", headers={"Accept": "image/webp,*/*"})
    assert (picture.status_code, picture.mimetype) == (503, "text/plain")


def test_another_city_notices_nothing(suspend, site):
    suspend()
    assert site("budapest").get("/").status_code == 200
    assert site("").get("/").status_code == 200


def test_after_resuming_all_is_as_before(suspend, resume, site):
    admin, visitor = site("paris", role="administrator"), site("paris")
    suspend()
    assert admin.get("/admin/").status_code == 503
    resume()
    assert admin.get("/admin/").status_code == 200
    page = visitor.get("/")
    assert page.status_code == 200
    assert REASON not in page.text


def test_both_logs_tell_who_did_it(app, suspend, resume, in_city):
    suspend()
    resume()
    with in_city("paris"):
        entries = [(e.action, e.actor_name, e.details.get("reason")) for e in latest(2)]
    assert entries == [
        ("city.resumed", OPERATOR.name, None),
        ("city.suspended", OPERATOR.name, REASON),
    ]
    with app.app_context():
        found = (
            db.session.query(PlatformEntry).filter_by(city_id="testparis").order_by(PlatformEntry.id.desc())
        )
        kept = [(entry.action, entry.actor, entry.details) for entry in found]
    assert kept == [("city.resumed", "operator 7", {}), ("city.suspended", "operator 7", {})]


def test_a_city_is_suspended_once_and_only_a_suspended_city_is_resumed(app, suspend, resume):
    with pytest.raises(Conflict):
        resume()
    suspend()
    with pytest.raises(Conflict):
        suspend("Another reason")
    with operating(app) as record:
        assert (record.state, record.state_reason) == (CityState.SUSPENDED, REASON)


@pytest.mark.parametrize("reason", ["", "  \n ", "x" * 501])
def test_a_reason_is_needed_and_short_enough(app, suspend, reason):
    with pytest.raises(Invalid):
        suspend(reason)
    with operating(app) as record:
        assert record.state is CityState.LIVE


def test_the_shell_does_no_citys_daily_work_meanwhile(app, suspend):
    suspend()
    with pytest.raises(LookupError, match="no live city"), inside(app, "paris"):
        raise AssertionError


def test_a_closing_city_says_until_when(app, visitor):
    with operating(app) as record:
        erase_at = lifecycle.now().replace(year=2031, month=5, day=4, hour=12)
        lifecycle.change_state(record, CityState.ERASING, "city.closing", erase_at=erase_at)
    page = visitor.get("/", headers={"Accept-Language": "en"})
    assert page.status_code == 503
    assert "Paris is leaving this platform" in page.text
    assert "May 4, 2031" in page.text
    with operating(app) as record:
        lifecycle.change_state(record, CityState.LIVE, "city.taken_back")
        assert record.erase_at is None
    assert visitor.get("/").status_code == 200


def test_certificates_are_still_fetched(app, suspend):
    suspend()
    asked = app.test_client().get(
        "/internal/tls-ask?domain=paris.parvis.localhost", base_url="http://web:8000"
    )
    assert asked.status_code == 200


def test_a_closed_page_asks_the_database_of_the_city_nothing(suspend, visitor, count_queries):
    suspend()
    visitor.get("/")
    with count_queries() as asked:
        assert visitor.get("/").status_code == 503
    assert asked == []


def test_a_mail_that_was_asked_for_before_arrives_after(suspend, resume, site, visitor, mails):
    site("paris", role="resident", email="ines@example.org")
    visitor.post("/sign-in/link", data={"email": "ines@example.org"})
    suspend()
    assert mails() == []
    resume()
    (mail,) = mails()
    assert mail["recipient"] == "ines@example.org"


def test_modules_can_be_migrated_while_a_city_is_suspended(app, suspend, in_city):
    suspend()
    with app.app_context():
        schema.upgrade("c_testparis", ["news"])
    with in_city("paris"):
        assert [entry.action for entry in latest(1)] == ["city.suspended"]
