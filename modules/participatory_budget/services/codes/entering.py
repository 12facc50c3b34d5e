"""From a code to the ballot: who is let in, under which name on the roll, and whether the rule is met."""

import json
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select

from app.sdk import (
    AttributeKind,
    Conflict,
    Level,
    Statement,
    _,
    attribute_kinds,
    current_city,
    db,
    eligibility_reasons,
    judge,
    keyed_hash,
    limit,
    local,
    now,
)

from ...models import Edition, Letter, LetterBatch, OneTimeCode, RollEntry
from ...rules.codes import PRINTED, SENT, read_code
from ...rules.ways import Channel, KeyKind, Way
from ..access import access_of
from ..admissions import LASTS, Admitted, Key, admit
from ..box import must_be_open
from ..doubts import failed, let_in, must_stand
from ..eligibility import NotEligible, rule_of
from ..persons import VotedAlready, mail_key, must_be_free, phone_key, voted_on_paper
from .asking import Reached, code_hash, opened

DISTRICT = "district"
AT_BOOTH = timedelta(minutes=20)
TRIES = "60/hour"


class VoidCode(Conflict):
    """The printed code leads to no ballot any more."""


def asked_of(edition: Edition, *, every: bool = False) -> list[AttributeKind]:
    """Return what somebody without an account is asked about herself; `every` adds what her word is not enough for."""
    rule = rule_of(edition)
    if rule is None:
        return []
    known = attribute_kinds()
    wanted = dict.fromkeys(one.attribute for need in rule.needs for one in need if one.level is Level.SELF)
    return [known[name] for name in wanted if name in known]


def by_address(edition: Edition, reached: Reached, network: bytes) -> None:
    """Let somebody in whose code came by mail or telephone; raises NotEligible, VotedAlready."""
    must_be_open(edition)
    statements = said(edition, reached.said)
    mail = reached.address if reached.way is Way.MAIL else ""
    phone = reached.address if reached.way is Way.SMS else ""
    own = mail_key(edition, mail) if mail else phone_key(edition, phone)
    who = Admitted(
        voter=named(edition, own.kind, own.value),
        channel=Channel.CODE,
        mail=mail,
        phone=phone,
        language=reached.language,
        statements=statements,
        keys=(own,),
    )
    must_meet_rule(edition, statements)
    _let_in(edition, who, reached.way, network)


def by_letter(edition: Edition, typed: str, network: bytes) -> bool:
    """Let somebody in with a printed code, whom the city has picked when it gave the code out; False for a wrong one.

    The same code leads back to the same ballot until the close. Raises CodeError, VotedAlready, TooMany.
    """
    must_be_open(edition)
    code = read_code(typed, PRINTED)
    limit("participatory_budget.try_code", TRIES)
    found = letter_of(edition, code)
    if found is None or not access_of(edition).has(Way.LETTER):
        failed(edition, network)
        return False
    said = (Statement(DISTRICT, found.district, Level.CODE, now()),) if found.district else ()
    keys = (Key(KeyKind.IDENTITY, found.identity),) if found.identity else ()
    who = Admitted(found.voter, Channel.CODE, statements=said, keys=keys)
    _let_in(edition, who, Way.LETTER, network)
    return True


def by_booth(edition: Edition, typed: str, network: bytes) -> bool:
    """Let somebody in with a code that an officer has just handed to her; it works once. False for a wrong one."""
    must_be_open(edition)
    code = read_code(typed, SENT)
    limit("participatory_budget.try_code", TRIES)
    mine = (OneTimeCode.edition_id == edition.id, OneTimeCode.code_hash == code_hash(edition, code))
    found = db.session.scalar(
        select(OneTimeCode)
        .where(*mine, OneTimeCode.way == Way.BOOTH, OneTimeCode.expires_at > now())
        .with_for_update()
    )
    text = opened(found) if found is not None else None
    if found is None or text is None:
        failed(edition, network)
        return False
    document = json.loads(text)
    moment = now()
    who = Admitted(
        voter=bytes.fromhex(document["voter"]),
        channel=Channel.BOOTH,
        statements=tuple(
            Statement(name, value, Level(level), moment) for name, value, level in document["statements"]
        ),
        keys=tuple(Key(KeyKind(kind), bytes.fromhex(value)) for kind, value in document["keys"]),
    )
    db.session.delete(found)
    if db.session.get(RollEntry, {"edition_id": edition.id, "voter": who.voter}) is not None:
        # Since the code was handed over she has voted: on a screen, or on paper.
        raise VotedAlready(voted_on_paper(edition, who.voter))
    _let_in(edition, who, Way.BOOTH, network, lasts=AT_BOOTH)
    return True


def letter_of(edition: Edition, code: str) -> Letter | None:
    """Return a printed code that has not been made void."""
    found = db.session.get(Letter, {"edition_id": edition.id, "voter": letter_name(edition, code)})
    if found is None or found.voided_at is not None:
        return None
    batch = db.session.get_one(LetterBatch, found.batch_id)
    return found if batch.voided_at is None else None


def must_not_be_void(edition: Edition, name: bytes) -> None:
    """Raise VoidCode for a voter whose printed code the city has made void since it let her in."""
    void = Letter.voided_at.is_not(None) | LetterBatch.voided_at.is_not(None)
    mine = select(Letter.serial).join(LetterBatch, LetterBatch.id == Letter.batch_id)
    found = mine.where(Letter.edition_id == edition.id, Letter.voter == name, void)
    if db.session.scalar(found) is not None:
        raise VoidCode(_("The city has made this code void. What you had chosen is not counted."))


def letter_name(edition: Edition, code: str) -> bytes:
    """Return the name on the roll of whoever votes with a printed code."""
    city = current_city().id.encode()
    return keyed_hash("participatory_budget.voter", city, edition.id.bytes, b"letter", code.encode())


def named(edition: Edition, kind: KeyKind, value: bytes) -> bytes:
    """Return the name on the roll of somebody without an account, which follows from what only she can have."""
    city = current_city().id.encode()
    return keyed_hash("participatory_budget.voter", city, edition.id.bytes, kind.encode(), value)


def said(edition: Edition, answers: Mapping[str, str]) -> tuple[Statement, ...]:
    """Return what somebody says about herself; raises Invalid for an answer that is none."""
    moment, found = now(), []
    for kind in asked_of(edition):
        text = answers.get(kind.key, "").strip()
        if text:
            found.append(Statement(kind.key, kind.clean(text), Level.SELF, moment))
    return tuple(found)


def must_meet_rule(edition: Edition, statements: tuple[Statement, ...]) -> None:
    """Raise NotEligible unless what is known about somebody without an account meets the rule."""
    rule, moment = rule_of(edition), now()
    if rule is None:
        return
    verdict = judge(rule, statements, at=moment, today=local(moment).date())
    if not verdict.eligible:
        raise NotEligible(eligibility_reasons(verdict))


def _let_in(edition: Edition, who: Admitted, way: Way, network: bytes, *, lasts: timedelta = LASTS) -> None:
    must_be_free(edition, who.voter, who.keys)
    must_stand(edition, who.voter)
    let_in(edition, who.voter, way, network)
    admit(edition, who, lasts=lasts)
