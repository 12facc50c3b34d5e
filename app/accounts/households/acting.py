"""For whom the one signed in acts at this moment: chosen on a page, kept in the session, looked up with each use."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from flask import g, has_request_context, request, session

from app.accounts.current import current_account
from app.accounts.households.models import ActingRight
from app.accounts.households.rules import Area, Part, may_act
from app.accounts.models import Account
from app.core.clock import now, today
from app.core.context import Actor
from app.core.db import db
from app.core.errors import Forbidden, NotFound
from app.core.i18n import gettext as _

KEY = "_acting"
V = TypeVar("V", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody something is done for: the one signed in, a child, or a person who is helped."""

    id: UUID
    """Of an account or of somebody without one; the two never meet."""
    name: str
    has_account: bool
    part: Part | None = None
    """What the one signed in is to this person; None for herself."""
    areas: frozenset[Area] = frozenset()
    confirmed: bool = False
    """Whether staff have seen papers about the two."""


def acting_for() -> Subject | None:
    """Return the person for whom the one signed in acts now; None when she acts for herself.

    A right that has ended, or was withdrawn a moment ago, is none. In the back office nobody acts for anybody.
    """
    if not has_request_context() or KEY not in session or request.path.startswith("/admin"):
        return None
    if "acting_for" not in g:
        g.acting_for = _look_up()
    found: Subject | None = g.acting_for
    return found


def current_subject() -> Subject | None:
    """Return for whom things are done now: whom the one signed in acts for, else herself; None for a visitor."""
    found, account = acting_for(), current_account()
    if found is not None or account is None:
        return found
    return Subject(account.id, account.name or account.email, has_account=True, areas=frozenset(Area))


def begin(account: Account, right_id: UUID) -> Subject:
    """Act for somebody from now on in this browser; raises NotFound without an open right."""
    found = _subject(account, right_id)
    if found is None:
        raise NotFound(_("You do not act for this person any more."))
    session[KEY] = str(right_id)
    g.acting_for = found
    return found


def stop() -> None:
    """Act for oneself again."""
    session.pop(KEY, None)
    g.pop("acting_for", None)


def for_others(area: Area) -> Callable[[V], V]:
    """Let a view of a module be used for somebody else by whoever has a right for this area."""

    def declare(view: V) -> V:
        view.__dict__["for_others"] = area
        return view

    return declare


def must_be_allowed(view: Callable[..., object] | None) -> None:
    """Raise Forbidden when something would be done for somebody else that only she herself can do."""
    subject = acting_for()
    if subject is None or request.method in ("GET", "HEAD", "OPTIONS"):
        return
    area = _declared(view)
    if area is None:
        raise Forbidden(
            _(
                "You act for %(name)s, and this can only be done for oneself. Stop acting for somebody else first.",
                name=subject.name,
            )
        )
    if area not in subject.areas:
        raise Forbidden(_("%(name)s has not asked you to do this for her.", name=subject.name))


def as_actor(actor: Actor) -> Actor:
    """Return the actor as the audit log writes her down: with the person she acts for, if there is one."""
    subject = acting_for()
    if subject is None:
        return actor
    return Actor(actor.kind, actor.id, actor.name, str(subject.id), subject.name)


def _declared(view: Callable[..., object] | None) -> Area | None:
    while view is not None:
        area = getattr(view, "for_others", None)
        if area is not None:
            return Area(area)
        view = getattr(view, "__wrapped__", None)
    return None


def _look_up() -> Subject | None:
    account = current_account()
    try:
        right_id = UUID(str(session[KEY]))
    except ValueError:
        return None
    found = _subject(account, right_id) if account is not None else None
    if found is None:
        session.pop(KEY, None)
    return found


def _subject(account: Account, right_id: UUID) -> Subject | None:
    found = db.session.get(ActingRight, right_id)
    if found is None or found.helper_id != account.id:
        return None
    if not may_act(found.right, None, at=now(), today=today()):
        return None
    ident = found.dependant_id or found.person_id
    if ident is None:
        return None
    return Subject(
        ident,
        found.name,
        has_account=found.person_id is not None,
        part=found.part,
        areas=found.right.areas,
        confirmed=found.confirmed_at is not None,
    )
