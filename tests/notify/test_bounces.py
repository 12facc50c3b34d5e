from email import message_from_string
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from app.cli.mail import group
from app.core.clock import now
from app.core.db import db
from app.core.ids import new_id
from app.notify import refused
from app.notify.bounces import failure, read_address, return_address
from app.notify.mail import CityMail

BASE = "bounces@mail.parvis.example"
REPORT = """From: MAILER-DAEMON@mx.example
To: {to}
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Sorry.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; ada@example.org
Action: {action}
Status: {status}

--b--
"""


def report(action="failed", status="5.1.1", to=BASE):
    return message_from_string(REPORT.format(action=action, status=status, to=to))


@pytest.fixture(autouse=True)
def key(app):
    with app.app_context():
        yield


@given(st.uuids())
def test_a_mail_is_known_by_its_way_back_whatever_servers_do_to_capitals(ident):
    address = return_address(BASE, "testparis", ident)
    local = address.partition("@")[0]
    assert len(local) <= 64
    for seen in (address, address.upper(), f"<{address}>"):
        assert read_address(seen).mail_id == ident


def test_nobody_makes_a_way_back_of_their_own():
    address = return_address(BASE, "testparis", uuid4())
    other = return_address(BASE, "testbudapest", uuid4())
    swapped = address.replace("testparis", "testbudapest")
    assert read_address(swapped) is None
    assert read_address(address.replace("@", "a@")) is None
    assert read_address(other.partition("+")[2]) is None
    assert read_address(BASE) is None


@pytest.mark.parametrize(
    ("action", "status", "said"),
    [
        ("failed", "5.1.1", "5.1.1"),
        ("delayed", "4.4.1", None),
        ("failed", "4.4.7", None),
        ("delivered", "2.0.0", None),
    ],
)
def test_only_a_failure_for_good_counts(action, status, said):
    assert failure(report(action, status)) == said


def test_a_holiday_answer_is_no_failure():
    assert (
        failure(
            message_from_string("Subject: Status: 5.1.1 Action: failed\n\nAction: failed\nStatus: 5.1.1\n")
        )
        is None
    )


@pytest.fixture
def sent(in_city):
    ident = new_id()
    with in_city():
        words = {"subject": "s", "text": "", "html": "", "created_at": now(), "sent_at": now()}
        db.session.add(CityMail(id=ident, recipient="ada@example.org", language="en", **words))
    return ident


def came_back(app, to, status="5.1.1"):
    text = REPORT.format(action="failed", status=status, to=to)
    done = CliRunner().invoke(group, ["bounced", to], input=text, obj=lambda: app, catch_exceptions=False)
    assert done.exit_code == 0
    return done.output.strip()


def test_an_address_is_given_up_when_mails_came_back_twice(app, in_city, sent):
    to = return_address(BASE, "testparis", sent)
    assert came_back(app, to) == "noted"
    with in_city():
        assert not refused.is_refused("Ada@example.org")
    assert came_back(app, to) == "noted"
    with in_city():
        assert refused.is_refused("Ada@example.org")
        assert refused.number() == 1
        refused.works_again("ada@example.org")
        assert not refused.is_refused("ada@example.org")


def test_what_another_city_sent_and_what_nobody_sent_is_ignored(app, in_city, sent):
    assert came_back(app, return_address(BASE, "testbudapest", sent)) == "ignored"
    assert came_back(app, return_address(BASE, "nocity", sent)) == "ignored"
    assert came_back(app, return_address(BASE, "testparis", UUID(int=0))) == "ignored"
    assert came_back(app, "bounces+something@else.example") == "ignored"
    with in_city():
        assert refused.number() == 0
