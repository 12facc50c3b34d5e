"""Compare our winners with the referee's: `python -m benchmarks.pabutools_referee.compare FOLDER [RESULTS.csv]`.

Takes every `.pb` file of the folder, the smallest first. Writes a line for each file, rule and order among equals; ends
with 1 when any differs.
"""

import argparse
import csv
import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from .environment import python_in
from .ours import Election, read_election, winners

HERE = Path(__file__).parent
COLUMNS = ("file", "rule", "ties", "winners", "sha256", "equal", "note")


def referee_on(path: Path, python: Path, seconds: int) -> Iterator[dict[str, object]]:
    """Return what the referee says of a file."""
    command = [str(python), str(HERE / "referee.py"), str(seconds), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    yield from map(json.loads, done.stdout.splitlines())
    if done.returncode:
        yield {
            "file": path.name,
            "rule": "",
            "ties": "",
            "given_up": done.stderr.strip().splitlines()[-1][:80],
        }


def compared(election: Election, said: dict[str, object]) -> dict[str, object]:
    """Return a line of the table."""
    row = {name: said.get(name, "") for name in ("file", "rule", "ties")}
    if "given_up" in said:
        return {**row, "winners": "", "sha256": "", "equal": "", "note": f"given up: {said['given_up']}"}
    rule, ties = str(said["rule"]), str(said["ties"])
    theirs = [name for name in _names(said["winners"]) if election.score([name])]
    try:
        mine = winners(election, rule, ties)
    except ValueError as error:
        return {**row, "winners": "", "sha256": "", "equal": "", "note": f"refused: {error}"}
    digest = hashlib.sha256(json.dumps(mine).encode()).hexdigest()
    equal = mine == theirs
    note = (
        "" if equal else f"ours only {sorted({*mine} - {*theirs})}, theirs only {sorted({*theirs} - {*mine})}"
    )
    if rule == "optimum" and not equal and election.score(mine) == election.score(theirs):
        equal, note = True, "another choice with the same total"
    return {**row, "winners": len(mine), "sha256": digest, "equal": "yes" if equal else "NO", "note": note}


def _names(listed: object) -> list[str]:
    return sorted(map(str, listed)) if isinstance(listed, list) else []


def main() -> int:
    """Compare and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("results", type=Path, nargs="?", default=HERE / "results.csv")
    parser.add_argument("--venv", type=Path, default=HERE / ".venv")
    parser.add_argument("--seconds", type=int, default=60, help="longest time for one rule on one file")
    given = parser.parse_args()
    python = python_in(given.venv)
    rows: list[dict[str, object]] = []
    for path in sorted(given.folder.glob("*.pb"), key=lambda one: one.stat().st_size):
        election = read_election(path)
        rows += [compared(election, said) for said in referee_on(path, python, given.seconds)]
        with given.results.open("w", newline="", encoding="utf-8") as stream:
            table = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
            table.writeheader()
            table.writerows(rows)
    different = [row for row in rows if row["equal"] == "NO"]
    print(
        f"{len(rows)} comparisons, {sum(row['equal'] == 'yes' for row in rows)} equal, {len(different)} different"
    )
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
