import pytest
from sqlalchemy import text

from app.core import jobs
from app.core.db import db
from app.core.jobs import task
from tenants import schema
from tenants.inside import inside
from worker.run import run

SHOWN = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
PAGE, TASK = ["30s", "10s", "2min"], ["9min", "1min", "10min"]


def limits(bind=None):
    options = {"bind": db.engines["platform"]} if bind else {}
    return [db.session.scalar(text(f"SHOW {name}"), bind_arguments=options) for name in SHOWN]


@pytest.fixture
def seen():
    """What tasks of a city and of the platform find their limits to be."""
    found = {}

    @task("test.city")
    def look():
        found["city"] = limits()

    @task("test.platform", of_platform=True)
    def look_at_platform():
        found["platform"] = limits("platform")

    yield found
    for name in ("test.city", "test.platform"):
        del jobs.TASKS[name]


@pytest.fixture
def short(app):
    """Give both logins this little time, and what they had afterwards."""
    config = app.config["PARVIS"]
    urls = (config.web_database, config.platform_database)

    def set_all(**values):
        with app.app_context():
            with schema.owner_transaction() as owner:
                for url in urls:
                    for name, value in values.items():
                        owner.exec_driver_sql(
                            f'ALTER ROLE "{url.username}" IN DATABASE "{url.database}" SET {name} = \'{value}\''
                        )
            for engine in db.engines.values():
                engine.dispose()

    yield set_all
    set_all(statement_timeout="30s", lock_timeout="10s")


def test_a_statement_of_a_page_may_take_seconds(app, in_city):
    with in_city("paris"):
        assert limits() == PAGE
        assert limits("platform") == PAGE


def test_a_task_may_take_minutes_and_leaves_no_trace_on_the_connection(app, in_city, seen):
    run(app, "test.city", "c_testparis", {})
    run(app, "test.platform", None, {})
    assert seen == {"city": TASK, "platform": TASK}
    with in_city("paris"):
        assert limits() == PAGE
        assert limits("platform") == PAGE


def test_a_command_may_take_minutes(app):
    with inside(app, "paris"):
        assert limits() == TASK


def test_migrations_have_no_limit_of_their_own_but_for_locks(app):
    with app.app_context(), schema.owner_transaction() as owner:
        assert owner.scalar(text("SHOW statement_timeout")) == "0"


@pytest.mark.parametrize("limit", ["statement_timeout", "lock_timeout"])
def test_a_page_whose_statement_runs_out_of_time_says_so_and_when_to_come_back(app, visitor, short, limit):
    short(**{limit: "200ms"})
    with app.app_context(), schema.owner_transaction() as owner:
        owner.exec_driver_sql("LOCK TABLE c_testparis.news_article IN ACCESS EXCLUSIVE MODE")
        answer = visitor.get("/news/", headers={"Accept-Language": "en"})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert "This took too long" in answer.text
    assert visitor.get("/news/").status_code == 200


def test_a_form_whose_statement_runs_out_changes_nothing(app, staff, short):
    form = {
        "name": "Lutetia", "contact_email": "a@b.example", "language_1": "en", "language_2": "",
        "language_3": "", "language_4": "", "time_zone": "UTC", "currency": "EUR",
    }  # fmt: skip
    short(lock_timeout="200ms")
    with app.app_context(), schema.owner_transaction() as owner:
        owner.exec_driver_sql("SELECT FROM platform.city WHERE id = 'testparis' FOR UPDATE")
        assert staff.post("/admin/settings", data=form).status_code == 503
    assert "Lutetia" not in staff.get("/admin/settings").text
    assert staff.post("/admin/settings", data=form).status_code == 303
