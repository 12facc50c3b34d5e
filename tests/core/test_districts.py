import pytest
from sqlalchemy import select

from app.core import districts as service
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.errors import Conflict, Invalid, NotFound


def codes():
    return [one.code for one in service.districts()]


@pytest.fixture
def in_city(in_city_in_english):
    return in_city_in_english


@pytest.fixture
def listed(in_city):
    with in_city("paris"):
        service.add_districts(
            [("10", {"fr": "Enclos"}), ("11", {"fr": "Popincourt"}), ("12", {"fr": "Reuilly"})]
        )


def test_districts_keep_the_order_of_the_city(listed, in_city):
    with in_city("paris"):
        service.move_district("12", up=True)
        service.move_district("10", up=True)
        assert codes() == ["10", "12", "11"]
        assert dict(service.district_names()) == {"10": "Enclos", "12": "Reuilly", "11": "Popincourt"}
    with in_city("budapest"):
        assert codes() == []


@pytest.mark.parametrize(
    ("code", "said"), [("11", "is a district"), ("é", "code"), ("a b", "code"), ("", "code")]
)
def test_a_code_is_free_and_plain(listed, in_city, code, said):
    with in_city("paris"), pytest.raises(Invalid, match=said):
        service.add_districts([(code, {"fr": "Encore"})])


def test_a_district_that_is_needed_stays_and_says_why(listed, in_city, monkeypatch):
    monkeypatch.setattr(service, "_uses", [lambda code: ["Two roles need it."] if code == "11" else []])
    with in_city("paris"):
        with pytest.raises(Conflict, match="Two roles need it"):
            service.remove_district("11")
        service.remove_district("10")
        assert codes() == ["11", "12"]
        with pytest.raises(NotFound):
            service.remove_district("10")


def test_what_happens_to_districts_is_written_down(listed, in_city):
    with in_city("paris"):
        service.rename_district("11", {"fr": "Roquette", "en": "La Roquette"})
        db.session.flush()
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "districts.renamed")).one()
        assert entry.details == {"name_before": "Popincourt", "name": "La Roquette, Roquette"}
