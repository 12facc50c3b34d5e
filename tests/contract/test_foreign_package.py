import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from app.testing.contract import QUESTIONS

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "tests" / "fixtures" / "lost_found_pkg"
BUILD = "from setuptools import build_meta; build_meta.build_wheel('dist')"


def run(*command, cwd, **environment):
    done = subprocess.run(
        [sys.executable, *command],
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
    run("-m", "babel.messages.frontend", "compile", "-d", "ville_lost_found/locale", cwd=source)
    # What pip does with a package of nothing but Python: build the wheel, unpack it.
    run("-c", BUILD, cwd=source)
    (wheel,) = (source / "dist").glob("*.whl")
    with ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


@pytest.mark.slow
def test_a_package_from_outside_works_in_a_city_and_keeps_the_contract(installed):
    said = run(
        "-m",
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
    passed = re.search(r"^(\d+) passed in", said, re.MULTILINE)
    assert passed, said
    assert int(passed[1]) > len(QUESTIONS)
