"""From the draft of a result to its publication: two people sign it, then it is shown at the time they say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.sdk import Conflict, Invalid, _, audit, db, enqueue, now

from ..models import Certificate, Count, CountState, Edition
from ..rules.phases import Stage
from . import followers
from .counting import is_current, latest
from .editions import by_id, tell
from .frozen import is_as_frozen, must_be_as_frozen
from .phase_tasks import release_ready
from .publishing import protocols_of
from .recounting import result_digest

NEEDED = 2


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who signs a result, by account."""

    account_id: UUID
    name: str


def certificates(count: Count) -> Sequence[Certificate]:
    """Return the signatures under a result, the first one first."""
    mine = select(Certificate).where(Certificate.count_id == count.id)
    return db.session.scalars(mine.order_by(Certificate.signed_at, Certificate.account_id)).all()


def is_certified(count: Count) -> bool:
    """Tell whether two people have signed exactly what would be published."""
    result = digest_of(count)
    return sum(one.sha256 == result for one in certificates(count)) >= NEEDED


def digest_of(count: Count) -> str:
    """Return the SHA-256 of the protocols of a count: what is signed."""
    return result_digest(text for text, _protocol in protocols_of(count))


def certify(edition_id: UUID, signer: Signer, seen: str) -> Count:
    """Sign the draft of a result as it was shown; raises Conflict when there is none, or another, or for a second time."""
    edition = by_id(edition_id, lock=True)
    count = _drafted(edition)
    if seen != digest_of(count):
        raise Conflict(_("The result was counted again since you opened this page. Look at it as it is now."))
    if any(one.account_id == signer.account_id for one in certificates(count)):
        raise Conflict(_("You have signed this result. A second person has to sign it, too."))
    signature = Certificate(
        count_id=count.id, account_id=signer.account_id, name=signer.name, sha256=seen, signed_at=now()
    )
    db.session.add(signature)
    db.session.flush()
    audit("participatory_budget.result_certified", subject=f"edition:{edition.id}", sha256=seen)
    return count


def publish_result(edition_id: UUID, at: datetime | None = None) -> Edition:
    """Show a certified result to everybody, at once or when its time comes; raises Conflict while it is not certified."""
    edition = by_id(edition_id, lock=True)
    count = _drafted(edition)
    if not is_certified(count):
        raise Conflict(_("Two people have to sign the result before it can be published."))
    if at is None:
        return _publish(edition, count)
    if at <= now():
        raise Invalid(_("Choose a time that is still to come, or publish the result now."))
    edition.publish_at = at
    audit("participatory_budget.publication_planned", subject=f"edition:{edition.id}", at=at.isoformat())
    enqueue("participatory_budget.publish", at=at, edition_id=str(edition.id))
    enqueue("participatory_budget.publish_due", at=at)
    return edition


def publish_if_due(edition_id: UUID) -> bool:
    """Publish a result whose time has come; too early, done before or no longer in order, it does nothing."""
    edition = by_id(edition_id, lock=True)
    if edition.stage is not Stage.COUNTED or edition.publish_at is None or edition.publish_at > now():
        return False
    count = latest(edition)
    if count is None or not is_in_order(edition, count):
        return False
    _publish(edition, count)
    return True


def is_in_order(edition: Edition, count: Count) -> bool:
    """Tell whether a result can be published: it follows from the frozen rules, and two people have signed it."""
    return is_current(edition, count) and is_certified(count) and is_as_frozen(edition)


def due() -> list[UUID]:
    """Return the editions whose result waits for its time, whether that has come or not."""
    waiting = select(Edition.id).where(Edition.stage == Stage.COUNTED, Edition.publish_at.is_not(None))
    return list(db.session.scalars(waiting.limit(20)))


def _drafted(edition: Edition) -> Count:
    count = latest(edition)
    if edition.stage is not Stage.COUNTED or count is None or count.state is not CountState.DONE:
        raise Conflict(_("There is no counted result to publish."))
    if not is_current(edition, count):
        raise Conflict(_("Something has changed since the count. Count again, then publish."))
    must_be_as_frozen(edition)
    return count


def _publish(edition: Edition, count: Count) -> Edition:
    edition.stage = Stage.RESULTS
    edition.published_at = now()
    audit("participatory_budget.result_published", subject=f"edition:{edition.id}", sha256=digest_of(count))
    tell(edition, "result_published")
    followers.tell_result(edition)
    # The realisation may have waited for this.
    release_ready(edition)
    enqueue("participatory_budget.begin_realisation", edition_id=str(edition.id))
    return edition
