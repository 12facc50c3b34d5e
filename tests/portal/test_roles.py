from concurrent.futures import ThreadPoolExecutor

import pytest

from app.accounts import services, staffing
from app.accounts.models import Role
from app.core.errors import Conflict


@pytest.fixture
def administrators(known, in_city):
    def make(*names):
        emails = [known(f"{name}@example.org", role=Role.ADMINISTRATOR) for name in names]
        with in_city():
            return [services.find(email).id for email in emails]

    return make


def test_the_last_administrator_stays(administrators, in_city):
    (only,) = administrators("claire")
    with pytest.raises(Conflict), in_city():
        staffing.change_role(only, Role.EDITOR)
    with in_city():
        assert services.find("claire@example.org").role is Role.ADMINISTRATOR


def test_an_administrator_who_has_not_come_in_yet_does_not_count(administrators, in_city):
    (only,) = administrators("claire")
    with in_city():
        invited = staffing.invite("malik@example.org", Role.ADMINISTRATOR).id
    with pytest.raises(Conflict), in_city():
        staffing.change_role(only, Role.EDITOR)
    with in_city():
        assert staffing.change_role(invited, Role.EDITOR).role is Role.EDITOR


def test_two_administrators_cannot_remove_each_other_at_once(administrators, in_city):
    pair = administrators("claire", "malik")

    def demote(person):
        try:
            with in_city():
                staffing.change_role(person, Role.EDITOR)
        except Conflict:
            return "kept"
        return "changed"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(demote, pair)) == ["changed", "kept"]


def test_a_new_role_ends_the_sessions_of_the_person(site, known, sign_in, in_city):
    known(role=Role.EDITOR)
    browser = site()
    sign_in(browser)
    assert browser.get("/account").status_code == 200
    with in_city():
        staffing.change_role(services.find("ines@example.org").id, Role.VIEWER)
    assert browser.get("/account").status_code == 302


def test_staff_who_work_here_already_are_not_invited(known, in_city):
    known(role=Role.EDITOR)
    with pytest.raises(Conflict), in_city():
        staffing.invite("Ines@example.org", Role.VIEWER)
