"""Votes with grades that are over: closed as the clock would have done it, then counted by the worker."""

import hashlib
import secrets
from datetime import timedelta

from app.core.clock import now
from app.core.db import db
from devstack.demo import content, open_votes
from modules.participatory_budget.models import Edition, RuleVersion, VersionKind
from modules.participatory_budget.rules.phases import Stage
from modules.participatory_budget.services import closing, editions
from modules.participatory_budget.services.editions import SALT_BYTES
from modules.participatory_budget.services.frozen import canonical, document_of

PREPARED = timedelta(days=7)


def load(slug: str) -> None:
    """Make the city's vote that is over, if its data have one, and begin to count it."""
    given = content.past_vote(slug)
    if not given:
        return
    edition = open_votes.prepared(given)
    editions.show(edition.id)
    _fix(edition)
    open_votes.cast(edition, given)
    closing.close_if_due(edition.id)
    closing.seal_and_count(edition.id)


def _fix(edition: Edition) -> None:
    """Fix the ballot of a vote that is over, which the pages refuse: it was fixed a week before it opened."""
    edition.stage, edition.slot_salt = Stage.READY, secrets.token_bytes(SALT_BYTES)
    edition.created_at, edition.version = (edition.opens_at or now()) - PREPARED, 1
    document = canonical(document_of(edition))
    version = RuleVersion(
        edition_id=edition.id,
        number=edition.version,
        kind=VersionKind.FIXED,
        document=document,
        digest=hashlib.sha256(document.encode()).hexdigest(),
        made_at=edition.created_at,
    )
    db.session.add(version)
    db.session.flush()
