"""Twelve small services of five tables each, the same for Parvis and for the peer.

`service00` is real in both; the others are copies of it under other names, written where a measurement runs.
"""

from pathlib import Path

HERE = Path(__file__).parent
NUMBER = 12
NAMES = tuple(f"service{number:02}" for number in range(NUMBER))
TABLES = 5


def write_modules(folder: Path) -> Path:
    """Install the services as modules of Parvis; returns the folder that has to be on the path."""
    installed = _copies(HERE / "parvis", folder / "modules")
    facts = installed / "benchmark_services-1.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: benchmark-services\nVersion: 1.0\n")
    points = "".join(f"{name} = {name}\n" for name in NAMES)
    (facts / "entry_points.txt").write_text(f"[parvis.modules]\n{points}")
    return installed


def write_apps(folder: Path) -> Path:
    """Install the services as applications of Django; returns the folder that has to be on the path."""
    return _copies(HERE / "peer", folder / "apps")


def _copies(source: Path, target: Path) -> Path:
    first = NAMES[0]
    for name in NAMES:
        for file in sorted((source / first).rglob("*")):
            if file.suffix in (".py", ".toml", ".html"):
                copy = target / name / file.relative_to(source / first)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_text(file.read_text().replace(first, name))
        (target / name / "migrations").mkdir(exist_ok=True)
    return target
