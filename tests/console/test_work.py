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
