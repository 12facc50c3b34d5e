"""Where the city is found: its address below the platform's domain, those it had, and domains of its own."""

from flask import current_app, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import StringField
from wtforms.validators import ValidationError

from app.console import city
from app.console.blueprint import bp
from app.console.domain_words import lines
from app.core.context import current_city
from app.core.db import db
from app.core.errors import Conflict, Invalid
from app.core.i18n import gettext as _
from app.core.i18n import language
from app.web.forms import Form, at_most, given, required
from app.web.gates import requires
from app.web.page import render
from tenants import addresses, domains, lifecycle, names
from tenants.models import FormerSlug

# Each former address is kept from everybody else for good.
MOST_FORMER = 10


class AddressForm(Form):
    """Another address, and the present one to confirm that nobody changes it by mistake."""

    slug = StringField(_l("New address"), [required(), at_most(253)])
    typed = StringField(
        _l("Type the present address to confirm"),
        [required(), at_most(253)],
        description=_l("Only the part before the first dot."),
    )

    def validate_typed(self, field: StringField) -> None:
        """Refuse every address but the present one."""
        if _clean(field.data) != current_city().slug:
            raise ValidationError(
                _("This is not the present address. Type %(slug)s.", slug=current_city().slug)
            )


@bp.get("/settings/addresses")
@requires("console.manage")
def web_addresses() -> str:
    """Show where the city is found."""
    served = current_city()
    return render(
        "console/addresses.html",
        present=addresses.host_of(served.slug),
        former=[addresses.host_of(slug) for slug in _former()],
        domains=lines(domains.of(served.id)),
    )


@bp.route("/settings/addresses/change", methods=["GET", "POST"])
@requires("console.manage")
def change_address() -> ResponseReturnValue:
    """Say what a new address means, then give the city one."""
    served, form = current_city(), AddressForm()
    suggestions: tuple[str, ...] = ()
    if form.sent():
        checked = addresses.check(given(form.slug), served.name, language(), city_id=served.id)
        suggestions = checked.suggestions
        try:
            _give(checked)
        except (Conflict, Invalid) as error:
            form.refuse(form.slug, error)
        else:
            after = checked.host if _is_named_by_address() else served.host
            return moved(served.host, after, address=checked.host)
    return render(
        "console/address.html",
        form=form,
        suggestions=suggestions,
        base=current_app.config["PARVIS"].base_domain,
        present=addresses.host_of(served.slug),
        main_domain=None if _is_named_by_address() else served.host,
    ), form.status


def _give(checked: addresses.Checked) -> None:
    """Give the city an address that was looked at; raises Invalid and Conflict."""
    if checked.slug == current_city().slug:
        raise Invalid(_("This is the present address."))
    if checked.error:
        raise Invalid(checked.error)
    former = _former()
    if checked.slug not in former and len(former) >= MOST_FORMER:
        raise Invalid(
            _(
                "Your city has had %(number)s other addresses. Go back to one of them, or ask those who run this platform.",
                number=MOST_FORMER,
            )
        )
    lifecycle.rename(city.record(), slug=checked.slug)


def moved(before: str, after: str, *, address: str = "") -> ResponseReturnValue:
    """Return the page that says where the city is from now on; `address` is a new one on the platform.

    It is no redirect: browsers follow none to another host after a form, and this host may be nobody's by now.
    """
    way = f"{url_for('portal_sign_in.sign_in')}?next={url_for('console.web_addresses')}"
    onward = current_app.config["PARVIS"].url(after, way)
    return render("console/address_moved.html", before=before, after=after, address=address, onward=onward)


def _former() -> list[str]:
    found = select(FormerSlug.slug).where(FormerSlug.city_id == current_city().id)
    return list(db.session.scalars(found.order_by(FormerSlug.slug)))


def _is_named_by_address() -> bool:
    """Tell whether the city's pages name themselves by the address below the platform's domain."""
    return current_city().host == addresses.host_of(current_city().slug)


def _clean(typed: str | None) -> str:
    return names.clean(typed or "", current_app.config["PARVIS"].base_domain)
