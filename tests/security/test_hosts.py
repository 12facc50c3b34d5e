"""Nobody makes the product believe that it is called otherwise than it is."""

import re

import pytest

TRICKS = [
    "evil.example",
    "evil.example:8000",
    "paris.parvis.localhost.evil.example",
    "paris.parvis.localhost@evil.example",
    "paris.parvis.localhost:8000@evil.example",
    "parvis.localhost.evil.example:8000",
    "evil.example#paris.parvis.localhost",
    "[::1]",
    "127.0.0.1",
    "xn--pris-0na.parvis.localhost",
]


@pytest.mark.parametrize("host", TRICKS)
def test_a_host_that_is_nobodys_shows_no_city(app, host):
    answer = app.test_client().get("/", headers={"Host": host})
    assert answer.status_code in (400, 404)
    text = answer.get_data(as_text=True)
    assert "evil" not in text
    assert "Paris" not in text


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-Host": "budapest.parvis.localhost"},
        {"X-Host": "evil.example"},
        {"Forwarded": "host=evil.example"},
        {"X-Forwarded-Proto": "https", "X-Forwarded-Port": "1"},
        {"X-Original-URL": "/admin/", "X-Rewrite-URL": "/admin/"},
        {"X-HTTP-Method-Override": "DELETE"},
    ],
)
def test_headers_that_visitors_make_up_change_nothing(app, visitor, headers):
    answer = visitor.get("/sign-in", headers=headers)
    assert answer.status_code == 200
    text = answer.get_data(as_text=True)
    assert "evil" not in text
    assert "Budapest" not in text


@pytest.mark.parametrize(
    "host", ["paris.parvis.localhost:9999", "PARIS.parvis.localhost:8000", "paris.parvis.localhost."]
)
def test_mails_name_the_citys_own_host_whatever_the_request_called_it(app, site, mails, host):
    answer = app.test_client().post(
        "/sign-up", data={"name": "Léa", "email": "lea@example.org"}, headers={"Host": host}
    )
    assert answer.status_code in (200, 303, 308, 404, 422)
    for mail in mails():
        hosts = set(re.findall(r"https?://([^/\s\"'<>]+)", mail["text"] + mail["html"]))
        assert hosts <= {"paris.parvis.localhost:8000"}, hosts


def test_a_mail_after_a_proper_request_has_links_to_the_city_alone(app, site, mails):
    site("paris").post(
        "/sign-up",
        data={"name": "Léa", "email": "lea@example.org"},
        headers={"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"},
    )
    (mail,) = mails()
    hosts = set(re.findall(r"https?://([^/\s\"'<>]+)", mail["text"] + mail["html"]))
    assert hosts == {"paris.parvis.localhost:8000"}


def test_a_whole_address_in_the_request_line_counts_for_nothing(app, visitor):
    answer = visitor.get(
        "/", environ_overrides={"REQUEST_URI": "http://evil.example/", "RAW_URI": "http://evil.example/"}
    )
    assert answer.status_code == 200
    assert "evil" not in answer.get_data(as_text=True)
