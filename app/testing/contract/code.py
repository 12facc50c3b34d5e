"""Questions about what the code names and the manifest must declare."""

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

from flask import Flask

from app.accounts.permissions import PLATFORM_PERMISSIONS
from app.registry import Module

IN_A_TEMPLATE = re.compile(r"""\bmay\(\s*["']([^"']+)["']""")


def permissions_are_declared(_app: Flask, module: Module) -> None:
    """Ask whether each permission that the code or a page asks for is in the manifest, and each there is asked for."""
    declared = {permission.name for permission in module.permissions}
    asked = {
        arg.value
        for _p, call, arg in _calls(module, "requires", "may")
        if isinstance(arg, ast.Constant) and call
    }
    for path in (module.folder / "templates").rglob("*.html"):
        asked |= set(IN_A_TEMPLATE.findall(path.read_text(encoding="utf-8")))
    unknown = asked - declared - set(PLATFORM_PERMISSIONS)
    assert not unknown, f"{module.name}: the manifest does not declare {sorted(map(str, unknown))}"
    idle = declared - asked
    assert not idle or module.load("admin") is None, f"{module.name}: nothing asks for {sorted(idle)}"


def settings_are_declared(_app: Flask, module: Module) -> None:
    """Ask whether the dataclasses of settings read what the manifest declares, and leave nothing out."""
    declared, read = {setting.key for setting in module.settings}, set()
    for path, _call, arg in _calls(module, "settings"):
        if not isinstance(arg, ast.Name):
            continue
        kind = getattr(_imported(module, path), arg.id)
        assert is_dataclass(kind), f"{path}: settings() takes a dataclass"
        names = {field.name for field in fields(kind)}
        assert names <= declared, f"{path}: the manifest has no settings {sorted(names - declared)}"
        read |= names
    assert read == declared, f"{module.name}: nothing reads the settings {sorted(declared - read)}"


def _calls(module: Module, *names: str) -> Iterator[tuple[Path, ast.Call, ast.expr]]:
    """Yield file, call and first argument of every call of a function with one of `names`."""
    for path in sorted(module.folder.rglob("*.py")):
        if {"tests", "migrations"} & set(path.relative_to(module.folder).parts):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in names
                and node.args
            ):
                yield path, node, node.args[0]


def _imported(module: Module, path: Path) -> object:
    dotted = ".".join(path.relative_to(module.folder).with_suffix("").parts).removesuffix(".__init__")
    return importlib.import_module(f"{module.package}.{dotted}")
