"""Domains of the city's own: add, prove, make the main address, remove.

Links that sign in name the main address: whoever chooses it could read them.
"""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField

from app.accounts.stepping_up import fresh
from app.console import domain_words
from app.console.addresses import moved
from app.console.blueprint import bp
from app.core.context import current_city
from app.core.errors import Conflict, Invalid, TooMany
from app.core.i18n import gettext as _
from app.web.forms import Form, at_most, given, required
from app.web.gates import requires
from app.web.limits import limit
from app.web.page import render
from tenants import addresses, domains, hostnames, resolve
from tenants.dns import Leads
from tenants.models import Domain

CHECKS = "30/hour"


class DomainForm(Form):
    """Which domain."""

    host = StringField(
        _l("Domain"),
        [required(_l("Enter the domain, such as services.ville.example.")), at_most(500)],
        description=_l("Such as services.ville.example. You can paste a whole web address."),
    )


class MainForm(Form):
    """Whether a domain becomes the main one although it does not lead here."""

    sure = BooleanField(_l("Make it the main address all the same"))


@bp.route("/settings/addresses/add", methods=["GET", "POST"])
@requires("console.manage")
def add_domain() -> ResponseReturnValue:
    """Claim a domain; the next page says how to prove it."""
    form, refused = DomainForm(), False
    if form.sent():
        try:
            domain = domains.add(current_city(), given(form.host))
        except (Conflict, Invalid) as error:
            form.refuse(form.host, error)
            refused = isinstance(error, Conflict)
        else:
            return redirect(url_for(".domain", host=domain.host), 303)
    return render("console/domain_add.html", form=form), 409 if refused else form.status


@bp.get("/settings/addresses/<host>")
@requires("console.manage")
def domain(host: str) -> str:
    """Show what to enter at the provider, and how far the proof is."""
    found = _found(host)
    leading, instead = domain_words.leading_records(found)
    return render(
        "console/domain.html",
        domain=found,
        line=domain_words.line(found),
        proof=domain_words.proof_record(found),
        leading=leading,
        instead=instead,
        proof_sentence=domain_words.proof_sentence(found),
        leads_sentence=domain_words.leads_sentence(found),
        looked_sentence=domain_words.looked_sentence(found),
        leads_here=found.leads == Leads.HERE,
    )


@bp.post("/settings/addresses/<host>/check")
@requires("console.manage")
def check_domain(host: str) -> ResponseReturnValue:
    """Ask the DNS now."""
    Form().sent()
    before = _found(host)
    had = before.verified
    after = _look(before)
    if after.verified and not had:
        flash(_("%(host)s is proven. It leads to your city now.", host=hostnames.shown(host)), "ok")
    elif not after.verified:
        flash(domain_words.proof_sentence(after), "warn")
    else:
        flash(domain_words.proof_sentence(after), "ok" if not after.lost_at else "warn")
    return redirect(url_for(".domain", host=host), 303)


@bp.route("/settings/addresses/<host>/main", methods=["GET", "POST"])
@requires("console.sign_in")
@fresh
def main_domain(host: str) -> ResponseReturnValue:
    """Ask, look where the domain leads, and let the city's pages name themselves by it."""
    found, form = _found(host), MainForm()
    if not found.verified:
        raise Conflict(_("Prove first that this domain is yours."))
    if form.sent():
        found = _look(found)
        if not found.verified:
            return redirect(url_for(".domain", host=host), 303)
        if found.leads == Leads.HERE or form.sure.data:
            before = current_city().host
            domains.make_main(current_city(), host)
            return moved(before, host)
        form.refuse(form.sure, Invalid(_no_way_here(found)))
    page = render("console/domain_main.html", form=form, host=host, name=hostnames.shown(host))
    return page, 409 if form.errors else 200


@bp.route("/settings/addresses/main-below", methods=["GET", "POST"])
@requires("console.manage")
def main_below() -> ResponseReturnValue:
    """Ask, then let the city's pages name themselves by the address below the platform's domain again."""
    below = addresses.host_of(current_city().slug)
    if Form().sent():
        before = current_city().host
        domains.make_main(current_city(), None)
        return moved(before, below)
    return render("console/domain_main.html", form=None, host=below, name=below)


@bp.route("/settings/addresses/<host>/remove", methods=["GET", "POST"])
@requires("console.manage")
def remove_domain(host: str) -> ResponseReturnValue:
    """Ask, then give the domain up."""
    found = _found(host)
    was_main = found.main
    if Form().sent():
        domains.remove(current_city(), host)
        if was_main:
            return moved(host, addresses.host_of(current_city().slug))
        flash(_("%(host)s is removed.", host=hostnames.shown(host)), "ok")
        return redirect(url_for(".web_addresses"), 303)
    return render("console/domain_remove.html", line=domain_words.line(found), domain=found)


def _found(host: str) -> Domain:
    return domains.find(current_city().id, resolve.clean_host(host))


def _look(found: Domain) -> Domain:
    try:
        limit("domain-check", CHECKS, current_city().id)
    except TooMany as error:
        raise TooMany(_("The DNS was asked very often. Wait a little: we look by ourselves, too.")) from error
    verdict = domains.look(found.host, domains.record_value(found))
    return domains.settle(current_city(), found.host, verdict)


def _no_way_here(found: Domain) -> str:
    said = domain_words.leads_sentence(found) or _("It could not be found out where the domain leads.")
    return _("%(finding)s Visitors would see an error.", finding=said)
