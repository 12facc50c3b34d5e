"""Questions about what lies in a module's folder."""

import re

from flask import Flask

from app.core.i18n import LANGUAGES
from app.registry import Module
from tenants.migrate import render

EXTENDS = re.compile(r'{%-?\s*extends\s+"([^"]+)"')
WHOLE_PAGE = re.compile(r"<h1\b|page_head\(|<!doctype|{%-?\s*block\s+(?:title|content|main)\b", re.IGNORECASE)
BASES = ("base_city.html", "base_console.html")


def has_what_every_module_has(_app: Flask, module: Module) -> None:
    """Ask whether the module explains itself, tests itself and names its migrations after itself."""
    for name in ("README.md", "manifest.toml", "__init__.py"):
        assert (module.folder / name).is_file(), f"{module.name} has no {name}"
    assert list((module.folder / "tests").glob("test_*.py")), f"{module.name} has no tests"
    history = module.folder / "migrations"
    if module.load("models") is not None:
        assert render.head(history), f"{module.name} has models and no migrations"
        revisions = [script.revision for script in render.history(history).walk_revisions()]
        strange = [name for name in revisions if not name.startswith(f"{module.name}_")]
        assert not strange, f"{module.name}: revisions start with the module's name: {strange}"


def speaks_every_language(_app: Flask, module: Module) -> None:
    """Ask whether there is a catalog for each language of the platform."""
    for code in LANGUAGES:
        catalog = module.folder / "locale" / code / "LC_MESSAGES" / "messages.po"
        assert catalog.is_file(), f"{module.name} has no catalog {code}"


def pages_extend_a_base(_app: Flask, module: Module) -> None:
    """Ask whether every whole page stands in the frame that all pages share."""
    folder = module.folder / "templates"
    for path in sorted(folder.rglob("*.html")):
        name, text = path.relative_to(folder), path.read_text(encoding="utf-8")
        assert name.parts[0] in (module.name, "mail", "notify"), (
            f"{name}: templates lie in templates/{module.name}/"
        )
        if name.parts[0] in ("mail", "notify") or path.name.startswith("_"):
            continue
        extended = EXTENDS.search(text)
        assert extended or not WHOLE_PAGE.search(text), f"{name} is a page and extends no base"
        if extended:
            own = extended[1].startswith(f"{module.name}/")
            assert own or extended[1] in BASES, f"{name} extends {extended[1]}, not {' or '.join(BASES)}"
