"""An operator's own access: browsers that are signed in, the password, the recovery codes."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.accounts.operators import entering, people, sessions
from app.apex.operators.blueprint import bp, me
from app.apex.operators.forms import ChangePasswordForm, SureForm
from app.core.errors import Invalid
from app.core.i18n import gettext as _
from app.web.forms import given
from app.web.page import render
from tenants.journal import note


@bp.get("/me")
def own() -> str:
    """Show where the operator is signed in, and what is left of the recovery codes."""
    held = me()
    return render(
        "operators/own.html",
        operator=held.operator,
        left=len(held.operator.recovery_hashes),
        sessions=[
            (sessions.name_of(record), record, record.secret_hash == held.secret_hash)
            for record in sessions.open_sessions(held.operator_id)
        ],
    )


@bp.post("/me/sessions/<name>/end")
def end_session(name: str) -> ResponseReturnValue:
    """Sign one of the own browsers out."""
    if name == sessions.name_of(me()):
        return redirect(url_for(".own"), 303)
    if sessions.end_one(me().operator_id, name):
        note("operators.sessions_ended", number=1)
        flash(_("That browser is signed out."), "ok")
    return redirect(url_for(".own"), 303)


@bp.post("/me/sessions/end")
def end_others() -> ResponseReturnValue:
    """Sign every other browser out."""
    number = sessions.end_all(me().operator_id, but=me())
    note("operators.sessions_ended", number=number)
    flash(_("Every other browser is signed out."), "ok")
    return redirect(url_for(".own"), 303)


@bp.route("/me/password", methods=["GET", "POST"])
def change_password() -> ResponseReturnValue:
    """Choose another password, with a fresh code."""
    form = ChangePasswordForm()
    if form.sure():
        try:
            entering.change_password(me(), given(form.password))
        except Invalid as error:
            form.refuse(form.password, error)
        else:
            flash(_("Your password is changed. Your other browsers are signed out."), "ok")
            return redirect(url_for(".own"), 303)
    return render("operators/change_password.html", form=form), form.status


@bp.route("/me/recovery-codes", methods=["GET", "POST"])
def recovery_codes() -> ResponseReturnValue:
    """Make ten new recovery codes, with a fresh code, and show them once."""
    form = SureForm()
    if form.sure():
        fresh = entering.renew_recovery_codes(people.locked(me().operator_id))
        return render("operators/recovery_codes.html", codes=fresh, is_new=False)
    return render("operators/new_codes.html", form=form), form.status
