"""How the vote is divided: one for all, or by district with a row for each."""

from collections.abc import Mapping
from dataclasses import dataclass

from wtforms import Field, HiddenField, RadioField, SelectField
from wtforms.fields import SelectChoice

from app.sdk import Form, _, _l

from ..models import Edition
from ..rules.contests import CITYWIDE, ContestsBy
from ..services.contests import LIMITS_OF, ContestRow, Contests, contests_as_saved, name_of
from ..services.marks import mark
from ..services.taking_part import DistrictBy
from .fields import MoneyField, WholeNumberField, above_zero, from_one

STAYS, WHOLE_CITY = "-", "*"
_CONTESTS_BY = (
    SelectChoice(ContestsBy.ONE.value, _l("One vote: all projects stand together")),
    SelectChoice(
        ContestsBy.DISTRICT.value, _l("By district: one vote for a district, and one for the whole city")
    ),
)
_DISTRICT_BY = (
    SelectChoice(DistrictBy.ANY.value, _l("She chooses one: where she lives, works or feels at home")),
    SelectChoice(DistrictBy.ATTRIBUTE.value, _l("The one where she was proven to live")),
)
_LABELS = {
    "min_choices": _l("At least"),
    "max_choices": _l("At most"),
    "points": _l("Points"),
    "max_points": _l("For one project"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """The fields of one contest."""

    key: str
    name: str
    money: Field
    limits: tuple[Field, ...]
    transfer: Field


class ContestsForm(Form):
    """All contests at once; `of` adds the fields of each."""

    by = RadioField(_l("How people vote"), choices=_CONTESTS_BY, default=ContestsBy.ONE.value)
    district_by = RadioField(
        _l("The district of a voter"), choices=_DISTRICT_BY, default=DistrictBy.ANY.value
    )
    seen = HiddenField()
    keys: list[str]
    names: Mapping[str, str]
    limits: tuple[str, ...]

    @classmethod
    def of(cls, edition: Edition) -> "ContestsForm":
        """Return the form filled with what is saved, or with what came in."""
        saved = contests_as_saved(edition)
        keys = [*(district.key for district in edition.districts), CITYWIDE]
        names = {key: name_of(edition, key) for key in keys}
        limits = LIMITS_OF[edition.ballot_type]
        fields: dict[str, Field] = {}
        for place, key in enumerate(keys):
            fields |= _fields(place, key, names, limits)
        data: dict[str, object] = {
            "by": saved.by.value,
            "district_by": saved.district_by.value,
            "seen": mark(saved),
        }
        for row in saved.rows:
            if row.key in keys:
                data |= _typed(keys.index(row.key), row)
        kind: type[ContestsForm] = type(cls.__name__, (cls,), fields)
        form = kind(data=data)
        form.keys, form.names, form.limits = keys, names, limits
        return form

    @property
    def rows(self) -> list[Row]:
        """Return the fields of each contest; the one of the whole city comes last."""
        return [
            Row(
                key,
                self.names[key],
                self[f"money_{place}"],
                tuple(self[f"{limit}_{place}"] for limit in self.limits),
                self[f"transfer_{place}"],
            )
            for place, key in enumerate(self.keys)
        ]

    @property
    def heads(self) -> list[str]:
        """Return what stands above the columns of limits."""
        return [str(_LABELS[limit]) for limit in self.limits]

    def validate(self, extra_validators: Mapping[str, object] | None = None) -> bool:
        """Ask for money wherever something else is filled in."""
        super().validate(extra_validators)
        for row in self.rows:
            more = any(field.data for field in row.limits) or row.transfer.data not in (STAYS, None)
            if more and row.money.data is None and not row.money.errors:
                row.money.errors = [_("Write how much money %(category)s has.", category=row.name)]
        return not self.errors

    def contests(self) -> Contests:
        """Return what was typed; whoever has no money has no contest."""
        rows = [
            ContestRow(
                row.key,
                row.money.data,
                tuple(
                    (limit, field.data)
                    for limit, field in zip(self.limits, row.limits, strict=True)
                    if field.data is not None
                ),
                {STAYS: None, WHOLE_CITY: CITYWIDE}.get(row.transfer.data, row.transfer.data),
            )
            for row in self.rows
            if row.money.data is not None
        ]
        return Contests(ContestsBy(self.by.data), DistrictBy(self.district_by.data), tuple(rows))


def _fields(place: int, key: str, names: Mapping[str, str], limits: tuple[str, ...]) -> dict[str, Field]:
    name = names[key]
    others = [SelectChoice(other or WHOLE_CITY, names[other]) for other in names if other != key]
    return {
        f"money_{place}": MoneyField(_("Money: %(name)s", name=name), [above_zero]),
        **{f"{limit}_{place}": WholeNumberField(f"{_LABELS[limit]}: {name}", [from_one]) for limit in limits},
        f"transfer_{place}": SelectField(
            _("What is left: %(name)s", name=name),
            choices=[SelectChoice(STAYS, _("stays")), *others],
            default=STAYS,
        ),
    }


def _typed(place: int, row: ContestRow) -> dict[str, object]:
    transfer = STAYS if row.transfer_to is None else row.transfer_to or WHOLE_CITY
    return {
        f"money_{place}": row.budget,
        f"transfer_{place}": transfer,
        **{f"{limit}_{place}": number for limit, number in row.limits},
    }
