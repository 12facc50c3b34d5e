"""A form field for a text in every language of the city."""

from collections.abc import Callable, Mapping, Sequence

from wtforms import Field, Form
from wtforms.utils import unset_value
from wtforms.validators import ValidationError

from app.core.i18n import LANGUAGES, offered
from app.core.i18n import gettext as _
from app.core.text import Localized

Validator = Callable[[Form, Field], None]


class LocalizedField(Field):  # type: ignore[misc]
    """Inputs `<name>-<language>`, drawn by the macro `localized_fields`; data is language → words.

    Words in a language that the city no longer offers are kept as they were.
    """

    data: Localized

    def __init__(
        self, label: str, validators: Sequence[Validator] = (), *, longest: int, **options: object
    ) -> None:
        super().__init__(label, validators, **options)
        self.longest = longest

    def process(
        self,
        formdata: Mapping[str, str] | None,
        data: object = unset_value,
        extra_filters: Sequence[Callable[[object], object]] | None = None,
    ) -> None:
        """Take what was typed in each language offered."""
        super().process(None, data, extra_filters)
        before: Localized = self.data or {}
        if not formdata:
            self.data = before
            return
        kept = {code: words for code, words in before.items() if code not in offered()}
        typed = {code: _first(formdata, f"{self.name}-{code}").strip() for code in offered()}
        self.raw_data = [words for words in typed.values() if words]
        self.data = {**kept, **{code: words for code, words in typed.items() if words}}

    def pre_validate(self, form: Form) -> None:
        """Refuse a text that is too long in one of its languages."""
        for code, words in self.data.items():
            if len(words) > self.longest:
                raise ValidationError(
                    _(
                        "%(field)s: use at most %(max)s characters (%(language)s).",
                        field=self.label.text,
                        max=self.longest,
                        language=LANGUAGES.get(code, code),
                    )
                )


def in_first_language(message: str) -> Validator:
    """Return a validator for a text that the city's first language must have; `message` may name `%(language)s`."""

    def check(_form: Form, field: Field) -> None:
        first = offered()[0]
        if not field.data.get(first):
            raise ValidationError(str(message) % {"language": LANGUAGES[first]})

    return check


def _first(formdata: Mapping[str, str], name: str) -> str:
    given = formdata.getlist(name)  # type: ignore[attr-defined]
    return str(given[0]) if given else ""
