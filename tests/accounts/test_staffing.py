from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import select

from app.accounts import roles, roles_own, services, staffing
from app.accounts.models import Account, Role
from app.accounts.staffing import Given
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.districts import add_districts, remove_district
from app.core.errors import Conflict, Invalid
from app.core.people import HOLDINGS


@pytest.fixture
def in_city(in_city_in_english):
    return in_city_in_english


@pytest.fixture
def claire(in_city):
    """The only administrator of paris."""
    with in_city():
        return services.create_confirmed(
            "claire@paris.example", "Claire", role=Role.ADMINISTRATOR, language="fr"
        ).id


@pytest.fixture
def ines(in_city):
    with in_city():
        return services.create_confirmed("ines@paris.example", "Ines", role=Role.RESIDENT, language="fr").id


def told(action):
    return db.session.scalars(select(AuditEntry).where(AuditEntry.action == action)).one().details


def test_a_person_can_have_several_roles_each_with_its_limits(ines, in_city):
    with in_city():
        add_districts([("11", {"fr": "Popincourt"})])
        desk = roles_own.make_role({"fr": "Accueil"}, ["participatory_budget.view"])
        wanted = [
            Given(Role.EDITOR, modules=("news",)),
            Given(role_id=desk.id, districts=("11",), ends_on=date(2999, 1, 1)),
        ]
        staffing.set_roles(ines, wanted)
    with in_city():
        account = db.session.get(Account, ines)
        assert account.is_staff
        assert account.role is Role.RESIDENT
        assert staffing.given_to(account) == wanted
        assert roles.account_may(account, "news.manage")
        assert not roles.account_may(account, "participatory_budget.manage")
        # The budget does not sort by district.
        assert not roles.account_may(account, "participatory_budget.view")
        assert told("accounts.role_changed") == {
            "before": "resident",
            "after": "editor · news; Accueil · 11 · until 2999-01-01",
        }
        with pytest.raises(Conflict, match="1 role of your staff is limited to it"):
            remove_district("11")


def test_a_role_ends_on_its_last_day(ines, in_city, frozen):
    frozen("2026-11-22T10:00")
    with in_city():
        staffing.set_roles(ines, [Given(Role.EDITOR, ends_on=date(2026, 11, 23))])
    for moment, may in (("2026-11-23T22:30", True), ("2026-11-23T23:30", False)):
        frozen(moment)
        with in_city():
            assert roles.account_may(db.session.get(Account, ines), "news.manage") is may


def test_roles_that_are_over_are_taken_away_at_night(ines, in_city, frozen):
    frozen("2026-11-22T10:00")
    with in_city():
        plain = Given(Role.VIEWER, modules=("news",))
        staffing.set_roles(ines, [plain, Given(Role.EDITOR, ends_on=date(2026, 11, 23))])
        assert staffing.end_roles() == 0
    frozen("2026-11-25T10:00")
    with in_city():
        assert staffing.end_roles() == 1
        assert staffing.given_to(db.session.get(Account, ines)) == [plain]
        assert told("accounts.roles_ended")["after"] == "viewer · news"
        assert staffing.end_roles() == 0


def test_whoever_has_not_come_in_yet_may_nothing(in_city):
    with in_city():
        account = staffing.invite("malik@paris.example", Role.ADMINISTRATOR)
        assert account.is_staff
        assert not roles.account_may(account, "console.view")
        account.confirmed_at = account.created_at
        assert roles.account_may(account, "console.staff")


@pytest.mark.parametrize(
    "given",
    [
        [],
        [Given(Role.EDITOR)],
        [Given(Role.ADMINISTRATOR, modules=("news",))],
        [Given(Role.ADMINISTRATOR, ends_on=date(2999, 1, 1))],
    ],
)
def test_the_last_administrator_cannot_be_limited_ended_or_removed(claire, in_city, given):
    with pytest.raises(Conflict, match="at least one administrator"), in_city():
        staffing.set_roles(claire, given)
    with pytest.raises(Conflict), in_city():
        staffing.keep_an_administrator(claire)
    with in_city():
        assert db.session.get(Account, claire).role is Role.ADMINISTRATOR


def test_the_last_administrator_can_have_more_roles(claire, in_city):
    with in_city():
        staffing.set_roles(claire, [Given(Role.ADMINISTRATOR), Given(Role.EDITOR, modules=("news",))])
        assert db.session.get(Account, claire).role is Role.ADMINISTRATOR


def test_of_two_administrators_who_leave_at_once_in_different_ways_one_stays(claire, in_city):
    with in_city():
        other = services.create_confirmed("m@paris.example", "M", role=Role.ADMINISTRATOR, language="fr").id

    def leave(way):
        try:
            with in_city():
                if way == "limits":
                    staffing.set_roles(claire, [Given(Role.ADMINISTRATOR, modules=("news",))])
                else:
                    staffing.keep_an_administrator(other)
                    db.session.delete(db.session.get(Account, other))
        except Conflict:
            return "kept"
        return "gone"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(leave, ("limits", "deletion"))) == ["gone", "kept"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (Given(), "Choose a role"),
        (Given(Role.RESIDENT), "Choose a role"),
        (Given(Role.EDITOR, modules=("gone",)), "no longer there"),
        (Given(Role.EDITOR, districts=("99",)), "no longer there"),
        (Given(Role.EDITOR, ends_on=date(2020, 1, 1)), "in the past"),
    ],
)
def test_roles_that_cannot_be_given_are_refused(ines, in_city, given, said):
    with pytest.raises(Invalid, match=said), in_city():
        staffing.set_roles(ines, [given])


def test_a_role_of_the_city_changes_for_everybody_at_once_and_goes_with_a_word(ines, in_city):
    with in_city():
        desk = roles_own.make_role({"fr": "Accueil"}, ["news.view"]).id
        staffing.set_roles(ines, [Given(role_id=desk)])
        assert not roles.account_may(db.session.get(Account, ines), "news.manage")
        found = roles_own.change_role_itself(desk, {"fr": "Presse"}, ["news.manage"])
        assert (found.added, found.taken) == ({"news.manage"}, {"news.view"})
        assert roles.account_may(db.session.get(Account, ines), "news.manage")
        db.session.flush()
        assert told("roles.changed")["permissions_before"] == "news.view"
        with pytest.raises(Conflict, match="Look again"):
            roles_own.delete_role(desk, holders=0)
        roles_own.delete_role(desk, holders=1)
    with in_city():
        assert not db.session.get(Account, ines).is_staff


@pytest.mark.parametrize("permissions", [[], ["console.staff"], ["console.view"], ["nothing.here"]])
def test_a_role_includes_something_and_never_the_power_to_give_roles(in_city, permissions):
    with pytest.raises(Invalid), in_city():
        roles_own.make_role({"fr": "Accueil"}, permissions)


def test_two_roles_cannot_have_one_name(in_city):
    with in_city():
        roles_own.make_role({"fr": "Accueil", "en": "Desk"}, ["news.view"])
        with pytest.raises(Invalid, match="There is a role called"):
            roles_own.make_role({"fr": "Guichet", "en": "desk"}, ["news.view"])


def test_cities_share_no_roles(in_city):
    with in_city("paris"):
        desk = roles_own.make_role({"fr": "Accueil"}, ["news.view"]).id
    with in_city("budapest"):
        assert roles_own.own_roles() == []
        person = services.create_confirmed("a@b.example", "A", role=Role.RESIDENT, language="hu").id
        with pytest.raises(Invalid, match="no longer there"):
            staffing.set_roles(person, [Given(role_id=desk)])


def test_the_roles_of_a_person_are_handed_out_and_go_with_her(claire, ines, in_city):
    roles_kept = HOLDINGS["platform.roles"]
    with in_city():
        staffing.set_roles(ines, [Given(Role.EDITOR, modules=("news",), ends_on=date(2999, 1, 1))])
        (told_to_her,) = roles_kept.collect(ines)
        assert told_to_her["modules"] == "news"
        assert told_to_her["last_day"] == date(2999, 1, 1)
        roles_kept.erase(ines)
        assert not list(roles_kept.collect(ines))
    with pytest.raises(Conflict), in_city():
        roles_kept.erase(claire)
