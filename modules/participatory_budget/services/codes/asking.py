"""Codes that are sent: to a mail address or a mobile telephone, good for minutes.

Whoever asks gets the same answer for every address. How often a code is tried is counted for the one that this
browser asked for: strangers who type somebody's address use up nothing of hers.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hmac import compare_digest
from uuid import UUID

from sqlalchemy import delete, func, select

from app.sdk import (
    Conflict,
    Invalid,
    Statement,
    _,
    clean_email,
    current_city,
    db,
    enqueue,
    force_locale,
    is_of_the_country,
    keyed_hash,
    language,
    limit,
    mobile_number,
    new_id,
    now,
    offers_sms,
    picked,
    seal_secret,
    send_mail,
    send_sms,
    unseal_secret,
)

from ...models import Edition, OneTimeCode
from ...rules.codes import SENT, code_from, grouped, read_code
from ...rules.persons import one_mailbox
from ...rules.ways import Way
from ..access import open_codes

LASTS = timedelta(minutes=20)
MOST_TRIES = 5
# So many codes of one address are always good together: when no more are sent, the last ones still work.
MOST_SENT, WITHIN = 6, timedelta(minutes=15)
ASKED_HERE = "30/hour"
TRIED_HERE = "60/hour"
SMS_ASKED_HERE = "10/hour"
_SEALED = "participatory_budget one-time code"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a browser keeps of the code it has asked for."""

    ident: UUID
    way: Way


@dataclass(frozen=True, slots=True)
class Reached:
    """Whose code was typed: how she was reached."""

    way: Way
    address: str
    language: str
    said: Mapping[str, str]
    """What she has said about herself, by attribute."""


def ask(edition: Edition, way: Way, typed: str, statements: Sequence[Statement] = ()) -> Asked:
    """Send a code, unless this address has had enough of them just now; raises Invalid for what is no address.

    `statements` are what whoever asks has said about herself.
    """
    if way not in (Way.MAIL, Way.SMS) or way not in open_codes(edition):
        raise Conflict(_("This way to vote is not open."))
    address = _clean(way, typed)
    limit("participatory_budget.ask_code", ASKED_HERE)
    person = person_of(edition, way, address)
    said = [[one.attribute, one.value] for one in statements]
    made = _made(edition, way, person, json.dumps({"address": address, "said": said}))
    if _sent_lately(edition, person) < MOST_SENT:
        made.sent = True
        enqueue("participatory_budget.send_code", code_id=str(made.id))
    return Asked(made.id, way)


def check(edition: Edition, asked: Asked, typed: str) -> Reached | None:
    """Return whose code it is and use it up; None for a wrong one, which is counted. Raises CodeError, TooMany.

    Any code counts that was sent to the same address and is still good.
    """
    code = read_code(typed, SENT)
    limit("participatory_budget.try_code", TRIED_HERE)
    here = db.session.get(OneTimeCode, asked.ident, with_for_update=True)
    if here is None or here.edition_id != edition.id or here.expires_at <= now() or here.tries >= MOST_TRIES:
        return None
    wanted, moment = code_hash(edition, code), now()
    mine = (OneTimeCode.edition_id == edition.id, OneTimeCode.person == here.person, OneTimeCode.sent)
    held = db.session.scalars(select(OneTimeCode).where(*mine, OneTimeCode.expires_at > moment)).all()
    good = [one for one in held if compare_digest(one.code_hash, wanted)]
    if not good:
        here.tries += 1
        return None
    document, own = json.loads(opened(good[0]) or "{}"), json.loads(opened(here) or "{}")
    reached = Reached(here.way, str(document["address"]), here.language, dict(own["said"]))
    db.session.execute(
        delete(OneTimeCode).where(OneTimeCode.edition_id == edition.id, OneTimeCode.person == here.person)
    )
    return reached


def is_good(edition: Edition, asked: Asked) -> bool:
    """Tell whether the code that a browser has asked for can still be typed."""
    here = db.session.get(OneTimeCode, asked.ident)
    return (
        here is not None
        and here.edition_id == edition.id
        and here.expires_at > now()
        and here.tries < MOST_TRIES
    )


def send(code_id: UUID) -> None:
    """Send a code while it is good; a second run sends it once more, which does no harm."""
    found = db.session.get(OneTimeCode, code_id)
    text = opened(found) if found is not None else None
    if found is None or text is None or found.expires_at <= now():
        return
    edition = db.session.get_one(Edition, found.edition_id)
    address, code = str(json.loads(text)["address"]), grouped(code_of(found))
    minutes = int(LASTS.total_seconds() // 60)
    if found.way is Way.MAIL:
        send_mail(
            "participatory_budget_code", address, found.language, edition=edition, code=code, minutes=minutes
        )
        return
    if not offers_sms():
        return
    receipt = json.loads(text).get("receipt")
    with force_locale(found.language):
        words = _receipt_words(edition, receipt) if receipt else _code_words(edition, code)
    send_sms(address, words, found.id.hex)


def text_receipt(edition: Edition, number: str, receipt: str) -> None:
    """Send a receipt to a telephone; the row lets nobody in, and is gone with those of codes."""
    person = secrets.token_bytes(32)
    made = _made(edition, Way.SMS, person, json.dumps({"address": number, "receipt": receipt, "said": []}))
    made.code_hash = secrets.token_bytes(32)
    enqueue("participatory_budget.send_code", code_id=str(made.id))


def make(edition: Edition, way: Way, person: bytes, document: str) -> OneTimeCode:
    """Make a code for somebody who is here."""
    return _made(edition, way, person, document)


def code_of(found: OneTimeCode) -> str:
    """Return a code, which follows from its id under the key of this deployment."""
    return code_from(keyed_hash("participatory_budget.one_time_code", found.id.bytes), SENT)


def code_hash(edition: Edition, code: str) -> bytes:
    """Return what the database keeps of a code."""
    return keyed_hash("participatory_budget.code_hash", edition.id.bytes, code.encode())


def opened(found: OneTimeCode) -> str | None:
    """Return what is sealed with a code."""
    return unseal_secret(_SEALED, found.id.bytes, found.sealed)


def person_of(edition: Edition, way: Way, address: str) -> bytes:
    """Return whose codes belong together: those of one mailbox, of one number."""
    plain = one_mailbox(address) if way is Way.MAIL else address
    city = current_city().id.encode()
    return keyed_hash("participatory_budget.asks", city, edition.id.bytes, way.encode(), plain.encode())


def forget_expired() -> int:
    """Delete codes that are no longer good; returns how many that were."""
    old = delete(OneTimeCode).where(OneTimeCode.expires_at <= now())
    return len(db.session.execute(old.returning(OneTimeCode.id)).all())


def _code_words(edition: Edition, code: str) -> str:
    return _("Your code for %(edition)s is %(code)s", edition=picked(edition.title).text, code=code)


def _receipt_words(edition: Edition, receipt: str) -> str:
    title = picked(edition.title).text
    return _("Your vote in %(edition)s is counted. Receipt: %(code)s", edition=title, code=receipt)


def _made(edition: Edition, way: Way, person: bytes, document: str) -> OneTimeCode:
    moment, ident = now(), new_id()
    made = OneTimeCode(
        id=ident,
        edition_id=edition.id,
        way=way,
        person=person,
        sealed=seal_secret(_SEALED, ident.bytes, document),
        language=language(),
        tries=0,
        made_at=moment,
        expires_at=moment + LASTS,
    )
    made.code_hash = code_hash(edition, code_of(made))
    db.session.add(made)
    db.session.flush()
    return made


def _sent_lately(edition: Edition, person: bytes) -> int:
    lately = select(func.count()).where(
        OneTimeCode.edition_id == edition.id,
        OneTimeCode.person == person,
        OneTimeCode.sent,
        OneTimeCode.made_at > now() - WITHIN,
    )
    return db.session.scalar(lately.select_from(OneTimeCode)) or 0


def _clean(way: Way, typed: str) -> str:
    if way is Way.MAIL:
        return clean_email(typed)
    number = mobile_number(typed)
    if not is_of_the_country(number):
        raise Invalid(
            _("Codes are sent to telephone numbers of this country only. Choose another way to vote.")
        )
    limit("participatory_budget.ask_sms", SMS_ASKED_HERE)
    return number
