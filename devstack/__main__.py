"""`python -m devstack run|smoke|reset|env COMMAND`."""

import os
import shutil
import sys
from collections.abc import Sequence

from .checkout import Hold, state_dir
from .services import StackError
from .smoke import check
from .stack import Stack

USAGE = """\
python -m devstack run          start everything, until Ctrl-C
python -m devstack smoke        start everything, check that it answers, stop
python -m devstack env COMMAND  run a command with the addresses of the servers in its environment
python -m devstack reset        remove the data of this checkout"""


def main(words: Sequence[str]) -> int:
    """Do what the first word says and return the exit code."""
    name, *rest = words or ["run"]
    try:
        if name == "run" and not rest:
            return Stack().run(_run)
        if name == "smoke" and not rest:
            return Stack().run(lambda _stack, base, port: check(base, port))
        if name == "reset" and not rest:
            return reset()
        if name == "env" and rest:
            return Stack().command(rest)
    except StackError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(USAGE, file=sys.stderr)
    return 2


def _run(stack: Stack, _base: str, _port: int) -> bool:
    stack.keep_running()
    return True


def reset() -> int:
    """Remove the private servers' data, unless they run."""
    state = state_dir()
    hold = Hold(state)
    hold.take()
    shutil.rmtree(state)
    print(f"Removed {state}. The next 'make run' starts afresh.")
    if os.environ.get("DATABASE_URL"):
        print("The server that DATABASE_URL names was left as it is.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
