"""The program that checks a published bundle, in one file that needs nothing but Python."""

from io import BytesIO
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from .. import rules

START = "import sys\nfrom rules.__main__ import main\nsys.exit(main(sys.argv[1:]))\n"
SHEBANG = b"#!/usr/bin/env python3\n"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_PARTS = ("", "counting/", "pabulib/")
"""The folders of the rules that the check is made of."""


def write_verifier(stream: IO[bytes]) -> None:
    """Write the program; the same version always gives the same bytes (a zipapp, docs.python.org/3/library/zipapp)."""
    folder = Path(rules.__file__).parent
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as archive:
        _add(archive, "__main__.py", START)
        for part in _PARTS:
            for path in sorted((folder / part).glob("*.py")):
                _add(archive, f"rules/{part}{path.name}", path.read_text(encoding="utf-8"))
    stream.write(SHEBANG + content.getvalue())


def _add(archive: ZipFile, name: str, text: str) -> None:
    info = ZipInfo(name, _LONG_AGO)
    info.compress_type, info.create_system, info.external_attr = ZIP_DEFLATED, 3, 0o644 << 16
    archive.writestr(info, text)
