"""Sign-ups that an operator approves or refuses, where a deployment wants that (SIGNUP_APPROVAL=1)."""

from uuid import UUID

from flask import current_app, url_for

from app.accounts.operators import people
from app.apex.signup import secret_of
from app.core.db import db
from app.core.errors import Conflict, Invalid, NotFound
from app.core.i18n import gettext as _
from app.core.jobs import enqueue
from app.notify.mail import send_mail
from tenants import addresses, lifecycle
from tenants.journal import note
from tenants.models import Signup, SignupState

LONGEST_REASON = 500


def is_wanted() -> bool:
    """Tell whether an operator looks at every sign-up before its city is made."""
    return bool(current_app.config["PARVIS"].signup_approval)


def put_before_operators(signup: Signup, slug: str) -> None:
    """Keep the address for a confirmed sign-up, tell its applicant that it waits, and the operators that it does.

    Raises addresses.Taken. The caller holds the lock on the sign-up.
    """
    if addresses.held([slug], but_signup=signup.id):
        raise addresses.Taken(_("Somebody has taken this address meanwhile."))
    signup.slug, signup.state = slug, SignupState.WAITING
    city_name, address = signup.city_name, addresses.host_of(slug)
    link = url_for("apex_setting_up.setting_up", secret=secret_of(signup), _external=True)
    send_mail("city_waiting", signup.email, signup.language, link=link, city_name=city_name, address=address)
    console = url_for("operators.signups", _external=True)
    for operator in people.everybody():
        if people.is_enrolled(operator):
            send_mail(
                "operator_signup",
                operator.email,
                operator.language,
                link=console,
                city_name=city_name,
                address=address,
            )


def approve(signup_id: UUID) -> Signup:
    """Have the city of a waiting sign-up made; raises Conflict when it waits no more."""
    signup = _waiting(signup_id)
    lifecycle.reserve(signup, signup.slug)
    enqueue("platform.provision", signup_id=str(signup.id))
    note("signups.approved", signup.city_id, signup=str(signup.id))
    return signup


def refuse(signup_id: UUID, reason: str) -> Signup:
    """Say no to a waiting sign-up and mail why; its address is free again. Raises Conflict and Invalid."""
    signup, said = _waiting(signup_id), reason.strip()
    if not said:
        raise Invalid(_("Say why: the applicant reads it."))
    if len(said) > LONGEST_REASON:
        raise Invalid(_("Use at most %(max)d characters.", max=LONGEST_REASON))
    signup.state, signup.reason = SignupState.REFUSED, said
    config = current_app.config["PARVIS"]
    start = config.url(config.base_domain, "/start")
    send_mail(
        "city_refused", signup.email, signup.language, city_name=signup.city_name, reason=said, link=start
    )
    note("signups.refused", signup=str(signup.id))
    return signup


def _waiting(signup_id: UUID) -> Signup:
    signup = db.session.get(Signup, signup_id, with_for_update=True, populate_existing=True)
    if signup is None:
        raise NotFound(_("There is no such sign-up."))
    if signup.state is not SignupState.WAITING:
        raise Conflict(_("Somebody has decided about this sign-up already."))
    return signup
