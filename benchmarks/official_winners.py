"""Reproduce official winners under their declared rule: `python -m benchmarks.official_winners FOLDER`.

Every `.pb` file of the folder that names official winners (pabulib.org) is counted by the rule its META declares, and
each exception is listed with its cause. Ends with 1 when a file differs for no known cause.
"""

import argparse
import csv
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from modules.participatory_budget.rules.equal_shares import Completion
from modules.participatory_budget.rules.outcomes import Decision, Method, Rule
from modules.participatory_budget.rules.ties import TieBreak
from modules.participatory_budget.rules.winners import decide

from .pabutools_referee.ours import Election, read_election

OUTSIDE_MONEY = 3
"""What `selected` holds for projects paid from money that the file does not know."""
EXCLUSIVE = {
    "Poland_Warszawa_2021_Ursynow": [("459", "1687", "2150")],
    "Poland_Warszawa_2022_Bielany": [("201", "1932")],
    "Poland_Warszawa_2022_Bemowo": [("773", "153")],
}
"""Projects that excluded each other, as the comments of the files name them."""
EXCLUDED = {
    "Poland_Warszawa_2018_Las": ["1649"],
    "Poland_Warszawa_2018_Wawrzyszew": ["2527"],
    "Poland_Warszawa_2018_Ursynow_Wysoki_Poludnie": ["1137"],
    "Poland_Warszawa_2020_Bialoleka": ["118"],
    "Poland_Warszawa_2020_Targowek": ["1667"],
}
"""Projects that the city took out for a reason the file does not give; without them everything comes out."""
CAUSES = {
    "Poland_Warszawa_2021_Ursynow": "officials kept 2150 of three overlapping projects, not the most voted one",
    "Poland_Lodz_2020": "money was added after the count",
    "Hungary_Budapest_2024": "about 10 % of the votes were on paper and are not in the file",
    "Hungary_Budapest_2022_VIII": "about half of the votes were on paper and are not in the file",
    "Hungary_Budapest_2023_VIII": "about half of the votes were on paper and are not in the file",
    "Hungary_Budapest_2024_VIII": "about half of the votes were on paper and are not in the file",
    "Hungary_Budapest_2025_VIII": "about half of the votes were on paper and are not in the file",
    "Hungary_Budapest_2025_XI": "votes on paper are not in the file; a second list was paid from what categories left",
    "Hungary_Veszprem_2025": "costs are given as ranges; the winners cost more than the budget",
}
"""Why the ballots in a file do not lead to its official winners, by the beginning of its name."""


@dataclass(frozen=True)
class Line:
    """What came of one file."""

    file: str
    rule: str
    result: str
    """exact, exact with a known deviation, cause known, or different."""
    note: str = ""


def declared_rule(path: Path, election: Election) -> Rule:
    """Return the rule that the file declares; one that declares none is counted greedily."""
    header, meta = election.header, election.header.meta
    names = {project.id: project.number for project in header.projects}
    rule = Rule(header.budget, min_votes=max(1, int(float(meta.get("min_project_score_threshold") or 1))))
    match meta.get("rule", ""):
        case "greedy-no-skip":
            return replace(rule, method=Method.GREEDY_STOP)
        case "greedy-custom":
            return replace(rule, method=Method.GREEDY_STOP, stop_tolerance=80)
        case "greedy-exclusive":
            return replace(rule, exclusive=tuple(_groups(path, names)))
        case "equalshares/add1":
            return replace(rule, method=Method.EQUAL_SHARES, completion=Completion.ADD1)
        case "equalshares/add1-comparison":
            return replace(rule, method=Method.EQUAL_SHARES, completion=Completion.ADD1, comparison=True)
        case _:
            return rule


def _groups(path: Path, names: dict[str, int]) -> Iterator[tuple[int, ...]]:
    for group in EXCLUSIVE.get(path.stem, ()):
        yield tuple(sorted(names[one] for one in group if one in names))


def check(path: Path) -> Line | None:
    """Count one file and compare; None where no official winners are known."""
    election = read_election(path)
    selected = {project.id: project.selected for project in election.header.projects}
    if not any(selected.values()):
        return None
    rule = declared_rule(path, election)
    official = {name for name, value in selected.items() if value and value != OUTSIDE_MONEY}
    outside = {name for name, value in selected.items() if value == OUTSIDE_MONEY}
    said = election.header.meta.get("rule", "")
    first = _winners(election, rule)
    note = _ties(first[1])
    if first[0] == official:
        paid = f"; {len(outside)} more were paid from other money" if outside else ""
        return Line(path.name, said, "exact", (note + paid).lstrip("; "))
    dearer = _winners(election, replace(rule, tie_break=TieBreak.DEARER_FIRST))
    if dearer[0] == official:
        return Line(path.name, said, "exact", "lots were drawn; the dearer project won")
    out = dict.fromkeys(EXCLUDED.get(path.stem, ()), "taken out by the city")
    if out and _winners(election, rule, out)[0] == official:
        return Line(
            path.name, said, "known deviation", f"{', '.join(out)} taken out for a reason not in the file"
        )
    difference = f"ours only {sorted(first[0] - official)}, officially only {sorted(official - first[0])}"
    for beginning, cause in sorted(CAUSES.items(), key=lambda one: -len(one[0])):
        if path.stem.startswith(beginning):
            return Line(path.name, said, "cause known", f"{cause} ({difference})")
    return Line(path.name, said, "different", difference)


def _winners(election: Election, rule: Rule, out: dict[str, str] | None = None) -> tuple[set[str], Decision]:
    numbers = {project.id: project.number for project in election.header.projects}
    excluded = {numbers[name]: why for name, why in (out or {}).items()}
    decision = decide(election.counted, election.contenders, rule, excluded=excluded)
    return set(election.names(decision.funded)), decision


def _ties(decision: Decision) -> str:
    return f"decided by a tie of {len(decision.ties[0].projects)} projects" if decision.ties else ""


def main() -> int:
    """Check all files of a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--table", type=Path, help="write every line as CSV")
    given = parser.parse_args()
    begun = time.perf_counter()
    lines = [line for path in sorted(given.folder.glob("*.pb")) if (line := check(path))]
    found = Counter(line.result for line in lines)
    for line in lines:
        if line.result != "exact" or line.note:
            print(f"{line.result}: {line.file} ({line.rule}): {line.note}")
    print(", ".join(f"{number} {result}" for result, number in found.most_common()), end="")
    print(f" of {len(lines)} files with official winners, in {time.perf_counter() - begun:.0f} s")
    if given.table:
        with given.table.open("w", newline="", encoding="utf-8") as stream:
            table = csv.writer(stream, lineterminator="\n")
            table.writerow(("file", "rule", "result", "note"))
            table.writerows(
                (line.file, line.rule, line.result, re.sub(r"\s+", " ", line.note)) for line in lines
            )
    return 1 if found["different"] else 0


if __name__ == "__main__":
    sys.exit(main())
