"""Questions about the manifest."""

import re
from pathlib import Path

from flask import Flask

from app.registry import Module
from app.sdk import VERSION
from app.web.page import STATIC

SEMANTIC = re.compile(r"\d+\.\d+\.\d+\Z")
OWNER = re.compile(r"[a-z][a-z0-9-]*\Z")
MATURITIES = ("bronze", "silver", "gold")
# What the audit log calls the act and the thing; a setting of that name could not be written down.
TAKEN_KEYS = {"action", "subject"}


def manifest_is_complete(_app: Flask, module: Module) -> None:
    """Ask whether people find in the manifest what they need to choose the module."""
    assert module.title, f"{module.name}: give it a title"
    assert not module.title.endswith("."), f"{module.name}: the title has no full stop"
    assert module.summary.endswith("."), f"{module.name}: the summary is one sentence with its full stop"
    assert SEMANTIC.match(module.version), f"{module.name}: {module.version} is no version like 1.0.0"
    assert module.category, f"{module.name}: name its category"
    assert module.owners, f"{module.name}: name who looks after it"
    assert all(OWNER.match(owner) for owner in module.owners), f"{module.name}: owners are slugs"
    assert module.maturity in MATURITIES, f"{module.name}: maturity is one of {', '.join(MATURITIES)}"
    assert f'id="{module.icon}"' in (STATIC / "icons.svg").read_text(), f"there is no icon {module.icon}"
    assert all(p.label for p in module.permissions), f"{module.name}: every permission has a label"


def settings_can_be_shown(_app: Flask, module: Module) -> None:
    """Ask whether a form can be drawn from the settings, and each change be written down."""
    for setting in module.settings:
        where = f"{module.name}: settings.{setting.key}"
        assert setting.label, f"{where} has no label"
        assert setting.key.isidentifier(), f"{where}: a key is a name"
        assert setting.key not in TAKEN_KEYS, f"{where}: choose another key"
        assert not setting.key.endswith("_before"), (
            f"{where}: the audit log keeps values from before by that name"
        )
        low, high = setting.minimum, setting.maximum
        assert low is None or high is None or low <= high, f"{where}: the least is more than the most"
        if setting.type == "int":
            inside = (low is None or setting.default >= low) and (high is None or setting.default <= high)  # type: ignore[operator]
            assert inside, f"{where}: the default is outside its own bounds"


def works_with_this_platform(_app: Flask, module: Module) -> None:
    """Ask whether the module says that it works with this version of the sdk."""
    parts = [re.fullmatch(r"(>=|<=|<|>|==)(\d+(?:\.\d+)*)", p.strip()) for p in module.platform.split(",")]
    assert all(parts), f"{module.name}: platform reads like >=1,<2"
    ours = _version(VERSION)
    for part in parts:
        assert part is not None
        sign, theirs = part[1], _version(part[2])
        holds = {
            ">=": ours >= theirs,
            "<=": ours <= theirs,
            "<": ours < theirs,
            ">": ours > theirs,
            "==": ours == theirs,
        }
        assert holds[sign], f"{module.name} asks for a platform {module.platform}, this is {VERSION}"


def addresses_are_its_own(app: Flask, module: Module) -> None:
    """Ask whether the module's addresses hide none of the platform's or of another module's."""
    for rule in app.url_map.iter_rules():
        blueprint = app.blueprints.get(rule.endpoint.partition(".")[0])
        if blueprint is not None and blueprint.import_name == module.package:
            continue
        steps = [step for step in Path(rule.rule).parts if step not in ("/", "admin")]
        taken = bool(steps) and steps[0] == module.path and not rule.rule.startswith("/admin/modules/")
        assert not taken, f"{module.name}: {rule.rule} is taken; give the module another name"


def _version(text: str) -> tuple[int, ...]:
    numbers = [int(number) for number in text.split(".")]
    return tuple(numbers + [0] * (3 - len(numbers)))


def acts_have_words(_app: Flask, module: Module) -> None:
    """Ask whether every act that the module writes into the audit log has words in the manifest."""
    written = re.compile(rf'(?:audit|_note)\(\s*"{module.name}\.([a-z_]+)"')
    sources = [p.read_text(encoding="utf-8") for p in module.folder.rglob("*.py") if "tests" not in p.parts]
    acts = {act for source in sources for act in written.findall(source)}
    missing = acts - dict(module.actions).keys()
    assert not missing, f"{module.name}: [actions] lacks {', '.join(sorted(missing))}"
