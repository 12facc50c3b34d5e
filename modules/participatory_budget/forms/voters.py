"""Who can vote in an edition."""

from wtforms import HiddenField

from app.sdk import EligibilityForm


class VotersForm(EligibilityForm):
    """The rule, and what the page showed of it."""

    seen = HiddenField()
