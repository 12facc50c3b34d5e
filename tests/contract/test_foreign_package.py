import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "tests" / "fixtures" / "lost_found_pkg"
PIP = (
    "pip",
    "install",
    "--quiet",
    "--no-deps",
    "--no-index",
    "--no-build-isolation",
    "--disable-pip-version-check",
)


def run(*command, cwd, **environment):
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder into which the package was installed as any other package is."""
    source, target = tmp_path_factory.mktemp("source") / "package", tmp_path_factory.mktemp("installed")
    shutil.copytree(PACKAGE, source, ignore=shutil.ignore_patterns("__pycache__"))
    run("babel.messages.frontend", "compile", "-d", "ville_lost_found/locale", cwd=source)
    run(*PIP, "--target", str(target), str(source), cwd=source)
    return target


@pytest.mark.slow
def test_a_package_from_outside_works_in_a_city_and_keeps_the_contract(installed):
    said = run(
        "pytest",
        "-q",
        "--import-mode=importlib",
        "-p",
        "no:cacheprovider",
        "--pyargs",
        "ville_lost_found",
        cwd=installed,
        PYTHONPATH=f"{installed}{os.pathsep}{ROOT}",
    )
    assert " passed" in said
    assert "skipped" not in said
