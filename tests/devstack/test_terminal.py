"""What happens when nobody reads any more."""

import os
import subprocess
import sys

SCRIPT = """
import sys, time
from devstack.terminal import is_gone, say
say("up")
deadline = time.monotonic() + 10
while not is_gone() and time.monotonic() < deadline:
    time.sleep(0.01)
say("into the void")
sys.exit(7 if is_gone() else 0)
"""


def test_a_closed_pipe_is_noticed_without_a_word_written(clean_env: dict[str, str]) -> None:
    process = subprocess.Popen([sys.executable, "-c", SCRIPT], env=clean_env, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"up\n"
    process.stdout.close()
    assert process.wait(20) != 0


def test_a_closed_terminal_is_noticed_without_a_word_written(clean_env: dict[str, str]) -> None:
    ours, theirs = os.openpty()
    # In a session of its own it gets no SIGHUP, as under `make`.
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT], env=clean_env, stdout=theirs, start_new_session=True
    )
    os.close(theirs)
    assert b"up" in os.read(ours, 100)
    os.close(ours)
    assert process.wait(20) != 0


def test_a_file_is_a_reader_that_never_leaves(tmp_path, clean_env: dict[str, str]) -> None:
    script = "from devstack.terminal import is_gone; raise SystemExit(is_gone())"
    with (tmp_path / "out").open("wb") as out:
        run = subprocess.run([sys.executable, "-c", script], env=clean_env, stdout=out, check=False)
    assert run.returncode == 0
