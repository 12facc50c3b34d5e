import csv
import io
import json
from datetime import date, timedelta

import pytest

from app.core.db import db
from app.web.statistics.figures import Period, figures
from app.web.statistics.keeping import fill
from app.web.statistics.measures import MEASURES, Statistic, measures
from worker.run import run

EN = {"Accept-Language": "en"}
FIRST, LAST = date(2026, 4, 1), date(2026, 4, 30)


@pytest.fixture
def counted(in_city):
    """Keep numbers of a measure: `counted("new_accounts", {date: 7})`."""

    def keep(key, numbers, module="platform", dimension="", slug="paris"):
        with in_city(slug):
            for day, number in numbers.items():
                db.session.add(
                    Statistic(module=module, measure=key, day=day, dimension=dimension, number=number)
                )

    return keep


def page_of(browser, path="/admin/statistics/", first=FIRST, last=LAST):
    return browser.get(path, query_string={"first": str(first), "last": str(last)}, headers=EN)


def test_a_period_is_compared_with_the_one_before(staff, counted):
    counted("new_accounts", {FIRST: 40, LAST: 20, FIRST - timedelta(days=1): 50})
    page = page_of(staff)
    assert page.status_code == 200
    assert "<b>60</b><span>New accounts (+20%)" in page.text.replace(" %", "%")
    assert "<svg" in page.text


def test_small_numbers_are_not_shown(staff, counted):
    counted("new_accounts", {FIRST: 3, LAST: 40, LAST - timedelta(days=1): 12})
    page = page_of(staff).text
    assert page.count("not shown</span>") >= 2
    assert "<b>55</b>" in page
    counted("confirmed_accounts", {FIRST: 3})
    assert "<b>under 5</b><span>Confirmed accounts" in page_of(staff).text


def test_mails_are_no_people_and_are_shown_as_they_are(staff, counted):
    counted("mails", {FIRST: 3})
    assert "<b>3</b><span>" not in page_of(staff).text
    rows = list(csv.reader(io.StringIO(page_of(staff, "/admin/statistics/platform.csv").text)))
    assert ["mails", str(FIRST), str(FIRST), "", "3"] in rows


def test_a_wrong_period_is_said_and_nothing_breaks(staff):
    for first, last in (("x", "y"), ("2026-05-01", "2026-04-01"), ("1990-01-01", "2026-01-01"), ("", "1")):
        page = staff.get("/admin/statistics/", query_string={"first": first, "last": last}, headers=EN)
        assert page.status_code == 422, first
        assert "notice--bad" in page.text


def test_today_is_counted_live_and_days_before_by_the_task(app, site, frozen, in_city, staff):
    frozen("2026-04-10T10:00")
    site(role="resident", email="a@paris.example")
    with in_city():
        (new,) = [m for m in measures() if m.key == "new_accounts"]
        today = figures([new], Period(date(2026, 4, 10), date(2026, 4, 10)))[0]
    assert sum(n or 0 for n in today.by_step.numbers) == 0
    assert today.by_step.numbers == [None]
    frozen("2026-04-11T04:00")
    run(app, "statistics.count", "c_testparis", {})
    run(app, "statistics.count", "c_testparis", {})
    with in_city():
        kept = db.session.get(Statistic, ("platform", "new_accounts", date(2026, 4, 10), ""))
        assert kept.number == 1


def test_counting_a_day_again_replaces_it(in_city, counted):
    counted("new_accounts", {FIRST: 40})
    with in_city():
        fill(MEASURES["platform", "new_accounts"], [FIRST])
        assert db.session.query(Statistic).count() == 0


def test_voters_are_counted_by_edition(staff, counted):
    for slug, number in (("budget-2026", 70), ("schools", 30), ("tiny", 2)):
        counted("voters", {FIRST: number}, module="participatory_budget", dimension=slug)
    page = page_of(staff, "/admin/statistics/participatory_budget").text
    assert "<b>102</b><span>People who voted" in page
    assert "budget-2026" in page
    assert page.index("budget-2026") < page.index("schools")
    assert page.count("not shown</span>") == 2


def test_a_module_that_is_off_has_no_statistics(staff):
    assert page_of(staff, "/admin/statistics/participatory_budget").status_code == 200
    staff.post("/admin/modules/participatory_budget/switch", data={"on": "0", "confirmed": "1"})
    assert page_of(staff, "/admin/statistics/participatory_budget").status_code == 404
    assert page_of(staff, "/admin/statistics/nothing").status_code == 404


def test_statistics_are_for_staff(resident, visitor, site):
    assert page_of(resident).status_code == 403
    assert page_of(visitor).status_code == 302
    assert page_of(site(role="viewer")).status_code == 200
    assert site(role="editor").post("/admin/statistics/open", data={"on": "1"}).status_code == 403


def test_open_data_is_published_when_the_city_wants_and_by_whole_months(
    staff, visitor, counted, frozen, site
):
    frozen("2026-05-15T10:00")
    counted("new_accounts", {date(2026, 4, 3): 40, date(2026, 3, 3): 3, date(2026, 5, 2): 99})
    assert visitor.get("/open").status_code == 404
    assert visitor.get("/open/platform.csv").status_code == 404
    admin = site(role="administrator")
    assert admin.post("/admin/statistics/open", data={"on": "1"}).status_code == 303
    assert visitor.get("/open", headers=EN).status_code == 200
    found = json.loads(visitor.get("/open/platform.json").text)["figures"]
    numbers = {f["month"]: f["number"] for f in found if f["measure"] == "new_accounts"}
    assert numbers["2026-04"] == 40
    assert numbers["2026-03"] is None
    assert "2026-05" not in numbers
    assert "new_accounts,2026-04,,40" in visitor.get("/open/platform.csv").text
    assert visitor.get("/open/nothing.csv").status_code == 404
    assert site("budapest").get("/open").status_code == 404
    assert admin.post("/admin/statistics/open", data={"on": "0"}).status_code == 303
    assert visitor.get("/open/platform.json").status_code == 404


def test_the_page_asks_a_bounded_number_of_questions(staff, count_queries):
    page_of(staff)
    with count_queries() as asked:
        page_of(staff)
    assert len(asked) <= 11, asked
