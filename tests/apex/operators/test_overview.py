import re
from datetime import timedelta

import pytest

from app.core.clock import now
from app.core.context import CityState
from app.core.db import db, end_transaction
from tenants.migrate import plan
from tenants.models import (
    CityRecord,
    CityRevision,
    Measure,
    Operation,
    OperationState,
    PlatformEntry,
    Usage,
)

MANY = 120


@pytest.fixture
def on_platform(app):
    """Add rows of the platform."""

    def add(*rows):
        with app.app_context():
            db.session.add_all(rows)
            end_transaction(keep=True)

    return add


@pytest.fixture
def many(on_platform):
    """A hundred and twenty more cities, each with what the platform keeps of it."""
    moment = now()
    on_platform(
        *(
            CityRecord(
                id=f"x{number:09d}",
                slug=f"town-{number:03d}",
                name=f"Town {number:03d}",
                state=CityState.SUSPENDED if number % 10 == 0 else CityState.LIVE,
                published=True,
                languages=["en"],
                tagline={},
                created_at=moment - timedelta(days=number),
            )
            for number in range(MANY)
        )
    )
    ids = [f"x{number:09d}" for number in range(MANY)]
    on_platform(
        *(
            Measure(
                city_id=ident,
                measured_at=moment,
                database_bytes=number * 1_000_000,
                files_bytes=0,
                accounts=number,
            )
            for number, ident in enumerate(ids)
        ),
        *(
            Usage(city_id=ident, day=moment.date(), requests=number, errors=int(number == 7), mails=1)
            for number, ident in enumerate(ids)
        ),
        *(
            CityRevision(city_id=ident, revisions=plan.all_heads(), changed_at=moment, error="")
            for ident in ids
        ),
    )


def shown(browser, query=""):
    """Return the addresses of the cities on the page, in order."""
    page = browser.get(f"/operators/{query}")
    assert page.status_code == 200
    return re.findall(r'<div class="small muted">([a-z0-9-]+)</div></div></th>', page.text)


def test_the_overview_shows_fifty_cities_a_page(operator, many):
    first = shown(operator)
    assert len(first) == 50
    assert first[:2] == ["budapest", "paris"]
    assert shown(operator, "?page=3")[-1] == "town-119"
    assert len(shown(operator, "?page=99")) == 22


def test_cities_are_found_filtered_and_sorted(operator, many):
    tens = [f"town-11{digit}" for digit in range(10)]
    for query, found in (
        ("?q=TOWN 01", [f"town-01{digit}" for digit in range(10)]),
        ("?q=x000000042", ["town-042"]),
        ("?q=100%25", []),
        ("?q=_", []),
        ("?state=suspended&q=town-1", ["town-100", "town-110"]),
        ("?trouble=errors", ["town-007"]),
        ("?order=size&q=town-11", tens[::-1]),
        ("?order=newest&q=town-11", tens),
    ):
        assert shown(operator, query) == found, query
    assert shown(operator, "?order=requests")[0] == "town-119"


def test_cities_of_another_revision_and_failed_migrations_stand_out(operator, many, app):
    with app.app_context():
        behind = db.session.get(CityRevision, "x000000005")
        behind.revisions = {**behind.revisions, "city": "city_0000"}
        failed = db.session.get(CityRevision, "x000000006")
        failed.failed_at, failed.error = now(), "LockNotAvailable"
        end_transaction(keep=True)
    assert shown(operator, "?trouble=behind") == ["town-005"]
    assert shown(operator, "?trouble=failed") == ["town-006"]
    page = operator.get("/operators/cities/x000000005").text
    assert f"this version has {plan.all_heads()['city']}" in page
    assert "LockNotAvailable" in operator.get("/operators/cities/x000000006").text


def test_the_sums_stand_above_the_list(operator, many, on_platform):
    on_platform(
        Operation(
            kind="export",
            city_id="x000000001",
            state=OperationState.FAILED,
            asked_by="shell",
            asked_at=now(),
            wish={},
            outcome={},
            error="disk full",
        )
    )
    text = operator.get("/operators/").text
    for value, label in (
        ("122", "cities"),
        (f"{sum(range(MANY)):,}", "requests today"),
        ("1", "errors today"),
        (str(MANY), "mails today"),
        ("0", "open sign-ups"),
        ("1", "failed operations"),
    ):
        assert f"<b>{value}</b><span>{label}</span>" in text
    assert "disk full" in operator.get("/operators/operations?state=failed").text
    assert "disk full" not in operator.get("/operators/operations?state=done").text


def test_pages_ask_the_database_no_more_for_thousands_of_cities(operator, many, count_queries):
    operator.get("/operators/")
    for path, most in (
        ("/operators/", 10),
        ("/operators/?order=size&state=live&page=2", 10),
        ("/operators/cities/x000000001", 18),
        ("/operators/operations", 5),
        ("/operators/journal", 7),
        ("/operators/sign-ups", 5),
    ):
        with count_queries() as asked:
            assert operator.get(path).status_code == 200
        assert len(asked) <= most, (path, asked)


def test_the_queue_lag_is_the_age_of_the_oldest_work_that_is_due(operator, app, frozen):
    from app.core.jobs import enqueue

    with app.app_context():
        enqueue("platform.forget_signups", at=now() - timedelta(minutes=5))
        enqueue("platform.forget_signups", at=now() + timedelta(days=1))
        end_transaction(keep=True)
    assert "<b>5 min</b><span>queue lag</span>" in operator.get("/operators/").text


def test_the_journal_is_filtered_by_act_person_and_city(operator, on_platform):
    for number in range(60):
        on_platform(
            PlatformEntry(
                at=now(),
                action="city.exported",
                actor="shell root",
                city_id="testparis",
                details={"rows": number},
            )
        )
    page = operator.get("/operators/journal")
    assert "Ada Byron" not in re.sub(r"<select.*?</select>", "", page.text, flags=re.DOTALL)
    older = re.search(r'href="([^"]+)" rel="next"', page.text)[1].replace("&amp;", "&")
    assert "Ada Byron" in re.sub(r"<select.*?</select>", "", operator.get(older).text, flags=re.DOTALL)
    for query, rows in (
        ("?city=paris", 50),
        ("?action=city.exported&city=testparis", 50),
        ("?city=budapest", 0),
    ):
        assert operator.get(f"/operators/journal{query}").text.count("shell root") == rows, query
    actor = re.search(r'value="(operator [0-9a-f-]+)"', page.text)[1]
    assert "shell root" not in operator.get("/operators/journal", query_string={"actor": actor}).text
    assert operator.get("/operators/journal?before=x").status_code == 404


def test_a_city_shows_its_use_of_the_last_thirty_days(operator, on_platform, frozen):
    today = now().date()
    on_platform(
        Usage(city_id="testparis", day=today - timedelta(days=29), requests=1000, errors=2, mails=3),
        Usage(city_id="testparis", day=today - timedelta(days=30), requests=5_000_000, errors=0, mails=0),
    )
    page = operator.get("/operators/cities/testparis").text
    assert "1,000 requests in the last 30 days" in page
    assert page.count('<td class="num">0</td>') >= 29 * 3
    assert operator.get("/operators/cities/nowhere").status_code == 404
