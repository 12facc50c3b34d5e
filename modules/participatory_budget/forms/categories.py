"""A category; the districts."""

from typing import Self
from uuid import UUID

from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Optional

from app.sdk import Form, LocalizedField, _, _l, at_most, in_first_language

from ..models import Category, Edition
from ..services.categories import CategoryTexts, texts_of
from ..services.districts import DistrictNames, names_of
from ..services.marks import mark
from .fields import MoneyField, above_zero

_NAME = "name_"


class CategoryForm(Form):
    """A theme that projects belong to."""

    name = LocalizedField(_l("Name"), [in_first_language(_l("Write the name (%(language)s)."))], longest=80)
    summary = LocalizedField(_l("Summary"), [Optional()], longest=400)
    envelope = MoneyField(_l("Money of its own"), [Optional(), above_zero])
    seen = HiddenField()

    @classmethod
    def of(cls, category: Category) -> Self:
        """Return the form filled with what is saved, or with what came in."""
        texts = texts_of(category)
        return cls(obj=texts, data={"seen": mark(texts)})

    def texts(self, *, kept: int | None = None) -> CategoryTexts:
        """Return what was typed; `kept` is the money where it can no longer change and is not asked for."""
        envelope = self.envelope.data if "envelope" in self else kept
        return CategoryTexts(self.name.data, self.summary.data, envelope)


class DistrictsForm(Form):
    """All districts at once; `of` adds a field for each."""

    added = TextAreaField(_l("Add districts"), [Optional(), at_most(20_000)])
    seen = HiddenField()

    @classmethod
    def of(cls, edition: Edition) -> "DistrictsForm":
        """Return the form filled with what is saved, or with what came in."""
        saved = names_of(edition)
        fields = {
            f"{_NAME}{key.hex}": StringField(_("District %(number)s", number=place))
            for place, key in enumerate(saved.names, start=1)
        }
        kind: type[DistrictsForm] = type(cls.__name__, (cls,), fields)
        names = {f"{_NAME}{key.hex}": name for key, name in saved.names.items()}
        return kind(data={**names, "seen": mark(saved)})

    @property
    def names(self) -> list[StringField]:
        """Return the fields of the districts, in order."""
        return [field for field in self if field.name.startswith(_NAME)]

    def districts(self) -> DistrictNames:
        """Return what was typed."""
        names = {UUID(field.name.removeprefix(_NAME)): field.data or "" for field in self.names}
        return DistrictNames(names, (self.added.data or "").splitlines())
