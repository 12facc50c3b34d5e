"""What every site owes its readers: accessibility, privacy, contact; open before the city is published too."""

from flask import current_app

from app.accounts.privacy.present import in_use
from app.web.gates import city_blueprint
from app.web.own_texts import CONTACT, PRIVACY, own_text
from app.web.page import render

bp = city_blueprint("portal_about", __name__)


@bp.get("/accessibility")
def accessibility() -> str:
    """Say how accessible the site is, what was tested and whom to tell about barriers."""
    return render("portal/accessibility.html")


@bp.get("/privacy")
def privacy() -> str:
    """Say what is kept about people and for how long."""
    return render(
        "portal/privacy.html",
        own=own_text(PRIVACY),
        held=in_use(),
        cookie_days=current_app.permanent_session_lifetime.days,
    )


@bp.get("/contact")
def contact() -> str:
    """Say how to reach the city."""
    return render("portal/contact.html", own=own_text(CONTACT))
