"""The city's own export: asked for here, made by the worker, fetched by administrators for a week."""

from datetime import datetime
from uuid import UUID

from flask import redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, select, text

from app.accounts import current_account
from app.accounts.models import Account
from app.accounts.stepping_up import fresh
from app.console.blueprint import bp
from app.core.audit import audit
from app.core.clock import local, now
from app.core.context import current_city, serving
from app.core.db import db, end_transaction
from app.core.errors import Conflict, NotFound
from app.core.i18n import gettext as _
from app.core.jobs import enqueue, task
from app.notify.mail import send_mail
from app.web.forms import Form
from app.web.gates import requires
from app.web.page import is_htmx, render
from tenants import journal, operations, resolve
from tenants.archive import bound, shelf
from tenants.archive.export import Wish
from tenants.archive.progress import to_operation
from tenants.models import Operation, OperationState
from tenants.models.upkeep import Json

KIND = "city_export"
UNDER_WAY = (OperationState.WAITING, OperationState.RUNNING)
MEGABYTE = 1_000_000


@bp.route("/settings/export", methods=["GET", "POST"])
@requires("console.manage")
def export() -> ResponseReturnValue:
    """Show the newest export, or ask for one; asked by htmx, answer only when something is new."""
    newest, open_votes = _newest(), _open_votes()
    if Form().sent():
        _ask(newest, open_votes=open_votes)
        return redirect(url_for(".export"), 303)
    under_way = newest is not None and newest.state in UNDER_WAY
    if is_htmx() and under_way and request.args.get("seen") == _mark(newest):
        return "", 204
    return render(
        "console/_export.html" if is_htmx() else "console/export.html",
        newest=newest,
        seen=_mark(newest),
        under_way=under_way,
        failed=newest is not None and newest.state is OperationState.FAILED,
        until=_until(newest),
        megabytes=round(_number(newest, "bytes") / MEGABYTE, 1),
        done=_number(newest, "done"),
        total=_number(newest, "total"),
        open_votes=open_votes,
    )


@bp.get("/settings/export/<uuid:operation_id>.zip")
@requires("console.manage")
@fresh
def download_export(operation_id: UUID) -> ResponseReturnValue:
    """Hand over an export that this city has asked for."""
    found = db.session.scalar(
        _own().where(Operation.id == operation_id, Operation.state == OperationState.DONE)
    )
    if found is None:
        raise NotFound(_("There is no such export."))
    path = shelf.path_of(str(found.outcome.get("file")), city_id=current_city().id)
    audit("city.export_fetched", subject=f"city:{current_city().id}")
    day = local(found.ended_at or found.asked_at).date().isoformat()
    name = f"{current_city().slug}-{day}.zip"
    response = send_file(path, mimetype="application/zip", as_attachment=True, download_name=name, max_age=0)
    response.headers["Cache-Control"] = "no-store"
    return response


@operations.kind(KIND)
def make(operation: Operation) -> dict[str, Json]:
    """Make the export that a city has asked for, drop the one before, and write to whoever asked."""
    city_id = str(operation.city_id)
    outcome = shelf.make(city_id, Wish(open_votes=False), to_operation(operation.id))
    for name in _earlier(operation):
        shelf.forget_one(name)
    journal.note("city.exported", city_id)
    end_transaction(keep=True)
    city = resolve.city_by_id(city_id)
    if city is not None:
        with serving(city):
            enqueue("console.tell_of_export", account_id=str(operation.wish.get("account")))
            end_transaction(keep=True)
    return outcome


@task("console.tell_of_export")
def tell_of_export(account_id: str) -> None:
    """Write to whoever asked for the export that it is ready."""
    person = db.session.get(Account, UUID(account_id))
    if person is None or not person.is_staff:
        return
    send_mail(
        "export_ready",
        person.email,
        person.language,
        name=person.name,
        link=url_for("console.export", _external=True),
        days=shelf.KEPT.days,
    )


def _ask(newest: Operation | None, *, open_votes: bool) -> None:
    account = current_account()
    if newest is not None and newest.state in UNDER_WAY:
        raise Conflict(_("An export is being made already."))
    if open_votes or account is None:
        raise Conflict(_("A vote is open, or its result is not published yet. Export the city after that."))
    audit("city.export_asked", subject=f"city:{current_city().id}")
    operations.ask(KIND, current_city().id, account=str(account.id))


def _newest() -> Operation | None:
    return db.session.scalar(_own().order_by(Operation.asked_at.desc(), Operation.id.desc()).limit(1))


def _own() -> Select[Operation]:
    return select(Operation).where(Operation.kind == KIND, Operation.city_id == current_city().id)


def _earlier(operation: Operation) -> list[str]:
    """Return the files of the exports that this city asked for before."""
    before = select(Operation.outcome).where(
        Operation.kind == KIND, Operation.city_id == operation.city_id, Operation.id != operation.id
    )
    return [str(outcome["file"]) for outcome in db.session.scalars(before) if outcome.get("file")]


def _open_votes() -> bool:
    """Tell whether something in the city may not be known yet, so that no export of it can be fetched."""
    connection = db.session.connection()
    owners = list(connection.scalars(text("SELECT module FROM module_revision")))
    return bool(bound.hidden(connection, owners))


def _mark(operation: Operation | None) -> str:
    """Return what changes as an export goes on."""
    return f"{operation.id}-{operation.state.value}-{_number(operation, 'done')}" if operation else ""


def _until(operation: Operation | None) -> datetime | None:
    """Return until when an export can be fetched; None when there is nothing to fetch."""
    if operation is None or operation.state is not OperationState.DONE:
        return None
    until = datetime.fromisoformat(str(operation.outcome["until"]))
    return until if until > now() else None


def _number(operation: Operation | None, key: str) -> int:
    found = operation.outcome.get(key) if operation is not None else 0
    return found if isinstance(found, int) else 0
