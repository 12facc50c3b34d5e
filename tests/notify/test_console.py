import re

import pytest

from app.core.audit import latest
from app.notify.rules import State
from app.notify.telling import notify
from tests.notify.conftest import RECEIPT
from tests.notify.people import me

PAGE, EN = "/admin/deliveries", {"Accept-Language": "en"}


@pytest.fixture
def given_up(post, person, in_city, run_tasks):
    """A receipt that a mail server refused for good."""
    ines = person()
    post.refuse = "550 no such person"
    with in_city():
        notify(RECEIPT, ines, "vote", what="SECRET WORDS")
    run_tasks()
    return post


def test_an_address_that_cannot_be_one_is_nobodys(site):
    admin = site("paris", role="administrator")
    for path in ("/admin/deliveries/person", "/admin/settings/sign-in/reset"):
        assert admin.post(path, data={"email": "a\0b@example.org"}).status_code in (200, 422), path


def test_staff_see_what_was_given_up_and_why_and_not_what_it_said(given_up, staff):
    page = staff.get(PAGE, headers=EN).text
    assert "The other side refused it." in page
    assert "550 no such person" in page
    assert "SECRET WORDS" not in page
    assert "ines@example.org" not in page


def test_staff_send_it_again(given_up, staff, deliveries, run_tasks, in_city):
    path = re.search(r'action="(/admin/deliveries/[0-9a-f-]+/resend)"', staff.get(PAGE).text)[1]
    given_up.refuse = ""
    assert staff.post(path).status_code == 303
    run_tasks()
    assert [d.state for d in deliveries()] == [State.HANDED_OVER]
    assert len(given_up.taken) == 1
    assert staff.post(path).status_code == 409
    with in_city():
        assert latest(1)[0].action == "people.delivery_resent"


def test_staff_let_go_of_it(given_up, staff, deliveries):
    path = re.search(r'action="(/admin/deliveries/[0-9a-f-]+/drop)"', staff.get(PAGE).text)[1]
    staff.post(path)
    assert [d.state for d in deliveries()] == [State.DROPPED]
    assert path not in staff.get(PAGE).text


def test_staff_see_what_was_sent_to_a_person_and_that_is_written_down(given_up, staff, in_city):
    page = staff.post(f"{PAGE}/person", data={"email": " Ines@example.org "}, headers=EN).text
    assert "Given up" in page
    with in_city():
        assert latest(1)[0].action == "people.deliveries_seen"
        assert latest(1)[0].subject == f"account:{me('ines@example.org')}"
    assert (
        "Nobody has an account"
        in staff.post(f"{PAGE}/person", data={"email": "x@example.org"}, headers=EN).text
    )
    assert staff.post(f"{PAGE}/person", data={"email": ""}).status_code == 422


@pytest.mark.parametrize("role", ["resident", "viewer", "editor"])
def test_who_has_no_leave_sees_nothing(site, role):
    browser = site("paris", role=role)
    assert browser.get(PAGE).status_code == 403
    assert browser.post(f"{PAGE}/person", data={"email": "a@example.org"}).status_code == 403
