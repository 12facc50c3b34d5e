"""What staff fill in about how people vote: ways, printed codes, polling places, ballots on paper."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Self

from wtforms import (
    BooleanField,
    DateField,
    FileField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional

from app.sdk import AttributeKind, AttributeType, Form, PersonField, _, _l, at_most, required

from ..models import Edition, Happening, Station
from ..rules.paper_ballots import Flaw
from ..rules.ways import Access, Duplicates, Way
from ..services.access import access_of, duplicates_text, way_title
from ..services.codes.entering import asked_of
from ..services.marks import mark
from ..services.paper_votes.identity import attributes_asked, fields_asked
from .fields import WholeNumberField

SEEN = "seen_"


class WaysForm(Form):
    """With what people vote."""

    ways = SelectMultipleField(_l("Ways to vote"))
    self_declared = BooleanField(
        _l("Whoever votes with a code from mail or telephone says herself that she meets the rule")
    )
    duplicates = RadioField(_l("When somebody votes on the web and on paper"))
    seen = HiddenField()

    @classmethod
    def of(cls, edition: Edition) -> Self:
        """Return the form filled with what is saved, or with what came in."""
        access = access_of(edition)
        form = cls(
            data={
                "ways": [way.value for way in access.ways],
                "self_declared": access.self_declared,
                "duplicates": access.duplicates.value,
                "seen": mark(access),
            }
        )
        form.ways.choices = [(way.value, way_title(way)) for way in Way]
        form.duplicates.choices = [(one.value, duplicates_text(one)) for one in Duplicates]
        return form

    def access(self) -> Access:
        """Return what was chosen."""
        chosen = set(self.ways.data or ())
        return Access(
            tuple(way for way in Way if way.value in chosen),
            bool(self.self_declared.data),
            Duplicates(self.duplicates.data or Duplicates.FIRST),
        )


class LettersForm(Form):
    """A batch of printed codes."""

    title = StringField(_l("What they are for"), [required(), at_most(120)])
    number = WholeNumberField(_l("How many"), [Optional()])
    file = FileField(_l("Or one for each line of a list (CSV)"))
    form = RadioField(
        _l("How you want them"),
        choices=[
            ("sheets", _l("As a page to print, with QR codes (up to 500)")),
            ("csv", _l("As a CSV file for a printing house")),
        ],
        default="sheets",
    )


class ReasonForm(Form):
    """Why something is taken back."""

    reason = StringField(_l("Why"), [required(_l("Write why.")), at_most(300)])


class VoidForm(ReasonForm):
    """Which codes lead to no ballot any more."""

    which = StringField(_l("Number on the letter, or its code"), [Optional(), at_most(40)])


class StationForm(Form):
    """A polling place."""

    name = StringField(_l("Name of the place"), [required(), at_most(120)])
    address = StringField(_l("Address"), [Optional(), at_most(200)])


class JournalForm(Form):
    """A line of the journal."""

    what = SelectField(_l("What"), choices=[])
    words = TextAreaField(_l("What happened"), [Optional(), at_most(1000)])
    number = WholeNumberField(_l("Number"), [Optional()])

    @classmethod
    def made(cls, choices: Sequence[tuple[str, str]]) -> Self:
        """Return the form with what can be written down."""
        form = cls()
        form.what.choices = list(choices)
        return form


class BatchForm(Form):
    """A batch of ballots on paper."""

    station = SelectField(_l("Where they come from"), choices=[], default="")
    kind = RadioField(
        _l("How they come"),
        choices=[
            ("envelopes", _l("Each in a closed envelope, with a signed slip")),
            ("urn", _l("In an urn; an officer enters each voter")),
        ],
        default="envelopes",
    )
    district = SelectField(_l("For which district"), choices=[], default="")
    printed = IntegerField(_l("Papers to print"), default=100)

    @classmethod
    def of(cls, edition: Edition, stations: Sequence[Station]) -> Self:
        """Return the form for an edition."""
        form = cls()
        form.station.choices = [("", _("By post")), *((str(one.id), one.name) for one in stations)]
        names = {district.key: district.name for district in edition.districts}
        form.district.choices = [
            (one.key, names.get(one.key, one.key) if one.key else _("Whole city")) for one in edition.contests
        ] or [("", _("Whole city"))]
        return form


class OpenForm(Form):
    """How many ballots were taken out."""

    declared = WholeNumberField(_l("Ballots in this batch"), [required(_l("Count the ballots."))])
    reason = StringField(_l("If they are fewer than the voters: why"), [Optional(), at_most(300)])
    knowingly = BooleanField(_l("They cannot be put together with those of another place"))


class KeyForm(Form):
    """What stands on one ballot."""

    serial = StringField(
        _l("Number of the paper"), [required(_l("Scan the paper or type its number.")), at_most(80)]
    )
    # One of the two is needed, and the reason where a third person decides: whoever reads sees it at once.
    marks = StringField(_l("What is marked"), [at_most(2000)])
    flaw = SelectField(_l("Or why it is not valid"), choices=[], default="")
    reason = StringField(_l("What you see on the ballot"), [at_most(300)])

    @classmethod
    def made(cls, *, third: bool = False) -> Self:
        """Return the form; only a third person finds that there is no such paper."""
        form = cls()
        flaws = [one for one in Flaw if third or one is not Flaw.ABSENT]
        form.flaw.choices = [("", _("It is valid")), *((one.value, flaw_text(one)) for one in flaws)]
        return form


def flaw_text(flaw: Flaw) -> str:
    """Return why a ballot is not valid."""
    return {
        Flaw.UNREADABLE: _("It cannot be read"),
        Flaw.TOO_MANY: _("More is marked than allowed"),
        Flaw.BLANK: _("Nothing is marked"),
        Flaw.FOREIGN: _("It is none of the city's papers"),
        Flaw.MARKED: _("It shows whose it is"),
        Flaw.ABSENT: _("There is no such paper"),
    }[flaw]


def aside_text(why: str) -> str:
    """Return why an envelope stays closed."""
    return {
        "voted": _("Has voted already"),
        "not_eligible": _("May not vote here"),
        "unsigned": _("The slip is not signed"),
        "late": _("Came too late"),
        "unreadable": _("The slip cannot be read"),
        "struck": _("Entered by mistake"),
        "online": _("Has voted on the web since"),
    }.get(why, why)


def happening_text(what: Happening) -> str:
    """Return what a line of a journal is about."""
    return {
        Happening.OPENED: _("Opened"),
        Happening.SEALS: _("Seals checked"),
        Happening.INCIDENT: _("Incident"),
        Happening.COUNTED: _("Counted"),
        Happening.HANDED_OVER: _("Handed over"),
        Happening.CLOSED: _("Closed"),
        Happening.CONFIRMED: _("Close confirmed"),
        Happening.CORRECTION: _("Correction"),
    }[what]


class PersonForm(Form):
    """Who stands before an officer, or has signed a slip; `of` adds what the city's list and the rule ask for."""

    act = HiddenField()

    @classmethod
    def of(cls, edition: Edition, *, empty: bool = False) -> "PersonForm":
        """Return the form for an edition, with what came in unless it is for somebody else."""
        fields: dict[str, object] = {field.value: _typed(field) for field in fields_asked()}
        kinds = {kind.key: kind for kind in asked_of(edition, every=True)}
        for name in attributes_asked(edition):
            if name in kinds:
                fields[SEEN + name] = _seen(kinds[name])
        if edition.contests:
            names = {district.key: district.name for district in edition.districts}
            fields["district_of_ballot"] = SelectField(
                _("Ballot for"),
                choices=[
                    (one.key, names.get(one.key, one.key) if one.key else _("Whole city"))
                    for one in edition.contests
                ],
            )
        kind: type[PersonForm] = type(cls.__name__, (cls,), fields)
        return kind(formdata=None) if empty else kind()

    def parts(self) -> Iterator[StringField]:
        """Yield the fields to show, in order."""
        return (field for field in self if field.name not in ("act", "csrf_token"))

    def typed(self) -> Mapping[PersonField, str]:
        """Return who is meant."""
        return {PersonField(one.name): str(one.data or "") for one in self if one.name in set(PersonField)}

    def attested(self) -> Mapping[str, str]:
        """Return what the officer has seen on a document, by attribute."""
        return {one.name.removeprefix(SEEN): str(one.data or "") for one in self if one.name.startswith(SEEN)}

    @property
    def district(self) -> str:
        """Return the district of the ballot."""
        return str(self["district_of_ballot"].data or "") if "district_of_ballot" in self else ""


def _typed(field: PersonField) -> object:
    labels = {
        PersonField.NUMBER: _("Number on the city's list"),
        PersonField.FAMILY_NAME: _("Family name"),
        PersonField.GIVEN_NAME: _("Given name"),
        PersonField.BIRTH_DATE: _("Birth date"),
        PersonField.POSTCODE: _("Postcode"),
    }
    hint = _("For example 1984-03-27.") if field is PersonField.BIRTH_DATE else ""
    return StringField(labels[field], [required(), at_most(120)], description=hint)


def _seen(kind: AttributeKind) -> object:
    if kind.type is AttributeType.DATE:
        return DateField(kind.title, [Optional()])
    if kind.type is AttributeType.TEXT:
        return StringField(kind.title, [Optional(), at_most(160)])
    return SelectField(kind.title, [Optional()], choices=[("", _("Not seen")), *kind.options.items()])
