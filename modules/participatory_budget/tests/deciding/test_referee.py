"""A second implementation as the referee: what pabutools says of elections that were made to be full of ties."""

import json
from functools import cache

import pytest

from benchmarks.pabutools_referee.generate import FIXTURES
from benchmarks.pabutools_referee.ours import read_election, winners

SAID = json.loads((FIXTURES / "outcomes.json").read_text(encoding="utf-8"))
BY_FILE = {line["file"]: [one for one in SAID if one["file"] == line["file"]] for line in SAID}


@cache
def election(name):
    return read_election(FIXTURES / name)


@pytest.mark.parametrize("name", sorted(BY_FILE))
def test_our_winners_are_those_of_the_referee_ties_included(name):
    found = election(name)
    for line in BY_FILE[name]:
        theirs = sorted(one for one in line["winners"] if found.score([one]))
        mine = winners(found, line["rule"], line["ties"])
        if line["rule"] == "optimum":
            assert found.score(mine) == found.score(theirs), line
        else:
            assert mine == theirs, line


def test_the_elections_are_full_of_ties():
    orders = {(line["file"], line["rule"]): set() for line in SAID}
    for line in SAID:
        orders[line["file"], line["rule"]].add(tuple(line["winners"]))
    assert sum(len(found) > 1 for found in orders.values()) >= 8
