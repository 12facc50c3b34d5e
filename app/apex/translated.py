"""In which languages a module is complete."""

from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from app.core.i18n import LANGUAGES
from app.registry import Module

SOURCE = "en"


def languages_of(module: Module) -> list[str]:
    """Return the languages in which every text of the module is there; English is what the code is written in."""
    return [code for code in LANGUAGES if code == SOURCE or _is_complete(_catalog(module, code), code)]


def _catalog(module: Module, language: str) -> Path:
    return module.folder / "locale" / language / "LC_MESSAGES" / "messages.po"


@cache
def _is_complete(path: Path, language: str) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as source:
        messages = [message for message in read_po(source, locale=language) if message.id]
    return bool(messages) and all(_words(message.string) and not message.fuzzy for message in messages)


def _words(string: object) -> bool:
    return all(string) if isinstance(string, (tuple, list)) else bool(string)
