"""A project on the ballot, and why one is taken out of the count."""

from dataclasses import replace
from typing import Self

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from app.sdk import (
    Form,
    LocalizedField,
    PictureForm,
    _,
    _l,
    at_most,
    given,
    in_first_language,
    picked,
    required,
)

from ..models import Edition, Project
from ..services.marks import mark
from ..services.projects import ProjectTexts, texts_of
from .fields import MoneyField, above_zero


class ProjectTextsForm(PictureForm):
    """What can be said of a project at any time; a picture that was accepted stays, whatever else is corrected."""

    title = LocalizedField(
        _l("Title"), [in_first_language(_l("Write the title (%(language)s)."))], longest=160
    )
    summary = LocalizedField(_l("Summary"), [Optional()], longest=2_000)
    picture = FileField(_l("Picture"), [Optional()])
    kept_picture = HiddenField()
    remove_picture = BooleanField(_l("Show no picture"))
    picture_alt = LocalizedField(_l("What the picture shows"), longest=300)
    seen = HiddenField()

    @classmethod
    def of(cls, project: Project) -> Self:
        """Return the form of a saved project, filled with what came in if something did."""
        return cls(data=_values(project))

    def texts(self, saved: ProjectTexts) -> ProjectTexts:
        """Return what was typed, and of everything else what is saved."""
        return replace(
            saved,
            title=self.title.data,
            summary=self.summary.data,
            picture=self.shown_picture,
            picture_alt=self.picture_alt.data if self.shown_picture else {},
        )


class ProjectForm(ProjectTextsForm):
    """A project before the ballot is fixed."""

    cost = MoneyField(_l("Cost"), [required(_l("Write what the project costs.")), above_zero])
    category = SelectField(_l("Category"), validate_choice=False)
    district = SelectField(_l("District"), validate_choice=False)
    reference = StringField(_l("Number in the city's own list"), [Optional(), at_most(40)])

    @classmethod
    def on(cls, edition: Edition, project: Project | None = None) -> Self:
        """Return the form of a new or a saved project, filled with what came in if something did."""
        form = cls(data=_values(project) if project else None)
        form.category.choices = [
            SelectChoice("", _("No category")),
            *(SelectChoice(one.key, str(picked(one.name)) or one.key) for one in edition.categories),
        ]
        form.district.choices = [
            SelectChoice("", _("The whole city")),
            *(SelectChoice(one.key, one.name) for one in edition.districts),
        ]
        return form

    def texts(self, saved: ProjectTexts | None = None) -> ProjectTexts:
        """Return what was typed."""
        typed = ProjectTexts(
            title={},
            cost=given(self.cost),
            category=_known(self.category),
            district=_known(self.district),
            reference=self.reference.data or "",
        )
        return super().texts(typed)


class ExclusionForm(Form):
    """Why a project is taken out of the count."""

    reason = LocalizedField(
        _l("Reason"), [in_first_language(_l("Write the reason (%(language)s)."))], longest=400
    )


def _values(project: Project) -> dict[str, object]:
    texts = texts_of(project)
    return {
        "title": texts.title,
        "summary": texts.summary,
        "cost": texts.cost,
        "category": texts.category,
        "district": texts.district,
        "reference": texts.reference,
        "kept_picture": texts.picture,
        "picture_alt": texts.picture_alt,
        "seen": mark(texts),
    }


def _known(field: SelectField) -> str:
    """Return the chosen key; nothing for one that was removed meanwhile."""
    key = str(field.data or "")
    return key if key in {choice.value for choice in field.choices} else ""
