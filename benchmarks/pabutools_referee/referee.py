"""Run pabutools on `.pb` files: `python referee.py SECONDS FILE …`, in an environment that has pabutools.

`python referee.py --time SECONDS FILE RULE …` runs some rules only, with equal ballots together, which is quicker.

Prints a line of JSON for each file and rule: file, rule, winners (ids) or why there are none. A rule that takes longer
than SECONDS, or more memory than allowed, is given up.
"""

import json
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from pabutools.election import (
    Additive_Cardinal_Sat,
    Cardinality_Sat,
    Cost_Sat,
    parse_pabulib,
)
from pabutools.election.profile import AbstractApprovalProfile, AbstractCardinalProfile
from pabutools.rules import (
    MaxAddUtilWelfareAlgo,
    completion_by_rule_combination,
    exhaustion_by_budget_increase,
    greedy_utilitarian_welfare,
    max_additive_utilitarian_welfare,
    method_of_equal_shares,
    sequential_phragmen,
)
from pabutools.tiebreaking import TieBreakingRule

MEMORY, MEMORY_ALONE = 3 << 30, 12 << 30
Rule = Callable[[Any, Any, TieBreakingRule], Any]


def greedy(sat: Any) -> Rule:
    """Return greedy by an order of satisfaction for each unit of money."""
    return lambda i, p, ties: greedy_utilitarian_welfare(i, p, sat_class=sat, tie_breaking=ties)


def shares(sat: Any) -> Rule:
    """Return the Method of Equal Shares without completion."""
    return lambda i, p, ties: method_of_equal_shares(i, p, sat_class=sat, tie_breaking=ties)


def add1(sat: Any, *, stop: bool) -> Rule:
    """Return Equal Shares with raised shares, with or without the stop when nothing more fits."""

    def run(instance: Any, profile: Any, ties: TieBreakingRule) -> Any:
        return exhaustion_by_budget_increase(
            instance,
            profile,
            method_of_equal_shares,
            {"sat_class": sat, "tie_breaking": ties},
            exhaustive_stop=stop,
        )

    return run


def add1u(sat: Any, greedy_sat: Any) -> Rule:
    """Return Equal Shares with raised shares, then greedy."""

    def run(instance: Any, profile: Any, ties: TieBreakingRule) -> Any:
        raised = add1(sat, stop=False)
        return completion_by_rule_combination(
            instance,
            profile,
            [lambda i, p, **_more: raised(i, p, ties), greedy_utilitarian_welfare],
            [{}, {"sat_class": greedy_sat, "tie_breaking": ties}],
        )

    return run


def optimum(instance: Any, profile: Any, ties: TieBreakingRule) -> Any:
    """Find a choice with the most votes, by a solver."""
    return max_additive_utilitarian_welfare(
        instance, profile, sat_class=Cardinality_Sat, inner_algo=MaxAddUtilWelfareAlgo.ILP_SOLVER
    )


def phragmen(instance: Any, profile: Any, ties: TieBreakingRule) -> Any:
    """Run sequential Phragmén."""
    return sequential_phragmen(instance, profile, tie_breaking=ties)


APPROVAL: dict[str, Rule] = {
    "greedy": greedy(Cost_Sat),
    "value": greedy(Cardinality_Sat),
    "shares-none": shares(Cost_Sat),
    "phragmen": phragmen,
    "optimum": optimum,
    "shares-add1": add1(Cost_Sat, stop=False),
    "shares-add1-exhaustive": add1(Cost_Sat, stop=True),
    "shares-add1u": add1u(Cost_Sat, Cost_Sat),
}
POINTS: dict[str, Rule] = {
    "value": greedy(Additive_Cardinal_Sat),
    "shares-none": shares(Additive_Cardinal_Sat),
    "shares-add1": add1(Additive_Cardinal_Sat, stop=False),
    "shares-add1-exhaustive": add1(Additive_Cardinal_Sat, stop=True),
}


def orders(instance: Any, path: Path) -> dict[str, TieBreakingRule]:
    """Return the orders among equals: the order of the file, and the cheaper one first."""
    place = {name: number for number, name in enumerate(ids(path))}
    return {
        "declared-order": TieBreakingRule(lambda _i, _p, project: place[project.name]),
        "cheaper-first": TieBreakingRule(lambda _i, _p, project: (project.cost, place[project.name])),
    }


def ids(path: Path) -> Iterator[str]:
    """Return the ids of the projects as they stand in the file."""
    inside = False
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() in ("PROJECTS", "VOTES"):
            inside = line.strip() == "PROJECTS"
        elif inside and not line.startswith("project_id"):
            yield line.split(";")[0].strip()


def run(path: Path, seconds: int) -> Iterator[dict[str, object]]:
    """Yield what came of every rule and order on a file."""
    instance, profile = parse_pabulib(str(path))
    rules = POINTS if isinstance(profile, AbstractCardinalProfile) else APPROVAL
    if not isinstance(profile, AbstractApprovalProfile | AbstractCardinalProfile):
        return
    for name, rule in rules.items():
        for order, ties in orders(instance, path).items():
            found = outcome(lambda rule=rule, ties=ties: rule(instance, profile, ties), seconds)
            yield {"file": path.name, "rule": name, "ties": order, **found}
            if "given_up" in found:
                break


def outcome(call: Callable[[], Any], seconds: int) -> dict[str, object]:
    """Return who wins, or why nobody knows, and how long it took."""
    begun = time.perf_counter()
    signal.alarm(seconds)
    try:
        found: dict[str, object] = {"winners": sorted(one.name for one in call())}
    except (TimeoutError, MemoryError, RecursionError) as error:
        found = {"given_up": type(error).__name__}
    finally:
        signal.alarm(0)
    return {**found, "seconds": round(time.perf_counter() - begun, 2)}


def time_rules(seconds: int, path: Path, rules: list[str]) -> Iterator[dict[str, object]]:
    """Yield how long it takes to read a file, and each of some rules for approval ballots."""
    begun = time.perf_counter()
    instance, profile = parse_pabulib(str(path))
    together = profile.as_multiprofile()
    yield {"rule": "reading", "seconds": round(time.perf_counter() - begun, 2)}
    ties = orders(instance, path)["cheaper-first"]
    for name in rules:
        yield {
            "rule": name,
            **outcome(lambda name=name: APPROVAL[name](instance, together, ties), seconds),
        }


def main(arguments: list[str]) -> None:
    """Print a line for each file and rule."""
    alone = arguments[0] == "--time"
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_ALONE if alone else MEMORY,) * 2)
    signal.signal(signal.SIGALRM, _too_long)
    if alone:
        lines: Iterable[dict[str, object]] = time_rules(int(arguments[1]), Path(arguments[2]), arguments[3:])
    else:
        lines = chain.from_iterable(run(Path(name), int(arguments[0])) for name in arguments[1:])
    for line in lines:
        print(json.dumps(line), flush=True)


def _too_long(_signal: int, _frame: object) -> None:
    raise TimeoutError


if __name__ == "__main__":
    main(sys.argv[1:])
