import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from app.accounts.models import Account, Role
from app.accounts.services import create_confirmed
from app.core.context import NoCity, serving
from app.core.db import begin_statement, db
from app.core.jobs import enqueue
from tenants import resolve
from tenants.schema import owner_transaction

OTHER = "c_testbudapest"


def ask(statement, **values):
    return db.session.execute(text(statement), values)


def test_without_a_city_nothing_begins(app):
    with app.app_context(), pytest.raises(NoCity):
        ask("SELECT 1")


def test_a_transaction_has_the_role_and_the_path_of_its_city(in_city):
    with in_city("paris"):
        assert ask("SELECT current_user").scalar() == "c_testparis"
        assert ask("SHOW search_path").scalar() == "c_testparis, shared, pg_temp"


def test_role_and_path_end_with_the_transaction(in_city):
    with in_city("paris"):
        raw = db.session.connection().connection.dbapi_connection
        db.session.commit()
        assert raw.execute("SELECT current_user").fetchone()[0].endswith("_web")
        assert "c_testparis" not in raw.execute("SHOW search_path").fetchone()[0]


def test_the_same_id_in_two_cities_is_two_people(app, in_city):
    with in_city("paris"):
        mine = create_confirmed("ada@example.org", "Ada", role=Role.RESIDENT, language="fr")
        db.session.flush()
        mine_id, at = mine.id, mine.created_at
    with in_city("budapest"):
        assert db.session.get(Account, mine_id) is None
        db.session.add(
            Account(id=mine_id, email="bela@example.org", name="Béla", language="hu", created_at=at)
        )
    with app.app_context():
        names = []
        for slug in ("paris", "budapest", "paris"):
            with serving(resolve.city_by_slug(slug)):
                names.append(db.session.get_one(Account, mine_id).name)
        assert names == ["Ada", "Béla", "Ada"]


@pytest.mark.parametrize(
    "attack",
    [
        f"SELECT email FROM {OTHER}.account",
        f"INSERT INTO {OTHER}.account (id) VALUES (gen_random_uuid())",
        "SELECT slug FROM platform.city",
        "SELECT task FROM shared.outbox",
        f'SET LOCAL ROLE "{OTHER}_missing"',
        f"SELECT set_config('role', '{OTHER}', true)",
        "UPDATE pg_settings SET setting = 'x' WHERE name = 'role'",
        "CREATE TEMP TABLE account (id int)",
        "CREATE TABLE stolen (id int)",
        "DROP TABLE account",
        "UPDATE audit_entry SET action = 'x'",
        "DELETE FROM audit_entry",
        f"INSERT INTO shared.outbox (city, task, ids, due_at) VALUES ('{OTHER}', 'mail.deliver', '{{}}', now())",
        "CREATE SCHEMA mine",
        "COPY account TO PROGRAM 'cat'",
    ],
)
def test_a_query_cannot_leave_its_city(in_city, attack):
    with in_city("paris"):
        with pytest.raises((ProgrammingError, DBAPIError)):
            ask(attack.replace(":", "\\:"))
        db.session.rollback()


@pytest.mark.parametrize("tail", ["RESET ROLE", f'SET ROLE "{OTHER}"', "SELECT 2"])
def test_a_second_statement_in_a_message_is_refused_by_the_server(in_city, tail):
    with in_city("paris"):
        with pytest.raises(DBAPIError, match="multiple commands"):
            ask(f"SELECT 1; {tail}")
        db.session.rollback()


def test_work_can_be_asked_for_in_ones_own_name_only(in_city, app):
    with in_city("paris"):
        enqueue("mail.deliver", mail_id="x")
    with app.app_context(), db.engines["platform"].connect() as connection:
        assert connection.execute(text("SELECT city, task FROM shared.outbox")).all() == [
            ("c_testparis", "mail.deliver")
        ]


def test_a_closed_connection_is_replaced_unasked(in_city):
    with in_city("paris"):
        pid = ask("SELECT pg_backend_pid()").scalar()
        db.session.commit()
        with owner_transaction() as owner:
            owner.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
        assert ask("SELECT 1").scalar() == 1


def test_so_is_a_closed_connection_to_the_platforms_tables(app):
    with app.app_context():
        platform = db.engines["platform"]
        with platform.connect() as connection:
            pid = connection.scalar(text("SELECT pg_backend_pid()"))
        with owner_transaction() as owner:
            owner.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
        with platform.connect() as connection:
            assert connection.scalar(text("SELECT 1")) == 1


def test_an_error_inside_a_savepoint_leaves_the_city_in_place(in_city):
    with in_city("paris"):
        with pytest.raises(DBAPIError), db.session.begin_nested():
            ask("SELECT 1/0")
        assert ask("SELECT current_user").scalar() == "c_testparis"


def test_the_begin_message_names_the_city_only(app):
    with app.app_context():
        message = begin_statement(resolve.city_by_slug("paris")).decode()
    assert message.startswith('BEGIN; SET LOCAL ROLE "c_testparis"; SET LOCAL search_path')


def test_a_connection_that_was_closed_in_the_pool_is_replaced_unnoticed(in_city):
    with in_city("paris"):
        raw = db.session.connection().connection.dbapi_connection
        db.session.commit()
        raw.close()
        assert ask("SELECT 1").scalar() == 1


@pytest.mark.parametrize("engine", [None, "platform"])
def test_the_error_of_a_statement_holds_none_of_its_values(in_city, engine):
    statement, values = text("SELECT nothing WHERE :value <> ''"), {"value": "what Ada chose"}
    with in_city("paris"), pytest.raises(ProgrammingError) as failed:
        db.session.execute(statement, values, bind_arguments={"bind": db.engines[engine]})
    assert "nothing" in str(failed.value)
    assert "Ada" not in str(failed.value)


def test_nor_does_that_of_the_owner(app):
    with app.app_context(), pytest.raises(ProgrammingError) as failed, owner_transaction() as owner:
        owner.execute(text("SELECT nothing WHERE :value <> ''"), {"value": "what Ada chose"})
    assert "Ada" not in str(failed.value)
