"""Making the virtual environment, as far as it needs no network."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from devstack import install
from devstack.checkout import ROOT
from devstack.install import InstallError, ensure_venv, pip_for


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    place = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True)
    return place


def test_an_environment_that_works_is_kept(venv: Path) -> None:
    (venv / "mark").touch()
    assert ensure_venv(venv) == venv / "bin" / "python"
    assert (venv / "mark").exists()


def test_an_environment_whose_interpreter_is_gone_is_made_anew_even_without_ensurepip(
    venv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    (venv / "mark").touch()
    (venv / "bin" / "python").unlink()
    python = ensure_venv(venv)
    assert subprocess.run([python, "-c", ""], check=False).returncode == 0
    assert not (venv / "mark").exists()


def test_the_pip_of_the_system_serves_an_environment_without_one(venv: Path) -> None:
    pip = pip_for(venv / "bin" / "python")
    assert pip[:3] == [sys.executable, "-m", "pip"]
    assert pip[3:] == ["--python", str(venv / "bin" / "python")]


def test_an_old_python_is_told_what_is_needed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(install, "OLDEST", (99, 0))
    assert install.main([".venv", "requirements.lock"]) == 1
    assert "Parvis needs Python 3.11 or newer, and this is" in capsys.readouterr().err


def test_when_nothing_can_be_fetched_pip_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("a-package-that-nobody-has==1.0\n")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    with pytest.raises(InstallError, match=r"a-package-that-nobody-has(.*\n)+Installing failed"):
        install.install([sys.executable, "-m", "pip"], lock)


def test_make_names_python_when_there_is_none(tmp_path: Path) -> None:
    # A directory of its own, so that nothing there is taken for installed.
    command = ["make", "-f", ROOT / "Makefile", "install", f"VENV={tmp_path / 'venv'}", "PYTHON="]
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "requirements.lock").touch()
    env = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
    answer = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert answer.returncode != 0
    assert "Parvis needs Python 3.11 or newer; none was found." in answer.stderr
