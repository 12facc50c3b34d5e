"""Residents at a counter: who waits for a check, looking somebody up, ticking what was seen, who acts for whom."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select
from wtforms import RadioField, StringField
from wtforms.fields import SelectChoice

from app.accounts.attributes import kinds, services
from app.accounts.attributes.rules import Level
from app.accounts.attributes.wording import document_names, level_name
from app.accounts.households import services as households
from app.accounts.households.models import ActingRight
from app.accounts.households.wording import area_names, part_name, standing_name
from app.accounts.models import Account
from app.accounts.rolls import services as rolls
from app.accounts.rolls.models import Roll, RollEntry
from app.console.blueprint import bp
from app.core.clock import now
from app.core.db import db
from app.core.errors import Invalid, ServiceError
from app.core.i18n import gettext as _
from app.web.attributes import value_form
from app.web.forms import Form, at_most, given, required
from app.web.gates import requires
from app.web.page import render


class LookUpForm(Form):
    """Whom to look up; sent by POST, so that no name is in an address."""

    who = StringField(
        _l("Name or e-mail address"),
        [required(_l("Type a name or an address.")), at_most(254)],
        description=_l("At least three letters of a name, or the whole address."),
    )


class DocumentForm(Form):
    """Which kind of document was seen."""

    document = RadioField(_l("What you have seen"), [required(_l("Choose which document you have seen."))])

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self.document.choices = [SelectChoice(key, name) for key, name in document_names().items()]


@bp.route("/people/", methods=["GET", "POST"])
@requires("people.verify")
def people() -> ResponseReturnValue:
    """Show who waits, and look somebody up."""
    form, found = LookUpForm(), None
    if form.sent():
        try:
            found = services.look_up(given(form.who))
        except Invalid as error:
            form.refuse(form.who, error)
    titles = {key: kind.title for key, kind in kinds.kinds().items()}
    page = render(
        "console/people.html",
        form=form,
        found=found,
        waiting=services.waiting(),
        papers=households.to_confirm(),
        titles=titles,
        areas=area_names,
    )
    return page, form.status


@bp.get("/people/<uuid:person_id>")
@requires("people.verify")
def resident(person_id: UUID) -> str:
    """Show what is known about a resident, how, and for whom she acts."""
    person = services.person(person_id)
    known, found = services.of_account(person.id), kinds.kinds()
    return render(
        "console/resident.html",
        person=person,
        name=_name(person),
        kinds=found,
        known=known,
        counted=services.counted(known, now()),
        words=lambda one: kinds.words_of(one.attribute, one.value, found),
        levels={level: level_name(level) for level in Level},
        documents=document_names(),
        places=_places(person),
        rights=_rights(person),
        part_name=part_name,
        standing_name=standing_name,
        moment=now(),
    )


@bp.route("/people/<uuid:person_id>/check/<attribute>", methods=["GET", "POST"])
@requires("people.verify")
def check(person_id: UUID, attribute: str) -> ResponseReturnValue:
    """Write down what was seen on a document."""
    person, kind = services.person(person_id), kinds.kind_of(attribute)
    said = [one for one in services.of_account(person.id, [attribute]) if one.level is Level.SELF]
    form, seen = value_form(kind, said[0].value if said else ""), DocumentForm()
    complete = form.sent()
    if seen.sent() and complete:
        services.check(person, attribute, form.value.data, given(seen.document))
        flash(_("%(what)s of %(name)s is checked.", what=kind.title, name=_name(person)), "ok")
        return redirect(url_for(".resident", person_id=person.id), 303)
    page = render(
        "console/check.html",
        form=form if form.errors else seen,
        value=form,
        seen=seen,
        kind=kind,
        person=person,
        name=_name(person),
        asked=bool(said and said[0].asked_at),
    )
    return page, max(form.status, seen.status)


@bp.post("/people/<uuid:person_id>/refuse/<attribute>")
@requires("people.verify")
def refuse_check(person_id: UUID, attribute: str) -> ResponseReturnValue:
    """Take a request out of the queue."""
    person = services.person(person_id)
    services.refuse(person, attribute)
    flash(_("%(name)s no longer waits for this.", name=_name(person)), "ok")
    return redirect(url_for(".people"), 303)


@bp.post("/people/<uuid:person_id>/withdraw/<uuid:statement_id>")
@requires("people.verify")
def withdraw_check(person_id: UUID, statement_id: UUID) -> ResponseReturnValue:
    """Take back what had been checked."""
    services.withdraw(services.person(person_id), statement_id)
    flash(_("Taken back. It counts no longer."), "ok")
    return redirect(url_for(".resident", person_id=person_id), 303)


@bp.post("/people/<uuid:person_id>/release/<uuid:roll_id>")
@requires("people.verify")
def release(person_id: UUID, roll_id: UUID) -> ResponseReturnValue:
    """Free a person of a list from this account."""
    rolls.release(services.person(person_id), roll_id)
    flash(_("Released. What the list had proven counts no longer for this account."), "ok")
    return redirect(url_for(".resident", person_id=person_id), 303)


@bp.post("/people/acting/<uuid:right_id>/confirm")
@requires("people.verify")
def confirm_acting(right_id: UUID) -> ResponseReturnValue:
    """Write down that the papers of a guardian or helper were seen."""
    try:
        right = households.confirm(right_id)
    except ServiceError as error:
        flash(str(error), "warn")
    else:
        helper = _name(right.helper) if right.helper else ""
        flash(_("%(helper)s may act for %(name)s.", helper=helper, name=right.name), "ok")
    return redirect(_back(), 303)


@bp.post("/people/acting/<uuid:right_id>/end")
@requires("people.verify")
def end_acting(right_id: UUID) -> ResponseReturnValue:
    """End a right, as when a court has decided."""
    right = households.end(right_id)
    flash(_("Ended. Nobody acts for %(name)s with it any more.", name=right.name), "ok")
    return redirect(_back(), 303)


def _back() -> str:
    """Return the page of the person, when the form was sent from there."""
    try:
        return url_for(".resident", person_id=UUID(request.form.get("person", "")))
    except ValueError:
        return url_for(".people")


def _places(person: Account) -> list[tuple[Roll, RollEntry]]:
    found = select(Roll, RollEntry).join(RollEntry, RollEntry.roll_id == Roll.id)
    return [(row[0], row[1]) for row in db.session.execute(found.where(RollEntry.account_id == person.id))]


def _rights(person: Account) -> list[ActingRight]:
    mine = or_(ActingRight.helper_id == person.id, ActingRight.person_id == person.id)
    found = select(ActingRight).where(mine, ActingRight.withdrawn_at.is_(None))
    return list(db.session.scalars(found.order_by(ActingRight.invited_at).limit(100)))


def _name(person: Account) -> str:
    return person.name or person.email
