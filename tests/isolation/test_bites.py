"""The suite is let loose on a module that leaks in every way that comes to mind; each leak must be complained of."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "tests" / "fixtures" / "leaky_pkg"


@pytest.fixture(scope="module")
def complaints(tmp_path_factory):
    """What the suite says of the module, plugged in by its entry point as any package is."""
    folder = tmp_path_factory.mktemp("installed")
    facts = folder / "ville_leaky-1.0.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: ville-leaky\nVersion: 1.0.0\n")
    (facts / "entry_points.txt").write_text("[parvis.modules]\nleaky = ville_leaky\n")
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "isolation" / "leaky.py")],
        cwd=ROOT,
        env={
            **{
                name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")
            },
            "PYTHONPATH": os.pathsep.join(map(str, (ROOT, folder, PACKAGE))),
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize(
    ("leak", "complaint"),
    [
        ("a cache in the process", r"/leaky/cached/.* shows .* of paris words of budapest"),
        ("a cache in Redis", r"/leaky/in-redis/.* shows .* of paris words of budapest"),
        ("a key without a city", r"the Redis key leaky:.* names no city"),
        ("another schema by its name", r"/leaky/qualified .* shows .* words of budapest"),
        ("the platform's engine", r"/leaky/registry .* shows .* words of budapest"),
        ("a file of another city", r"/leaky/file/.* shows .* a file of budapest"),
        ("an id of another city", r"GET /leaky/cached/.* although only budapest has it"),
        ("a header that names a city", r"/leaky/by-header\?.* shows .* words of budapest"),
        ("a field that names a city", r"POST /leaky/by-field .* changes c_testbudapest.leaky_note"),
        (
            "a cookie of another city",
            r"/leaky/any-cookie .* on the host of budapest treats administrator of paris",
        ),
        ("a cookie for all hosts", r"/leaky/wide-cookie .* sets the cookie leaky with a Domain"),
        ("a personal page for shared caches", r"leaky_public.for_everybody .* is not the same for everybody"),
        ("one tag for two pages", r"/leaky/same-tag .* has the same ETag in two cities"),
        (
            "an unknown kind of file",
            r"leaky_public.parcel answers with application/x-parcel, which nobody can look",
        ),
        (
            "a parameter nobody guessed",
            r"/leaky/shelf/<int:shelf> has a parameter `shelf` that nobody provides for",
        ),
        (
            "a form that refuses everybody",
            r"POST /leaky/never .* refused everybody, so nothing is proved of it",
        ),
        ("a task for all cities", r"the task leaky.everywhere .* changes c_testbudapest.leaky_note"),
        (
            "a mail to another city",
            r"the task leaky.tell_others .* changes .*\.json, where its words are now",
        ),
        (
            "a task's id nobody guessed",
            r"the task leaky.unguessed has a parameter `drawer` that nobody provides for",
        ),
        ("a command that shows all", r"`parvis leaky all paris` shows words of budapest"),
        ("a command nobody calls", r"the command `leaky untold` is not called"),
        ("a table without rows", r"leaky_forgotten is empty in the twin cities"),
        ("a column without words", r"leaky_note.remark holds no word of its city"),
    ],
)
def test_it_is_noticed(complaints, leak, complaint):
    assert [line for line in complaints if re.search(complaint, line)], f"{leak}: " + "\n".join(complaints)


def test_each_complaint_of_what_is_missing_says_where_to_add_it(complaints):
    missing = [
        line for line in complaints if "nobody provides" in line or "not called" in line or "empty" in line
    ]
    assert len(missing) == 4
    assert all("ville_leaky/tests/isolation.py" in line for line in missing)
