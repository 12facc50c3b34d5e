"""Message catalogs: extract, update, compile and check; `python -m app.core.catalogs compile`."""

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from app.core.i18n import LANGUAGES

ROOT = Path(__file__).parent.parent.parent
SOURCES = [
    ("tests/**", "ignore"),
    ("**/tests/**", "ignore"),
    ("app/testing/**", "ignore"),
    ("**.py", "python"),
    ("**/templates/**", "jinja2"),
    ("**/manifest.toml", "app.core.catalogs:extract_manifest"),
]
KEYWORDS = {
    "_": None,
    "_l": None,
    "N_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "_n": (1, 2),
    "pgettext": ((1, "c"), 2),
}
MANIFEST_TEXTS = ("title", "summary", "category", "label", "hint", "sentence")


def owners() -> list[Path]:
    """Return the folders that own a catalog: the platform and each module that ships with it."""
    return [ROOT / "app", *sorted(p.parent for p in (ROOT / "modules").glob("*/manifest.toml"))]


def extract_manifest(
    file: IO[bytes], keywords: object, comment_tags: object, options: object
) -> Iterator[tuple[int, str, str, list[str]]]:
    """Yield the texts of a manifest that people read."""
    for text in _texts(tomllib.loads(file.read().decode())):
        yield 1, "gettext", text, []


def _texts(value: object) -> Iterator[str]:
    if not isinstance(value, dict):
        return
    for key, inner in value.items():
        if key in MANIFEST_TEXTS and isinstance(inner, str):
            yield inner
        elif key in ("choices", "actions") and isinstance(inner, dict):
            yield from (str(label) for label in inner.values())
        else:
            yield from _texts(inner)


def extract(owner: Path) -> Catalog:
    """Return the messages found in the code, templates and manifest of `owner`."""
    catalog = Catalog(project="Parvis", charset="utf-8")
    found = extract_from_dir(
        str(owner), SOURCES, {"**/templates/**": {"silent": "false", "trimmed": "true"}}, KEYWORDS, ("i18n:",)
    )
    for name, line, message, comments, context in found:
        catalog.add(
            message,
            None,
            [(f"{owner.relative_to(ROOT)}/{name}", line)],
            auto_comments=comments,
            context=context,
        )
    return catalog


def po_file(owner: Path, language: str) -> Path:
    """Return where the catalog of `owner` in `language` lies."""
    return owner / "locale" / language / "LC_MESSAGES" / "messages.po"


def update() -> None:
    """Bring every catalog up to date with the code; new messages come in untranslated."""
    for owner in owners():
        template = extract(owner)
        for language in LANGUAGES:
            path = po_file(owner, language)
            path.parent.mkdir(parents=True, exist_ok=True)
            catalog = read_po(path.open("rb"), locale=language) if path.exists() else Catalog(locale=language)
            catalog.update(template, no_fuzzy_matching=True)
            catalog.obsolete.clear()
            with path.open("wb") as out:
                write_po(
                    out,
                    catalog,
                    width=110,
                    omit_header=False,
                    sort_output=True,
                    ignore_obsolete=True,
                    include_lineno=False,
                )


def compile_all() -> None:
    """Write the binary catalogs that the application reads."""
    for owner in owners():
        for language in LANGUAGES:
            path = po_file(owner, language)
            if path.exists():
                with path.open("rb") as source, path.with_suffix(".mo").open("wb") as out:
                    write_mo(out, read_po(source, locale=language))


def missing() -> list[str]:
    """Return one line for each message that a language lacks; English needs none."""
    lines = []
    for owner in owners():
        template = extract(owner)
        for language in LANGUAGES:
            if language == "en":
                continue
            path = po_file(owner, language)
            catalog = read_po(path.open("rb"), locale=language) if path.exists() else Catalog(locale=language)
            lines += [
                f"{owner.name} {language}: {m.id}"
                for m in template
                if m.id and not _translated(catalog, m.id, m.context)
            ]
    return lines


def _translated(catalog: Catalog, message_id: object, context: str | None) -> bool:
    message = catalog.get(message_id, context)  # type: ignore[arg-type]
    if message is None or message.fuzzy:
        return False
    return all(message.string) if isinstance(message.string, (tuple, list)) else bool(message.string)


def main(command: str) -> int:
    """Run `compile`, `update` or `check`; returns the exit status."""
    if command == "compile":
        compile_all()
        return 0
    if command == "update":
        update()
        return 0
    lines = missing()
    sys.stdout.write("\n".join([*lines, f"{len(lines)} messages missing", ""]))
    return 1 if lines else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1] if len(sys.argv) > 1 else "check"))
