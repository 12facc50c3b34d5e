"""The whole stack with a stub product: what `make run` promises."""

import json
import os
import re
import shutil
import signal
import socket
import sys
from collections.abc import Iterator

import pytest

from devstack.probe import page_status
from devstack.services import scratch_dir
from devstack.services.process import free_port

from .stub import StubCheckout, children_of, is_running, wait_for

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc"),
]
UNWANTED = ("DATABASE_URL", "REDIS_URL", "WEB_DATABASE_URL", "PLATFORM_DATABASE_URL", "DEVSTACK_DIR")


@pytest.fixture(scope="module")
def checkout() -> Iterator[StubCheckout]:
    root = scratch_dir()
    root.chmod(0o755)
    env = {key: value for key, value in os.environ.items() if key not in UNWANTED}
    made = StubCheckout(root, env | {"PORT": str(free_port(8300))})
    yield made
    if made.process is not None:
        made.stop(signal.SIGKILL)
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture
def running(checkout: StubCheckout) -> StubCheckout:
    if checkout.process is None or checkout.process.poll() is not None:
        checkout.start()
    return checkout


def test_it_prints_every_address_and_the_sign_ins_and_answers(running: StubCheckout) -> None:
    port = int(running.noted()["port"])
    for host in ("parvis", "paris.parvis", "budapest.parvis", "baltimore.parvis"):
        assert f"http://{host}.localhost:{port}\n" in running.said
    assert f"http://parvis.localhost:{port}/dev/mail" in running.said
    assert "paris: loaded" in running.said
    assert "paris: published" in running.said
    assert "editor@paris.example" in running.said
    assert page_status(port, "paris.parvis.localhost") == 200


def test_a_second_run_in_the_same_checkout_is_refused(running: StubCheckout) -> None:
    second = running.call("run")
    assert second.returncode == 1
    assert f"Parvis already runs in this checkout (process {running.pid}, at http://" in second.stderr


def test_data_is_not_removed_while_it_is_in_use(running: StubCheckout) -> None:
    refused = running.call("reset")
    assert refused.returncode == 1
    assert "Stop it there with Ctrl-C first." in refused.stderr


def test_a_command_in_another_terminal_gets_the_addresses_of_the_running_stack(running: StubCheckout) -> None:
    script = "import json, os; print(json.dumps(dict(os.environ)))"
    env = json.loads(running.call("env", sys.executable, "-c", script).stdout)
    assert env["DATABASE_URL"].startswith("postgresql+psycopg://parvis@/parvis?host=")
    assert env["REDIS_URL"].startswith("redis://:")
    assert env["MAIL_URL"].startswith("file:///")
    assert env["PORT"] == running.noted()["port"]
    assert env["PYTHONPATH"].startswith(str(running.root))


@pytest.mark.parametrize(
    ("name", "words"),
    [("web", "gunicorn"), ("beat", " beat "), ("PostgreSQL", "bin/postgres"), ("Valkey", "valkey-server")],
)
def test_what_was_killed_runs_again(running: StubCheckout, name: str, words: str) -> None:
    victim = next(pid for pid, command in children_of(running.pid).items() if words in command)
    os.kill(victim, signal.SIGKILL)
    wait_for(lambda: f"{name} runs again." in running.said)
    assert f"{name} was ended by signal 9" in running.said
    port = int(running.noted()["port"])
    wait_for(lambda: page_status(port, "parvis.localhost", "/healthz") == 200)


def test_one_signal_stops_everything_in_order(running: StubCheckout) -> None:
    processes = children_of(running.pid)
    assert len(processes) == 5
    assert running.stop() == 0
    assert not any(is_running(pid) for pid in processes)
    assert "The data stays" in running.said
    assert running.noted()["state"] == "stopped"


def test_a_killed_supervisor_leaves_no_process_and_the_next_run_says_so(running: StubCheckout) -> None:
    processes = children_of(running.pid)
    pools = {pid for child in processes for pid in children_of(child)}
    running.stop(signal.SIGKILL)
    wait_for(lambda: not any(is_running(pid) for pid in {*processes, *pools}))
    # The next test starts everything for real; here it is enough what comes first.
    again = running.call("run", PORT="http")
    assert "The last run was ended from outside; its data is recovered." in again.stdout


def test_a_port_in_use_is_left_alone_and_that_is_said(checkout: StubCheckout) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        smoke = checkout.call("smoke", PORT=str(taken))
    # Whatever is above it may be taken, too.
    (used,) = re.findall(rf"Port {taken} is taken; using (\d+)\.", smoke.stdout)
    assert int(used) > taken
    assert f"http://paris.parvis.localhost:{used}" in smoke.stdout
    # The stub answers for unknown hosts as well, which the check is there to notice.
    assert "expected 404" in smoke.stdout
    assert smoke.returncode == 1


def test_a_step_that_fails_ends_the_start_with_what_it_said(checkout: StubCheckout) -> None:
    broken = checkout.call("run", STUB_BREAKS="1")
    assert broken.returncode == 1
    assert "the table is laid for somebody else" in broken.stdout
    assert "Preparing the database failed, see above." in broken.stdout


def test_a_port_that_is_no_number_is_refused(checkout: StubCheckout) -> None:
    refused = checkout.call("run", PORT="http")
    assert refused.returncode == 1
    assert "PORT has to be a number" in refused.stdout


def test_a_reset_removes_the_data_once_nothing_runs(checkout: StubCheckout) -> None:
    assert (checkout.root / ".run").exists()
    done = checkout.call("reset")
    assert done.returncode == 0
    assert not (checkout.root / ".run").exists()


def test_a_command_gets_servers_of_its_own_when_nothing_runs(checkout: StubCheckout) -> None:
    script = "import os; print(os.environ['DATABASE_URL'])"
    answer = checkout.call("env", sys.executable, "-c", script)
    assert answer.returncode == 0
    # What the stack says stands apart, so that the output can be read by another program.
    assert answer.stdout.startswith("postgresql+psycopg://")
    assert "Stopped in" in answer.stderr


def test_a_command_that_does_not_exist_is_named(checkout: StubCheckout) -> None:
    answer = checkout.call("env", "no-such-command")
    assert answer.returncode == 1
    assert "'no-such-command' cannot be run" in answer.stderr


def test_an_unknown_word_is_answered_with_the_usage(checkout: StubCheckout) -> None:
    answer = checkout.call("dance")
    assert answer.returncode == 2
    assert "python -m devstack run" in answer.stderr
