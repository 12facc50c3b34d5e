"""Forms about how the city's messages leave."""

from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _l
from wtforms import Field, PasswordField, SelectField, StringField, TextAreaField, URLField
from wtforms.fields import SelectChoice
from wtforms.form import BaseForm
from wtforms.validators import NumberRange, Optional, Regexp, ValidationError

from app.accounts.services import clean_email
from app.core.errors import Invalid
from app.services import outbound, sms
from app.services.city_mail import SECURITIES, OwnServer
from app.services.city_sms import Provider
from app.web.forms import Form, WholeNumberField, at_most, given, required

EXAMPLE = '{\n  "recipients": ["{to}"],\n  "body": "{text}",\n  "reference": "{id}"\n}'


def _is_address(_form: BaseForm, field: Field) -> None:
    try:
        clean_email(field.data or "")
    except Invalid as error:
        raise ValidationError(str(error)) from error


class MailServerForm(Form):
    """A mail server of the city's own."""

    sender = StringField(
        _l("Address that mails come from"),
        [required(), at_most(200), _is_address],
        description=_l("An address of your own domain, such as hello@ville.example."),
    )
    host = StringField(_l("Mail server"), [required(), at_most(253)])
    security = SelectField(
        _l("Encryption"),
        choices=[
            SelectChoice("smtp", _l("STARTTLS, usually port 587")),
            SelectChoice("smtps", _l("TLS from the start, usually port 465")),
        ],
    )
    port = WholeNumberField(
        _l("Port"), [Optional(), NumberRange(1, 65535, _l("A port is a number up to 65535."))]
    )
    user = StringField(_l("User name"), [required(), at_most(200)])
    password = PasswordField(_l("Password"), [at_most(200)])
    selector = StringField(
        _l("DKIM selector"),
        [
            Optional(),
            at_most(63),
            Regexp(r"[A-Za-z0-9._-]+\Z", message=_l("Letters, digits, points and hyphens only.")),
        ],
        description=_l("The name of the key that your server signs with; whoever runs it knows it."),
    )

    def validate_host(self, field: StringField) -> None:
        """Refuse a server that cannot be reached or lies inside."""
        security = self.security.data if self.security.data in SECURITIES else "smtp"
        try:
            outbound.checked_host((field.data or "").strip(), self.port.data or SECURITIES[security])
        except Invalid as error:
            raise ValidationError(str(error)) from error

    def server(self, present: OwnServer | None) -> OwnServer:
        """Return what was typed; without a password, with the one there is for the same name on the same server."""
        security, host, user = given(self.security), given(self.host).strip(), given(self.user).strip()
        known = present is not None and (present.host, present.user) == (host, user)
        return OwnServer(
            host=host,
            port=self.port.data or SECURITIES[security],
            security=security,
            user=user,
            password=self.password.data or (present.password if present and known else ""),
            sender=clean_email(given(self.sender)),
            selector=(self.selector.data or "").strip(),
        )


class ProviderForm(Form):
    """A provider of text messages."""

    address = URLField(
        _l("Address of the provider"),
        [required(), at_most(500)],
        description=_l("Where messages are posted to, from the provider's manual."),
    )
    authorization = PasswordField(_l("Value of the Authorization header"), [at_most(1000)])
    body = TextAreaField(
        _l("What is posted (JSON)"),
        [required(), at_most(4000)],
        description=_l("{to} stands for the number, {text} for the message and {id} for its own mark."),
    )

    def validate_address(self, field: URLField) -> None:
        """Refuse an address that requests must not go to."""
        try:
            outbound.check_address(field.data or "")
        except Invalid as error:
            raise ValidationError(str(error)) from error

    def validate_body(self, field: TextAreaField) -> None:
        """Refuse what is no JSON, or forgets number or text."""
        try:
            sms.check_body(field.data or "")
        except Invalid as error:
            raise ValidationError(str(error)) from error

    def provider(self, present: Provider | None) -> Provider:
        """Return what was typed; without a secret, with the one there is for the same server."""
        address = given(self.address).strip()
        known = present is not None and urlsplit(present.address).netloc == urlsplit(address).netloc
        secret = self.authorization.data or (present.authorization if present and known else "")
        return Provider(address, given(self.body), secret)
