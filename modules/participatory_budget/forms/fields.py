"""Fields for amounts, whole numbers and addresses, as people write them."""

from collections.abc import Sequence

from wtforms import Field, Form, IntegerField, StringField, TextAreaField
from wtforms.validators import ValidationError

from app.sdk import (
    ServiceError,
    _,
    current_city,
    from_major,
    language,
    minor_digits,
    number,
    parse_money,
    to_major,
)

from ..rules.amounts import bare, by_shape
from ..services import editions

EXAMPLE = 250_000
MOST = 1_000_000


class MoneyField(StringField):  # type: ignore[misc]
    """An amount in the city's currency, typed in the reader's notation; data is in minor units."""

    data: int | None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else typed(self.data)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read what was typed; an empty field is no amount."""
        text = str(valuelist[0]).strip() if valuelist else ""
        self.data = None
        if text:
            self.data = read(text)


class WholeNumberField(IntegerField):  # type: ignore[misc]
    """A whole number; anything else is named in plain words."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read what was typed; an empty field is no number."""
        text = str(valuelist[0]).strip() if valuelist else ""
        self.data = None
        if not text:
            return
        if not (text.isascii() and text.isdigit()):
            raise ValueError(_("Write a whole number, for example 3."))
        self.data = int(text)


class TenthsField(StringField):  # type: ignore[misc]
    """A share in per cent with one decimal at most; data is in tenths of a per cent."""

    data: int | None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else number(self.data / 10)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read what was typed; an empty field is no share."""
        text = str(valuelist[0]).strip().removesuffix("%").strip() if valuelist else ""
        self.data = None
        if not text:
            return
        whole, _point, tenth = text.replace(",", ".").partition(".")
        if not (
            whole.isascii() and whole.isdigit() and (tenth or "0").isascii() and (tenth or "0").isdigit()
        ):
            raise ValueError(_("Write a share in per cent, for example %(example)s.", example=number(2.5)))
        if len(tenth) > 1 or not 0 < int(whole[:4]) * 10 + int(tenth or 0) <= 1000:
            raise ValueError(_("Write a share from %(least)s to 100.", least=number(0.1)))
        self.data = int(whole) * 10 + int(tenth or 0)


class GroupsField(TextAreaField):  # type: ignore[misc]
    """Groups of projects by their numbers, one group on each line; data is a list of lists."""

    data: list[list[int]]

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "\n".join(", ".join(map(str, group)) for group in self.data or [])

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read what was typed; an empty field is no group."""
        self.data = []
        for line in (str(valuelist[0]) if valuelist else "").splitlines():
            words = line.replace(",", " ").replace(";", " ").split()
            if not words:
                continue
            if len(set(words)) < 2 or not all(word.isascii() and word.isdigit() for word in words):
                raise ValueError(_("Write at least two numbers of projects on each line, for example 3, 7."))
            self.data.append(sorted({int(word[:9]) for word in words}))


def from_one(_form: Form, field: Field) -> None:
    """Refuse a number of things that is not at least one."""
    if field.data is not None and not 1 <= field.data <= MOST:
        raise ValidationError(_("Write a number from 1 to %(most)s.", most=number(MOST)))


def above_zero(_form: Form, field: Field) -> None:
    """Refuse an amount of nothing."""
    if field.data is not None and field.data <= 0:
        raise ValidationError(_("Write an amount above zero."))


def free_address(_form: Form, field: Field) -> None:
    """Take the suggestion for an empty address; refuse one that cannot be had."""
    field.data = (field.data or "").strip() or editions.free_address()
    try:
        editions.must_be_free(field.data)
    except ServiceError as error:
        raise ValidationError(str(error)) from error


def read(text: str) -> int:
    """Return the minor units of a typed amount; raises ValueError with a sentence for whoever typed it."""
    currency, plain = current_city().currency, bare(text)
    shown = by_shape(plain, decimals=minor_digits(currency))
    try:
        amount = parse_money(plain, currency, language())
        alike = shown is None or from_major(shown, currency) == amount
    except ValueError:
        raise ValueError(_("Write an amount, for example %(example)s.", example=number(EXAMPLE))) from None
    if not alike:
        raise ValueError(
            _("This amount can be read in two ways. Write it without points and commas, for example 250000.")
        )
    return amount


def typed(minor: int) -> str:
    """Return an amount as the reader would type it."""
    amount = to_major(minor, current_city().currency)
    whole = amount == amount.to_integral_value()
    return number(int(amount) if whole else float(amount))
