from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.core.config import read
from app.web.spreadsheets import csv_lines

ENVIRONMENT = {"DATABASE_URL": "postgresql://h/d", "REDIS_URL": "redis://h"}


@pytest.fixture
def contact(app):
    config = app.config["PARVIS"]
    app.config["PARVIS"] = replace(config, security_contact="mailto:security@platform.example")
    yield
    app.config["PARVIS"] = config


@pytest.mark.parametrize(
    ("slug", "host"), [("paris", "paris.parvis.localhost:8000"), ("", "parvis.localhost:8000")]
)
def test_every_site_says_where_weaknesses_are_reported(app, site, contact, frozen, slug, host):
    frozen("2026-11-22T10:00")
    answer = site(slug).get("/.well-known/security.txt")
    assert answer.content_type == "text/plain; charset=utf-8"
    lines = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert lines["Contact"] == "mailto:security@platform.example"
    assert lines["Canonical"] == f"http://{host}/.well-known/security.txt"
    expires = datetime.fromisoformat(lines["Expires"])
    assert 30 < (expires - datetime(2026, 11, 22, tzinfo=UTC)).days < 365
    assert "en" in lines["Preferred-Languages"].split(", ")
    assert site(slug).get("/security.txt").location.endswith("/.well-known/security.txt")


def test_without_a_contact_there_is_no_file(visitor):
    assert visitor.get("/.well-known/security.txt").status_code == 404


@pytest.mark.parametrize(
    ("said", "contact"),
    [
        ("security@city.example", "mailto:security@city.example"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("https://city.example/security", "https://city.example/security"),
        ("Call us", ""),
        ("", ""),
    ],
)
def test_a_contact_is_written_as_an_address(said, contact):
    assert read({**ENVIRONMENT, "SECURITY_CONTACT": said}).security_contact == contact


def test_the_operators_contact_is_taken_where_there_is_no_other():
    assert (
        read({**ENVIRONMENT, "OPERATOR_CONTACT": "ops@p.example"}).security_contact == "mailto:ops@p.example"
    )


def test_password_managers_are_led_to_the_page(site):
    assert site("paris").get("/.well-known/change-password").location.endswith("/account/password")
    assert site("").get("/.well-known/change-password").location.endswith("/operators/me")


def test_cells_that_a_spreadsheet_would_run_are_words():
    dangerous = ["=1+1", "+1", "-1", "@SUM", "\tx", "\rx", "\nx", "\0x"]
    lines = csv_lines([dangerous])
    for cell in dangerous:
        assert f"'{cell}" in lines
    assert csv_lines([["a,b", 'say "x"', -5, None]]) == '"a,b","say ""x""",-5,\r\n'


@pytest.mark.parametrize(
    ("url", "kept"), [("", ""), ("file:///srv/files", ""), ("s3://k:s@h/b", "s3://k:s@h/b")]
)
def test_files_are_kept_where_the_configuration_says(url, kept):
    config = read({**ENVIRONMENT, "FILES_URL": url})
    assert config.files_url == kept
    assert (str(config.files_dir) == "/srv/files") is url.startswith("file:")


@pytest.mark.parametrize("said", [{"FILES_URL": "ftp://x"}, {"LOG_FORMAT": "xml"}])
def test_what_cannot_be_is_said_at_the_start(said):
    with pytest.raises(SystemExit, match=next(iter(said))):
        read({**ENVIRONMENT, **said})
