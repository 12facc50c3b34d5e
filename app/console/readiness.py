"""What a city does before residents come: the tasks and how far each is, computed from what there is."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from sqlalchemy import func, select

from app.accounts.models import Account
from app.core import audit
from app.core.context import current_city
from app.core.db import db
from app.core.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the list; state is done, todo or blocked."""

    title: str
    hint: str
    url: str | None
    state: str


def tasks() -> list[Task]:
    """Return what is to be done before the city is published, in order."""
    lacking, has_modules, has_staff = missing(), bool(current_city().modules), _staff() > 1
    return [
        _task(
            _("Name and contact"),
            _("How residents reach you, languages, time zone"),
            url_for("console.settings"),
            done=bool(current_city().contact_email),
        ),
        _task(
            _("Colours and greeting"),
            _("One colour is enough; you see at once how it looks"),
            url_for("console.branding"),
            done=bool(audit.latest(1, search=audit.Search(action="city.branding_changed"))),
        ),
        _task(
            _("Choose modules"),
            _("What residents can do here"),
            url_for("console.modules" if has_modules else "console.presets"),
            done=has_modules,
        ),
        _task(
            _("Invite staff"),
            _("Who works in this back office with you"),
            url_for("console.staff" if has_staff else "console.invite"),
            done=has_staff,
        ),
        Task(
            _("Publish"),
            " ".join(lacking) or _("Then residents can see the site"),
            None if lacking else url_for("console.publish"),
            "blocked" if lacking else "todo",
        ),
    ]


def missing() -> Sequence[str]:
    """Return what must be there before residents can be let in, as sentences."""
    sentences = []
    if not current_city().contact_email:
        sentences.append(_("Give a contact address first."))
    if not current_city().modules:
        sentences.append(_("Turn on a module first."))
    return sentences


def _task(title: str, hint: str, url: str, *, done: bool) -> Task:
    return Task(title, hint, url, "done" if done else "todo")


def _staff() -> int:
    return db.session.scalar(select(func.count()).where(Account.is_staff)) or 0
