"""What the platform itself keeps about people: accounts, what leads into them, mails, the audit log."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import CursorResult, delete, exists, or_, select
from sqlalchemy.sql.dml import Delete

from app.accounts.models import Account, AccountLink, AccountRequest, AccountSession
from app.accounts.privacy.models import Departure, Download
from app.accounts.sessions import LIFETIME
from app.core.audit import AuditEntry
from app.core.context import current_city
from app.core.db import db
from app.core.i18n import gettext as _
from app.core.people import Basis, Holding, Record, Stays, holds
from app.core.stores import store
from app.notify.mail import KEPT_DAYS, CityMail, forget_sent

REQUESTS_KEPT = timedelta(days=2)
UNCONFIRMED_KEPT = timedelta(days=7)
DOWNLOADS_KEPT = timedelta(days=7)
MOST_ENTRIES = 20_000


def address_of(account_id: UUID) -> str:
    """Return the address of an account; empty when there is no such account."""
    return db.session.scalar(select(Account.email).where(Account.id == account_id)) or ""


def _account(account_id: UUID) -> Iterable[Record]:
    person = db.session.get(Account, account_id)
    if person is not None:
        yield {
            "email": person.email,
            "name": person.name,
            "language": person.language,
            "role": person.role.value,
            "has_password": person.password_hash is not None,
            "has_authenticator": person.has_authenticator,
            "created_at": person.created_at,
            "confirmed_at": person.confirmed_at,
        }


def _erase_account(account_id: UUID) -> None:
    db.session.execute(delete(Account).where(Account.id == account_id))


def _retain_accounts(moment: datetime) -> int:
    return _gone(
        delete(Account).where(
            Account.confirmed_at.is_(None),
            ~Account.is_staff,
            Account.created_at < moment - UNCONFIRMED_KEPT,
            ~exists().where(AccountLink.account_id == Account.id),
        )
    )


def _sessions(account_id: UUID) -> Iterable[Record]:
    for session in db.session.scalars(select(AccountSession).where(AccountSession.account_id == account_id)):
        yield {"browser": session.browser, "since": session.created_at, "seen_at": session.seen_at}


def _erase_sessions(account_id: UUID) -> None:
    db.session.execute(delete(AccountSession).where(AccountSession.account_id == account_id))


def _retain_sessions(moment: datetime) -> int:
    return _gone(delete(AccountSession).where(AccountSession.seen_at < moment - LIFETIME))


def _asked(account_id: UUID) -> Iterable[Record]:
    address = address_of(account_id)
    for asked in db.session.scalars(select(AccountRequest).where(AccountRequest.email == address)):
        yield {
            "wish": asked.wish.value,
            "email": asked.email,
            "name": asked.name,
            "asked_at": asked.created_at,
            "answered_at": asked.answered_at,
        }
    for link in db.session.scalars(select(AccountLink).where(AccountLink.account_id == account_id)):
        yield {"link": link.purpose.value, "until": link.expires_at, "new_email": link.new_email or ""}


def _erase_asked(account_id: UUID) -> None:
    db.session.execute(delete(AccountLink).where(AccountLink.account_id == account_id))
    db.session.execute(delete(AccountRequest).where(AccountRequest.email == address_of(account_id)))


def _retain_asked(moment: datetime) -> int:
    links = _gone(delete(AccountLink).where(AccountLink.expires_at < moment))
    return links + _gone(delete(AccountRequest).where(AccountRequest.created_at < moment - REQUESTS_KEPT))


def _mails(account_id: UUID) -> Iterable[Record]:
    mine = select(CityMail).where(CityMail.recipient == address_of(account_id)).order_by(CityMail.created_at)
    for mail in db.session.scalars(mine):
        yield {
            "to": mail.recipient,
            "subject": mail.subject,
            "written_at": mail.created_at,
            "sent_at": mail.sent_at,
        }


def _erase_mails(account_id: UUID) -> None:
    db.session.execute(delete(CityMail).where(CityMail.recipient == address_of(account_id)))


def _retain_mails(moment: datetime) -> int:
    return forget_sent(moment - timedelta(days=KEPT_DAYS))


def _entries(account_id: UUID) -> Iterable[Record]:
    me = str(account_id)
    named = or_(AuditEntry.actor_id == me, AuditEntry.for_id == me, AuditEntry.subject == f"account:{me}")
    found = select(AuditEntry).where(named).order_by(AuditEntry.id.desc()).limit(MOST_ENTRIES)
    for entry in db.session.scalars(found):
        mine = entry.actor_id == me
        yield {
            "at": entry.at,
            "action": entry.action,
            "subject": entry.subject,
            "by_you": mine,
            "name": entry.actor_name if mine else "",
            "on_behalf_of_you": entry.for_id == me,
            "details": dict(entry.details) if mine else {},
        }


def _keep_entries(_account_id: UUID) -> None:
    """Leave the audit log as it is: nobody can change it."""


def _entries_stay(account_id: UUID) -> Iterable[Stays]:
    if next(iter(_entries(account_id)), None):
        yield Stays(
            _("Entries in the audit log: what you changed, when, and under which name."),
            _("The log shows who decided what. It cannot be changed by anybody, so that it can be trusted."),
        )


def _downloads(account_id: UUID) -> Iterable[Record]:
    found = db.session.get(Download, account_id)
    if found is not None:
        yield {"asked_at": found.asked_at, "made_at": found.made_at, "bytes": found.bytes}


def erase_download(account_id: UUID) -> None:
    """Delete the file with a person's data, if there is one."""
    found = db.session.get(Download, account_id)
    if found is not None:
        store().remove(current_city().id, found.place)
        db.session.delete(found)
        db.session.flush()


def _retain_downloads(moment: datetime) -> int:
    old = select(Download.account_id).where(Download.asked_at < moment - DOWNLOADS_KEPT)
    gone = list(db.session.scalars(old))
    for account_id in gone:
        erase_download(account_id)
    return len(gone) + _gone(delete(Departure).where(Departure.until < moment))


def _gone(statement: Delete) -> int:
    result: CursorResult[Any] = db.session.execute(  # type: ignore[assignment]
        statement, execution_options={"synchronize_session": False}
    )
    return result.rowcount


# What leads to an address goes before the account that has it: they are erased in this order, the account last of all.
holds(
    Holding(
        "platform.sessions",
        _l("Browsers that are signed in: name of the browser, first and last time"),
        _l("So that you stay signed in, and can sign out elsewhere."),
        Basis.PUBLIC_TASK,
        _l("Until you sign out, or 30 days without a visit"),
        _sessions,
        _erase_sessions,
        retain=_retain_sessions,
        tables=("account_session",),
    )
)
holds(
    Holding(
        "platform.requests",
        _l("What was asked for with your address: links, a new password"),
        _l("To answer by mail."),
        Basis.PUBLIC_TASK,
        _l("2 days"),
        _asked,
        _erase_asked,
        retain=_retain_asked,
        tables=("account_request", "account_link"),
    )
)
holds(
    Holding(
        "platform.mails",
        _l("Mails that were sent to you: when, and about what"),
        _l("To deliver them, and to find out why one did not arrive."),
        Basis.PUBLIC_TASK,
        _l("30 days; the text goes when the mail is handed over"),
        _mails,
        _erase_mails,
        retain=_retain_mails,
        tables=("mail",),
        recipients=_l("The mail servers that deliver them"),
    )
)
holds(
    Holding(
        "platform.audit",
        _l("Audit log: who changed what, and when"),
        _l("So that it can be checked later who decided what."),
        Basis.LEGAL_OBLIGATION,
        _l("As long as the site exists"),
        _entries,
        _keep_entries,
        _entries_stay,
        tables=("audit_entry", "audit_seal"),
    )
)
holds(
    Holding(
        "platform.downloads",
        _l("The file with your data that you asked for"),
        _l("To hand over to you what is kept about you."),
        Basis.LEGAL_OBLIGATION,
        _l("7 days"),
        _downloads,
        erase_download,
        retain=_retain_downloads,
        tables=("account_download", "account_departure"),
    )
)
ACCOUNT = holds(
    Holding(
        "platform.account",
        _l("Your account: address, name, language, and a password only as a hash that cannot be turned back"),
        _l("So that you can sign in and find what you have done here."),
        Basis.PUBLIC_TASK,
        _l("Until you delete it; 7 days when the address was never confirmed"),
        _account,
        _erase_account,
        retain=_retain_accounts,
        tables=("account",),
    )
)
