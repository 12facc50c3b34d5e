"""How the city's messages leave: its mail server, its provider of text messages, notices in browsers.

Links that sign in go through the mail server: whoever chooses it could come in as anybody.
"""

from urllib.parse import urlsplit

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts.stepping_up import fresh
from app.console.blueprint import bp
from app.console.reaching_forms import EXAMPLE, MailServerForm, ProviderForm
from app.core.audit import audit
from app.core.context import current_city
from app.core.errors import Invalid
from app.core.i18n import gettext as _
from app.notify import refused
from app.services import city_mail, city_push, city_sms, mail_dns
from app.services.mail_dns import Said
from app.web.gates import requires
from app.web.limits import limit
from app.web.page import render

SAID = {
    Said.GOOD: ("ok", "circle-check", _l("Good")),
    Said.WEAK: ("warn", "circle-alert", _l("Could be stricter")),
    Said.BAD: ("bad", "circle-x", _l("Wrong")),
    Said.ABSENT: ("bad", "circle-x", _l("Missing")),
    Said.UNKNOWN: ("info", "info", _l("No name server answered")),
}


@bp.get("/reaching")
@requires("console.manage")
def reaching() -> ResponseReturnValue:
    """Show which ways the city has to its people."""
    served = current_city()
    return render(
        "console/reaching.html",
        server=city_mail.own_server(served),
        sender=current_app.config["PARVIS"].mail_from,
        provider=city_sms.provider_of(served),
        pushes=city_push.signer_of(served) is not None,
        refused=refused.number(),
    )


@bp.route("/reaching/mail", methods=["GET", "POST"])
@requires("console.sign_in")
@fresh
def mail_server() -> ResponseReturnValue:
    """Show and change the city's own mail server; it is tried before it is kept."""
    served = current_city()
    present = city_mail.own_server(served)
    form = MailServerForm(data=_of_server(present))
    if form.sent():
        limit("mail-server", "20 per hour")
        server = form.server(present)
        if not server.password:
            form.refuse(form.password, Invalid(_("Fill this in.")))
        elif trouble := _trouble_with(server):
            form.refuse(form.host, Invalid(trouble))
        if form.errors:
            return render("console/mail_server.html", form=form, server=present), 422
        city_mail.use_own_server(served, server)
        audit("city.mail_server_changed", server=f"{server.host}:{server.port}", sender=server.sender)
        flash(_("The server took the sign-in. Mails leave through it from now on."), "ok")
        return redirect(url_for(".mail_server_dns"), 303)
    return render("console/mail_server.html", form=form, server=present), form.status


@bp.post("/reaching/mail/remove")
@requires("console.sign_in")
@fresh
def remove_mail_server() -> ResponseReturnValue:
    """Let mails leave as everybody's do."""
    city_mail.use_deployment()
    audit("city.mail_server_removed")
    flash(_("Mails leave through the platform's server again."), "ok")
    return redirect(url_for(".reaching"), 303)


@bp.get("/reaching/mail/dns")
@requires("console.manage")
def mail_server_dns() -> ResponseReturnValue:
    """Show what the DNS says about mails from the city's address."""
    server = city_mail.own_server(current_city())
    if server is None:
        return redirect(url_for(".mail_server"))
    limit("mail-dns", "60 per hour")
    found = mail_dns.findings(server.sender, server.selector)
    return render("console/mail_dns.html", server=server, findings=found, said=SAID)


@bp.route("/reaching/sms", methods=["GET", "POST"])
@requires("console.manage")
def sms_provider() -> ResponseReturnValue:
    """Show and change the provider of text messages."""
    served = current_city()
    present = city_sms.provider_of(served)
    known = {"address": present.address, "body": present.body} if present else {"body": EXAMPLE}
    form = ProviderForm(data=known)
    if form.sent():
        provider = form.provider(present)
        city_sms.use_provider(served, provider)
        # Providers have keys in the rest of the address.
        audit("city.sms_provider_changed", server=urlsplit(provider.address).netloc)
        flash(
            _("Text messages go through this provider. Try it with your own number under My account."), "ok"
        )
        return redirect(url_for(".reaching"), 303)
    return render("console/sms_provider.html", form=form, provider=present), form.status


@bp.post("/reaching/sms/remove")
@requires("console.manage")
def remove_sms_provider() -> ResponseReturnValue:
    """Send no more text messages."""
    city_sms.use_provider(current_city(), None)
    audit("city.sms_provider_removed")
    flash(_("No more text messages are sent."), "ok")
    return redirect(url_for(".reaching"), 303)


@bp.post("/reaching/push")
@requires("console.manage")
def switch_push() -> ResponseReturnValue:
    """Send notices to browsers, or no longer."""
    on = request.form.get("on") == "1"
    city_push.switch(current_city(), on=on)
    audit("city.push_switched", on=on)
    flash(
        _("People can choose notices in their browsers.") if on else _("No more notices go to browsers."),
        "ok",
    )
    return redirect(url_for(".reaching"), 303)


def _of_server(server: city_mail.OwnServer | None) -> dict[str, object]:
    if server is None:
        return {"port": None}
    names = ("sender", "host", "security", "port", "user", "selector")
    return {name: getattr(server, name) for name in names}


def _trouble_with(server: city_mail.OwnServer) -> str:
    """Return what keeps mails from leaving through a server, in words; empty when nothing does."""
    try:
        city_mail.try_login(server)
    except OSError as error:
        return _("The server did not let us in: %(reason)s", reason=str(error)[:200])
    return ""
