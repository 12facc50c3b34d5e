"""Sign-in and security: what a person signs in with, who else knows her, and where she is signed in."""

from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts import (
    Account,
    addresses,
    codes,
    factors,
    me,
    passkeys,
    sessions,
    sign_in_required,
    stepping_up,
    ways,
)
from app.accounts.browsers import browser_name
from app.accounts.oidc import identities
from app.accounts.policy import Policy, policy
from app.accounts.stepping_up import fresh
from app.core.context import current_city
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.i18n import gettext as _
from app.portal import services, throttle
from app.portal.account_menu import ENTRIES, AccountPage, account_blueprint, account_page
from app.portal.forms import CodeForm, NewAddressForm, PasskeyForm
from app.web.forms import Form, given

bp = account_blueprint("portal_security", __name__, "/security")
ENTRIES.insert(
    0,
    AccountPage(
        _l("Sign-in and security"),
        _l("Password, authenticator app, passkeys, and where you are signed in."),
        "portal_security.security",
        "shield-check",
    ),
)


@bp.get("")
@sign_in_required
def security() -> str:
    """Show everything that leads into the account."""
    person, offers = me(), policy()
    here = current_city().host
    known = identities.of(person.id)
    return account_page(
        "portal/security.html",
        person=person,
        offers=offers,
        here=here,
        passkeys=passkeys.of(person.id),
        identities=[(each, _service_title(offers, each.issuer)) for each in known],
        to_link=_to_link(person, offers, {each.issuer for each in known}),
        sessions=sessions.open_sessions(person.id),
        must_have=person.is_staff and offers.asks_staff_for_factor(),
        due_from=offers.staff_factor_from if person.is_staff else None,
    )


@bp.route("/authenticator", methods=["GET", "POST"])
@sign_in_required
@fresh
def authenticator() -> ResponseReturnValue:
    """Show the secret as a picture and as text; the first code proves that the app has it."""
    person, form, status = me(), CodeForm(), 0
    secret = factors.begin(person)
    if form.sent():
        try:
            throttle.code(str(person.id))
            fresh_codes = factors.confirm(person, given(form.code))
        except (Invalid, throttle.Wait) as error:
            form.refuse(form.code, error)
            status = error.status
        else:
            throttle.right_code(str(person.id))
            return _codes_page(fresh_codes)
    page = account_page("portal/authenticator.html", form=form, groups=codes.groups(secret))
    return page, status or form.status


@bp.get("/authenticator/qr.svg")
@sign_in_required
@fresh
def picture() -> Response:
    """Return the secret as a picture for the app's camera."""
    person = me()
    drawn = codes.picture(factors.begin(person), person.email, current_city().name)
    return Response(drawn, mimetype="image/svg+xml")


@bp.route("/authenticator/remove", methods=["GET", "POST"])
@sign_in_required
@fresh
def remove_authenticator() -> ResponseReturnValue:
    """Ask, then ask for no codes any more."""
    person, form = me(), Form()
    if form.sent():
        factors.turn_off(person)
        flash(_("You sign in without codes from now on."), "ok")
        return _home()
    return account_page("portal/authenticator_remove.html", person=person, form=form)


@bp.route("/recovery-codes", methods=["GET", "POST"])
@sign_in_required
@fresh
def recovery_codes() -> ResponseReturnValue:
    """Ask, then make ten new recovery codes and show them once."""
    form = Form()
    if form.sent():
        return _codes_page(factors.renew_codes(me()))
    return account_page("portal/recovery_renew.html", form=form)


@bp.route("/email", methods=["GET", "POST"])
@sign_in_required
@fresh
def email() -> ResponseReturnValue:
    """Mail a link to a new address; it counts when the link is opened."""
    form = NewAddressForm()
    if form.sent():
        throttle.mail(given(form.email))
        try:
            address = addresses.ask_to_change(me(), given(form.email))
        except Invalid as error:
            form.refuse(form.email, error)
        else:
            flash(
                _("We have sent a mail to %(email)s. Open the link in it within a day.", email=address), "ok"
            )
            return _home()
    return account_page("portal/email.html", form=form, person=me()), form.status


@bp.post("/passkeys/options")
@sign_in_required
@fresh
def passkey_options() -> ResponseReturnValue:
    """Return what the browser needs to make a passkey."""
    _check_passkeys()
    return Response(passkeys.ask_to_make(me()), mimetype="application/json")


@bp.route("/passkeys/new", methods=["GET", "POST"])
@sign_in_required
@fresh
def add_passkey() -> ResponseReturnValue:
    """Make a passkey in this browser and keep it."""
    _check_passkeys()
    form = PasskeyForm(name=browser_name(request.user_agent.string))
    if form.sent():
        try:
            made = passkeys.make(me(), form.answer.data or "", form.name.data or "")
        except (Invalid, Conflict) as error:
            form.form_errors.append(str(error))
            return account_page("portal/passkey_new.html", form=form), error.status
        _is_strong()
        flash(_("The passkey “%(name)s” is ready.", name=made.name), "ok")
        return _home()
    return account_page("portal/passkey_new.html", form=form), form.status


@bp.route("/passkeys/<uuid:passkey_id>", methods=["GET", "POST"])
@sign_in_required
@fresh
def passkey(passkey_id: UUID) -> ResponseReturnValue:
    """Give a passkey another name."""
    found = passkeys.own(me(), passkey_id)
    form = PasskeyForm(name=found.name)
    if form.sent():
        passkeys.rename(me(), passkey_id, form.name.data or "")
        flash(_("Your changes are saved."), "ok")
        return _home()
    return account_page("portal/passkey.html", form=form, passkey=found), form.status


@bp.post("/passkeys/<uuid:passkey_id>/remove")
@sign_in_required
@fresh
def remove_passkey(passkey_id: UUID) -> ResponseReturnValue:
    """Take a passkey away, unless it is the only way in."""
    person = me()
    passkeys.own(person, passkey_id)
    ways.one_at_a_time()
    means = ways.means_of(person)
    ways.check_stays(ways.Means(means.passkeys - {passkey_id}, means.services, means.is_staff))
    removed = passkeys.remove(person, passkey_id)
    flash(_("The passkey “%(name)s” is removed. Delete it on your device, too.", name=removed.name), "ok")
    return _home()


@bp.post("/services/<provider_id>/link")
@sign_in_required
@fresh
def link_service(provider_id: str) -> ResponseReturnValue:
    """Leave for a service to have it linked."""
    return services.leave_to_link(provider_id)


@bp.post("/services/<uuid:identity_id>/unlink")
@sign_in_required
@fresh
def unlink_service(identity_id: UUID) -> ResponseReturnValue:
    """Let a service sign in no more, unless it is the only way in."""
    person = me()
    found = next((each for each in identities.of(person.id) if each.id == identity_id), None)
    if found is None:
        raise NotFound(_("There is no such link."))
    ways.one_at_a_time()
    means = ways.means_of(person)
    left = frozenset(each for each in means.services if each != (found.issuer, found.used_at))
    ways.check_stays(ways.Means(means.passkeys, left, means.is_staff))
    identities.unlink(person, identity_id, title=_service_title(policy(), found.issuer))
    flash(_("The link is removed."), "ok")
    return _home()


@bp.post("/sessions/<name>/end")
@sign_in_required
def end_session(name: str) -> ResponseReturnValue:
    """Sign one of the own browsers out."""
    if sessions.end_one(me().id, name):
        flash(_("That browser is signed out."), "ok")
    return _home()


def _codes_page(fresh_codes: list[str]) -> ResponseReturnValue:
    _is_strong()
    return account_page("portal/recovery_codes.html", codes=fresh_codes)


def _is_strong() -> None:
    held = sessions.held()
    if held is not None:
        stepping_up.has_proved(held, strong=True)


def _home() -> ResponseReturnValue:
    return redirect(url_for("portal_security.security"), 303)


def _check_passkeys() -> None:
    if not policy().passkey:
        raise Forbidden(_("This city does not sign in with passkeys."))


def _service_title(offers: Policy, issuer: str) -> str:
    return next((each.title for each in offers.providers if each.issuer == issuer), issuer)


def _to_link(person: Account, offers: Policy, linked: set[str]) -> list[tuple[str, str]]:
    able = (each for each in offers.offered if each.is_for(person) and each.issuer not in linked)
    return [(each.id, each.title) for each in able]
