"""How an edition takes ideas, and writing one down for somebody."""

from collections.abc import Mapping

from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from app.sdk import Form, _, _l, at_most, given, picked, required

from ..models import Edition
from ..rules.ideas.rules import IdeaRules, Publication, ShowsSupports
from ..rules.ideas.states import Source
from ..services.ideas import writing
from ..services.marks import mark
from .fields import MoneyField, WholeNumberField, from_one

NUMBER, SHARE = "number", "share"


class IdeaRulesForm(Form):
    """What an edition says of its ideas."""

    publication = RadioField(
        _l("When residents see an idea"),
        choices=(
            SelectChoice(Publication.REVIEWED.value, _l("Once somebody of the city has looked at it")),
            SelectChoice(Publication.DELAYED.value, _l("After some hours in which the city can stop it")),
            SelectChoice(Publication.AT_ONCE.value, _l("At once")),
            SelectChoice(Publication.NONE.value, _l("Never: only the city reads ideas")),
        ),
    )
    delay_hours = WholeNumberField(
        _l("Hours until it shows by itself"), [required(_l("Write how many hours.")), from_one]
    )
    most_ideas = WholeNumberField(_l("Ideas one person can hand in"), [Optional(), from_one])
    most_authors = WholeNumberField(
        _l("Authors an idea can have"), [required(_l("Write at least 1.")), from_one]
    )
    most_files = WholeNumberField(
        _l("Photos and documents an idea can have"), [required(_l("Write 0 for none."))]
    )
    shortest_text = WholeNumberField(
        _l("Shortest description, in characters"), [required(_l("Write at least 1.")), from_one]
    )
    longest_text = WholeNumberField(
        _l("Longest description, in characters"), [required(_l("Write at least 1.")), from_one]
    )
    asks_cost = BooleanField(_l("Ask authors what it could cost"))
    takes_comments = BooleanField(_l("Residents can comment on ideas"))
    most_supports = WholeNumberField(_l("Ideas one person can support"), [Optional(), from_one])
    threshold = WholeNumberField(
        _l("Support an idea needs"), [required(_l("Write 0 where every idea is looked into."))]
    )
    threshold_in = RadioField(
        _l("How the support is counted"),
        choices=(
            SelectChoice(NUMBER, _l("As a number of supporters")),
            SelectChoice(SHARE, _l("In per cent of all who support some idea")),
        ),
    )
    shows_supports = RadioField(
        _l("When residents see how many support an idea"),
        choices=(
            SelectChoice(ShowsSupports.ALWAYS.value, _l("Always")),
            SelectChoice(ShowsSupports.AFTERWARDS.value, _l("When the phase is over")),
            SelectChoice(ShowsSupports.NEVER.value, _l("Never")),
        ),
    )
    supporters_as_voters = BooleanField(_l("Only those can support who can vote"))
    seen = HiddenField()

    @classmethod
    def of(cls, rules: IdeaRules) -> "IdeaRulesForm":
        """Return the form filled with what is saved, or with what came in."""
        names = [name for name in cls.__dict__ if name in IdeaRules.__dataclass_fields__]
        saved = {name: getattr(rules, name) for name in names}
        share = SHARE if rules.threshold_is_percent else NUMBER
        return cls(data={**saved, "threshold_in": share, "seen": mark(rules)})

    def validate(self, extra_validators: Mapping[str, object] | None = None) -> bool:
        """Refuse lengths and shares that contradict each other."""
        valid = bool(super().validate(extra_validators))
        if valid and given(self.shortest_text) > given(self.longest_text):
            self.longest_text.errors = [_("The longest description is shorter than the shortest.")]
            valid = False
        if valid and self.threshold_in.data == SHARE and given(self.threshold) > 100:
            self.threshold.errors = [_("A share is at most 100 per cent.")]
            valid = False
        return valid

    def rules(self) -> IdeaRules:
        """Return what was chosen."""
        return IdeaRules(
            publication=Publication(self.publication.data),
            delay_hours=given(self.delay_hours),
            most_ideas=self.most_ideas.data,
            most_authors=given(self.most_authors),
            most_files=given(self.most_files),
            shortest_text=given(self.shortest_text),
            longest_text=given(self.longest_text),
            asks_cost=self.asks_cost.data,
            takes_comments=self.takes_comments.data,
            most_supports=self.most_supports.data,
            threshold=given(self.threshold),
            threshold_is_percent=self.threshold_in.data == SHARE,
            shows_supports=ShowsSupports(self.shows_supports.data),
            supporters_as_voters=self.supporters_as_voters.data,
        )


class RecordForm(Form):
    """An idea that came on paper or at a workshop."""

    source = RadioField(
        _l("How did it come?"),
        choices=(
            SelectChoice(Source.PAPER.value, _l("On paper")),
            SelectChoice(Source.WORKSHOP.value, _l("At a workshop or a meeting")),
        ),
        default=Source.PAPER.value,
    )
    name = StringField(
        _l("Name of the author"),
        [Optional(), at_most(120)],
        description=_l("It is shown with the idea. Leave it empty when the author does not want that."),
    )
    title = StringField(_l("Title"), [required(_l("Give the idea a title.")), at_most(writing.LONGEST_TITLE)])
    category = SelectField(_l("Category"), default="")
    district = SelectField(_l("District"), default="")
    place = StringField(_l("Address or place"), [Optional(), at_most(writing.LONGEST_PLACE)])
    text = TextAreaField(_l("Description"), [required(_l("Describe the idea."))])
    cost = MoneyField(_l("What its author thinks it costs"), [Optional()])

    def offer(self, edition: Edition) -> "RecordForm":
        """Offer the categories and districts of an edition; a field without any goes."""
        if edition.categories:
            names = [SelectChoice(one.key, str(picked(one.name))) for one in edition.categories]
            self.category.choices = [SelectChoice("", _("Choose a category")), *names]
        else:
            del self.category
        if edition.districts:
            places = [SelectChoice(one.key, one.name) for one in edition.districts]
            self.district.choices = [SelectChoice("", _("The whole city, or no special place")), *places]
        else:
            del self.district
        return self

    def parts(self) -> tuple[writing.Beginning, writing.Where, writing.Words]:
        """Return what was typed."""
        category = self.category.data if "category" in self else ""
        district = self.district.data if "district" in self else ""
        return (
            writing.Beginning(self.title.data or "", category or ""),
            writing.Where(district or "", self.place.data or ""),
            writing.Words(self.text.data or "", self.cost.data),
        )
