"""What the drafting of the ballot asks staff and authors."""

from wtforms import RadioField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from app.sdk import Form, LocalizedField, _l, at_most, in_first_language, required

from ..services.drafting.consents import LONGEST

AGREE, OBJECT = "agree", "object"


class LeaveOutForm(Form):
    """Why ideas do not come on the ballot."""

    reason = LocalizedField(
        _l("Why it is not on the ballot"),
        [in_first_language(_l("Write the reason (%(language)s)."))],
        longest=1_000,
    )


class ConsentForm(Form):
    """What an author says to the text of a project."""

    answer = RadioField(
        _l("Your answer"),
        [required(_l("Choose an answer."))],
        choices=[
            SelectChoice(AGREE, _l("I agree")),
            SelectChoice(OBJECT, _l("Something should be otherwise")),
        ],
        validate_choice=False,
    )
    text = TextAreaField(_l("What should be otherwise?"), [Optional(), at_most(LONGEST)])
