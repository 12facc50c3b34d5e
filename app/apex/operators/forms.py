"""The forms of the operators' console that are not about one city."""

from flask import abort, redirect, url_for
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField, StringField

from app.accounts.operators import entering, sessions
from app.accounts.passwords import MIN_LENGTH
from app.apex.operators.blueprint import me
from app.core.errors import Invalid, TooMany
from app.core.i18n import gettext as _
from app.web.forms import Form, at_most, required
from app.web.limits import limit

CODE_TRIES = "10 per 15 minutes"


class SignInForm(Form):
    """What opens the door: all of it at once, so that no answer tells which part was right."""

    email = EmailField(_l("E-mail address"), [required(_l("Enter your e-mail address.")), at_most(254)])
    password = PasswordField(_l("Password"), [required(_l("Enter your password.")), at_most(256)])
    code = StringField(_l("Code"), [required(_l("Enter the code.")), at_most(40)])


class PasswordForm(Form):
    """A first password."""

    password = PasswordField(
        _l("Password"),
        [required()],
        description=_l("At least %(number)s characters.", number=MIN_LENGTH),
    )


class CodeForm(Form):
    """The first code of a new authenticator."""

    code = StringField(_l("Code from the app"), [required(_l("Enter the code.")), at_most(40)])


class SureForm(Form):
    """Base of forms that do something dangerous: unless a code was given lately, they ask for one."""

    code = StringField(_l("Code from your authenticator app"), [at_most(40)])

    def __init__(self, *args: object, **values: object) -> None:
        super().__init__(*args, **values)
        if sessions.is_fresh(me()):
            del self.code

    def sure(self) -> bool:
        """Tell whether the form came in well and its operator has proved to be there; look at everything else first."""
        if not self.sent():
            return False
        if "code" not in self:
            return True
        try:
            self._prove(self.code.data or "")
        except (Invalid, TooMany) as error:
            self.refuse(self.code, error)
            return False
        del self.code
        return True

    def _prove(self, typed: str) -> None:
        held = me()
        limit("operator-code", CODE_TRIES, str(held.operator_id))
        if not typed.strip():
            raise Invalid(_("Enter the code that the app shows now."))
        right = entering.prove(held, typed)
        sessions.keep()
        if sessions.current() is None:
            abort(redirect(url_for("operators_door.sign_in")))
        if not right:
            raise Invalid(_("This code is not right, or was used before. Wait for the next one."))


class ChangePasswordForm(SureForm):
    """Another password."""

    password = PasswordField(
        _l("New password"),
        [required()],
        description=_l("At least %(number)s characters.", number=MIN_LENGTH),
    )
