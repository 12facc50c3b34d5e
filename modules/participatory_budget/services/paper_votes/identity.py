"""Who stands before an officer, or has signed a slip: looked up in the city's list, or taken down from a document."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.sdk import (
    Invalid,
    Level,
    OnList,
    PersonField,
    Statement,
    _,
    find_on_list,
    identity,
    list_in_use,
    now,
)

from ...models import Edition
from ...rules.persons import name_pair
from ..admissions import Key
from ..codes.entering import asked_of, must_meet_rule, named
from ..eligibility import rule_of
from ..persons import BIRTH_DATE, identity_key, roll_key

NAMED = (PersonField.FAMILY_NAME, PersonField.GIVEN_NAME, PersonField.BIRTH_DATE)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as an officer knows her: the name on the roll, what nobody else can have, what is known about her."""

    name: bytes
    keys: tuple[Key, ...]
    statements: tuple[Statement, ...]


def fields_asked() -> tuple[PersonField, ...]:
    """Return what an officer types: what the city's list is searched by, and always name and birth date."""
    found = list_in_use()
    listed = {PersonField(name) for name in found.fields} if found is not None else set()
    return tuple(field for field in PersonField if field in listed or field in NAMED)


def person(edition: Edition, typed: Mapping[PersonField, str], attested: Mapping[str, str]) -> Person:
    """Return who is meant; raises Invalid for what cannot be read or nobody on the list, NotEligible by the rule.

    `attested` is what the officer has seen on a document beside it, by attribute.
    """
    listed = _on_list(typed)
    born = identity({PersonField.BIRTH_DATE: typed.get(PersonField.BIRTH_DATE, "")})[0]
    given, family = typed.get(PersonField.GIVEN_NAME, ""), typed.get(PersonField.FAMILY_NAME, "")
    identity({PersonField.FAMILY_NAME: family, PersonField.GIVEN_NAME: given})
    keys = [identity_key(edition, name_pair(given, family), born)]
    if listed is not None:
        keys.insert(0, roll_key(edition, listed.digest))
    statements = _known(edition, listed, born, attested)
    must_meet_rule(edition, statements)
    return Person(named(edition, keys[0].kind, keys[0].value), tuple(keys), statements)


def attributes_asked(edition: Edition) -> list[str]:
    """Return what an officer says about somebody beside name and birth date, as the rule asks for it."""
    rule = rule_of(edition)
    return [] if rule is None else [name for name in rule.attributes if name != BIRTH_DATE]


def _on_list(typed: Mapping[PersonField, str]) -> OnList | None:
    found = list_in_use()
    if found is None:
        return None
    listed = find_on_list(found, typed)
    if listed is None:
        raise Invalid(_("Nobody on the city's list fits. Compare with the document, letter by letter."))
    return listed


def _known(
    edition: Edition, listed: OnList | None, born: str, attested: Mapping[str, str]
) -> tuple[Statement, ...]:
    moment = now()
    seen = [Statement(BIRTH_DATE, born, Level.STAFF, moment)]
    kinds = {kind.key: kind for kind in asked_of(edition, every=True)}
    for name in attributes_asked(edition):
        value = attested.get(name, "").strip()
        if value and name in kinds:
            seen.append(Statement(name, kinds[name].clean(value), Level.STAFF, moment))
    return (*seen, *(listed.statements if listed is not None else ()))
