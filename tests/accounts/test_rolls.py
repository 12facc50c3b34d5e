from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.attributes import services
from app.accounts.attributes.holding import collect, erase, retain, stays
from app.accounts.attributes.rules import Eligibility, Level, OneOf
from app.accounts.models import Account
from app.accounts.rolls import codes, importing, normal
from app.accounts.rolls import services as rolls
from app.accounts.rolls.models import Roll, RollEntry
from app.accounts.rolls.normal import Field
from app.accounts.rolls.reading import Columns, preview
from app.core.audit import latest
from app.core.clock import now
from app.core.db import db
from app.core.errors import Conflict, Invalid, NotFound

from .conftest import AGNES, JOSE, LIST, csv_file, somebody, wish

IN_11 = Eligibility(((OneOf("district", ("11",), Level.ROLL),),))


def known(account):
    return {one.attribute: (one.value, one.level) for one in services.of_account(account.id)}


def test_a_person_on_the_list_verifies_herself_by_what_she_types(in_city, a_list):
    with in_city():
        jose = somebody()
        assert rolls.prove(jose, a_list, JOSE) == ["lives_in_city", "birth_date", "district"]
        assert known(jose) == {
            "lives_in_city": ("yes", Level.ROLL),
            "birth_date": ("1984-02-03", Level.ROLL),
            "district": ("11", Level.ROLL),
        }
        assert services.eligible(IN_11, jose).eligible


def test_the_list_itself_is_nowhere(in_city, a_list):
    with in_city():
        entries = db.session.scalars(select(RollEntry)).all()
        kept = " ".join(f"{one.digest.hex()} {one.value}" for one in entries).lower()
        assert len(entries) == 3
        for word in ("lopez", "nagy", "75011", "1984"):
            assert word not in kept
            assert word.encode().hex() not in kept


def test_whoever_is_not_on_the_list_is_told_what_to_do(in_city, a_list):
    with in_city():
        with pytest.raises(Invalid, match=r"counter|guichet"):
            rolls.prove(somebody(), a_list, {**JOSE, Field.POSTCODE: "75012"})
        assert known(somebody()) == {}


def test_one_person_of_a_list_is_one_account(in_city, a_list):
    with in_city():
        rolls.prove(somebody(), a_list, JOSE)
    with in_city(), pytest.raises(Conflict):
        rolls.prove(somebody("second@example.org"), a_list, JOSE)
    with in_city(), pytest.raises(Conflict):
        rolls.prove(somebody(), a_list, AGNES)
    with in_city():
        assert rolls.prove(somebody(), a_list, JOSE)


def test_staff_release_a_person_and_what_it_proved_is_gone(in_city, a_list):
    with in_city():
        rolls.prove(somebody(), a_list, JOSE)
    with in_city():
        rolls.release(somebody(), a_list)
        assert known(somebody()) == {}
        assert rolls.prove(somebody("second@example.org"), a_list, JOSE)


def test_a_deleted_account_keeps_its_place_taken_for_a_year(in_city, a_list):
    with in_city():
        jose = somebody()
        rolls.prove(jose, a_list, JOSE)
        assert [record["list"] for record in collect(jose.id) if "list" in record] == ["Voters 2026"]
        assert [one.what for one in stays(jose.id)]
        erase(jose.id)
        db.session.delete(jose)
    with in_city(), pytest.raises(Conflict):
        rolls.prove(somebody("again@example.org"), a_list, JOSE)
    with in_city():
        retain(now() + timedelta(days=364))
        with pytest.raises(Conflict):
            rolls.prove(somebody("again@example.org"), a_list, JOSE)
    with in_city():
        retain(now() + timedelta(days=366))
        assert rolls.prove(somebody("again@example.org"), a_list, JOSE)


def test_staff_free_the_place_of_a_deleted_account(in_city, a_list):
    with in_city():
        jose = somebody()
        rolls.prove(jose, a_list, JOSE)
        with pytest.raises(Conflict):
            rolls.free(a_list, JOSE)
        erase(jose.id)
        db.session.delete(jose)
    with in_city():
        rolls.free(a_list, JOSE)
        assert rolls.prove(somebody("again@example.org"), a_list, JOSE)


def test_a_new_list_keeps_whoever_is_on_it_verified_and_ends_the_others(in_city, a_list):
    with in_city():
        rolls.prove(somebody(), a_list, JOSE)
        rolls.prove(somebody("agnes@example.org"), a_list, AGNES)
    moved = LIST.replace("75011;11\nNagy;Ágnes;29/02/2012;75012;12\n", "75011;12\n")
    with in_city():
        report = importing.take_in(csv_file(moved), wish(title="Voters 2027", replaces=a_list))
        assert (report.entered, report.stays_verified) == (2, 1)
    with in_city():
        assert known(somebody())["district"] == ("12", Level.ROLL)
        assert services.eligible(
            Eligibility(((OneOf("lives_in_city", ("yes",), Level.ROLL),),)), somebody()
        ).eligible
        agnes = somebody("agnes@example.org")
        assert not services.eligible(Eligibility(((OneOf("lives_in_city", ("yes",)),),)), agnes).eligible
        with pytest.raises(Conflict):
            rolls.prove(somebody("third@example.org"), report.roll_id, JOSE)
        with pytest.raises(NotFound):
            rolls.prove(agnes, a_list, AGNES)
        assert db.session.get(Roll, a_list).replaced_at is not None


def test_a_list_told_by_other_columns_verifies_nobody_by_itself(in_city, a_list):
    with in_city():
        rolls.prove(somebody(), a_list, JOSE)
    columns = Columns({Field.FAMILY_NAME: "nom", Field.BIRTH_DATE: "né le", Field.POSTCODE: "cp"})
    with in_city():
        report = importing.take_in(csv_file(), wish(columns=columns, carried="", replaces=a_list))
        assert report.stays_verified == 0
        assert not services.eligible(IN_11, somebody()).eligible


def test_lines_that_cannot_be_used_are_named_and_nothing_is_kept(in_city, with_districts):
    broken = (
        LIST
        + "Kiss;Anna;31/02/1980;75011;11\nKiss\n;Bela;01/02/1980;75011;11\nKiss;Anna;01/02/1980;75011;99\n"
    )
    with in_city():
        with pytest.raises(importing.WrongLines) as refused:
            importing.take_in(csv_file(broken), wish())
        assert [(one.line, one.field) for one in refused.value.report.shown] == [
            (5, Field.BIRTH_DATE),
            (6, None),
            (7, Field.FAMILY_NAME),
            (8, None),
        ]
        db.session.rollback()
    with in_city():
        assert rolls.rolls() == []
        report = importing.take_in(csv_file(broken + LIST.split("\n", 1)[1]), wish(leave_out_wrong=True))
        assert (report.read, report.wrong, report.twice, report.entered) == (10, 4, 3, 3)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_files_of_old_programs_can_be_read(in_city, with_districts, encoding):
    with in_city():
        shown = preview(csv_file(LIST.replace("Á", "É"), encoding))
        assert shown.header == ("nom", "prénom", "né le", "cp", "arr")
        assert shown.guessed[Field.FAMILY_NAME] == "nom"
        made = importing.take_in(csv_file(LIST, encoding), wish())
        assert rolls.prove(somebody(), made.roll_id, JOSE)


@pytest.mark.parametrize(
    "wrong",
    [
        {"columns": Columns({Field.NUMBER: "nom"})},
        {"columns": Columns({Field.FAMILY_NAME: "nom", Field.BIRTH_DATE: "né le"})},
        {"columns": Columns({Field.NUMBER: "nom", Field.POSTCODE: "nom"}), "carried": ""},
        {"columns": Columns({Field.NUMBER: "nom", Field.POSTCODE: "nowhere"}), "carried": ""},
        {"grants": {"lives_in_city": "perhaps"}},
        {"grants": {"eye_colour": "blue"}},
        {"title": " "},
    ],
)
def test_a_list_that_proves_nothing_or_could_be_guessed_is_refused(in_city, with_districts, wrong):
    with in_city(), pytest.raises(Invalid):
        importing.take_in(csv_file(), wish(**wrong))


@pytest.mark.parametrize("content", [b"", b"nom\n", b"PK\x03\x04\0\0", b"nom;nom\n1;2\n"])
def test_what_is_no_list_is_refused(in_city, content):
    import io

    with in_city(), pytest.raises(Invalid):
        preview(io.BytesIO(content))


def test_a_code_from_a_letter_works_once_and_for_a_while(in_city, frozen, with_districts):
    frozen("2026-11-22T10:00")
    with in_city():
        _batch, made = codes.make("Letters", 3, {"district": "11"})
        assert len(set(made)) == 3
    with in_city():
        assert rolls.redeem(somebody(), made[0].lower().replace("-", " ")) == ["district"]
        assert known(somebody()) == {"district": ("11", Level.CODE)}
        with pytest.raises(Conflict):
            rolls.redeem(somebody("other@example.org"), made[0])
    with in_city(), pytest.raises(Invalid):
        rolls.redeem(somebody("other@example.org"), "ABCD-EFGH-JKLM")
    frozen("2027-04-22T10:00")
    with in_city(), pytest.raises(Invalid):
        rolls.redeem(somebody("other@example.org"), made[1])
    with in_city():
        assert retain(now()) == 3
        assert db.session.scalars(select(RollEntry.digest)).all() == []


def test_a_code_of_one_city_is_worth_nothing_in_another(in_city, with_districts):
    with in_city("paris"):
        _batch, made = codes.make("Letters", 1, {"district": "11"})
    with in_city("budapest"), pytest.raises(Invalid):
        rolls.redeem(somebody(), made[0])


def test_only_what_a_code_is_for_can_be_asked(in_city, with_districts):
    for wrong in ({}, {"district": "99"}, {"shoe_size": "44"}):
        with in_city(), pytest.raises(Invalid):
            codes.make("Letters", 3, wrong)


def test_ending_a_list_ends_what_it_proved(in_city, a_list):
    with in_city():
        rolls.prove(somebody(), a_list, JOSE)
    with in_city():
        rolls.end(a_list)
        assert not services.eligible(IN_11, somebody()).eligible
        assert db.session.scalars(select(RollEntry.digest)).all() == []
        assert db.session.scalars(select(Account.id)).all()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1984-02-03", "1984-02-03"),
        ("03/02/1984", "1984-02-03"),
        ("3.2.1984", "1984-02-03"),
        ("1984. 02. 03.", "1984-02-03"),
        ("19840203", "1984-02-03"),
        ("30/02/1984", None),
        ("3/2/84", None),
        ("", None),
    ],
)
def test_dates_are_read_as_lists_write_them(text, found):
    day = normal.day(text)
    assert (day.isoformat() if day else None) == found


def test_names_are_compared_without_accents_and_signs():
    a = normal.normal({Field.FAMILY_NAME: "D’ARTAGNAN-Łuczak", Field.GIVEN_NAME: "Zsófia, Mária"})
    assert a == normal.normal({Field.FAMILY_NAME: "dartagnan luczak", Field.GIVEN_NAME: "zsofia"})
    assert normal.day("02/03/1984", month_first=True).isoformat() == "1984-02-03"


def test_whatever_a_list_is_called_can_be_written_down(in_city, with_districts):
    name = "Electoral_roll_2026_complete_export_version_2_final"
    with in_city():
        importing.take_in(csv_file(), wish(title=name))
        entry = latest(1)[0]
        assert (entry.action, entry.details["title"]) == ("people.roll_imported", name[:40])
