"""What a city might write into the outbox past the code that declares tasks, were its SQL not ours alone."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.core.context import serving
from app.core.db import db
from app.core.jobs import Lane
from tenants import resolve, schema
from worker import relay

ROW = (
    "INSERT INTO shared.outbox (city, task, ids, due_at, lane, ready)"
    " VALUES (current_user, :task, CAST(:ids AS jsonb), now(), :lane, true)"
)
OTHERS_WORK = (
    '{"tasks": [{"task": "mail.deliver", "args": [], "kwargs": {"mail_id": "x"}, "subtask_type": null,'
    ' "immutable": false, "options": {"headers": {"city": "c_testbudapest"}}}],'
    ' "result": [["a", null], []], "group_id": "a", "partial_args": []}'
)


@pytest.fixture
def forge(in_city):
    """Put a row into the outbox as paris, with SQL of one's own."""

    def put(task, ids="{}", lane="prompt"):
        with in_city("paris"):
            db.session.execute(text(ROW), {"task": task, "ids": ids, "lane": lane})

    return put


@pytest.mark.parametrize(
    ("task", "ids"),
    [
        ("celery.group", OTHERS_WORK),
        ("platform.erase_due", "{}"),
        ("platform.relay", "{}"),
        ("nobodys.task", "{}"),
    ],
)
def test_a_city_asks_for_nothing_but_its_own_tasks(app, celery, forge, work, waiting, task, ids):
    forge(task, ids)
    work("c_testbudapest")
    relay.relay(app, celery)
    assert waiting(Lane.PROMPT) == 1
    with app.app_context(), schema.owner_transaction() as owner:
        assert owner.scalar(text("SELECT count(*) FROM shared.outbox")) == 0


@pytest.mark.parametrize(
    ("ids", "lane"), [("[1]", "prompt"), ('"x"', "prompt"), ("null", "prompt"), ("{}", "first")]
)
def test_a_row_that_the_relay_would_stumble_over_is_refused(app, in_city, ids, lane):
    values = {"task": "mail.deliver", "ids": ids, "lane": lane}
    with app.app_context(), serving(resolve.city_by_slug("paris")):
        with pytest.raises(DBAPIError, match="ck_outbox"):
            db.session.execute(text(ROW), values)
        db.session.rollback()
