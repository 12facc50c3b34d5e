"""What can be seen in the source: one writer of CSV files, nothing that runs strings."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
PRODUCT = ("app", "tenants", "modules", "worker", "migrations")
SOURCES = [
    path
    for package in PRODUCT
    for path in sorted((ROOT / package).rglob("*.py"))
    if "tests" not in path.parts and "testing" not in path.parts
]


def calls(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def test_there_is_something_to_look_at():
    assert len(SOURCES) > 200


def test_spreadsheets_are_written_in_one_place():
    writers = {
        str(path.relative_to(ROOT))
        for path in SOURCES
        for name, _call in calls(path)
        if name in ("csv.writer", "csv.DictWriter", "writer", "DictWriter")
    }
    assert writers == {"app/web/spreadsheets.py"}


def test_nothing_runs_strings_as_code_or_in_a_shell_or_revives_objects():
    forbidden = {
        "eval",
        "exec",
        "os.system",
        "os.popen",
        "pickle.loads",
        "pickle.load",
        "marshal.loads",
        "yaml.load",
    }
    found = []
    for path in SOURCES:
        for name, call in calls(path):
            shell = any(k.arg == "shell" and getattr(k.value, "value", None) is True for k in call.keywords)
            if name in forbidden or shell:
                found.append(f"{path.relative_to(ROOT)}:{call.lineno} {name}")
    assert not found


def test_certificates_are_checked_everywhere():
    found = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in SOURCES
        for _name, call in calls(path)
        for k in call.keywords
        if k.arg in ("verify", "cert_check") and getattr(k.value, "value", None) is False
    ]
    assert not found
