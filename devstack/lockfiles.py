"""Write the lock files from what is installed: `python -m devstack.lockfiles`.

A package's dependencies are followed for every platform and Python that the project supports, not
only for the machine at hand, so that a lock made here installs elsewhere.
"""

import importlib.metadata
import json
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .checkout import ROOT

SYSTEMS = (("linux", "Linux", "x86_64"), ("linux", "Linux", "aarch64"), ("darwin", "Darwin", "arm64"))
PYTHONS = ("3.11.0", "3.11.14", "3.12.12", "3.13.9", "3.14.0")
DEVSTACK_HEADING = "# Servers for development and tests; an image for production leaves these out."


def _machines() -> Iterator[dict[str, str]]:
    for platform, system, machine in SYSTEMS:
        for full in PYTHONS:
            yield {
                "sys_platform": platform,
                "platform_system": system,
                "platform_machine": machine,
                "os_name": "posix",
                "python_full_version": full,
                "python_version": full.rpartition(".")[0],
                "platform_python_implementation": "CPython",
                "implementation_name": "cpython",
            }


MACHINES = tuple(_machines())


@dataclass(frozen=True, slots=True)
class Wish:
    """A requirement, the machines that have it, and the marker that says so in short."""

    requirement: Requirement
    machines: frozenset[int]
    marker: str


@dataclass
class Closure:
    """Everything that a list of requirements pulls in, and on which machines."""

    machines: dict[str, frozenset[int]] = field(default_factory=dict)
    markers: dict[str, set[str]] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)

    def add(self, requirements: Iterable[str]) -> None:
        """Follow requirements that apply on at least one supported machine."""
        open_wishes = list(_wishes(requirements, frozenset(range(len(MACHINES))), "", ()))
        done: set[tuple[str, frozenset[str], frozenset[int]]] = set()
        while open_wishes:
            wish = open_wishes.pop()
            name = canonicalize_name(wish.requirement.name)
            key = (name, frozenset(wish.requirement.extras), wish.machines)
            if key not in done:
                done.add(key)
                open_wishes += self._take(name, wish)

    def _take(self, name: str, wish: Wish) -> list[Wish]:
        self.machines[name] = self.machines.get(name, frozenset()) | wish.machines
        self.markers.setdefault(name, set()).add(wish.marker)
        try:
            package = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            self.versions.setdefault(name, _newest(wish.requirement))
            return []
        self.versions[name] = package.version
        needs = package.requires or ()
        return list(_wishes(needs, wish.machines, wish.marker, wish.requirement.extras))

    def lines(self, *, but: Iterable[str] = ()) -> list[str]:
        """Return one line for each package, with a marker when not every machine needs it."""
        return [self._line(name) for name in sorted(self.versions.keys() - set(but))]

    def _line(self, name: str) -> str:
        line = f"{name}=={self.versions[name]}"
        if len(self.machines[name]) == len(MACHINES):
            return line
        return f"{line} ; {' or '.join(sorted(self.markers[name]))}"


def _wishes(
    requirements: Iterable[str], machines: frozenset[int], marker: str, extras: Iterable[str]
) -> Iterator[Wish]:
    for requirement in map(Requirement, requirements):
        having = frozenset(index for index in machines if _applies(requirement, index, ("", *extras)))
        if having:
            # An extra is settled here and means nothing in a lock.
            own = "" if requirement.marker is None or having == machines else str(requirement.marker)
            yield Wish(requirement, having, own or marker)


def _applies(requirement: Requirement, machine: int, extras: Iterable[str]) -> bool:
    marker = requirement.marker
    return marker is None or any(marker.evaluate({**MACHINES[machine], "extra": extra}) for extra in extras)


def _newest(requirement: Requirement) -> str:
    """Ask pip for the version of a package that only other machines need."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--no-deps", "--report", "-"]
    plain = f"{requirement.name}{requirement.specifier}"
    answer = subprocess.run([*command, plain], capture_output=True, text=True, check=True)
    return str(json.loads(answer.stdout)["install"][0]["metadata"]["version"])


def write() -> None:
    """Write requirements.lock and requirements-dev.lock."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["project"]["optional-dependencies"]
    run, servers, dev = Closure(), Closure(), Closure()
    run.add([*project["project"]["dependencies"], *project["build-system"]["requires"]])
    servers.add(groups["devstack"])
    dev.add(groups["test"])
    head = "# Exact versions, written by 'make lock'."
    servers_lines = servers.lines(but=run.versions)
    lines = [head, *run.lines(), "", DEVSTACK_HEADING, *servers_lines]
    (ROOT / "requirements.lock").write_text("\n".join(lines) + "\n")
    dev_lines = dev.lines(but=run.versions | servers.versions)
    lines = [head, "-r requirements.lock", *dev_lines]
    (ROOT / "requirements-dev.lock").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    write()
