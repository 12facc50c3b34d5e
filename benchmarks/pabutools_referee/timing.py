"""How long the referee takes for rules on one file: it runs alone, with a limit of time and of memory."""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .environment import python_in

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Timing:
    """What one rule took; None for winners where it was given up."""

    seconds: float
    winners: list[str] | None


def time_on(path: Path, venv: Path, seconds: int, rules: Sequence[str]) -> dict[str, Timing]:
    """Return what the rules took, ties going to the cheaper project, and under "reading" what the file took.

    Each has a process of its own: one that wants more memory than allowed may end without a word.
    """
    found: dict[str, Timing] = {}
    for rule in rules:
        command = [str(python_in(venv)), str(HERE / "referee.py"), "--time", str(seconds), str(path), rule]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        found |= {line["rule"]: Timing(line["seconds"], line.get("winners")) for line in lines}
        found.setdefault(rule, Timing(float(seconds), None))
    return found
