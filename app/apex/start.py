"""Starting a city: the form, the mail, and the page behind the mailed link."""

from dataclasses import asdict

from flask import flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from app.accounts.services import clean_email
from app.apex import signup
from app.apex.dev_mail import shows_mail
from app.apex.forms import StartForm
from app.apex.setting_up import confirm, expect
from app.apex.signup import Wish
from app.core.errors import Conflict, NotFound, ServiceError, TooMany
from app.core.i18n import LANGUAGES, language
from app.core.i18n import gettext as _
from app.web.forms import given
from app.web.gates import apex_blueprint
from app.web.limits import limit
from app.web.page import render
from tenants import addresses
from tenants.models import Signup, SignupState

bp = apex_blueprint("apex_start", __name__)
WISH = "wish"
PER_CALLER, PER_EMAIL, RESEND = "20/hour", "6/hour", "1 per 30 seconds"
CHECKS = "120/minute"


@bp.get("/start")
def start() -> str:
    """Show the four fields, as they were typed before if this browser has been here."""
    typed = session.get(WISH) or {"language": language()}
    return render("apex/start.html", form=StartForm(formdata=None, data=typed), checked=None)


@bp.post("/start")
def ask() -> ResponseReturnValue:
    """Take the wish in and mail the link that confirms it."""
    form = StartForm()
    well_formed = form.sent()
    checked = addresses.check(_typed_address(form), form.city_name.data or "", form.language.data or "en")
    if checked.error:
        form.slug.errors = [checked.error]
    email = _email(form)
    if not well_formed or checked.error or not email:
        return render("apex/start.html", form=form, checked=checked), 422
    wish = Wish(given(form.city_name), checked.slug, email, given(form.language))
    try:
        limit("start", PER_CALLER)
        limit("start", PER_EMAIL, email)
    except TooMany as error:
        return render("apex/start.html", form=form, checked=checked, refused=str(error)), 429
    signup.ask(wish)
    _count_mail(email)
    session[WISH] = asdict(wish)
    return redirect(url_for(".check_mail"), 303)


@bp.get("/start/address")
def address() -> ResponseReturnValue:
    """Say beside the field whether an address is free; `fill` asks for the whole field with a suggestion."""
    try:
        limit("start.address", CHECKS)
    except TooMany:
        return "", 204
    form = StartForm(formdata=request.args)
    filling = "fill" in request.args
    if filling and (form.slug.data or not form.city_name.data):
        return "", 204
    if not (form.slug.data or form.city_name.data):
        return ""
    checked = addresses.check(form.slug.data or "", form.city_name.data or "", form.language.data or "en")
    form.slug.data = form.slug.data or checked.slug
    return render("apex/_address.html" if filling else "apex/_checked.html", form=form, checked=checked)


@bp.get("/start/check-mail")
def check_mail() -> ResponseReturnValue:
    """Say where the mail went; the page is the same whether or not the address is known here."""
    wish = _kept_wish()
    if wish is None:
        return redirect(url_for(".start"))
    return _check_mail(wish), 200


@bp.post("/start/check-mail")
def resend() -> ResponseReturnValue:
    """Mail the same link again, not sooner than half a minute after the last time."""
    wish = _kept_wish()
    if wish is None:
        return redirect(url_for(".start"), 303)
    try:
        limit("start.resend", RESEND, wish.email)
        limit("start", PER_EMAIL, wish.email)
    except TooMany:
        return _check_mail(wish, too_soon=True), 429
    signup.ask(wish)
    flash(_("The mail is on its way again."), "ok")
    return redirect(url_for(".check_mail"), 303)


@bp.get("/start/link/<secret>")
def link(secret: str) -> ResponseReturnValue:
    """Show what the link sets up; nothing happens before the button, as mail programs open links, too."""
    try:
        found = signup.find(secret)
    except NotFound:
        return render("apex/link_over.html"), 404
    if found.state is not SignupState.REQUESTED:
        return redirect(url_for("apex_setting_up.setting_up", secret=secret))
    return _link_page(found, secret)


@bp.post("/start/link/<secret>")
def set_up(secret: str) -> ResponseReturnValue:
    """Reserve the address and have the city made; this browser will be signed in to it."""
    try:
        found = signup.find(secret, lock=True)
    except NotFound:
        return render("apex/link_over.html"), 404
    other = request.form.get("choose") or request.form.get("slug")
    checked = addresses.check(other, found.city_name, found.language) if other else None
    if found.state is SignupState.REQUESTED and checked is not None and checked.error:
        return _link_page(found, secret, refused=checked, status=422)
    try:
        confirm(found, checked.slug if checked else found.slug)
    except Conflict:
        return _link_page(found, secret, status=409)
    session.pop(WISH, None)
    expect(found)
    return redirect(url_for("apex_setting_up.setting_up", secret=secret), 303)


def _link_page(
    found: Signup, secret: str, *, refused: addresses.Checked | None = None, status: int = 200
) -> ResponseReturnValue:
    """Show the button, or other addresses to choose from when this one cannot be had any more."""
    checked = refused or addresses.check(found.slug, found.city_name, found.language)
    page = render(
        "apex/link.html",
        signup=found,
        secret=secret,
        checked=checked,
        language_name=LANGUAGES.get(found.language, found.language),
    )
    return page, status


def _check_mail(wish: Wish, *, too_soon: bool = False) -> str:
    return render(
        "apex/check_mail.html",
        wish=wish,
        address=addresses.host_of(wish.slug),
        too_soon=too_soon,
        shows_mail=shows_mail(),
    )


def _typed_address(form: StartForm) -> str:
    """Return the suggestion that was chosen, else what stands in the field."""
    return request.form.get("choose") or form.slug.data or ""


def _email(form: StartForm) -> str:
    if form.email.errors:
        return ""
    try:
        return clean_email(form.email.data or "")
    except ServiceError as error:
        form.refuse(form.email, error)
        return ""


def _kept_wish() -> Wish | None:
    kept = session.get(WISH)
    return Wish(**kept) if kept else None


def _count_mail(email: str) -> None:
    """Begin the half minute in which the mail is not sent again."""
    try:
        limit("start.resend", RESEND, email)
    except TooMany:
        return
