"""A request that is sent twice is carried out once (draft-ietf-httpapi-idempotency-key-header).

The answer is kept in the transaction that did the work: either both are there or neither. It is sealed, as some answers
show a secret once.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from flask import Response, request
from sqlalchemy import ForeignKey, LargeBinary, String, delete, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.tokens import ApiToken
from app.core.clock import now
from app.core.context import current_city
from app.core.db import CityModel, db
from app.core.exporting import left_out
from app.core.i18n import gettext as _
from app.core.ids import keyed_hash
from app.core.jobs import task
from app.core.sealing import seal, unseal
from app.web.rest.problems import Refusal
from app.web.rest.schemas import Fault

HEADER = "Idempotency-Key"
LONGEST = 255
KEPT = timedelta(hours=24)
PURPOSE = "answer to a program"
REPLAYED = ("Content-Type", "ETag", "Location", "Cache-Control")


class ApiAnswer(CityModel):
    """What a request was answered with, for the case that it comes again."""

    __tablename__ = "api_answer"
    __table_args__ = ({"info": left_out("Kept for a day, for programs that talk to this deployment.")},)

    token_id: Mapped[UUID] = mapped_column(ForeignKey("api_token.id", ondelete="CASCADE"), primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    headers: Mapped[dict[str, str]] = mapped_column(JSONB)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed."""
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)


def once(token: ApiToken | None, carry_out: Callable[[], Response]) -> Response:
    """Carry a request out, or answer as before where it came with the key of an earlier one; raises Refusal."""
    key = request.headers.get(HEADER)
    if token is None or key is None:
        return carry_out()
    named = _named(key)
    if not _alone(token, named):
        raise Refusal(409, _("The same request is being carried out. Ask again in a moment."))
    before = db.session.get(ApiAnswer, (token.id, named), populate_existing=True)
    if before is not None and before.created_at > now() - KEPT:
        return _again(before)
    if before is not None:
        db.session.delete(before)
        db.session.flush()
    made = carry_out()
    if made.status_code < 400:
        kept = {name: value for name, value in made.headers if name in REPLAYED}
        db.session.add(
            ApiAnswer(
                token_id=token.id,
                key_hash=named,
                request_hash=_request_hash(),
                status=made.status_code,
                headers=kept,
                body=seal(PURPOSE, token.id.bytes, made.get_data(as_text=True)).encode(),
                created_at=now(),
            )
        )
    return made


@task("api.forget_answers", every=timedelta(hours=6), idle=timedelta(days=1))
def forget_answers() -> bool:
    """Delete the answers that are no longer kept; tells whether there are others."""
    db.session.execute(delete(ApiAnswer).where(ApiAnswer.created_at < now() - KEPT))
    return db.session.scalar(select(ApiAnswer.token_id).limit(1)) is not None


def _named(key: str) -> str:
    """Return the hash of a key, which is a string of the header's own syntax, or one without its quotes."""
    plain = key[1:-1] if len(key) > 1 and key[0] == key[-1] == '"' else key
    if not 0 < len(plain) <= LONGEST or not plain.isascii() or not plain.isprintable():
        fault = Fault(detail=_("Send 1 to 255 printable characters."), header=HEADER)
        raise Refusal(400, faults=[fault])
    return hashlib.sha256(plain.encode()).hexdigest()


def _alone(token: ApiToken, named: str) -> bool:
    """Hold the key until the transaction ends; tell whether nobody else holds it. Locks are the whole database's."""
    place = keyed_hash("idempotency", current_city().id.encode(), token.id.bytes, named.encode())
    number = int.from_bytes(place[:8], "big", signed=True)
    return bool(db.session.scalar(select(func.pg_try_advisory_xact_lock(number))))


def _again(before: ApiAnswer) -> Response:
    if before.request_hash != _request_hash():
        fault = Fault(detail=_("This key came with another request before. Take a new one."), header=HEADER)
        raise Refusal(422, faults=[fault])
    body = unseal(PURPOSE, before.token_id.bytes, before.body.decode())
    answer = Response(body, before.status, headers=before.headers)
    answer.headers["Idempotent-Replayed"] = "true"
    return answer


def _request_hash() -> str:
    parts = (request.method.encode(), request.full_path.encode(), request.get_data())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()
