"""People and lists as tests of accounts need them."""

import io

import pytest
from hypothesis import HealthCheck, settings

from app.accounts.models import Account, Role
from app.accounts.rolls import importing
from app.accounts.rolls.normal import Field
from app.accounts.rolls.reading import Columns
from app.accounts.services import create_confirmed
from app.core.districts import add_districts

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

EN = {"Accept-Language": "en"}
COLUMNS = Columns(
    {Field.FAMILY_NAME: "nom", Field.GIVEN_NAME: "prénom", Field.BIRTH_DATE: "né le", Field.POSTCODE: "cp"},
    carried="arr",
)
LIST = """nom;prénom;né le;cp;arr
LÓPEZ-GARCÍA;José Maria;03/02/1984;75011;11
Nagy;Ágnes;29/02/2012;75012;12
Straße;Eva;01.12.1990;75011;11
"""


def wish(**more) -> importing.Wish:
    return importing.Wish(
        **{
            "title": "Voters 2026",
            "columns": COLUMNS,
            "grants": {"lives_in_city": "yes"},
            "carried": "district",
            **more,
        }
    )


def csv_file(text=LIST, encoding="utf-8"):
    return io.BytesIO(text.encode(encoding))


JOSE = {
    Field.FAMILY_NAME: "lopez garcia",
    Field.GIVEN_NAME: "José",
    Field.BIRTH_DATE: "1984-02-03",
    Field.POSTCODE: "75 011",
}
AGNES = {
    Field.FAMILY_NAME: "Nagy",
    Field.GIVEN_NAME: "Agnes",
    Field.BIRTH_DATE: "2012-02-29",
    Field.POSTCODE: "75012",
}


@pytest.fixture
def with_districts(in_city) -> None:
    """Give both cities their districts."""
    for slug in ("paris", "budapest"):
        with in_city(slug):
            add_districts([("11", {"en": "11th", "fr": "11e"}), ("12", {"en": "12th", "fr": "12e"})])


@pytest.fixture
def a_list(in_city, with_districts):
    """A list of residents in use in paris."""
    with in_city():
        return importing.take_in(csv_file(), wish()).roll_id


def somebody(email="jose@example.org", name="José López") -> Account:
    return create_confirmed(email, name, role=Role.RESIDENT, language="en")
