"""A rule of eligibility as JSON: what modules store, publish and share between cities.

{"version": 1, "needs": [
  {"any": [{"attribute": "district", "values": ["11", "12"], "level": "roll"}]},
  {"any": [{"attribute": "birth_date", "at_least": 14, "on": "2026-05-01", "level": "self"}]}
]}
"""

import re
from collections.abc import Mapping
from datetime import date

from app.accounts.attributes.rules import BIRTH_DATE, OLDEST, Aged, Condition, Eligibility, Level, Need, OneOf

VERSION = 1
MOST_NEEDS, MOST_CONDITIONS, MOST_VALUES = 12, 12, 400
KEY = r"^[a-z][a-z0-9_]{0,47}$"
_AGE = {"type": "integer", "minimum": 0, "maximum": OLDEST}
_LEVEL = {"enum": [level.value for level in Level]}
SCHEMA: Mapping[str, object] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Rule of eligibility",
    "type": "object",
    "required": ["version", "needs"],
    "additionalProperties": False,
    "properties": {
        "version": {"const": VERSION},
        "needs": {"type": "array", "maxItems": MOST_NEEDS, "items": {"$ref": "#/$defs/need"}},
    },
    "$defs": {
        "need": {
            "type": "object",
            "required": ["any"],
            "additionalProperties": False,
            "properties": {
                "any": {
                    "type": "array",
                    "minItems": 1,
                    "maxItems": MOST_CONDITIONS,
                    "items": {"oneOf": [{"$ref": "#/$defs/one_of"}, {"$ref": "#/$defs/aged"}]},
                }
            },
        },
        "one_of": {
            "type": "object",
            "required": ["attribute", "values", "level"],
            "additionalProperties": False,
            "properties": {
                "attribute": {"type": "string", "pattern": KEY, "not": {"const": BIRTH_DATE}},
                "values": {
                    "type": "array",
                    "minItems": 1,
                    "maxItems": MOST_VALUES,
                    "uniqueItems": True,
                    "items": {"type": "string", "minLength": 1, "maxLength": 200},
                },
                "level": _LEVEL,
            },
        },
        "aged": {
            "type": "object",
            "required": ["attribute", "level"],
            "anyOf": [{"required": ["at_least"]}, {"required": ["at_most"]}],
            "additionalProperties": False,
            "properties": {
                "attribute": {"const": BIRTH_DATE},
                "at_least": _AGE,
                "at_most": _AGE,
                "on": {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
                "level": _LEVEL,
            },
        },
    },
}
"""What `read` accepts (JSON Schema 2020-12), besides that `at_least` is no more than `at_most`."""


class WrongRule(ValueError):
    """The document is no rule; the text names the place."""


def write(rule: Eligibility) -> dict[str, object]:
    """Return the rule as JSON; equal rules give equal documents."""
    return {"version": VERSION, "needs": [{"any": [_values(one) for one in need]} for need in rule.needs]}


def read(document: object) -> Eligibility:
    """Return the rule of a document; raises WrongRule: a rule that is not understood lets nobody in by mistake."""
    whole = _object(document, "the rule", {"version", "needs"})
    if whole.get("version") != VERSION or isinstance(whole.get("version"), bool):
        raise WrongRule(f"version: {VERSION} expected")
    needs = _list(whole.get("needs"), "needs", least=0, most=MOST_NEEDS)
    return Eligibility(tuple(_need(need, f"needs[{place}]") for place, need in enumerate(needs)))


def _values(condition: Condition) -> dict[str, object]:
    if isinstance(condition, OneOf):
        return {
            "attribute": condition.attribute,
            "values": list(condition.values),
            "level": condition.level.value,
        }
    limits = {
        "at_least": condition.at_least,
        "at_most": condition.at_most,
        "on": condition.on.isoformat() if condition.on else None,
    }
    told = {name: limit for name, limit in limits.items() if limit is not None}
    return {"attribute": BIRTH_DATE, **told, "level": condition.level.value}


def _need(document: object, path: str) -> Need:
    found = _object(document, path, {"any"})
    conditions = _list(found.get("any"), f"{path}.any", least=1, most=MOST_CONDITIONS)
    return tuple(_condition(one, f"{path}.any[{place}]") for place, one in enumerate(conditions))


def _condition(document: object, path: str) -> Condition:
    if isinstance(document, Mapping) and document.get("attribute") == BIRTH_DATE:
        return _aged(_object(document, path, {"attribute", "at_least", "at_most", "on", "level"}), path)
    found = _object(document, path, {"attribute", "values", "level"})
    attribute = found.get("attribute")
    if not isinstance(attribute, str) or not re.fullmatch(KEY, attribute):
        raise WrongRule(f"{path}.attribute: a name expected")
    values = _list(found.get("values"), f"{path}.values", least=1, most=MOST_VALUES)
    texts = [value for value in values if isinstance(value, str) and 0 < len(value) <= 200]
    if len(texts) != len(values) or len(set(texts)) != len(texts):
        raise WrongRule(f"{path}.values: different texts expected")
    return OneOf(attribute, tuple(texts), _level(found, path))


def _aged(found: Mapping[str, object], path: str) -> Aged:
    least, most = (_age(found, name, path) for name in ("at_least", "at_most"))
    if least is None and most is None:
        raise WrongRule(f"{path}: at_least or at_most expected")
    if least is not None and most is not None and least > most:
        raise WrongRule(f"{path}: at_least is more than at_most")
    return Aged(least, most, _day(found, path), level=_level(found, path))


def _age(found: Mapping[str, object], name: str, path: str) -> int | None:
    if name not in found:
        return None
    age = found[name]
    if not isinstance(age, int) or isinstance(age, bool) or not 0 <= age <= OLDEST:
        raise WrongRule(f"{path}.{name}: an age expected")
    return age


def _day(found: Mapping[str, object], path: str) -> date | None:
    if "on" not in found:
        return None
    text = found["on"]
    try:
        # Only YYYY-MM-DD: `fromisoformat` also takes weeks, which no schema or reader expects.
        if isinstance(text, str) and len(text) == 10 and text[4] == text[7] == "-":
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise WrongRule(f"{path}.on: a day like 2026-05-01 expected")


def _level(found: Mapping[str, object], path: str) -> Level:
    try:
        return Level(str(found.get("level")))
    except ValueError:
        raise WrongRule(f"{path}.level: {' or '.join(Level)} expected") from None


def _object(document: object, path: str, names: set[str]) -> Mapping[str, object]:
    if not isinstance(document, Mapping):
        raise WrongRule(f"{path}: an object expected")
    unknown = sorted(str(name) for name in document if name not in names)
    if unknown:
        raise WrongRule(f"{path}: {unknown[0]} is unknown")
    return document


def _list(value: object, path: str, *, least: int, most: int) -> list[object]:
    if not isinstance(value, list) or not least <= len(value) <= most:
        raise WrongRule(f"{path}: a list of {least} to {most} expected")
    return value
