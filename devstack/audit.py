"""Look for known weaknesses in what the lock files name: `python -m devstack.audit`.

Fails on a weakness that a newer version mends; without a network, or where nobody has mended it, only warns.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .checkout import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock")
ACCEPTED = ROOT / ".ci" / "accepted-weaknesses.txt"
SECONDS = 300


@dataclass(frozen=True, slots=True)
class Weakness:
    """One known weakness of one package that we use."""

    package: str
    version: str
    names: frozenset[str]
    mended_in: tuple[str, ...]

    def __str__(self) -> str:
        name = next((n for n in sorted(self.names) if n.startswith("CVE-")), min(self.names))
        mended = f"mended in {', '.join(self.mended_in)}" if self.mended_in else "nobody has mended it yet"
        return f"{self.package} {self.version}: {name}, {mended}"


def accepted(text: str) -> dict[str, str]:
    """Return the weaknesses that we live with, each with its reason; raises ValueError for one without."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        name, _, reason = line.partition(" ")
        if len(reason.strip()) < 20:
            raise ValueError(f"{ACCEPTED.name}: say why {name} does not concern us")
        found[name] = reason.strip()
    return found


def weaknesses(report: Mapping[str, Any]) -> Iterator[Weakness]:
    """Yield what a report of pip-audit tells."""
    for package in report["dependencies"]:
        for one in package.get("vulns", ()):
            names = frozenset({one["id"], *one.get("aliases", ())})
            yield Weakness(package["name"], package["version"], names, tuple(one.get("fix_versions", ())))


def unasked(report: Mapping[str, Any]) -> list[str]:
    """Return the packages of which nobody could say anything."""
    return [package["name"] for package in report["dependencies"] if "skip_reason" in package]


def judge(report: Mapping[str, Any], known: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Return what must be mended now, and what is only to be known."""
    failing: list[str] = []
    warning: list[str] = []
    for one in weaknesses(report):
        reason = next((known[name] for name in one.names if name in known), None)
        if reason is not None:
            warning.append(f"{one}; accepted: {reason}")
        else:
            (failing if one.mended_in else warning).append(str(one))
    if missing := unasked(report):
        whole = len(report["dependencies"])
        warning.append(
            f"{len(missing)} of {whole} packages could not be looked up: {', '.join(missing[:5])} …"
        )
    return failing, warning


def _ask(lock: Path) -> Mapping[str, Any] | None:
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(lock), "--no-deps", "--disable-pip"]
    try:
        answer = subprocess.run(
            [*command, "--format", "json", "--progress-spinner", "off"],
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
            cwd=ROOT,
        )
        found: Mapping[str, Any] = json.loads(answer.stdout)
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        return None
    return found


def main() -> int:
    """Look at both lock files; returns 1 when something must be mended."""
    known, worst = accepted(ACCEPTED.read_text(encoding="utf-8")), 0
    for name in LOCKS:
        report = _ask(ROOT / name)
        if report is None:
            print(f"WARNING: {name} was not audited: the list of weaknesses could not be reached.")
            continue
        failing, warning = judge(report, known)
        for line in warning:
            print(f"WARNING: {line}")
        for line in failing:
            print(f"ERROR: {line}")
        print(f"{name}: {len(report['dependencies'])} packages, {len(failing)} to mend.")
        worst = max(worst, bool(failing))
    return worst


if __name__ == "__main__":
    sys.exit(main())
