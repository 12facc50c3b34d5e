import ast
from pathlib import Path

import pytest

from app.core import catalogs

ROOT = Path(__file__).parents[2]
MARKS = {"_", "_l", "ngettext"}


def inside_f_strings(source):
    """Return the texts that a translation is asked for within an f-string."""
    strings = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.JoinedStr)]
    calls = [node for string in strings for node in ast.walk(string) if isinstance(node, ast.Call)]
    marked = [call for call in calls if getattr(call.func, "id", "") in MARKS and call.args]
    return [call.args[0].value for call in marked if isinstance(call.args[0], ast.Constant)]


def test_every_text_is_there_in_every_language():
    assert catalogs.missing() == []


@pytest.mark.parametrize("folder", ["app", "tenants", "modules", "worker"])
def test_no_text_stands_where_it_is_not_collected(folder):
    """Whoever collects texts does not look into f-strings before Python 3.12: they would stay English, unnoticed."""
    files = [file for file in (ROOT / folder).rglob("*.py") if "tests" not in file.parts]
    assert {file.name: found for file in files if (found := inside_f_strings(file.read_text()))} == {}


def test_a_text_within_an_f_string_is_found():
    assert inside_f_strings("f\"{name} {_('In each:')}\"") == ["In each:"]
    assert inside_f_strings("f'{_(label)} {name}'") == []
