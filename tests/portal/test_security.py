import re

import pytest

from modules.news import services
from modules.news.rules import Draft
from tests.portal.conftest import PASSWORD

PAGES = ["/", "/sign-in", "/sign-up", "/privacy", "/nothing-here"]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_carries_the_headers_that_protect_it(path, visitor):
    headers = visitor.get(path).headers
    policy = headers["Content-Security-Policy"]
    for part in ("default-src 'self'", "script-src 'self'", "frame-ancestors 'none'", "form-action 'self'"):
        assert part in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] in ("strict-origin-when-cross-origin", "same-origin")
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_inline_scripts_or_styles(path, visitor):
    text = visitor.get(path).text
    assert "<h1" in text
    assert not re.search(r"<script(?![^>]*\ssrc=)|\sstyle=|\son\w+=|javascript:", text)


def test_asking_for_the_head_of_a_page_does_nothing_that_asking_for_the_page_does_not(staff, in_city):
    with in_city("paris"):
        article = services.create(Draft(title={"fr": "Le pont"}, body={"fr": "Il est ouvert."}))
        page = f"/admin/news/{article.id}/delete"
    head = staff.head(page)
    assert (head.status_code, head.data) == (200, b"")
    assert staff.get(page).status_code == 200


POSTS = {
    "/sign-in": {"email": "ines@example.org", "password": PASSWORD},
    "/sign-in/link": {"email": "ines@example.org"},
    "/sign-in/forgotten": {"email": "ines@example.org"},
    "/sign-up": {"name": "A", "email": "a@example.org"},
    "/sign-out": {},
    "/account": {"name": "A", "language": "en"},
    "/account/password": {"current": PASSWORD, "new": "another quiet lantern"},
    "/account/sign-out-everywhere": {},
    "/prefs": {"theme": "dark"},
}


@pytest.mark.parametrize("path", POSTS)
def test_a_form_without_its_token_is_refused(path, app, site, known, mails):
    known()
    app.config["WTF_CSRF_ENABLED"] = True
    browser = site("paris", role="resident")
    assert browser.post(path, data=POSTS[path]).status_code == 403
    assert browser.get("/account").status_code == 200
    assert mails() == []


def test_a_form_with_its_token_is_taken(app, visitor, known):
    known()
    app.config["WTF_CSRF_ENABLED"] = True
    token = re.findall(r'name="csrf_token" value="([^"]+)"', visitor.get("/sign-in").text)[0]
    assert visitor.post("/sign-in", data={**POSTS["/sign-in"], "csrf_token": token}).status_code == 303


def test_the_token_of_another_visitor_is_refused(app, site, known):
    known()
    app.config["WTF_CSRF_ENABLED"] = True
    token = re.findall(r'name="csrf_token" value="([^"]+)"', site().get("/sign-in").text)[0]
    assert site().post("/sign-in", data={**POSTS["/sign-in"], "csrf_token": token}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://budapest.parvis.localhost:8000"},
        {"Origin": "http://paris.parvis.localhost:8001"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/account/password"])
def test_what_another_site_sends_is_refused(headers, path, resident):
    assert resident.post(path, data=POSTS[path], headers=headers).status_code == 403
    assert resident.get("/account").status_code == 200


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://paris.parvis.localhost:8000"}, {"Sec-Fetch-Site": "same-origin"}, {}]
)
def test_what_this_site_sends_is_taken(headers, resident):
    assert resident.post("/sign-out", headers=headers).status_code == 303


def test_robots_may_read_a_published_city_but_not_its_back_office(visitor):
    assert visitor.get("/robots.txt").text == "User-agent: *\nDisallow: /admin/\n"


def test_sign_in_exists_on_cities_only(site):
    for path in ("/sign-in", "/sign-up", "/account", "/privacy"):
        assert site("").get(path).status_code == 404
