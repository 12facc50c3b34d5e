"""What residents fill in about ideas: the steps of a new one, comments, reports, invitations."""

from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from app.sdk import Form, UploadField, _, _l, at_most, picked, required

from ..models import Edition
from ..services.ideas import commenting, files, writing
from ..services.ideas.rules_of import rules_of
from ..services.ideas.wording import report_reasons
from .fields import MoneyField


class BeginningForm(Form):
    """The first step: what it is called and what it is about."""

    title = StringField(
        _l("What is your idea?"),
        [required(_l("Give the idea a title.")), at_most(writing.LONGEST_TITLE)],
        description=_l("A short title, for example: Shade and benches on the school square."),
    )
    category = SelectField(_l("Category"), default="")
    seen = HiddenField()

    def offer(self, edition: Edition) -> "BeginningForm":
        """Offer the categories of an edition; without any the field goes."""
        if not edition.categories:
            del self.category
            return self
        self.category.choices = [
            SelectChoice("", _("Choose a category")),
            *(SelectChoice(one.key, str(picked(one.name))) for one in edition.categories),
        ]
        return self

    def part(self) -> writing.Beginning:
        """Return what was typed."""
        return writing.Beginning(self.title.data or "", self.category.data if "category" in self else "")


class PlaceForm(Form):
    """The second step: where; a click on the picture sends the point, a browser calls it `pin.x` and `pin.y`."""

    district = SelectField(_l("District"), default="")
    place = StringField(
        _l("Address or place"),
        [Optional(), at_most(writing.LONGEST_PLACE)],
        description=_l("A street, a square, a building: what anybody from here would understand."),
    )
    latitude = HiddenField()
    longitude = HiddenField()
    seen = HiddenField()

    def offer(self, edition: Edition) -> "PlaceForm":
        """Offer the districts of an edition; without any the field goes."""
        if not edition.districts:
            del self.district
            return self
        self.district.choices = [
            SelectChoice("", _("The whole city, or no special place")),
            *(SelectChoice(one.key, one.name) for one in edition.districts),
        ]
        return self

    @property
    def point(self) -> tuple[float, float] | None:
        """Return longitude and latitude as the page kept them; None where there is no point."""
        try:
            longitude, latitude = float(self.longitude.data or ""), float(self.latitude.data or "")
        except ValueError:
            return None
        return (longitude, latitude) if abs(longitude) <= 180 and abs(latitude) <= 90 else None

    def part(self) -> writing.Where:
        """Return what was typed and pointed at."""
        longitude, latitude = self.point or (None, None)
        district = self.district.data if "district" in self else ""
        return writing.Where(district or "", self.place.data or "", latitude, longitude)


class WordsForm(Form):
    """The third step: what exactly, and what it would cost."""

    text = TextAreaField(_l("Describe your idea"), [required(_l("Describe your idea."))])
    cost = MoneyField(
        _l("What could it cost?"),
        [Optional()],
        description=_l("A guess is enough. The city makes its own estimate."),
    )
    seen = HiddenField()

    def offer(self, edition: Edition) -> "WordsForm":
        """Ask for the cost where the edition does, and say how long the text may be."""
        rules = rules_of(edition)
        self.text.description = _(
            "What would change, for whom, and why here? Between %(least)s and %(most)s characters.",
            least=rules.shortest_text,
            most=rules.longest_text,
        )
        if not rules.asks_cost:
            del self.cost
        return self

    def part(self) -> writing.Words:
        """Return what was typed."""
        return writing.Words(self.text.data or "", self.cost.data if "cost" in self else None)


class FileForm(Form):
    """One photo or document."""

    file = UploadField(_l("Photo or document"), use=files.USE)
    description = StringField(
        _l("What it shows"),
        [at_most(200)],
        description=_l("For people who cannot see it; needed for a photo."),
    )


class CommentForm(Form):
    """Something to say to an idea, or an answer."""

    text = TextAreaField(
        _l("Your comment"), [required(_l("Write something first.")), at_most(commenting.LONGEST)]
    )
    answers = HiddenField()


class ReportForm(Form):
    """Why something should not be shown."""

    reason = RadioField(_l("What is wrong with it?"), [required(_l("Choose a reason."))])
    note = StringField(_l("Anything else the city should know"), [Optional(), at_most(500)])

    def offer(self) -> "ReportForm":
        """Offer the reasons in the reader's language."""
        self.reason.choices = [SelectChoice(one.value, words) for one, words in report_reasons()]
        return self


class InviteForm(Form):
    """Whom an author invites."""

    email = StringField(_l("E-mail address"), [required(_l("Type an e-mail address.")), at_most(254)])
