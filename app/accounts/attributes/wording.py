"""Levels, rules and what is missing, in the reader's language."""

from collections.abc import Mapping

from babel.dates import format_date
from babel.lists import format_list

from app.accounts.attributes.kinds import Kind, Type, kinds
from app.accounts.attributes.rules import (
    YES,
    Aged,
    Condition,
    Eligibility,
    Lack,
    Level,
    Missing,
    OneOf,
    Verdict,
)
from app.core.i18n import gettext as _
from app.core.i18n import language


def level_name(level: Level) -> str:
    """Return how something is known."""
    return {
        Level.SELF: _("said by the resident"),
        Level.CODE: _("by a code from a letter"),
        Level.STAFF: _("checked by staff"),
        Level.ROLL: _("on a list of residents"),
    }[level]


def document_names() -> dict[str, str]:
    """Return the kinds of documents that staff look at; their numbers are never written down."""
    return {
        "identity_card": _("Identity card"),
        "passport": _("Passport"),
        "residence_permit": _("Residence permit"),
        "address_card": _("Address card"),
        "bill": _("Bill or contract with the address"),
        "school_letter": _("Letter of the school"),
        "employer_letter": _("Letter of the employer"),
        "other": _("Another document"),
    }


def describe(rule: Eligibility) -> list[str]:
    """Return a rule in words, one sentence a need; nothing for a rule that lets everybody in."""
    known = kinds() if rule.needs else {}
    return [_sentence([_condition(one, known) for one in need]) for need in rule.needs]


def reasons(verdict: Verdict) -> list[str]:
    """Return what is missing, one paragraph a need: why, and where to go."""
    known = kinds() if verdict.missing else {}
    return [_reason(missing, known) for missing in verdict.missing]


def _condition(condition: Condition, known: Mapping[str, Kind]) -> str:
    what = _aged(condition) if isinstance(condition, Aged) else _one_of(condition, known)
    if condition.level is Level.SELF:
        return what
    return _("%(what)s (%(level)s)", what=what, level=_at_least(condition.level))


def _at_least(level: Level) -> str:
    return {
        Level.SELF: _("said by the resident"),
        Level.CODE: _("with a code from a letter, or surer"),
        Level.STAFF: _("checked by staff, or surer"),
        Level.ROLL: _("on a list of residents"),
    }[level]


def _one_of(condition: OneOf, known: Mapping[str, Kind]) -> str:
    kind = known.get(condition.attribute)
    title = kind.title if kind else condition.attribute
    if kind is not None and kind.type is Type.YES_NO and condition.values == (YES,):
        return title
    values = [kind.words(value) if kind else value for value in condition.values]
    return _("%(what)s: %(values)s", what=title, values=format_list(values, "or", locale=language()))


def _aged(condition: Aged) -> str:
    least, most = condition.at_least, condition.at_most
    if least is not None and most is not None:
        ages = _("from %(least)s to %(most)s years old", least=least, most=most)
    elif least is not None:
        ages = _("%(least)s years or older", least=least)
    else:
        ages = _("%(most)s years or younger", most=most)
    if condition.on is None:
        return ages
    return _("%(ages)s on %(day)s", ages=ages, day=format_date(condition.on, "long", locale=language()))


def _sentence(parts: list[str]) -> str:
    text = format_list(parts, "or", locale=language())
    return text[:1].upper() + text[1:]


def _reason(missing: Missing, known: Mapping[str, Kind]) -> str:
    wanted = _sentence([_condition(condition, known) for condition, _lack in missing.lacks])
    # The nearest way counts: what fits and only has to be checked, before what nobody knows yet.
    condition, lack = min(missing.lacks, key=lambda one: _NEAREST.index(one[1]))
    return _("%(wanted)s. %(why)s", wanted=wanted, why=_why(lack, condition))


_NEAREST = (Lack.TOO_UNSURE, Lack.EXPIRED, Lack.UNKNOWN, Lack.OTHER_VALUE)


def _why(lack: Lack, condition: Condition) -> str:
    match lack:
        case Lack.OTHER_VALUE:
            return _("What is known about you says something else. If it is wrong, ask the city.")
        case Lack.TOO_UNSURE:
            return _("You have said so, and it still has to be proven. %(how)s", how=_how(condition.level))
        case Lack.EXPIRED:
            return _("This was known once and has expired. %(how)s", how=_how(condition.level))
        case Lack.UNKNOWN:
            return _("Nothing is known about this yet. %(how)s", how=_how(condition.level))


def _how(level: Level) -> str:
    return {
        Level.SELF: _("Tell it on the page “What the city knows” of your account."),
        Level.CODE: _(
            "Type the code from the city's letter on your account, or show a document at a counter."
        ),
        Level.STAFF: _("Show a document at a counter of the city, or find yourself on a list of residents."),
        Level.ROLL: _("Find yourself on the list of residents, on your account."),
    }[level]
