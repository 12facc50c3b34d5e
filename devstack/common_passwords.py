"""Builds the list of leaked passwords that the product refuses: `python -m devstack.common_passwords FILE…`.

Each file holds passwords: a JSON list of them, or one a line, packed with gzip or not. Where ours come from, and under
which licences, stands beside the list (app/accounts/leaked_passwords.md).
"""

import gzip
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from app.accounts import leaked

FEWEST = 20_000


def passwords(path: Path) -> Iterable[str]:
    """Return what a file holds."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if raw.startswith(b"\x1f\x8b") else raw).decode("utf-8")
    found = json.loads(text) if text.lstrip().startswith("[") else text.splitlines()
    return (each for each in found if each)


def build(paths: Iterable[Path]) -> bytes:
    """Return the list: what is kept of each password, in order, each once."""
    return b"".join(sorted({leaked.mark(each) for path in paths for each in passwords(path)}))


def main() -> None:
    """Write the list into the product."""
    built = build(Path(name) for name in sys.argv[1:])
    number = len(built) // leaked.SIZE
    if number < FEWEST:
        raise SystemExit(f"only {number} passwords: a list needs at least {FEWEST}")
    leaked.FILE.write_bytes(built)
    print(f"{leaked.FILE.name}: {number} passwords, {len(built)} bytes")


if __name__ == "__main__":
    main()
