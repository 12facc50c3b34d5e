import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.core.clock import now
from app.core.db import db
from app.core.jobs import TASKS
from tenants import schema
from tenants.models import CityState, SignupState
from worker.run import run

NOTHING = {"schema": False, "role": False, "row": False}
WHOLE = {"schema": True, "role": True, "row": True}
HALF_WAY = "audit_entry"


@pytest.fixture
def work(app, run_tasks, frozen):
    """Let the worker do what is due, and what becomes due in the next minutes."""

    def go(minutes=0):
        done = run_tasks()
        moment = now()
        for second in range(5, minutes * 60 + 1, 5):
            frozen(moment + timedelta(seconds=second))
            done += run_tasks()
        return done

    return go


def provision(app, signup):
    return run(app, "platform.provision", None, {"signup_id": str(signup.id)})


def test_a_new_city_answers_at_its_address_within_seconds(confirmed, run_tasks, site, city_row, signups):
    city = site("szentendre")
    assert city.get("/").status_code == 404
    confirmed()
    began = time.monotonic()
    run_tasks()
    assert time.monotonic() - began < 10
    assert city.get("/sign-in").status_code in (200, 404)
    assert city.get("/theme.css").status_code == 200
    assert city_row("szentendre").state is CityState.LIVE
    assert signups()[0].state is SignupState.READY


def test_a_new_city_is_private(confirmed, run_tasks, site, apex):
    confirmed()
    run_tasks()
    answer = site("szentendre").get("/")
    assert answer.status_code == 403
    assert "noindex" in answer.text
    assert site("szentendre").get("/robots.txt").text.endswith("Disallow: /\n")
    assert "szentendre" not in apex.get("/").text.lower()


def test_the_administrator_is_the_only_person_in_a_new_city(confirmed, run_tasks, in_city):
    confirmed()
    run_tasks()
    with in_city("szentendre"):
        rows = db.session.execute(text("SELECT email, role, language, confirmed_at FROM account")).all()
        acts = db.session.scalars(text("SELECT action FROM audit_entry")).all()
    (row,) = rows
    assert (row.email, row.role, row.language) == ("mayor@szentendre.example", "administrator", "hu")
    assert row.confirmed_at is not None
    assert acts == ["city.created"]


@pytest.mark.parametrize(
    ("language", "time_zone", "currency"),
    [
        ("fr", "Europe/Paris", "EUR"),
        ("hu", "Europe/Budapest", "HUF"),
        ("es", "Europe/Madrid", "EUR"),
        ("en", "Europe/Dublin", "EUR"),
    ],
)
def test_time_zone_and_currency_follow_the_main_language(confirmed, city_row, language, time_zone, currency):
    confirmed(language=language)
    row = city_row("szentendre")
    assert (row.languages, row.time_zone, row.currency) == ([language], time_zone, currency)
    assert row.contact_email == ""


def test_no_module_is_on_in_a_new_city(confirmed, run_tasks, site, traces, city_row, app):
    confirmed()
    run_tasks()
    assert site("szentendre", role="administrator").get("/news/").status_code == 404
    with app.app_context(), schema.owner_transaction() as owner:
        owners = owner.scalars(
            text(f'SELECT module FROM "c_{city_row("szentendre").id}".module_revision')
        ).all()
    assert owners == ["city"]


def test_the_role_of_a_new_city_reads_no_other_city(confirmed, run_tasks, in_city, city_row):
    confirmed()
    run_tasks()
    mine = f"c_{city_row('szentendre').id}"
    for city, other in (("szentendre", "c_testparis"), ("paris", mine)):
        with in_city(city):
            assert db.session.scalar(text("SELECT count(*) FROM account")) is not None
        for statement in (
            f'SELECT count(*) FROM "{other}".account',
            f'INSERT INTO "{other}".account SELECT * FROM account',
            f'SET ROLE "{other}"; SELECT 1',
            "SELECT count(*) FROM platform.signup",
        ):
            with pytest.raises(Exception, match=r"permission denied|multiple commands"), in_city(city):
                db.session.execute(text(statement))


def test_a_second_run_changes_nothing(app, confirmed, run_tasks, signups, mails, in_city):
    confirmed()
    run_tasks()
    sent = len(mails())
    provision(app, signups()[0])
    assert len(mails()) == sent
    with in_city("szentendre"):
        assert db.session.scalar(text("SELECT count(*) FROM account")) == 1


def test_two_workers_at_once_make_one_city(app, confirmed, signups, traces, in_city):
    confirmed()
    signup = signups()[0]
    failures = []

    def work():
        try:
            provision(app, signup)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    provision(app, signup)
    assert failures == []
    assert signups()[0].state is SignupState.READY
    assert traces(signup.city_id) == WHOLE
    with in_city("szentendre"):
        assert db.session.scalar(text("SELECT count(*) FROM account")) == 1
        assert db.session.scalar(text("SELECT count(*) FROM audit_entry")) == 1


def test_a_failure_half_way_leaves_nothing_and_is_tried_again(
    confirmed, work, signups, traces, when_a_table_is_made
):
    confirmed()
    city_id = signups()[0].city_id
    with when_a_table_is_made(HALF_WAY, "RAISE 'disk full'"):
        work()
        assert traces(city_id) == {"schema": False, "role": False, "row": True}
        assert signups()[0].state is SignupState.CONFIRMED
        assert signups()[0].attempts == 1
    work(minutes=1)
    assert signups()[0].state is SignupState.READY
    assert traces(city_id) == WHOLE


def test_a_city_given_up_leaves_no_trace_but_the_sign_up(
    apex, ask, confirmed, work, signups, traces, when_a_table_is_made
):
    page = confirmed()
    city_id = signups()[0].city_id
    with when_a_table_is_made(HALF_WAY, "RAISE 'disk full'"):
        assert work(minutes=3).count("platform.provision") == 5
    assert traces(city_id) == NOTHING
    assert signups()[0].state is SignupState.FAILED
    shown = apex.get(page)
    assert shown.status_code == 200
    assert "We are on it." in shown.text
    assert ask(email="other@example.org").status_code == 422


def test_a_city_given_up_can_be_tried_again(
    apex, confirmed, work, run_tasks, signups, site, when_a_table_is_made
):
    page = confirmed()
    with when_a_table_is_made(HALF_WAY, "RAISE 'disk full'"):
        work(minutes=3)
    assert apex.post(f"{page}/again").location == page
    run_tasks()
    assert signups()[0].state is SignupState.READY
    assert site("szentendre").get("/").status_code == 403
    assert "Go to my back office" in apex.get(page).text


def test_a_role_left_by_somebody_else_is_not_taken_over(app, confirmed, work, signups, traces):
    confirmed()
    city_id = signups()[0].city_id
    with app.app_context(), schema.owner_transaction() as owner:
        owner.exec_driver_sql(f'CREATE ROLE "c_{city_id}" NOLOGIN')
    work()
    assert traces(city_id) == {"schema": False, "role": True, "row": True}
    assert signups()[0].state is SignupState.CONFIRMED
    with app.app_context(), schema.owner_transaction() as owner:
        owner.exec_driver_sql(f'DROP ROLE "c_{city_id}"')
    work(minutes=1)
    assert traces(city_id) == WHOLE


def test_a_worker_cut_off_from_its_half_made_city_begins_again(app, confirmed, work, signups, traces):
    confirmed()
    city_id = signups()[0].city_id
    with app.app_context(), schema.owner_transaction() as owner:
        owner.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:s, 0))"), {"s": f"migrate c_{city_id}"}
        )
        worker = threading.Thread(target=provision, args=(app, signups()[0]))
        worker.start()
        assert cut_off_whoever_waits()
        worker.join()
    assert traces(city_id) == {"schema": False, "role": False, "row": True}
    assert signups()[0].state is SignupState.CONFIRMED
    work(minutes=1)
    assert traces(city_id) == WHOLE


def test_a_worker_that_dies_after_the_database_was_made_goes_on_from_there(
    app, confirmed, work, signups, traces, in_city, when_a_table_is_made
):
    confirmed()
    city_id = signups()[0].city_id
    platform = app.config["PARVIS"].platform_database.username
    killer = f"PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{platform}'"
    with when_a_table_is_made(HALF_WAY, killer):
        work()
    assert traces(city_id) == WHOLE
    assert signups()[0].state is SignupState.CONFIRMED
    work(minutes=1)
    assert signups()[0].state is SignupState.READY
    with in_city("szentendre"):
        assert db.session.scalar(text("SELECT count(*) FROM account")) == 1


def test_a_city_whose_worker_vanished_is_picked_up(app, confirmed, run_tasks, signups, frozen):
    frozen("2026-11-22T10:00")
    confirmed()
    with app.app_context(), schema.owner_transaction() as owner:
        owner.exec_driver_sql("DELETE FROM shared.outbox WHERE task = 'platform.provision'")
    frozen("2026-11-22T10:02")
    run(app, "platform.resume_signups", None, {})
    assert "platform.provision" not in run_tasks()
    frozen("2026-11-22T10:04")
    run(app, "platform.resume_signups", None, {})
    assert "platform.provision" in run_tasks()
    assert signups()[0].state is SignupState.READY


def test_the_sign_ups_are_looked_after_on_their_own():
    assert TASKS["platform.resume_signups"].every == timedelta(minutes=1)
    assert TASKS["platform.forget_signups"].every == timedelta(days=1)


def test_what_is_over_is_forgotten(app, ask, confirmed, run_tasks, signups, frozen, site):
    frozen("2026-11-22T10:00")
    ask(city_name="Eger", email="eger@example.org")
    confirmed()
    run_tasks()
    frozen("2026-12-05T10:00")
    run(app, "platform.forget_signups", None, {})
    assert [s.slug for s in signups()] == ["szentendre"]
    with app.app_context(), db.engines["platform"].connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM platform.mail")) == 0
    frozen("2026-12-25T10:00")
    run(app, "platform.forget_signups", None, {})
    assert signups() == []
    assert site("szentendre").get("/").status_code == 403


def test_the_administrator_gets_a_mail_when_the_city_is_ready(confirmed, mails):
    confirmed()
    mail = mails()[-1]
    assert mail["recipient"] == "mayor@szentendre.example"
    assert mail["language"] == "hu"
    assert "http://szentendre.parvis.localhost:8000/sign-in" in mail["text"]


def cut_off_whoever_waits():
    statement = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'advisory'")
    deadline = time.monotonic() + 4
    while time.monotonic() < deadline:
        with schema.owner_transaction() as another:
            if another.scalars(statement).all():
                return True
        time.sleep(0.05)
    return False
