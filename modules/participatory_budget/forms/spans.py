"""Numbers of days, as forms take them."""

from wtforms import Field, Form
from wtforms.validators import ValidationError

from app.sdk import _

from ..rules.feasibility.steps import MOST_DAYS


def up_to_a_year(_form: Form, field: Field) -> None:
    """Refuse a number of days that is longer than a year."""
    if field.data is not None and not 0 <= field.data <= MOST_DAYS:
        raise ValidationError(_("Write a number of days from 0 to %(most)s.", most=MOST_DAYS))
