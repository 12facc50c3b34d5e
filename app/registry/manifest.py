"""A module's manifest: read without importing the module's code, and refused with one clear sentence."""

import importlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from app.registry.notices import Notice, Topic, notices, topics

NAME = re.compile(r"[a-z][a-z0-9_]{1,40}\Z")
ROLES = ("viewer", "editor", "administrator")
SETTING_TYPES = {"int": int, "bool": bool, "text": str, "choice": str}
SettingValue = int | bool | str


class ManifestError(Exception):
    """A manifest that cannot be used; the text names the module and what is wrong."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One value a city may set for a module."""

    key: str
    type: str
    default: SettingValue
    label: str
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Permission:
    """Something a role may do, written `<module>.<action>`."""

    name: str
    label: str
    roles: tuple[str, ...]
    by_district: bool = False
    """Whether its pages ask for the district, so that a role can be limited to some."""


@dataclass(frozen=True, slots=True)
class Module:
    """An installed module as its manifest describes it."""

    name: str
    package: str
    title: str
    summary: str
    version: str
    platform: str
    category: str
    icon: str
    owners: tuple[str, ...]
    requires: tuple[str, ...] = ()
    maturity: str = "bronze"
    in_menu: bool = True
    settings: tuple[Setting, ...] = ()
    permissions: tuple[Permission, ...] = ()
    actions: tuple[tuple[str, str], ...] = ()
    """What the audit log calls the module's acts: (past participle, words)."""
    notifications: tuple[Notice, ...] = ()
    topics: tuple[Topic, ...] = ()

    @property
    def path(self) -> str:
        """Return the first part of the module's addresses."""
        return self.name.replace("_", "-")

    @property
    def folder(self) -> Path:
        """Return the folder the module lies in."""
        return Path(str(files(self.package)))

    def load(self, part: str) -> ModuleType | None:
        """Import one of the module's parts, or None where it has no such file."""
        if find_spec(f"{self.package}.{part}") is None:
            return None
        return importlib.import_module(f"{self.package}.{part}")


def read(package: str) -> Module:
    """Read the manifest of an installed package; raises ManifestError."""
    try:
        text = (files(package) / "manifest.toml").read_text(encoding="utf-8")
        raw = tomllib.loads(text)
    except (OSError, ModuleNotFoundError, tomllib.TOMLDecodeError) as error:
        raise ManifestError(f"{package}: manifest.toml cannot be read: {error}") from error
    try:
        return parse(package, raw)
    except (KeyError, TypeError, ValueError) as error:
        raise ManifestError(f"{package}: manifest.toml: {error}") from error


def parse(package: str, raw: Mapping[str, Any]) -> Module:
    """Return the module that a parsed manifest describes; raises ValueError or KeyError."""
    name = str(raw["name"])
    if not NAME.match(name):
        raise ValueError(f"name {name!r} must be lower-case letters, digits and _")
    known = set(Module.__dataclass_fields__) - {"package"}
    if unknown := set(raw) - known:
        raise ValueError(f"unknown keys: {', '.join(sorted(unknown))}")
    plain = {k: str(raw[k]) for k in ("title", "summary", "version", "platform", "category", "icon")}
    return Module(
        name=name,
        package=package,
        owners=tuple(raw["owners"]),
        requires=tuple(raw.get("requires", ())),
        maturity=str(raw.get("maturity", "bronze")),
        in_menu=bool(raw.get("in_menu", True)),
        settings=tuple(_setting(k, v) for k, v in raw.get("settings", {}).items()),
        permissions=tuple(_permission(name, k, v) for k, v in raw.get("permissions", {}).items()),
        actions=tuple((str(k), str(v)) for k, v in raw.get("actions", {}).items()),
        notifications=notices(raw.get("notifications", {})),
        topics=topics(name, raw.get("topics", {})),
        **plain,
    )


def _setting(key: str, raw: Mapping[str, Any]) -> Setting:
    kind = str(raw["type"])
    if kind not in SETTING_TYPES:
        raise ValueError(f"settings.{key}: type must be one of {', '.join(SETTING_TYPES)}")
    default: SettingValue = raw["default"]
    if not isinstance(default, SETTING_TYPES[kind]):
        raise ValueError(f"settings.{key}: the default is not of type {kind}")
    choices = tuple((str(k), str(v)) for k, v in raw.get("choices", {}).items())
    if kind == "choice" and default not in dict(choices):
        raise ValueError(f"settings.{key}: the default is not among the choices")
    return Setting(
        key,
        kind,
        default,
        str(raw["label"]),
        str(raw.get("hint", "")),
        choices,
        raw.get("minimum"),
        raw.get("maximum"),
    )


def _permission(module: str, action: str, raw: Mapping[str, Any]) -> Permission:
    roles = tuple(raw["roles"])
    if unknown := set(roles) - set(ROLES):
        raise ValueError(f"permissions.{action}: unknown roles {', '.join(sorted(unknown))}")
    if unknown := set(raw) - {"label", "roles", "by_district"}:
        raise ValueError(f"permissions.{action}: unknown keys {', '.join(sorted(unknown))}")
    return Permission(f"{module}.{action}", str(raw["label"]), roles, bool(raw.get("by_district", False)))
