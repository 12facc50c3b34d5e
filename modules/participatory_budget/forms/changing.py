"""Why frozen rules are to change, and the one that can change after the close."""

from wtforms import RadioField
from wtforms.fields import SelectChoice

from app.sdk import Form, LocalizedField, _l, in_first_language, required

from ..models import Edition
from ..rules.outcomes import Method
from ..services import other_method
from ..services.rule_words import method_name


class ReasonForm(Form):
    """The public reason of a change."""

    reason = LocalizedField(
        _l("Public reason"), [in_first_language(_l("Write why (%(language)s)."))], longest=1000
    )


class MethodForm(Form):
    """How projects get their money instead, where the best choice in all cannot be found."""

    method = RadioField(_l("How projects get their money"), [required(_l("Choose an answer."))])

    @classmethod
    def of(cls, edition: Edition) -> "MethodForm":
        """Return the form with the methods that fit the ballot; none is chosen."""
        form = cls()
        form.method.choices = [
            SelectChoice(one.value, method_name(one)) for one in other_method.methods(edition)
        ]
        return form

    def chosen(self) -> Method:
        """Return the method that was chosen."""
        return Method(self.method.data)
