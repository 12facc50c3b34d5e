import pytest

from tenants import usage
from worker.run import run

EN = {"Accept-Language": "en"}


@pytest.fixture
def look(app):
    """Do what the worker does once an hour."""
    return lambda: run(app, "quota.look", "c_testparis", {})


@pytest.fixture
def administrators(site, in_city):
    """Two administrators, and an editor who is none."""
    from app.accounts.models import Role
    from app.accounts.services import create_confirmed

    with in_city("paris"):
        for name, role in (("ana", Role.ADMINISTRATOR), ("bea", Role.ADMINISTRATOR), ("eve", Role.EDITOR)):
            create_confirmed(f"{name}@paris.example", name.title(), role=role, language="en")


def test_administrators_are_told_once_when_little_and_once_when_nothing_is_left(
    look, give, mails, administrators
):
    give("paris", accounts=4)
    look()
    assert [mail["recipient"] for mail in mails()] == []
    give("paris", accounts=3)
    look()
    told = mails()
    assert {mail["recipient"] for mail in told} == {"ana@paris.example", "bea@paris.example"}
    assert "3 of 3 accounts are there." in told[0]["text"]
    assert "/admin/settings/use" in told[0]["text"]
    look()
    assert len(mails()) == 2


def test_the_first_page_of_the_back_office_warns(site, give, look):
    staff = site("paris", role="administrator")
    assert "See what the city uses" not in staff.get("/admin/", headers=EN).text
    give("paris", accounts=1)
    look()
    page = staff.get("/admin/", headers=EN).text
    assert "1 of 1 accounts are there." in page
    assert "/admin/settings/use" in page


def test_the_page_tells_what_is_used_and_what_happens_when_nothing_is_left(app, site, give, look, frozen):
    frozen("2026-11-22T10:00")
    give("paris", accounts=1, storage=1500)
    staff = site("paris", role="administrator")
    assert "that has not happened yet" in staff.get("/admin/settings/use", headers=EN).text
    look()
    with app.app_context():
        usage.flush()
    run(app, "platform.keep_use", None, {})
    page = staff.get("/admin/settings/use", headers=EN).text
    assert "of 1.5 GB are used" in page
    assert "Nothing left" in page
    assert "nobody can open a new account" in page
    assert "November 22, 2026" in page


def test_only_who_manages_the_city_sees_its_use(site):
    assert site("paris", role="editor").get("/admin/settings/use").status_code == 403
    assert site("paris").get("/admin/settings/use").status_code in (302, 303)


def test_the_settings_lead_to_it(site):
    assert "/admin/settings/use" in site("paris", role="administrator").get("/admin/settings").text
