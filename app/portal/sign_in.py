"""Signing up, in and out; what is typed here never tells who has an account."""

from flask import (
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue

from app.accounts import asking, services, sessions
from app.accounts.current import current_person
from app.accounts.models import Way, Wish
from app.accounts.oidc import flow, identities
from app.accounts.policy import Policy, policy
from app.accounts.sessions import How
from app.core.context import current_city
from app.core.db import end_transaction
from app.core.errors import Forbidden, Invalid
from app.core.i18n import gettext as _
from app.portal import throttle
from app.portal.entering import enter, way_back
from app.portal.forms import AddressForm, SignInForm, SignUpForm
from app.web.forms import given
from app.web.gates import city_blueprint
from app.web.page import render
from tenants import quotas

bp = city_blueprint("portal_sign_in", __name__)
# The browser that signed up: only there does the link in the mail make the password count that was typed.
SIGNED_UP = "signed_up"
_ASKED = "asked"


@bp.after_request
def keep_private(response: Response) -> Response:
    """Keep these pages out of caches, and their addresses (some are secrets) away from other sites."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Sign in with address and password, or choose another way."""
    if current_person() is not None:
        return redirect(way_back() or "/", 303)
    offers, form, status = policy(), SignInForm(), 0
    if request.method == "POST" and not offers.password:
        raise Forbidden(_("This city does not sign in with passwords."))
    if form.sent():
        try:
            return _with_password(given(form.email), given(form.password))
        except (Invalid, throttle.Wait) as error:
            form.refuse(form.password, error)
            status = error.status
    return sign_in_page(form, offers), status or form.status


def sign_in_page(form: SignInForm, offers: Policy) -> str:
    """Return the page with the ways that the city offers."""
    return render(
        "portal/sign_in.html", form=form, back=way_back(), offers=offers, to_link=identities.waiting()
    )


def _with_password(email: str, password: str) -> ResponseReturnValue:
    throttle.password(email)
    account = services.check_password(email, password)
    if account is not None:
        throttle.right_password(email)
        return enter(account, way_back(), How(Way.PASSWORD))
    asking.remind(email, back=way_back())
    # The answer is a refusal, which would undo the request for a mail.
    end_transaction(keep=True)
    raise Invalid(
        _(
            "Address and password do not fit together. If you have just signed up, "
            "open the link in the mail we sent you first."
        )
    )


@bp.route("/sign-in/link", methods=["GET", "POST"])
def send_link() -> ResponseReturnValue:
    """Mail a link that signs in."""
    if not policy().link:
        raise Forbidden(_("This city does not sign in with links by mail."))
    form = AddressForm()
    if form.sent():
        throttle.mail(given(form.email))
        asking.send_sign_in_link(given(form.email), back=way_back())
        return _look_into_mail(given(form.email), Wish.SIGN_IN)
    return render("portal/send_link.html", form=form, back=way_back()), form.status


@bp.route("/sign-in/forgotten", methods=["GET", "POST"])
def forgotten() -> ResponseReturnValue:
    """Mail a link to choose a new password."""
    if not policy().password:
        raise Forbidden(_("This city does not sign in with passwords."))
    form = AddressForm()
    if form.sent():
        throttle.mail(given(form.email))
        asking.send_reset_link(given(form.email), back=way_back())
        return _look_into_mail(given(form.email), Wish.RESET)
    return render("portal/forgotten.html", form=form, back=way_back()), form.status


@bp.route("/sign-up", methods=["GET", "POST"])
def sign_up() -> ResponseReturnValue:
    """Open an account; the address is confirmed by mail."""
    if not current_city().published:
        return render_template("private.html"), 403
    if current_person() is not None:
        return redirect(way_back() or "/", 303)
    if not quotas.has_room_for_accounts():
        return render("portal/no_room.html", back=way_back()), 403
    offers = policy()
    if not (offers.password or offers.link):
        return redirect(url_for(".sign_in", next=way_back() or None), 303)
    form = SignUpForm()
    if not offers.password:
        del form.password
    if form.sent():
        try:
            return _register(form)
        except Invalid as error:
            form.refuse(form.password, error)
    return render("portal/sign_up.html", form=form, back=way_back()), form.status


def _register(form: SignUpForm) -> ResponseReturnValue:
    email, password = given(form.email), (form.password.data if "password" in form else None) or None
    throttle.mail(email)
    asked = asking.register(email, given(form.name), password, back=way_back())
    session[SIGNED_UP] = str(asked)
    return _look_into_mail(email, Wish.SIGN_UP)


def _look_into_mail(email: str, wish: Wish) -> ResponseReturnValue:
    session[_ASKED] = [email, wish.value]
    return redirect(url_for(".check_mail", next=way_back() or None), 303)


@bp.get("/sign-in/check-mail")
def check_mail() -> ResponseReturnValue:
    """Say where to look for the mail; the same whether or not the address is known."""
    if _ASKED not in session:
        return redirect(url_for(".sign_in"))
    email, wish = session[_ASKED]
    return render("portal/check_mail.html", email=email, wish=wish, back=way_back())


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """Sign this browser out."""
    target = _farewell()
    sessions.end()
    flash(_("You are signed out."), "ok")
    if target:
        return onward(target, _("You are signed out here."), _("Sign out there, too"))
    return redirect(url_for("front"), 303)


def onward(target: str, title: str, label: str) -> ResponseReturnValue:
    """Lead to another server by a page: browsers follow no redirect there after a form (form-action of our policy)."""
    answer = make_response(render("portal/onward.html", target=target, title=title, label=label))
    answer.headers["Refresh"] = f"0; url={target}"
    return answer


def _farewell() -> str:
    """Return where the service that signed the person in ends her sign-in, too; empty when there is no such place."""
    held = sessions.held()
    provider = policy().provider(held.provider) if held is not None and held.provider else None
    if held is None or provider is None:
        return ""
    return flow.farewell(provider, flow.hint_of(held))
