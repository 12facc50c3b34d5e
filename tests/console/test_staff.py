import re

import pytest

from app.accounts import services
from app.accounts.models import Role


@pytest.fixture
def person(in_city):
    """Let a person be known in a city and return her id: `person("ines@paris.example", "editor")`."""

    def make(email, role, slug="paris"):
        with in_city(slug):
            return str(
                services.create_confirmed(
                    email, email.partition("@")[0].title(), role=Role(role), language="en"
                ).id
            )

    return make


def invited(admin, emails, role="editor", **more):
    return admin.post("/admin/staff/invite", data={"emails": emails, "role": role, **more})


def roles(page):
    return dict(
        re.findall(
            r'<div class="small muted">([^<]+)</div>.*?data-label="Role"><div>\s*<div>(\w+)<', page, re.DOTALL
        )
    )


def test_the_staff_are_listed_with_role_and_last_visit(frozen, english, person):
    frozen("2026-11-22T10:00")
    admin = english(role="administrator")
    person("ines@paris.example", "viewer")
    person("rosa@paris.example", "resident")
    page = admin.get("/admin/staff/").text
    assert "November 22, 2026" in page
    assert roles(page) == {"administrator@paris.example": "Administrator", "ines@paris.example": "Viewer"}
    assert "2 people work in this back office." in page


def test_addresses_are_shown_for_checking_before_anything_is_sent(admin, mails):
    answer = invited(admin, "Anna@Paris.example\r\n\r\n bela@paris.example\nanna@paris.example", "viewer")
    assert answer.status_code == 200
    assert "Check the invitations" in answer.text
    assert "2 people" in answer.text
    assert "Viewer" in answer.text
    assert mails() == []
    assert len(roles(admin.get("/admin/staff/").text)) == 1

    again = invited(admin, "anna@paris.example", "viewer", change="1", confirmed="1")
    assert "anna@paris.example</textarea>" in again.text


def test_a_confirmed_invitation_is_mailed_and_opens_the_back_office(admin, mails, site):
    assert invited(admin, "anna@paris.example\nbela@paris.example", confirmed="1").location == "/admin/staff/"
    page = admin.get("/admin/staff/").text
    assert "2 invitations are sent." in page
    assert page.count("Invited</span>") == 2
    sent = mails()
    assert [mail["recipient"] for mail in sent] == ["anna@paris.example", "bela@paris.example"]
    link = re.search(r"http://[^/\s]+(/\S+)", sent[0]["text"])[1]
    assert site("paris").get(link).status_code == 200
    assert site("budapest").get(link).status_code in (404, 410)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter at least one e-mail address."),
        ("anna", "anna: Enter an e-mail address"),
        ("ok@paris.example\nbela@", "bela@: Enter an e-mail address"),
        ("administrator@paris.example", "administrator@paris.example already works here."),
        ("\n".join(f"p{n}@paris.example" for n in range(21)), "Invite at most 20 people at once."),
    ],
)
@pytest.mark.parametrize("confirmed", ["", "1"])
def test_wrong_addresses_are_named_and_nobody_is_invited(admin, mails, typed, said, confirmed):
    answer = invited(admin, typed, confirmed=confirmed)
    assert answer.status_code == 422
    assert said in answer.text
    assert mails() == []
    assert len(roles(admin.get("/admin/staff/").text)) == 1


def test_nobody_is_invited_as_a_resident_or_something_else(admin):
    assert invited(admin, "anna@paris.example", "resident", confirmed="1").status_code == 422
    assert invited(admin, "anna@paris.example", "king", confirmed="1").status_code == 422


def test_an_invitation_can_be_sent_again_until_it_is_accepted(admin, mails, person):
    invited(admin, "anna@paris.example", confirmed="1")
    again = re.search(r'action="(/admin/staff/[0-9a-f-]+/invite)"', admin.get("/admin/staff/").text)[1]
    assert admin.post(again).status_code == 303
    assert [mail["recipient"] for mail in mails()] == ["anna@paris.example"] * 2
    ines = person("ines@paris.example", "editor")
    assert admin.post(f"/admin/staff/{ines}/invite").status_code == 404


def test_invitations_are_limited(admin):
    for start in (0, 20, 40):
        emails = "\n".join(f"p{number}@paris.example" for number in range(start, start + 20))
        assert invited(admin, emails, confirmed="1").status_code == 303
    assert invited(admin, "last@paris.example", confirmed="1").status_code == 429
    assert "last@paris.example" not in admin.get("/admin/staff/").text


def test_a_new_role_holds_at_once(admin, site, person):
    person("editor@paris.example", "editor")
    editor = site("paris", role="editor")
    assert editor.get("/admin/news/new").status_code == 200
    ines = person("editor@paris.example", "editor")
    answer = admin.post(f"/admin/staff/{ines}/role", data={"role": "viewer"})
    assert answer.status_code == 303
    assert editor.get("/admin/").status_code == 302
    assert roles(admin.get("/admin/staff/").text)["editor@paris.example"] == "Viewer"
    assert "Role: Editor → Viewer" in admin.get("/admin/audit").text


def test_a_role_that_does_not_exist_is_refused(admin, person):
    ines = person("ines@paris.example", "editor")
    for role in ("", "resident", "king"):
        assert admin.post(f"/admin/staff/{ines}/role", data={"role": role}).status_code == 422


def test_the_last_administrator_can_neither_be_downgraded_nor_removed(admin, person):
    me = person("administrator@paris.example", "administrator")
    answer = admin.post(f"/admin/staff/{me}/role", data={"role": "editor"})
    assert answer.status_code == 409
    assert "A city needs at least one administrator." in answer.text
    assert "Change the role of" in answer.text
    removed = admin.post(f"/admin/staff/{me}/remove")
    assert removed.status_code == 409
    assert "A city needs at least one administrator." in removed.text
    assert admin.get("/admin/staff/").status_code == 200

    person("anna@paris.example", "administrator")
    assert admin.post(f"/admin/staff/{me}/role", data={"role": "editor"}).location == "/"
    assert admin.get("/admin/staff/").status_code == 302


def test_removing_asks_first_and_leaves_a_resident(admin, site, person):
    ines = person("editor@paris.example", "editor")
    editor = site("paris", role="editor")
    assert "Remove Editor from the staff?" in admin.get(f"/admin/staff/{ines}/remove").text
    assert editor.get("/admin/").status_code == 200
    assert admin.post(f"/admin/staff/{ines}/remove").status_code == 303
    assert editor.get("/admin/").status_code == 302
    assert "editor@paris.example" not in admin.get("/admin/staff/").text
    assert admin.get(f"/admin/staff/{ines}/remove").status_code == 404


def test_people_of_another_city_are_nobody_here(admin, person):
    other = person("ines@budapest.example", "editor", slug="budapest")
    for path in ("role", "remove"):
        assert admin.get(f"/admin/staff/{other}/{path}").status_code == 404
        assert admin.post(f"/admin/staff/{other}/{path}", data={"role": "viewer"}).status_code == 404


def test_the_list_asks_the_database_as_much_for_ten_people_as_for_one(admin, person, count_queries):
    def asked():
        with count_queries() as questions:
            assert admin.get("/admin/staff/").status_code == 200
        return len(questions)

    asked()
    before = asked()
    for number in range(10):
        person(f"p{number}@paris.example", "viewer")
    assert asked() <= before


def test_a_resident_who_is_invited_signs_in_anew(admin, resident):
    assert resident.get("/account").status_code == 200
    invited(admin, "resident@paris.example", confirmed="1")
    assert resident.get("/account").status_code == 302
