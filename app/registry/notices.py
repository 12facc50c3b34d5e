"""What a module tells people, as its manifest declares it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

RHYTHMS = ("at_once", "daily", "weekly")


@dataclass(frozen=True, slots=True)
class Topic:
    """What people choose about: by which channels they hear of it, and how often."""

    name: str
    """`<module>.<topic>` when it is a module's own."""
    label: str
    sentence: str
    usual: Mapping[str, str] = field(default_factory=dict)
    """Channel → rhythm for who has not chosen; where it is empty, nobody is told who has not asked for it."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One kind of message."""

    name: str
    label: str
    topic: str
    required: bool = False
    """A receipt or something about security: it cannot be switched off."""


def topics(module: str, raw: Mapping[str, Mapping[str, Any]]) -> tuple[Topic, ...]:
    """Return the topics of a module's own; raises ValueError or KeyError."""
    return tuple(_topic(module, name, given) for name, given in raw.items())


def notices(raw: Mapping[str, Mapping[str, Any]]) -> tuple[Notice, ...]:
    """Return the kinds of message of a module; raises ValueError or KeyError."""
    return tuple(_notice(name, given) for name, given in raw.items())


def _topic(module: str, name: str, given: Mapping[str, Any]) -> Topic:
    _known(f"topics.{name}", given, {"label", "sentence", "usual"})
    usual = {str(channel): str(rhythm) for channel, rhythm in given.get("usual", {}).items()}
    if wrong := set(usual.values()) - set(RHYTHMS):
        raise ValueError(f"topics.{name}: {', '.join(sorted(wrong))}: use one of {', '.join(RHYTHMS)}")
    return Topic(f"{module}.{name}", str(given["label"]), str(given["sentence"]), usual)


def _notice(name: str, given: Mapping[str, Any]) -> Notice:
    _known(f"notifications.{name}", given, {"label", "topic", "required"})
    if not name.isidentifier():
        raise ValueError(f"notifications.{name}: the name is an identifier")
    topic = str(given["topic"])
    return Notice(name, str(given["label"]), topic, bool(given.get("required", False)))


def _known(where: str, given: Mapping[str, Any], keys: set[str]) -> None:
    if unknown := set(given) - keys:
        raise ValueError(f"{where}: unknown keys: {', '.join(sorted(unknown))}")
