import io

import pytest

from app.accounts.models import Role
from app.accounts.rolls import services as rolls
from app.accounts.services import find
from app.core.audit import latest

from .conftest import AGNES, JOSE, LIST

PEOPLE, LISTS = "/admin/people/", "/admin/rolls/"
COLUMNS = {
    "title": "Voters 2026",
    "header": ["nom", "prénom", "né le", "cp", "arr"],
    "family_name": "nom",
    "given_name": "prénom",
    "birth_date": "né le",
    "postcode": "cp",
    "carried_column": "arr",
    "carried": "district",
    "grants": ["lives_in_city=yes"],
}


@pytest.fixture
def admin(english):
    return english(role="administrator")


@pytest.fixture
def jose(english):
    return english(role="resident", email="jose@paris.example")


def file(text=LIST):
    return (io.BytesIO(text.encode()), "list.csv")


def person_id(in_city, email="jose@paris.example"):
    with in_city():
        return find(email).id


def test_a_clerk_checks_what_a_resident_has_asked_for(admin, jose, in_city, with_districts):
    jose.post("/account/known/district", data={"value": "11"})
    jose.post("/account/known/district/check")
    page = admin.get(PEOPLE).text
    assert "Jose" in page
    assert "District" in page
    path = f"{PEOPLE}{person_id(in_city)}"
    assert "Waits for a check" in admin.get(path).text
    form = admin.get(f"{path}/check/district").text
    assert "asked for a check" in form
    assert admin.post(f"{path}/check/district", data={"value": "11"}).status_code == 422
    sent = admin.post(f"{path}/check/district", data={"value": "11", "document": "bill"})
    assert sent.status_code == 303
    assert "Bill or contract" in admin.get(path).text
    assert "Waits for a check" not in admin.get(path).text
    assert "checked by staff" in jose.get("/account/known").text
    with in_city():
        assert latest(1)[0].details == {"attribute": "district", "document": "bill"}


def test_what_is_not_proven_leaves_the_queue(admin, jose, in_city):
    jose.post("/account/known/school", data={"value": "Lycée"})
    jose.post("/account/known/school/check")
    assert admin.post(f"{PEOPLE}{person_id(in_city)}/refuse/school").status_code == 303
    assert "Nobody waits. Residents" in admin.get(PEOPLE).text


def test_residents_are_looked_up_without_a_name_in_an_address(admin, jose):
    found = admin.post(PEOPLE, data={"who": "jose@paris.example"})
    assert found.status_code == 200
    assert "/admin/people/" in found.text
    assert "jose@paris.example" in found.text
    assert "Nobody with an account" in admin.post(PEOPLE, data={"who": "nobody here"}).text
    assert admin.post(PEOPLE, data={"who": "j"}).status_code == 422


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR, Role.RESIDENT])
def test_only_those_who_may_look_at_residents(english, jose, in_city, role):
    other = english(role=role.value)
    for path in (PEOPLE, f"{PEOPLE}{person_id(in_city)}", LISTS, f"{LISTS}new", f"{LISTS}codes"):
        assert other.get(path).status_code == 403


def test_a_list_is_previewed_mapped_and_taken_in(admin, jose, with_districts, in_city):
    page = admin.post(f"{LISTS}new", data={"file": file()}, content_type="multipart/form-data")
    assert page.status_code == 200
    assert "LÓPEZ-GARCÍA" in page.text
    assert 'selected value="nom"' in page.text
    assert admin.get(LISTS).text.count("Voters 2026") == 0
    sent = admin.post(f"{LISTS}import", data={**COLUMNS, "file": file()}, content_type="multipart/form-data")
    assert sent.status_code == 303
    page = admin.get(LISTS).text
    assert "People on the list: 3." in page
    with in_city():
        roll = rolls.rolls()[0].id
        rolls.prove(find("jose@paris.example"), roll, JOSE)
    path = f"{PEOPLE}{person_id(in_city)}"
    assert "Voters 2026" in admin.get(path).text
    assert admin.post(f"{path}/release/{roll}").status_code == 303
    assert "used no list" in admin.get(path).text


def test_wrong_lines_are_shown_and_everything_typed_is_kept(admin, with_districts):
    broken = LIST + "Kiss;Anna;31/02/1980;75011;11\n"
    page = admin.post(
        f"{LISTS}import", data={**COLUMNS, "file": file(broken)}, content_type="multipart/form-data"
    )
    assert page.status_code == 422
    assert "Line 5: Birth date cannot be read." in page.text
    assert "Voters 2026" in page.text
    assert 'selected value="né le"' in page.text
    again = {**COLUMNS, "file": file(broken), "leave_out_wrong": "y"}
    sent = admin.post(f"{LISTS}import", data=again, content_type="multipart/form-data")
    assert sent.status_code == 303
    assert "Lines that were left out: 1" in admin.get(LISTS).text


@pytest.mark.parametrize(
    "more",
    [
        {"title": ""},
        {"birth_date": ""},
        {"grants": ["lives_in_city=perhaps"]},
        {"replaces": "x"},
        {"file": ""},
    ],
)
def test_a_list_that_makes_no_sense_is_refused(admin, with_districts, more):
    data = {**COLUMNS, "file": file(), **more}
    if more == {"replaces": "x"}:
        data["family_name"] = "nowhere"
    sent = admin.post(f"{LISTS}import", data=data, content_type="multipart/form-data")
    assert sent.status_code == 422


def test_codes_come_as_a_file_that_is_shown_once(admin, jose, with_districts):
    wish = {
        "title": "=Letters",
        "number": "3",
        "grants": ["district=11"],
        "ends_on": "2099-01-01",
        "form": "file",
    }
    sent = admin.post(f"{LISTS}codes", data=wish)
    assert sent.mimetype == "text/csv"
    lines = sent.text.lstrip("\ufeff").splitlines()
    assert len(lines) == 4
    code = lines[1].split(",")[0]
    assert code not in admin.get(LISTS).text
    assert jose.post("/account/known/code", data={"code": code}).status_code == 303


def test_codes_come_as_sheets_with_qr_codes(admin, with_districts):
    wish = {
        "title": "Letters",
        "number": "2",
        "grants": ["district=11"],
        "ends_on": "2099-01-01",
        "form": "sheets",
    }
    page = admin.post(f"{LISTS}codes", data=wish)
    assert page.status_code == 200
    assert page.text.count("<svg") >= 2
    assert "style=" not in page.text
    many = admin.post(f"{LISTS}codes", data={**wish, "number": "501"})
    assert many.status_code == 422
    assert "at most 500" in many.text


@pytest.mark.parametrize("more", [{"number": "0"}, {"grants": []}, {"ends_on": "2020-01-01"}, {"title": ""}])
def test_codes_that_make_no_sense_are_refused(admin, with_districts, more):
    wish = {
        "title": "Letters",
        "number": "2",
        "grants": ["district=11"],
        "ends_on": "2099-01-01",
        "form": "file",
    }
    assert admin.post(f"{LISTS}codes", data={**wish, **more}).status_code == 422


def test_what_is_no_number_is_refused_in_one_sentence_and_kept(admin, with_districts):
    page = admin.post(f"{LISTS}codes", data={"title": "Letters", "number": "many"}).text
    assert 'value="many"' in page
    assert "Enter a number from 1 to 20,000." in page
    assert "valid integer" not in page


def test_a_list_is_ended_after_a_question(admin, a_list, in_city):
    path = f"{LISTS}{a_list}/end"
    assert "will not be any more" in admin.get(path).text
    assert admin.post(path).status_code == 303
    assert "Out of use" in admin.get(LISTS).text


def test_a_place_of_a_deleted_account_is_freed(admin, a_list, in_city):
    typed = {field.value: value for field, value in AGNES.items()}
    page = admin.post(f"{LISTS}{a_list}/free", data=typed)
    assert page.status_code == 422
    assert "nobody has verified" in page.text


def test_the_city_asks_for_something_of_its_own(admin, jose):
    wish = {"title-fr": "Vélo", "key": "bicycle", "type": "choice", "answers": "City bike\nCargo bike"}
    assert admin.post("/admin/people/attributes", data=wish).status_code == 303
    assert "Cargo bike" in admin.get("/admin/people/attributes").text
    assert "Vélo" in jose.get("/account/known").text
    assert admin.post("/admin/people/attributes", data=wish).status_code == 422
    assert (
        admin.post("/admin/people/attributes", data={**wish, "key": "b2", "answers": "one"}).status_code
        == 422
    )
    assert admin.post("/admin/people/attributes/months", data={"staff": "12", "code": "0"}).status_code == 422
    assert admin.post("/admin/people/attributes/months", data={"staff": "12", "code": "6"}).status_code == 303
    assert admin.post("/admin/people/attributes/bicycle/remove").status_code == 303
    assert "Vélo" not in jose.get("/account/known").text


def test_pages_ask_a_bounded_number_of_questions(admin, with_districts, count_queries, english):
    def asked_by(path):
        admin.get(path)
        with count_queries() as asked:
            assert admin.get(path).status_code == 200
        return len(asked)

    before = asked_by(PEOPLE)
    for place in range(5):
        browser = english(role="resident", email=f"r{place}@paris.example")
        browser.post("/account/known/district", data={"value": "11"})
        browser.post("/account/known/district/check")
    assert asked_by(PEOPLE) <= before + 1
