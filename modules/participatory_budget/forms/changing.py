"""Why frozen rules are to change."""

from app.sdk import Form, LocalizedField, _l, in_first_language


class ReasonForm(Form):
    """The public reason of a change."""

    reason = LocalizedField(
        _l("Public reason"), [in_first_language(_l("Write why (%(language)s)."))], longest=1000
    )
