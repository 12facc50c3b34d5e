"""Administrators connect other programs: tokens and webhooks."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.accounts.tokens import tokens
from app.core.db import db
from app.web.webhooks import keeping
from app.web.webhooks.models import DeliveryState, WebhookDelivery

TOKEN = {"name": "Newsletter", "scopes": ["news.manage", "audit.read"], "days": "30"}
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def url():
    # Nobody listens there.
    return "http://127.0.0.1:9/hook"


def made(staff):
    answer = staff.post("/admin/programs/new", data=TOKEN)
    assert answer.status_code == 200
    return re.search(r"parvis_[0-9a-f]{48}", answer.text)[0], answer


def webhook(staff, url):
    sent = {"name": "Receiver", "url": url, "events": ["news.article_published"]}
    return staff.post("/admin/programs/webhooks/new", data=sent, headers=ENGLISH)


def test_a_token_is_shown_once_and_works(staff, visitor):
    secret, answer = made(staff)
    assert answer.headers["Cache-Control"] == "no-store"
    listed = staff.get("/admin/programs/").text
    assert "Newsletter" in listed
    assert secret not in listed
    assert secret[:13] in listed
    sent = {"Authorization": f"Bearer {secret}"}
    assert visitor.get("/api/v1/audit", headers=sent).status_code == 200
    assert visitor.get("/api/v1/webhooks", headers=sent).status_code == 403


def test_a_revoked_token_is_gone_and_opens_nothing(staff, visitor, in_city):
    secret, _answer = made(staff)
    with in_city():
        ident = tokens()[0].id
    assert staff.get(f"/admin/programs/{ident}/revoke").status_code == 200
    assert visitor.get("/api/v1/audit", headers={"Authorization": f"Bearer {secret}"}).status_code == 200
    assert staff.post(f"/admin/programs/{ident}/revoke").status_code == 303
    assert visitor.get("/api/v1/audit", headers={"Authorization": f"Bearer {secret}"}).status_code == 401
    assert "Newsletter" not in staff.get("/admin/programs/").text.partition("<main")[2].partition("notice")[0]
    assert staff.get(f"/admin/programs/{ident}/revoke").status_code == 404
    assert "Newsletter" in staff.get("/admin/audit").text


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": "  "}, {"scopes": []}, {"scopes": ["news.fly"]}, {"days": "9999"}]
)
def test_a_token_that_cannot_be_made_keeps_what_was_typed(staff, wrong, in_city):
    answer = staff.post("/admin/programs/new", data={**TOKEN, **wrong})
    assert answer.status_code == 422
    if "name" not in wrong:
        assert "Newsletter" in answer.text
    with in_city():
        assert list(tokens()) == []


@pytest.mark.parametrize("role", ["viewer", "editor", "resident"])
def test_only_administrators_connect_programs(site, role):
    other = site("paris", role=role)
    for path in ("/admin/programs/", "/admin/programs/new", "/admin/programs/webhooks/"):
        assert other.get(path).status_code == 403, path
    assert other.post("/admin/programs/new", data=TOKEN).status_code == 403


def test_a_webhook_is_added_with_a_secret_that_is_shown_once(staff, url, in_city):
    answer = webhook(staff, url)
    assert answer.status_code == 200
    secret = re.search(r"whsec_[A-Za-z0-9+/=]+", answer.text)[0]
    with in_city():
        [added] = keeping.webhooks()
        assert keeping.secrets_of(added) == [secret]
        page = f"/admin/programs/webhooks/{added.id}"
    assert secret not in staff.get(page).text


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://example.org/", "must begin with https"),
        ("https://10.0.0.1/", "not on the open internet"),
        ("https://169.254.169.254/latest/meta-data", "not on the open internet"),
        ("https://127.0.0.2/", "not on the open internet"),
        ("nonsense", "whole address"),
    ],
)
def test_a_webhook_leads_to_the_open_internet_alone(staff, address, said, in_city):
    answer = webhook(staff, address)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Receiver" in answer.text
    with in_city():
        assert list(keeping.webhooks()) == []


def test_what_was_sent_is_seen_and_sent_again(staff, url, in_city, run_tasks):
    webhook(staff, url)
    with in_city():
        [added] = keeping.webhooks()
        page = f"/admin/programs/webhooks/{added.id}"
    assert staff.post(f"{page}/test").status_code == 303
    run_tasks()
    shown = staff.get(page, headers=ENGLISH).text
    assert "Test message" in shown
    with in_city():
        sent = db.session.scalars(select(WebhookDelivery)).one()
        ident, answer = sent.id, sent.answer
        assert (sent.state, sent.tries, sent.status) == (DeliveryState.FAILED, 1, None)
    assert answer in shown
    assert staff.post(f"{page}/{ident}/resend").status_code == 303
    assert "webhooks.deliver" in run_tasks()


def test_a_webhook_is_switched_changed_and_deleted(staff, url, in_city):
    webhook(staff, url)
    with in_city():
        [added] = keeping.webhooks()
        page = f"/admin/programs/webhooks/{added.id}"
    assert staff.post(f"{page}/switch", data={"on": "0"}).status_code == 303
    sent = {"name": "Other", "url": f"{url}/2", "events": ["city.module_switched"]}
    assert staff.post(f"{page}/change", data=sent).status_code == 303
    assert staff.post(f"{page}/secret").status_code == 200
    with in_city():
        [added] = keeping.webhooks()
        assert (added.name, added.url, added.is_on) == ("Other", f"{url}/2", False)
        assert len(keeping.secrets_of(added)) == 2
    assert staff.post(f"{page}/delete").status_code == 303
    assert staff.get(page).status_code == 404
    with in_city():
        assert list(keeping.webhooks()) == []


def test_the_page_for_programmers_describes_what_is_on(visitor):
    page = visitor.get("/api/", headers=ENGLISH)
    assert page.status_code == 200
    for words in ("/api/v1/news/articles", "news.article_published", "problem-no-token", "NewsArticle"):
        assert words in page.text
    assert "<script" not in page.text.partition("<main")[2]


def test_the_pages_ask_a_bounded_number_of_questions(staff, url, in_city, count_queries):
    webhook(staff, url)
    made(staff)
    with in_city():
        page = f"/admin/programs/webhooks/{keeping.webhooks()[0].id}"
    for path in ("/admin/programs/", page):
        staff.get(path)
        with count_queries() as asked:
            staff.get(path)
        assert len(asked) <= 12, (path, asked)


def test_a_stolen_cookie_makes_nothing_that_outlives_it(staff, url, in_city, frozen):
    webhook(staff, url)
    with in_city():
        [added] = keeping.webhooks()
        page = f"/admin/programs/webhooks/{added.id}"
    frozen(datetime.now(UTC) + timedelta(minutes=11))
    for path in ("/admin/programs/new", "/admin/programs/webhooks/new", f"{page}/change", f"{page}/secret"):
        assert "Is it you?" in staff.post(path, data=TOKEN, headers=ENGLISH).text, path
    with in_city():
        assert list(tokens()) == []
