"""How much a city may use of everything that is limited."""

from flask import current_app
from flask.typing import ResponseReturnValue
from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional

from app.apex.operators.asking import act_page, allowed, done
from app.apex.operators.blueprint import bp
from app.apex.operators.words import resource_label
from app.core.i18n import gettext as _
from app.core.quotas import Resource
from app.web.forms import Form
from tenants import quotas

MOST = 10**12
_RANGE = (Optional(), NumberRange(min=0, max=MOST))


class LimitsForm(Form):
    """One number for each limit; an empty one is what every city has."""

    storage = IntegerField(validators=_RANGE)
    mails = IntegerField(validators=_RANGE)
    accounts = IntegerField(validators=_RANGE)
    requests = IntegerField(validators=_RANGE)


@bp.route("/cities/<city_id>/limits", methods=["GET", "POST"])
def limits(city_id: str) -> ResponseReturnValue:
    """Change what one city may use where it differs from what every city may."""
    record, before = allowed(city_id, "limits"), quotas.differing(city_id)
    form = LimitsForm(data=before)
    for resource in Resource:
        form[resource.value].label.text = resource_label(resource)
    if form.sent():
        for resource in Resource:
            wanted: int | None = form[resource.value].data
            if wanted != before.get(resource):
                quotas.put(city_id, resource, wanted)
        return done(city_id, _("The limits are saved."))
    usual: dict[Resource, int] = current_app.config["PARVIS"].quotas
    return act_page("limits", record, form, fields=[(form[r.value], usual[r]) for r in Resource])
