import csv
import io
import re

import pytest

from app.core import audit
from app.core.context import Actor, acting
from app.web.spreadsheets import plain_cell
from tenants.schema import owner_transaction
from worker.run import run


@pytest.fixture
def happen(in_city):
    """Let things happen in a city: `happen("news.published", 3, subject="news:1")`."""

    def make(action, times=1, *, slug="paris", actor=None, **details):
        with in_city(slug), acting(actor or Actor("system")):
            for number in range(times):
                audit.audit(action, **{"subject": f"thing:{number}", **details})

    return make


def subjects(page):
    return re.findall(r'data-label="About">([^<]*)<', page)


def test_the_newest_entry_comes_first_and_older_pages_follow_without_gaps(frozen, english, happen):
    frozen("2026-11-22T10:00")
    happen("news.published", 60)
    frozen("2026-11-22T11:00")
    happen("news.published", 60, subject="newer")
    admin = english(role="administrator")
    first = admin.get("/admin/audit").text
    assert subjects(first) == ["newer"] * 50
    older = re.search(r'<a href="([^"]+)" rel="next">Older', first)[1].replace("&amp;", "&")
    frozen("2026-11-22T12:00")
    happen("news.published", 5)
    second = admin.get(older).text
    assert subjects(second)[:10] == ["newer"] * 10
    assert "Newest" in second
    last = admin.get(re.search(r'<a href="([^"]+)" rel="next">Older', second)[1].replace("&amp;", "&")).text
    assert sorted(subjects(second)[10:] + subjects(last)) == sorted(f"thing:{n}" for n in range(60))
    assert 'rel="next"' not in last


def test_the_log_is_filtered_by_what_was_done_and_by_whom(admin, happen):
    happen("news.published", 2)
    happen("news.deleted", 1, actor=Actor("staff", "7f0c", "Anna"))
    assert len(subjects(admin.get("/admin/audit?action=news.published").text)) == 2
    assert len(subjects(admin.get("/admin/audit?actor=system").text)) == 2
    page = admin.get("/admin/audit?actor=7f0c").text
    assert len(subjects(page)) == 1
    assert '<option value="7f0c" selected>Anna</option>' in page
    assert (
        "Nothing like this has happened yet."
        in admin.get("/admin/audit?action=news.published&actor=7f0c").text
    )
    assert admin.get("/admin/audit?action=%27;drop%20table&actor=nobody").status_code == 200


def test_the_filter_offers_what_has_happened(admin, happen):
    happen("news.published")
    happen("city.published")
    options = re.findall(r'<option value="([a-z.]+)"', admin.get("/admin/audit").text)
    assert {"news.published", "city.published"} <= set(options)
    assert "news.deleted" not in options


def test_a_broken_page_address_is_not_found(admin):
    assert admin.get("/admin/audit?before=yesterday").status_code == 404


def test_another_citys_log_is_not_shown(admin, happen):
    happen("news.published", slug="budapest", subject="secret:1")
    page = admin.get("/admin/audit").text
    assert "Audit log" in page
    assert "secret:1" not in page


def test_the_file_holds_every_entry_in_order(admin, happen):
    happen("news.published", 1203)
    answer = admin.get("/admin/audit.csv")
    assert answer.mimetype == "text/csv"
    assert re.search(r'filename="audit-paris-\d{4}-\d\d-\d\d\.csv"', answer.headers["Content-Disposition"])
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[0] == ["Time", "Who", "Person", "On behalf of", "Action", "Subject", "Details"]
    assert sorted(row[5] for row in rows[1:]) == sorted(f"thing:{n}" for n in range(1203))
    assert [row[0] for row in rows[1:]] == sorted((row[0] for row in rows[1:]), reverse=True)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0[12]:00", rows[1][0])


def test_the_file_is_sent_while_it_is_read(admin, happen, count_queries):
    happen("news.published", 1100)
    with count_queries() as asked:
        answer = admin.get("/admin/audit.csv", buffered=False)
        pieces = answer.iter_encoded()
        next(pieces)
        next(pieces)
        assert sum("audit_entry" in statement for statement in asked) == 1
        assert len(list(pieces)) == 2
    answer.close()


def test_the_file_follows_the_filters(admin, happen):
    happen("news.published", 2)
    happen("news.deleted", 1)
    assert admin.get("/admin/audit.csv?action=news.deleted").text.count("\n") == 2


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_of_the_file_is_a_formula(admin, happen, start):
    happen(
        "news.published", subject=f"{start}SUM(A1)", actor=Actor("resident", "1", f"{start}cmd|' /C calc'!A0")
    )
    row = list(csv.reader(io.StringIO(admin.get("/admin/audit.csv").text.removeprefix("\ufeff"))))[1]
    assert row[2].startswith(f"'{start}")
    assert row[5].startswith(f"'{start}")
    assert plain_cell("plain") == "plain"


def test_markup_in_an_entry_is_only_text(admin, happen):
    happen(
        "news.published",
        subject="<script>x</script>",
        actor=Actor("resident", "1", "<b>Anna</b>"),
        note="<i>",
    )
    page = admin.get("/admin/audit").text
    assert "&lt;script&gt;x&lt;/script&gt;" in page
    assert "<b>Anna</b>" not in page
    assert "<i>" not in page


def test_a_page_of_the_log_asks_little_of_the_database(admin, happen, count_queries):
    happen("accounts.invited", 60, subject="account:0190163d-8694-739b-aea5-966c26f8ad90")
    admin.get("/admin/audit")
    with count_queries() as asked:
        page = admin.get("/admin/audit")
    assert "Somebody who has left" in page.text
    assert len(asked) <= 14, asked


def test_the_log_is_searched_by_words_period_and_person(english, happen, frozen):
    frozen("2026-11-10T10:00")
    admin = english(role="administrator")
    happen("news.published", subject="Bridge of arts", actor=Actor("staff", "7f", "Anna"))
    frozen("2026-11-20T10:00")
    happen("news.published", subject="Market", actor=Actor("staff", "8f", "Béla", "9c", "Child of Anna"))
    frozen("2026-11-21T10:00")
    for query, found in (
        ("q=bridge", ["Bridge of arts"]),
        ("q=anna", ["Market", "Bridge of arts"]),
        ("q=anna+market", ["Market"]),
        ("q=100%25", []),
        ("since=2026-11-11", ["Market"]),
        ("until=2026-11-10", ["Bridge of arts"]),
        ("since=2026-11-10&until=2026-11-20", ["Market", "Bridge of arts"]),
        ("since=never", ["Market", "Bridge of arts"]),
        ("actor=9c", ["Market"]),
    ):
        assert subjects(admin.get(f"/admin/audit?{query}").text) == found, query
    page = admin.get("/admin/audit?actor=9c").text
    assert "on behalf of Child of Anna" in page
    assert '<option value="9c" selected>Child of Anna</option>' in page
    assert admin.get("/admin/audit.csv?q=bridge").text.count("\n") == 2


def test_the_page_says_until_when_the_log_was_checked(app, admin, happen):
    assert "It has not been checked yet." in admin.get("/admin/audit").text
    happen("news.published", 3)
    for name in ("audit.seal", "audit.check"):
        run(app, name, "c_testparis", {})
    assert "all 3 entries up to" in admin.get("/admin/audit").text
    with app.app_context(), owner_transaction() as owner:
        owner.exec_driver_sql("UPDATE c_testparis.audit_entry SET subject = 'x' WHERE subject = 'thing:1'")
    run(app, "audit.check", "c_testparis", {})
    assert "Entry 2 is not what was sealed." in admin.get("/admin/audit").text
