import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("app", "tenants", "modules", "worker", "migrations", "devstack")
BROKEN = {
    "layers": ("tenants/names.py", "import app.web.forms"),
    "sdk": ("modules/news/services.py", "import app.core.db"),
    "no-module": ("app/web/page.py", "import modules.news.rules"),
    "boundary": ("modules/news/services.py", "import modules.participatory_budget.rules"),
    "inside": (
        "modules/participatory_budget/models/edition.py",
        "import modules.participatory_budget.services",
    ),
    "pure-rules": ("modules/news/rules.py", "import sqlalchemy"),
    "no-devstack": ("worker/run.py", "import devstack.services"),
    "login": ("app/web/page.py", "import flask_login"),
}


def lint(folder, *contracts):
    chosen = [part for contract in contracts for part in ("--contract", contract)]
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", *chosen]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def test_the_house_keeps_its_contracts():
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("house")
    skip = shutil.ignore_patterns("__pycache__", "static", "data", "*.mo")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=skip)
    shutil.copytree(ROOT / "tests" / "architecture", folder / "tests" / "architecture", ignore=skip)
    for name in ("pyproject.toml", "tests/__init__.py"):
        shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.mark.parametrize("contract", BROKEN)
def test_each_contract_bites(copy, contract):
    file, line = BROKEN[contract]
    path = copy / file
    clean = path.read_text()
    path.write_text(f"{clean}\n{line}\n")
    try:
        result = lint(copy, contract)
    finally:
        path.write_text(clean)
    assert result.returncode == 1
    assert "BROKEN" in result.stdout
