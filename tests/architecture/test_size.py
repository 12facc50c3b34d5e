import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("app", "tenants", "modules", "worker", "migrations", "devstack", "tests", "benchmarks")
MOST_LINES = 400
MOST_LINES_IN_A_FUNCTION = 60
MOST_PARAMETERS = 5


def sources():
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def functions(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def test_files_are_small():
    long = [
        str(p.relative_to(ROOT))
        for p in sources()
        if len(p.read_text(encoding="utf-8").splitlines()) > MOST_LINES
    ]
    assert sources()
    assert long == []


def test_functions_are_short():
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in sources()
        for node in functions(path)
        if (node.end_lineno or 0) - node.lineno + 1 > MOST_LINES_IN_A_FUNCTION
    ]
    assert long == []


def test_functions_take_few_positional_parameters():
    many = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in sources()
        if "tests" not in path.parts
        for node in functions(path)
        if len([a for a in node.args.args if a.arg not in ("self", "cls")]) > MOST_PARAMETERS
        and not _is_command(node)
    ]
    assert many == []


def test_no_file_is_called_utils():
    assert [p for p in sources() if p.stem in ("utils", "helpers", "misc", "common")] == []


def _is_command(node):
    return any("command" in ast.unparse(decorator) for decorator in node.decorator_list)
