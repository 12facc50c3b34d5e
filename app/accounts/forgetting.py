"""What is deleted when nobody needs it any more; the privacy page of a city tells these times."""

from datetime import timedelta

from sqlalchemy import delete, exists

from app.accounts.models import Account, AccountLink, AccountRequest, AccountSession
from app.accounts.sessions import LIFETIME
from app.core.clock import now
from app.core.db import db
from app.notify.mail import KEPT_DAYS, forget_sent

REQUESTS_KEPT = timedelta(days=2)
UNCONFIRMED_KEPT = timedelta(days=7)


def forget() -> None:
    """Delete links and sessions that are over, answered requests, unconfirmed residents and old mails."""
    moment = now()
    db.session.execute(delete(AccountSession).where(AccountSession.seen_at < moment - LIFETIME))
    db.session.execute(delete(AccountLink).where(AccountLink.expires_at < moment))
    db.session.execute(delete(AccountRequest).where(AccountRequest.created_at < moment - REQUESTS_KEPT))
    db.session.execute(
        delete(Account).where(
            Account.confirmed_at.is_(None),
            ~Account.is_staff,
            Account.created_at < moment - UNCONFIRMED_KEPT,
            ~exists().where(AccountLink.account_id == Account.id),
        )
    )
    forget_sent(moment - timedelta(days=KEPT_DAYS))
