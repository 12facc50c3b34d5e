"""Forms of sign-in and account."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, Field, HiddenField, PasswordField, SelectField, StringField
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, Optional, ValidationError

from app.accounts.passkeys import NAME_LENGTH as NAMED_LENGTH
from app.accounts.passwords import MAX_LENGTH, MIN_LENGTH
from app.accounts.services import NAME_LENGTH, clean_email
from app.core.errors import Invalid
from app.web.forms import Form, at_most, required

_LONG_ENOUGH = _l(
    "At least %(number)s characters. A few words that only you put together are good.", number=MIN_LENGTH
)


def _clean(text: str | None) -> str | None:
    """Return the text without what cannot be seen: spaces around it, NUL bytes, marks that turn the direction."""
    return "".join(c for c in text if c.isprintable()).strip() if text else text


def _is_address(_form: BaseForm, field: Field) -> None:
    try:
        clean_email(field.data or "")
    except Invalid as error:
        raise ValidationError(str(error)) from error


def _email() -> EmailField:
    rules = [required(_l("Enter your e-mail address.")), _is_address]
    return EmailField(_l("E-mail address"), rules, filters=[_clean])


def _name() -> StringField:
    return StringField(
        _l("Your name"), [DataRequired(_l("Enter your name.")), at_most(NAME_LENGTH)], filters=[_clean]
    )


def _new_password() -> PasswordField:
    return PasswordField(
        _l("New password"),
        [required(_l("Enter a new password.")), at_most(MAX_LENGTH)],
        description=_LONG_ENOUGH,
    )


class AddressForm(Form):
    """An address that a link is mailed to."""

    email = _email()


class SignInForm(AddressForm):
    """Address and password."""

    password = PasswordField(_l("Password"), [required(_l("Enter your password.")), at_most(MAX_LENGTH)])


class SignUpForm(Form):
    """What a new resident tells about herself."""

    name = _name()
    email = _email()
    password = PasswordField(_l("Password"), [Optional(), at_most(MAX_LENGTH)], description=_LONG_ENOUGH)


class NewPasswordForm(Form):
    """A new password for who holds a link."""

    password = _new_password()


class InvitedForm(Form):
    """Name and password of somebody who joins the staff."""

    name = _name()
    password = _new_password()


class ConfirmElsewhereForm(Form):
    """A password for who confirms on another device than the one she signed up on."""

    password = PasswordField(_l("New password"), [Optional(), at_most(MAX_LENGTH)], description=_LONG_ENOUGH)


class ProfileForm(Form):
    """What a person may change about herself; the view sets the choices of `language`."""

    name = _name()
    language = SelectField(_l("Language of mails and pages"))


class ChangePasswordForm(Form):
    """The old password and a new one; the view takes `current` away when there is no old one."""

    current = PasswordField(
        _l("Present password"), [required(_l("Enter your present password.")), at_most(MAX_LENGTH)]
    )
    new = _new_password()


class CodeForm(Form):
    """A code of an authenticator app, or a recovery code."""

    code = StringField(_l("Code"), [required(_l("Enter the code.")), at_most(40)], filters=[_clean])


class ConfirmForm(Form):
    """What shows once more who is there; its names stay out of the way of the form that waits."""

    PREFIX = "confirm-"

    password = PasswordField(_l("Your password"), [at_most(MAX_LENGTH)])
    code = StringField(_l("Code"), [at_most(40)], filters=[_clean])
    answer = HiddenField()

    def __init__(self, **values: object) -> None:
        super().__init__(prefix=self.PREFIX, **values)


class NewAddressForm(Form):
    """Another address for the account."""

    email = _email()


class PasskeyForm(Form):
    """A passkey that the browser has made."""

    name = StringField(
        _l("Name of the passkey"),
        [Optional(), at_most(NAMED_LENGTH)],
        filters=[_clean],
        description=_l("So that you know later which one it is: “my phone”, “blue key”."),
    )
    answer = HiddenField()
