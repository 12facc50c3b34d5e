"""Forms of messages to very many people."""

from typing import Self

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import NumberRange

from app.accounts.messages.models import Message
from app.accounts.messages.rules import People, Reach, Segment
from app.core.districts import district_names
from app.core.i18n import LANGUAGES, offered
from app.core.i18n import gettext as _
from app.web.forms import Form, WholeNumberField, required
from app.web.localized import LocalizedField, in_first_language


class MessageForm(Form):
    """What is said, and to whom."""

    subject = LocalizedField(
        _l("Subject"), [in_first_language(_l("Write the subject (%(language)s)."))], longest=160
    )
    text = LocalizedField(_l("Text"), [in_first_language(_l("Write the text (%(language)s)."))], longest=5000)
    reach = RadioField(
        _l("Who hears of it"),
        choices=[
            SelectChoice(Reach.NEWS.value, _l("Those who chose to hear news")),
            SelectChoice(Reach.DISTRICT.value, _l("Those who chose to hear of their district")),
            SelectChoice(
                Reach.IMPORTANT.value,
                _l("Everybody, whatever they chose: only for safety or what the law asks"),
            ),
        ],
    )
    people = SelectField(
        _l("People"),
        choices=[
            SelectChoice(People.EVERYBODY.value, _l("Everybody")),
            SelectChoice(People.RESIDENTS.value, _l("Residents")),
            SelectChoice(People.STAFF.value, _l("Staff")),
        ],
    )
    language = SelectField(_l("Language"))
    district = SelectField(
        _l("District"), description=_l("As people have said or shown that they live there.")
    )

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        languages = [SelectChoice(code, LANGUAGES[code]) for code in offered()]
        self.language.choices = [SelectChoice("", _("All languages")), *languages]
        districts = [SelectChoice(code, name) for code, name in district_names().items()]
        self.district.choices = [SelectChoice("", _("The whole city")), *districts]

    @classmethod
    def of(cls, message: Message | None) -> Self:
        """Return the form with what is kept, or with what came in."""
        whom = message.whom if message else Segment()
        texts = {"subject": message.subject, "text": message.text} if message else {}
        return cls(data={**texts, **whom.words()})

    @property
    def whom(self) -> Segment:
        """Return the segment that was chosen."""
        return Segment(
            Reach(self.reach.data),
            People(self.people.data),
            self.language.data or "",
            self.district.data or "",
        )


class LimitForm(Form):
    """To how many people one person may write alone."""

    most = WholeNumberField(
        _l("One person alone may write to at most"),
        [required(), NumberRange(0, 1_000_000, _l("A number up to a million."))],
        description=_l("Above it, somebody else reads the message and sends it. 0 asks for it every time."),
    )
