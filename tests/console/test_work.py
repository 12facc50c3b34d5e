from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.web.work import WorkItem, arranged

START = datetime(2026, 1, 1, tzinfo=UTC)
DAY = date(2026, 6, 1)
items = st.builds(
    lambda number, days, mine, hours: WorkItem(
        subject=str(number),
        title="",
        url="",
        status="received",
        since=START + timedelta(hours=hours),
        due=None if days is None else DAY + timedelta(days=days),
        assigned_to=UUID(int=1) if mine else None,
    ),
    st.integers(0, 10_000),
    st.none() | st.integers(-20, 20),
    st.booleans(),
    st.integers(0, 500),
)


@given(st.lists(items, max_size=30))
def test_each_item_stands_once_and_the_late_ones_first(found):
    shown = arranged(found, DAY)
    assert sorted(i.subject for i in shown.in_order) == sorted(i.subject for i in found)
    assert all(i.due < DAY for i in shown.overdue)
    assert not any(i.due and i.due < DAY for i in (*shown.mine, *shown.unassigned))
    assert all(i.assigned_to for i in shown.mine)
    for part in (shown.overdue, shown.mine, shown.unassigned):
        assert [i.due or date.max for i in part] == sorted(i.due or date.max for i in part)


def test_an_invitation_that_has_run_out_waits_for_an_administrator(english, frozen):
    frozen("2026-03-01T10:00")
    admin = english(role="administrator")
    invited = {"emails": "late@paris.example", "role": "editor", "confirmed": "1"}
    assert admin.post("/admin/staff/invite", data=invited).status_code == 303
    assert "Invite late@paris.example again" not in admin.get("/admin/").text
    frozen("2026-03-21T10:00")
    assert "Invite late@paris.example again" in english(role="administrator").get("/admin/").text
    assert "late@paris.example" not in english(role="editor").get("/admin/").text


def test_a_message_waits_for_another_than_its_writer(english, in_city):
    from app.accounts.messages.models import Message
    from app.accounts.messages.rules import State
    from app.accounts.models import Account
    from app.core.db import db

    writer, other = english(role="administrator"), english(role="administrator", email="other@paris.example")
    with in_city():
        me = db.session.query(Account).filter(Account.email == "administrator@paris.example").one()
        db.session.add(
            Message(
                state=State.WAITING,
                subject={"fr": "Travaux"},
                text={"fr": "Demain"},
                segment={},
                written_by=me.id,
                created_at=datetime.now(UTC),
            )
        )
    assert "Look at the message: Travaux" in other.get("/admin/").text
    assert "Look at the message" not in writer.get("/admin/").text
    assert "Look at the message" not in english(role="viewer").get("/admin/").text
