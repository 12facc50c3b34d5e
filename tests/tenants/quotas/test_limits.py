import io
from datetime import date

import pytest
from PIL import Image
from sqlalchemy import select

from app.core.context import current_city, serving
from app.core.db import db, end_transaction
from app.core.errors import Conflict
from app.notify.mail import CityMail, send_mail
from app.services.files import store_image
from app.testing.folders import folder_of
from tenants import quotas, resolve, usage
from tenants.models import Measure
from worker.run import run

EN = {"Accept-Language": "en"}


def picture(colour="red"):
    out = io.BytesIO()
    Image.effect_noise((400, 400), 90).convert("RGB").save(out, "PNG")
    out.seek(0)
    return out


def write(in_city, number=1, *, bulk=True):
    with in_city("paris"):
        for place in range(number):
            send_mail(
                "already_known", f"p{place}@example.org", "en", bulk=bulk, name="", link="https://example.org/"
            )  # fmt: skip


def leaving(in_city):
    """Return on which day each unsent mail leaves."""
    with in_city("paris"):
        found = select(CityMail.created_at).where(CityMail.sent_at.is_(None)).order_by(CityMail.created_at)
        return [moment.date() for moment in db.session.scalars(found)]


def test_requests_beyond_the_quota_of_a_minute_are_turned_away_with_a_page(site, give, frozen):
    frozen("2026-11-22T10:00:15")
    give("paris", requests=3)
    paris = site("paris")
    assert [paris.get("/contact").status_code for _ in range(3)] == [200] * 3
    refused = paris.get("/contact", headers=EN)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "45")
    assert "Very many people are here just now" in refused.text
    assert site("budapest").get("/contact").status_code == 200
    assert paris.get("/theme.css").status_code == 200
    frozen("2026-11-22T10:01:00")
    assert paris.get("/contact").status_code == 200


def test_turning_away_asks_nothing_of_the_database(site, give, count_queries, frozen):
    frozen("2026-11-22T10:00:15")
    give("paris", requests=1)
    staff = site("paris", role="administrator")
    staff.get("/contact")
    with count_queries() as asked:
        assert staff.get("/contact").status_code == 429
    assert asked == []


def test_what_other_processes_serve_counts_as_well(app, site, give, frozen):
    frozen("2026-11-22T10:00:15")
    give("paris", requests=10)
    other = usage.Counts(*app.extensions["parvis_redis"])
    for _ in range(10):
        other.add("testparis", usage.REQUESTS, 1)
    other.gathered.flush()
    paris = site("paris")
    assert paris.get("/contact").status_code == 200
    with app.app_context():
        usage.flush()
    assert paris.get("/contact").status_code == 429


def test_the_page_speaks_the_readers_language_and_leads_back(site, give):
    give("paris", requests=0)
    page = site("paris").get("/news/?page=2", headers={"Accept-Language": "hu"})
    assert '<html lang="hu"' in page.text
    assert 'href="/news/?page=2"' in page.text


def test_a_city_that_holds_its_share_of_threads_is_asked_to_come_back(app, site):
    seats = app.extensions["parvis_seats"]
    seats._stuck.add("testparis")
    taken = [seats.take("testparis") for _ in range(seats._most)]
    try:
        refused = site("paris").get("/contact", headers=EN)
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
        assert site("budapest").get("/contact").status_code == 200
        assert site("").get("/").status_code == 200
    finally:
        for _ in taken:
            seats.leave("testparis")
    assert site("paris").get("/contact").status_code == 200
    assert seats._taken == {}


def test_a_page_that_fails_gives_its_seat_back(app, visitor):
    assert visitor.get("/nowhere").status_code == 404
    assert app.extensions["parvis_seats"]._taken == {}


def test_a_picture_that_finds_no_room_is_refused_in_words(in_city, give):
    give("paris", storage=3)
    with in_city("paris"):
        folder = folder_of(current_city())
        folder.mkdir(parents=True)
        (folder / "old.webp").write_bytes(b"x" * 3_000_000)
    with in_city("paris"), pytest.raises(Conflict, match=r"uses \d+ of its 3 MB"):
        store_image(picture())
    give("paris", storage=None)
    with in_city("paris"):
        assert store_image(picture())


def test_each_picture_counts_at_once(in_city, known_sizes):
    before = known_sizes().files_bytes
    with in_city("paris"):
        names = [store_image(picture()) for _ in range(2)]
        stored = sum((folder_of(current_city()) / name).stat().st_size for name in names)
    with in_city("paris"):
        assert db.session.get_one(Measure, "testparis").files_bytes == before + stored
    assert known_sizes().files_bytes == before + stored


def test_pages_stay_when_there_is_no_room(site, in_city, give, app):
    give("paris", storage=0)
    assert site("paris").get("/").status_code == 200
    form = {"title-fr": "Crue", "body-fr": "La Seine monte."}
    staff = site("paris", role="administrator")
    answer = staff.post("/admin/news/new", data={**form, "picture": (picture(), "a.png")}, headers=EN)
    assert "There is no room for it" in answer.text
    assert "La Seine monte." in answer.text


def test_how_large_a_city_is_comes_from_its_tables_its_folder_and_its_accounts(
    app, in_city, used, known_sizes
):
    before = known_sizes()
    with in_city("paris"):
        store_image(picture())
        from app.accounts.models import Role
        from app.accounts.services import create_confirmed

        for place in range(3):
            create_confirmed(f"p{place}@example.org", "P", role=Role.RESIDENT, language="en")
    after = known_sizes()
    assert after.files_bytes > before.files_bytes
    assert after.database_bytes >= before.database_bytes > 100_000
    assert after.accounts == before.accounts + 3
    assert used()["accounts"] == (after.accounts, 500_000)
    with app.app_context():
        assert db.session.get(Measure, "testbudapest") is None


@pytest.fixture
def known_sizes(app):
    """Look how large paris is."""

    def look():
        with app.app_context(), serving(resolve.city_by_slug("paris")):
            size = quotas.look()
            db.session.expunge(size)
            end_transaction(keep=True)
        return size

    return look


def test_only_near_the_limit_is_the_size_looked_at_anew(in_city, give, known_sizes, count_queries):
    known_sizes()
    with in_city("paris"), count_queries() as asked:
        quotas.make_room_for(1)
    assert not any("pg_total_relation_size" in statement for statement in asked)
    give("paris", storage=1)
    with in_city("paris"), count_queries() as asked, pytest.raises(Conflict):
        quotas.make_room_for(1_000_000)
    assert any("pg_total_relation_size" in statement for statement in asked)


def test_nobody_can_sign_up_in_a_city_that_is_full_and_all_others_come_in(site, in_city, give, resident):
    give("paris", accounts=1)
    page = site("paris").get("/sign-up", headers=EN)
    assert page.status_code == 403
    assert "No new accounts just now" in page.text
    form = {"name": "Inès", "email": "ines@example.org", "password": ""}
    assert site("paris").post("/sign-up", data=form).status_code == 403
    assert resident.get("/account").status_code == 200
    assert site("budapest").get("/sign-up").status_code == 200
    give("paris", accounts=None)
    assert site("paris").post("/sign-up", data=form).status_code == 303


def test_mails_to_many_wait_for_a_day_with_room_and_are_not_lost(in_city, give, frozen, run_tasks, mails):
    frozen("2026-11-22T10:00")
    give("paris", mails=2)
    write(in_city, 5)
    assert leaving(in_city) == [date(2026, 11, day) for day in (22, 22, 23, 23, 24)]
    assert run_tasks() == ["mail.deliver_bulk"] * 2
    frozen("2026-11-22T23:59")
    assert len(mails()) == 2
    frozen("2026-11-23T00:00")
    assert len(mails()) == 4
    frozen("2026-11-24T00:00")
    assert len(mails()) == 5


def test_a_mail_that_waits_for_its_day_is_not_taken_for_a_lost_one(app, in_city, give, frozen, run_tasks):
    frozen("2026-11-22T10:00")
    give("paris", mails=1)
    write(in_city, 2)
    run_tasks()
    frozen("2026-11-22T20:00")
    run(app, "mail.deliver_late", "c_testparis", {})
    assert run_tasks() == []


def test_what_somebody_waits_for_leaves_at_once_and_counts(in_city, give, frozen, mails):
    frozen("2026-11-22T10:00")
    give("paris", mails=2)
    write(in_city, 3, bulk=False)
    assert len(mails()) == 3
    write(in_city, 1)
    assert leaving(in_city) == [date(2026, 11, 23)]
