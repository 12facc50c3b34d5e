"""Who wanted a page before signing in comes back to it, and to no other site."""

from urllib.parse import urlencode

import pytest

from tests.portal.conftest import PASSWORD

FOREIGN = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "/\t/evil.example/",
    "/\n/evil.example/",
    " //evil.example/",
    "\x00//evil.example/",
    "http:evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "//[",
    "https://paris.parvis.localhost:8000@evil.example/",
    "//paris.parvis.localhost:8000/",
    "/" + "a" * 600,
    "/sign-in/link/abc",
    "/sign-in?next=/x",
]


@pytest.mark.parametrize("target", FOREIGN)
def test_no_other_site_is_a_way_back(target, site, known, sign_in):
    known()
    assert sign_in(site(), next=target).location == "/"
    signed_in = site("paris", role="resident")
    assert signed_in.get("/sign-in?" + urlencode({"next": target})).location == "/"
    page = site().get("/sign-in?" + urlencode({"next": target})).text
    assert 'name="next" value=""' in page


@pytest.mark.parametrize("target", FOREIGN)
def test_no_other_site_is_a_way_back_from_a_mailed_link(target, site, known, link_in):
    known()
    browser = site()
    browser.post("/sign-in/link", data={"email": "ines@example.org", "next": target})
    assert browser.post(link_in()).location == "/"


@pytest.mark.parametrize("target", ["//evil.example", "/\\evil.example", "https://evil.example", "//["])
def test_choosing_colours_leads_to_no_other_site(target, visitor):
    assert visitor.post("/prefs", data={"theme": "dark", "next": target}).location == "/"


def test_a_line_break_in_the_way_back_makes_no_header(visitor, known, sign_in):
    known()
    answer = sign_in(visitor, next="/privacy\r\nX-Made-Up: 1")
    assert "X-Made-Up" not in answer.headers
    assert answer.status_code == 303


def test_the_page_that_asked_for_signing_in_is_shown_after_it(visitor, known):
    known()
    asked = visitor.get("/account?x=1&y=2")
    assert asked.status_code == 302
    form = visitor.get(asked.location)
    assert 'name="next" value="/account?x=1&amp;y=2"' in form.text
    done = visitor.post(
        "/sign-in", data={"email": "ines@example.org", "password": PASSWORD, "next": "/account?x=1&y=2"}
    )
    assert done.location == "/account?x=1&y=2"


def test_the_way_back_survives_a_wrong_password_and_every_other_way_to_sign_in(visitor, known, sign_in):
    known()
    page = sign_in(visitor, password="not the right one", next="/privacy").text
    assert 'name="next" value="/privacy"' in page
    for path in ("/sign-up", "/sign-in/forgotten"):
        assert f'href="{path}?next=/privacy"' in page
    for path in ("/sign-up", "/sign-in/forgotten", "/sign-in/link"):
        assert 'name="next" value="/privacy"' in visitor.get(f"{path}?next=/privacy").text


@pytest.mark.parametrize("path", ["/sign-up", "/sign-in/link", "/sign-in/forgotten"])
def test_the_way_back_is_kept_through_the_mail_even_on_another_device(path, site, known, link_in):
    email = "otto@example.org" if path == "/sign-up" else known()
    asked = site().post(path, data={"name": "A", "email": email, "next": "/privacy?part=2"})
    assert asked.location == "/sign-in/check-mail?next=/privacy?part%3D2"
    done = site().post(link_in(), data={"password": "another quiet lantern"})
    assert done.location == "/privacy?part=2"
