"""Forms: shape is checked here, rules in services; whatever was typed is kept."""

from typing import Protocol, TypeVar

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, IntegerField
from wtforms.validators import InputRequired, Length

from app.core.errors import ServiceError

T = TypeVar("T", covariant=True)


class Answered(Protocol[T]):
    """A form field, seen as the value it holds."""

    @property
    def data(self) -> T | None:
        """Return the value; None before validation."""


def given(field: Answered[T]) -> T:
    """Return the value of a required field of a form that has been validated."""
    if field.data is None:
        raise AssertionError("given() is for required fields of a valid form")
    return field.data


class Form(FlaskForm):  # type: ignore[misc]
    """Base of every form; carries the CSRF token."""

    def sent(self) -> bool:
        """Tell whether the form came in and has the right shape."""
        return bool(self.validate_on_submit())

    @property
    def status(self) -> int:
        """Return the status of the page that shows the form: 422 when it came in with mistakes."""
        return 422 if request.method == "POST" and self.errors else 200

    def refuse(self, field: Field, error: ServiceError) -> None:
        """Show what a service refused beside the field it is about."""
        field.errors = [*field.errors, str(error)]


class WholeNumberField(IntegerField):  # type: ignore[misc]
    """A whole number; what is none is left to the validators to refuse, in the words of the page."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; keep what was typed, and no value, when it is none."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = None


def required(message: str | None = None) -> InputRequired:
    """Return a validator for a field that must be filled in."""
    return InputRequired(message or _l("Fill this in."))


def at_most(number: int) -> Length:
    """Return a validator for the longest text allowed."""
    return Length(max=number, message=_l("Use at most %(max)d characters."))
