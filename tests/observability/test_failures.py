import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import references
from app.core.db import db
from tenants import failures
from tenants.models import Failure

SECRET = "lea@example.org lives in Rue de Rivoli 4"


@pytest.fixture
def broken(app, monkeypatch):
    """Let the page about the site's accessibility fail."""

    def fail():
        raise RuntimeError(SECRET)

    monkeypatch.setitem(app.view_functions, "portal_about.accessibility", fail)
    app.config["PROPAGATE_FAILURES"] = False


def shown_reference(answer):
    assert answer.status_code == 500
    return re.search(r"<strong>([0-9A-Z]{3}-[0-9A-Z]{4})</strong>", answer.get_data(as_text=True))[1]


def all_rows(app):
    with app.app_context():
        return db.session.query(Failure).all()


def test_the_reader_gets_a_reference_and_operators_find_what_happened(app, visitor, broken):
    reference = shown_reference(visitor.get("/accessibility", headers={"X-Request-ID": "proxy-1234"}))
    with app.app_context():
        found = failures.find(f" {reference.lower().replace('-', ' ')} ")
        assert found.reference == reference
        assert (found.city_id, found.place) == ("testparis", "portal_about.accessibility")
        assert (found.kind, found.count, found.request_id) == ("RuntimeError", 1, "proxy-1234")
        assert "test_failures.py" in found.trace
        everything = " ".join(str(getattr(found, column.name)) for column in Failure.__table__.columns)
    assert "lea" not in everything
    assert "Rivoli" not in everything


def test_what_happens_again_is_counted_and_elsewhere_has_its_own(app, site, broken, frozen):
    frozen("2026-11-22T10:00")
    first = [shown_reference(site("paris").get("/accessibility")) for _ in range(3)]
    other = shown_reference(site("budapest").get("/accessibility"))
    assert len(set(first)) == 1
    assert other != first[0]
    assert sorted(row.count for row in all_rows(app)) == [1, 3]
    frozen("2026-11-23T10:00")
    assert shown_reference(site("paris").get("/accessibility")) not in first


def test_the_page_comes_without_a_database_as_well(app, visitor, broken, monkeypatch):
    class Away:
        def begin(self):
            from sqlalchemy.exc import OperationalError

            raise OperationalError("", {}, Exception(SECRET))

    with app.app_context():
        engines = dict(db.engines)
    monkeypatch.setattr(type(db), "engines", property(lambda _self: {**engines, "platform": Away()}))
    assert references.read(shown_reference(visitor.get("/accessibility")))


def test_failures_go_after_a_month(app, visitor, broken, frozen, run_tasks):
    frozen("2026-11-22T10:00")
    visitor.get("/accessibility")
    frozen("2026-12-20T10:00")
    with app.app_context():
        failures.forget()
        db.session.commit()
    assert len(all_rows(app)) == 1
    frozen("2026-12-23T10:00")
    with app.app_context():
        failures.forget()
        db.session.commit()
    assert all_rows(app) == []


def test_a_task_that_fails_is_written_down(app):
    from worker.observing import observed

    def fail():
        with observed(app, "files.tidy", "c_testparis", 1):
            raise RuntimeError(SECRET)

    with pytest.raises(RuntimeError):
        fail()
    (row,) = all_rows(app)
    assert (row.place, row.city_id, row.kind) == ("files.tidy", "testparis", "RuntimeError")


@given(st.integers(0, 31**6 - 1))
def test_a_reference_is_read_back_and_no_slip_passes(number):
    plain = ""
    for _ in range(references.LENGTH):
        number, digit = divmod(number, 31)
        plain += references.ALPHABET[digit]
    shown = references.shown(plain)
    assert references.read(shown) == shown
    assert references.read(shown.lower().replace("-", " ")) == shown
    for place in range(len(shown)):
        for letter in references.ALPHABET:
            if shown[place] not in ("-", letter):
                assert references.read(shown[:place] + letter + shown[place + 1 :]) is None
    whole = shown.replace("-", "")
    for place in range(len(whole) - 1):
        if whole[place] != whole[place + 1]:
            swapped = whole[:place] + whole[place + 1] + whole[place] + whole[place + 2 :]
            assert references.read(swapped) is None


@pytest.mark.parametrize("said", ["", "ABC", "K7M-Q2X!", "0OI-L111", "é" * 7, "A" * 80])
def test_whatever_cannot_be_a_reference_is_none(said):
    assert references.read(said) is None
