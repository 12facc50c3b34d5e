"""How a person can be reached besides mail: by telephone and in her browsers."""

from dataclasses import dataclass
from uuid import UUID

from flask import flash, redirect, request, send_from_directory, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import StringField, TelField

from app.accounts import me, sign_in_required
from app.accounts.browsers import browser_name
from app.core.context import current_city
from app.core.errors import NotFound, ServiceError
from app.core.i18n import gettext as _
from app.notify import browsers, phones
from app.portal.account_menu import ENTRIES, AccountPage, account_blueprint, account_page
from app.services.city_push import signer_of
from app.services.city_sms import door_of
from app.services.push import Subscription
from app.web.forms import Form, at_most, given, required
from app.web.gates import city_blueprint
from app.web.limits import limit
from app.web.page import STATIC

bp = account_blueprint("portal_reach", __name__, "/reach")
worker_bp = city_blueprint("portal_worker", __name__)


class PhoneForm(Form):
    """A number to send a code to."""

    number = TelField(
        _l("Mobile number"),
        [required(_l("Enter the number of your mobile telephone.")), at_most(40)],
        description=_l("With the country if it is a foreign one, like +36 20 123 4567."),
    )


class CodeForm(Form):
    """The code that came."""

    code = StringField(_l("Code from the message"), [required(_l("Enter the six digits.")), at_most(20)])


@dataclass(frozen=True, slots=True)
class _Forms:
    number: PhoneForm
    code: CodeForm


@bp.get("")
@sign_in_required
def overview() -> ResponseReturnValue:
    """Show the number, the browsers, and what can be changed."""
    return _page(_Forms(PhoneForm(formdata=None), CodeForm(formdata=None)))


@bp.post("/phone")
@sign_in_required
def give_number() -> ResponseReturnValue:
    """Keep a number and send a code there."""
    form = PhoneForm()
    if form.sent():
        limit("phone-codes", "5 per hour", str(me().id))
        # The bill is the city's: nobody sends a thousand messages by opening a hundred accounts.
        limit("phone-codes-from", "10 per hour")
        try:
            phones.ask(me().id, given(form.number))
        except ServiceError as error:
            form.refuse(form.number, error)
        else:
            flash(_("A code is on its way to your telephone."), "ok")
            return redirect(url_for(".overview"), 303)
    return _page(_Forms(form, CodeForm(formdata=None)))


@bp.post("/phone/code")
@sign_in_required
def give_code() -> ResponseReturnValue:
    """Take the number as hers."""
    form = CodeForm()
    if form.sent():
        limit("phone-code", "10 per hour", str(me().id))
        try:
            phones.confirm(me().id, given(form.code))
        except ServiceError as error:
            form.refuse(form.code, error)
        else:
            flash(_("Your number is confirmed."), "ok")
            return redirect(url_for(".overview"), 303)
    return _page(_Forms(PhoneForm(formdata=None), form))


@bp.post("/phone/remove")
@sign_in_required
def remove_number() -> ResponseReturnValue:
    """Forget the number."""
    phones.remove(me().id)
    flash(_("Your number is removed. No more text messages are sent to it."), "ok")
    return redirect(url_for(".overview"), 303)


@bp.post("/browsers")
@sign_in_required
def add_browser() -> ResponseReturnValue:
    """Keep the browser that asks; its keys come from the page's script."""
    if signer_of(current_city()) is None:
        raise NotFound(_("This city sends no notices to browsers."))
    limit("browsers", "20 per hour", str(me().id))
    given_keys = (request.form.get(name, "") for name in ("endpoint", "p256dh", "auth"))
    browsers.subscribe(me().id, Subscription(*given_keys), browser_name(request.user_agent.string))
    flash(_("This browser gets notices now."), "ok")
    return redirect(url_for(".overview"), 303)


@bp.post("/browsers/<uuid:browser_id>/remove")
@sign_in_required
def remove_browser(browser_id: UUID) -> ResponseReturnValue:
    """Send no more notices to one browser."""
    browsers.remove(me().id, browser_id)
    flash(_("This browser gets no more notices."), "ok")
    return redirect(url_for(".overview"), 303)


@worker_bp.get("/push-worker.js")
def worker() -> ResponseReturnValue:
    """Return the script that shows notices; it lies at the top so that it is the whole site's."""
    return send_from_directory(STATIC, "push-worker.js", max_age=0)


def _page(forms: _Forms) -> ResponseReturnValue:
    signer = signer_of(current_city())
    refused = forms.number if forms.number.errors else forms.code
    return account_page(
        "portal/reach.html",
        form=refused,
        number_form=forms.number,
        code_form=forms.code,
        phone=phones.of(me().id),
        texts=door_of(current_city()) is not None,
        push_key=signer.public_key if signer else None,
        browsers=browsers.of(me().id),
    ), max(forms.number.status, forms.code.status)


def _is_offered() -> bool:
    return door_of(current_city()) is not None or signer_of(current_city()) is not None


ENTRIES.append(
    AccountPage(
        _l("Telephone and browsers"),
        _l("Where text messages and notices reach you."),
        "portal_reach.overview",
        "smartphone",
        _is_offered,
    )
)
