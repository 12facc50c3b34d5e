"""Who may what, and why: by permission, and for the address of a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from app.accounts.permissions import (
    ADMINISTRATORS_ONLY,
    CONSOLE,
    NOT_ON_VISITS,
    Permitted,
    of_module,
    owner_title,
    permitted,
)
from app.accounts.roles_explained import Holding, Person, everybody
from app.console.blueprint import bp
from app.console.roles import by_roles
from app.console.staff import name_of
from app.core.context import current_city
from app.core.i18n import gettext as _
from app.registry import modules
from app.web.gates import Door, door_of, requires
from app.web.page import render

METHODS = ("GET", "POST")


@dataclass(frozen=True, slots=True)
class Line:
    """One person who may, or may not, and why."""

    person: Person
    name: str
    may: bool
    why: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Who may do one thing."""

    what: str
    lines: Sequence[Line]
    operators: str
    """Whether operators of the platform may, while they visit the city."""

    @property
    def may(self) -> list[Line]:
        """Return those who may."""
        return [line for line in self.lines if line.may]

    @property
    def may_not(self) -> list[Line]:
        """Return those who may not."""
        return [line for line in self.lines if not line.may]


@bp.get("/staff/access")
@requires("console.manage")
def access() -> str:
    """Explain who may open a page, or who has a permission; without a question, list all permissions."""
    address, name = request.args.get("address", "").strip(), request.args.get("permission", "")
    answers: list[Answer] = []
    problem = ""
    if address:
        answers, problem = _about_address(address)
    elif name:
        answers = _about_permission(name)
    groups = [] if answers else _groups()
    return render("console/access.html", address=address, problem=problem, answers=answers, groups=groups)


def _groups() -> list[tuple[str, list[tuple[Permitted, int]]]]:
    people = everybody()
    return [
        (owner_title(owner), [(one, sum(bool(p.giving(one)) for p in people)) for one in of_module(owner)])
        for owner in (CONSOLE, *(name for name in modules() if name in current_city().modules))
        if of_module(owner)
    ]


def _about_permission(name: str) -> list[Answer]:
    try:
        permission = permitted(name)
    except LookupError:
        return []
    return [_answer(_(permission.label), Door("", name), everybody())]


def _about_address(address: str) -> tuple[list[Answer], str]:
    doors = _doors(address)
    if not doors:
        return [], _("No page of the back office has this address. It begins with /admin/.")
    off = [
        door.module for door in doors.values() if door.module and door.module not in current_city().modules
    ]
    if off:
        return [], _("Nobody: %(module)s is turned off.", module=owner_title(off[0]))
    people, said = everybody(), {"GET": _("Open this page"), "POST": _("Send its form")}
    if len(set(doors.values())) == 1 and len(doors) > 1:
        return [_answer(_("Open this page and send its form"), next(iter(doors.values())), people)], ""
    return [_answer(said[method], door, people) for method, door in doors.items()], ""


def _doors(address: str) -> dict[str, Door]:
    parts = urlsplit(address)
    adapter = current_app.url_map.bind(request.host)
    found: dict[str, Door] = {}
    for method in METHODS:
        try:
            endpoint = adapter.match(parts.path or "/", method=method)[0]
        except (HTTPException, RequestRedirect):
            continue
        if door := door_of(endpoint):
            found[method] = door
    return found


def _answer(what: str, door: Door, people: Sequence[Person]) -> Answer:
    asked = permitted(door.permission) if door.permission else None
    needed = _(asked.label) if asked else owner_title(door.module)
    lines = [_line(person, door, asked, needed) for person in people]
    closed = asked is not None and asked.name in NOT_ON_VISITS
    operators = (
        _("Operators of the platform may not, even while they visit the city.")
        if closed
        else _("Operators of the platform may while they visit the city; the audit log tells of each visit.")
    )
    return Answer(f"{what}: {needed}" if what != needed else what, lines, operators)


def _line(person: Person, door: Door, asked: Permitted | None, needed: str) -> Line:
    leading = person.opening(door.module) if door.module else []
    giving = person.giving(asked) if asked else leading
    may = bool(giving) and (not door.module or bool(leading))
    why = by_roles(giving) if may else _why_not(person, asked, needed)
    return Line(person, name_of(person.account), may, why)


def _why_not(person: Person, asked: Permitted | None, needed: str) -> str:
    if person.account.confirmed_at is None:
        return _("has not accepted the invitation yet")
    if asked is not None and asked.name in ADMINISTRATORS_ONLY:
        return _("only administrators without limits may")
    held = [one for one in person.holdings if _would(one, asked)]
    if held:
        return _("%(roles)s does not reach here", roles=by_roles(held))
    return _("no role includes “%(what)s”", what=needed)


def _would(holding: Holding, asked: Permitted | None) -> bool:
    """Tell whether a role would allow it if it had no limits."""
    if asked is None:
        return holding.held.preset is not None
    preset = holding.held.preset
    return preset in asked.presets if preset else asked.name in holding.held.permissions
