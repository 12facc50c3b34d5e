"""What is wrong with what was sent, each thing with its place, in the reader's language."""

from typing import Literal

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.core.i18n import gettext as _
from app.web.rest.schemas import Fault

MOST = 20


def faults_of(error: ValidationError, place: Literal["pointer", "parameter"]) -> list[Fault]:
    """Return the faults that were found, with JSON pointers (RFC 6901) into the body or names of parameters."""
    found = error.errors(include_url=False, include_context=True, include_input=False)[:MOST]
    return [Fault(detail=_said(each), **{place: _where(each, place)}) for each in found]


def _where(each: ErrorDetails, place: str) -> str:
    # Pydantic marks the key of an object as a place of its own.
    parts = [str(part) for part in each["loc"] if part != "[key]"]
    if place == "parameter":
        return parts[0] if parts else ""
    return "#" + "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)


def _said(each: ErrorDetails) -> str:
    kind, given = each["type"], each.get("ctx", {})
    known = {
        "missing": _("This is missing."),
        "extra_forbidden": _("There is no such field."),
        "string_type": _("This must be a text."),
        "string_pattern_mismatch": _("This has characters that cannot be used."),
        "int_type": _("This must be a whole number."),
        "int_parsing": _("This must be a whole number."),
        "bool_type": _("This must be true or false."),
        "bool_parsing": _("This must be true or false."),
        "list_type": _("This must be a list."),
        "dict_type": _("This must be an object."),
        "model_type": _("This must be an object."),
    }
    if kind in known:
        return known[kind]
    if kind == "string_too_long":
        return _("At most %(number)s characters.", number=given.get("max_length"))
    if kind == "string_too_short":
        return _("At least %(number)s characters.", number=given.get("min_length"))
    if kind in ("greater_than_equal", "less_than_equal"):
        return _("This number is out of its bounds.")
    if kind in ("literal_error", "enum"):
        return _("One of these: %(values)s.", values=given.get("expected"))
    if kind == "too_long":
        return _("At most %(number)s entries.", number=given.get("max_length"))
    return _("This cannot be used: %(reason)s.", reason=each["msg"])
