"""docs/asvs.md is whole, and every test that it names exists."""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
# ASVS 5.0.0: for each section the levels of its points in order.
LEVELS = (
    "1.1 22|1.2 1111122223|1.3 112222222223|1.4 222|1.5 123|2.1 122|2.2 112|2.3 12223|2.4 23|3.1 3|3.2 113|"
    "3.3 12223|3.4 11222233|3.5 11122333|3.6 3|3.7 22333|4.1 12233|4.2 23333|4.3 22|4.4 1222|5.1 2|5.2 112333|"
    "5.3 113|5.4 222|6.1 122|6.2 111111112222|6.3 11223333|6.4 112233|6.5 22222333|6.6 2223|6.7 33|6.8 2222|"
    "7.1 222|7.2 1111|7.3 22|7.4 11222|7.5 223|7.6 22|8.1 1233|8.2 1123|8.3 133|8.4 23|9.1 111|9.2 1222|"
    "10.1 22|10.2 223|10.3 22223|10.4 1111122222233333|10.5 22222|10.6 22|10.7 222|11.1 2233|11.2 22233|"
    "11.3 11233|11.4 1222|11.5 23|11.6 23|11.7 33|12.1 12233|12.2 11|12.3 22223|13.1 2333|13.2 222223|"
    "13.3 2233|13.4 1222233|14.1 22|14.2 12223333|14.3 122|15.1 12233|15.2 12233|15.3 1222222|15.4 3333|"
    "16.1 2|16.2 22222|16.3 2222|16.4 222|16.5 2223|17.1 23|17.2 22223333|17.3 22"
)
ROW = re.compile(
    r"^\| (\d+\.\d+\.\d+) \| ([12]) \| ([^|]+) \| (met|partly|open|does not apply) \| (.+) \|$", re.M
)


def wanted():
    points = {}
    for section in LEVELS.split("|"):
        number, levels = section.split()
        for place, level in enumerate(levels, 1):
            points[f"{number}.{place}"] = int(level)
    assert (len(points), list(points.values()).count(1), list(points.values()).count(2)) == (345, 70, 183)
    return {point: level for point, level in points.items() if level < 3}


@cache
def names_in(path):
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_point_of_levels_one_and_two_is_answered_once():
    rows = [(found[1], int(found[2])) for found in ROW.finditer(PAGE)]
    assert len(rows) == len(set(rows)) == 253
    assert dict(rows) == wanted()


def test_every_answer_names_a_test_or_gives_a_reason():
    for point, _level, _asked, _state, how in (found.groups() for found in ROW.finditer(PAGE)):
        assert "::" in how or len(how) >= 6, point


def test_every_test_that_is_named_exists():
    named = re.findall(r"(tests/[\w/]+\.py)::(\w+)", PAGE)
    assert len(named) > 120
    missing = [
        f"{path}::{name}" for path, name in named if not (ROOT / path).is_file() or name not in names_in(path)
    ]
    assert missing == []


def test_every_other_file_that_is_named_exists():
    for path in set(re.findall(r"\b((?:app|docs)/[\w/.-]+\.(?:py|md|txt))", PAGE)):
        assert (ROOT / path).is_file(), path


def test_the_sums_above_are_those_of_the_rows():
    states = [found[4] for found in ROW.finditer(PAGE)]
    for word, shown in (
        ("met", "Met"),
        ("partly", "partly"),
        ("open", "open"),
        ("does not apply", "does not apply"),
    ):
        assert f"**{shown}** {states.count(word)}" in PAGE
