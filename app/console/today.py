"""The first page of the back office: what is to be done, or what is going on."""

from dataclasses import dataclass

from sqlalchemy import func, select

from app.accounts.current import may, works_in
from app.accounts.models import Account
from app.console import readiness, use
from app.console.audit_words import Line, lines
from app.console.blueprint import bp
from app.core import audit
from app.core.context import current_city
from app.core.db import db
from app.core.i18n import gettext as _
from app.registry import Module
from app.registry import modules as installed_modules
from app.web.page import render
from app.web.sections import live_content_of
from app.web.work import work

LATEST = 6


@dataclass(frozen=True, slots=True)
class Going:
    """What is going on in one module."""

    title: str
    icon: str
    url: str
    text: str


@bp.get("/")
def today() -> str:
    """Show the tasks of a city that is not public yet; of one that is, what is going on."""
    manages = may("console.manage")
    if manages and not current_city().published:
        tasks = readiness.tasks()
        return render("console/ready.html", tasks=tasks, done=sum(t.state == "done" for t in tasks))
    on = [m for m in installed_modules().values() if m.name in current_city().modules and works_in(m.name)]
    return render(
        "console/today.html",
        work=work(),
        going=[_going(module) for module in on],
        people=_people(),
        entries=_entries() if manages else [],
        manages=manages,
        short_of=use.short_of() if manages else [],
    )


def _going(module: Module) -> Going:
    text = live_content_of(module.name) or _(module.summary)
    prefix = "/admin" if module.load("admin") is not None else ""
    return Going(_(module.title), module.icon, f"{prefix}/{module.path}/", text)


def _people() -> dict[str, int]:
    """Return how many residents have confirmed their address, and how many people work here."""
    works = Account.is_staff.label("works")
    counted = select(works, func.count()).where(Account.confirmed_at.is_not(None)).group_by(works)
    numbers = {bool(row[0]): row[1] for row in db.session.execute(counted)}
    return {"residents": numbers.get(False, 0), "staff": numbers.get(True, 0)}


def _entries() -> list[Line]:
    return lines(audit.latest(LATEST))
