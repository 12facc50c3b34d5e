"""The private PostgreSQL, with real servers."""

import os
import pwd
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from devstack.services import Postgres, StackError, scratch_dir

pytestmark = pytest.mark.slow


def address(server: Postgres, database: str = "parvis") -> str:
    return server.url.replace("+psycopg", "").replace("/parvis?", f"/{database}?")


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """One server for the tests that leave it as it is."""
    state = scratch_dir()
    started = Postgres(state, durable=False).start()
    yield started
    started.stop()
    shutil.rmtree(state, ignore_errors=True)


def test_a_client_reaches_the_database_as_a_superuser_in_utc(server: Postgres) -> None:
    with psycopg.connect(address(server)) as connection:
        row = connection.execute(
            "select current_user, current_setting('is_superuser'), current_setting('timezone'),"
            " current_setting('jit'), upper('é ő'), current_setting('max_locks_per_transaction')"
        ).fetchone()
    assert row == ("parvis", "on", "UTC", "off", "É Ő", "256")


def test_the_settings_of_the_shell_are_meant_for_another_server(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "5999")
    monkeypatch.setenv("PGOPTIONS", "-c jit=nonsense")
    assert postgres.start().psql("select 1") == "1"


def test_data_is_there_after_a_stop_and_a_start(postgres: Postgres) -> None:
    postgres.start()
    postgres.psql("create table kept as select 7 as n", "parvis")
    postgres.stop()
    postgres.start()
    assert postgres.psql("select n from kept", "parvis") == "7"


def test_a_killed_server_recovers_what_was_committed(state: Path) -> None:
    server = Postgres(state)
    try:
        process = server.start().process
        server.psql("create table kept as select generate_series(1, 1000) as n", "parvis")
        assert process is not None
        process.kill()
        process.wait()
        server.start()
        assert server.psql("select count(*) from kept", "parvis") == "1000"
    finally:
        server.stop()


def test_a_cluster_that_was_only_half_made_is_made_again(postgres: Postgres) -> None:
    half = postgres.data.with_name(f"{postgres.data.name}.new")
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    postgres.start()
    assert postgres.psql("select 1") == "1"
    assert not half.exists()


def test_a_directory_that_is_no_cluster_is_left_alone(postgres: Postgres) -> None:
    postgres.data.mkdir()
    (postgres.data / "letter.txt").write_text("mine")
    postgres.programs.account.own(postgres.data)
    with pytest.raises(StackError, match="make reset"):
        postgres.start()
    assert (postgres.data / "letter.txt").exists()


def test_a_cluster_of_another_account_is_left_alone(postgres: Postgres) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a directory away")
    postgres.data.mkdir()
    os.chown(postgres.data, 4242, 4242)
    with pytest.raises(StackError, match="belongs to another account"):
        postgres.start()


def test_what_a_server_said_is_quoted_when_it_does_not_start(state: Path) -> None:
    server = Postgres(state, durable=False, settings={"shared_buffers": "rather a lot"})
    with pytest.raises(StackError, match="rather a lot"):
        server.start()


def test_a_second_server_on_the_same_data_is_refused(server: Postgres) -> None:
    second = Postgres(server.state, durable=False)
    with pytest.raises(StackError, match=r"postmaster\.pid"):
        second.start(timeout=1)
    assert server.psql("select 1") == "1"


def test_a_socket_path_stays_short_however_deep_the_data_lies(state: Path) -> None:
    deep = state.joinpath(*["a-very-deep-directory"] * 6)
    deep.mkdir(parents=True)
    assert len(str(Postgres(deep, durable=False).socket_dir)) < 60
    assert len(str(Postgres(deep).socket_dir)) < 60


def test_a_socket_directory_of_somebody_else_is_refused(postgres: Postgres) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a directory away")
    postgres.socket_dir.mkdir()
    os.chown(postgres.socket_dir, 4242, 4242)
    with pytest.raises(StackError, match="belongs to somebody else"):
        postgres.start()


def test_root_hands_the_server_to_an_unprivileged_account(server: Postgres) -> None:
    if os.geteuid() != 0:
        pytest.skip("nobody to hand it to")
    assert server.process is not None
    owner = Path(f"/proc/{server.process.pid}").stat().st_uid
    assert pwd.getpwuid(owner).pw_name in ("postgres", "nobody")


def test_a_database_of_any_name_can_be_added(server: Postgres) -> None:
    server.ensure_database("second")
    server.ensure_database("second")
    with psycopg.connect(address(server, "second")) as connection:
        assert connection.info.dbname == "second"


def test_a_start_can_be_given_up(postgres: Postgres) -> None:
    with pytest.raises(StackError):
        postgres.start(give_up=lambda: True)
    assert postgres.process is None


def test_stopping_ends_open_sessions_and_leaves_no_process_and_no_socket(postgres: Postgres) -> None:
    process = postgres.start().process
    connection = psycopg.connect(address(postgres))
    postgres.stop()
    connection.close()
    assert process is not None
    assert process.returncode == 0
    assert not postgres.socket_dir.exists()
