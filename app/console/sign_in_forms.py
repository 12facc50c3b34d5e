"""Forms about how people sign in."""

from dataclasses import replace
from datetime import timedelta

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import Optional, ValidationError

from app.accounts.policy import Audience, Policy, Provider
from app.accounts.services import clean_email
from app.core.clock import today
from app.core.errors import Invalid
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.services import outbound
from app.web.forms import Form, at_most, given, required

RESIDENT_DAYS, RESIDENT_IDLE_DAYS = (1, 7, 14, 30), (1, 7, 14, 30)
STAFF_HOURS, STAFF_IDLE_MINUTES = (4, 8, 12, 24, 72), (15, 30, 60, 120, 480)
LATEST = timedelta(days=730)


class SignInForm(Form):
    """Which ways are offered, who needs a second factor, how long sessions last."""

    password = BooleanField(_l("Password"))
    link = BooleanField(_l("Link by mail"))
    passkey = BooleanField(_l("Passkey"))
    staff_factor_from = DateField(
        _l("Staff need a second factor from"),
        [Optional()],
        description=_l(
            "Leave it empty to leave it to each of them. Whoever has none by then is led to set one up after signing in."
        ),
    )
    resident_days = SelectField(_l("Residents stay signed in for at most"), coerce=int)
    resident_idle_days = SelectField(_l("Residents are signed out when they have not come for"), coerce=int)
    staff_hours = SelectField(_l("Staff stay signed in for at most"), coerce=int)
    staff_idle_minutes = SelectField(_l("Staff are signed out when they have done nothing for"), coerce=int)

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self.resident_days.choices = [_days(number) for number in RESIDENT_DAYS]
        self.resident_idle_days.choices = [_days(number) for number in RESIDENT_IDLE_DAYS]
        self.staff_hours.choices = [
            SelectChoice(number, ngettext("%(num)s hour", "%(num)s hours", number)) for number in STAFF_HOURS
        ]
        self.staff_idle_minutes.choices = [
            SelectChoice(number, ngettext("%(num)s minute", "%(num)s minutes", number))
            for number in STAFF_IDLE_MINUTES
        ]

    def validate_staff_factor_from(self, field: DateField) -> None:
        """Refuse a day that is years away."""
        if field.data is not None and field.data > today() + LATEST:
            raise ValidationError(_("Choose a day within the next two years."))

    @property
    def decided(self) -> Policy:
        """Return what was chosen, without the services."""
        return Policy(
            password=bool(self.password.data),
            link=bool(self.link.data),
            passkey=bool(self.passkey.data),
            staff_factor_from=self.staff_factor_from.data,
            resident_days=given(self.resident_days),
            resident_idle_days=given(self.resident_idle_days),
            staff_hours=given(self.staff_hours),
            staff_idle_minutes=given(self.staff_idle_minutes),
        )


class ServiceForm(Form):
    """A service that tells who somebody is."""

    title = StringField(
        _l("Name on the button"),
        [required(), at_most(60)],
        description=_l("What people know it by: “my employee account”."),
    )
    issuer = StringField(
        _l("Address of the service"),
        [required(), at_most(400)],
        description=_l("Its issuer, as in https://login.example.org. Everything else is asked for there."),
    )
    client_id = StringField(_l("Client ID"), [required(), at_most(200)])
    secret = PasswordField(_l("Client secret"), [Optional(), at_most(500)])
    audience = RadioField(_l("For whom"), [required()])
    domains = TextAreaField(
        _l("Only addresses that end in"),
        [Optional(), at_most(1000)],
        description=_l("One on each line, such as example.org. Leave it empty for all."),
    )
    opens_accounts = BooleanField(_l("Residents who are new here get an account"))
    trusted = BooleanField(
        _l("The service asks for a second factor itself"),
        description=_l("Then ours is not asked for after signing in there."),
    )
    on = BooleanField(_l("Offered on the sign-in page"))

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self.audience.choices = [
            SelectChoice(Audience.EVERYBODY.value, _("Everybody")),
            SelectChoice(Audience.STAFF.value, _("Staff only")),
            SelectChoice(Audience.RESIDENTS.value, _("Residents only")),
        ]

    def validate_issuer(self, field: StringField) -> None:
        """Refuse an address that leads inside, or nowhere."""
        try:
            outbound.check_address(field.data or "")
        except Invalid as error:
            raise ValidationError(str(error)) from error

    def validate_domains(self, field: TextAreaField) -> None:
        """Refuse what is no domain."""
        for domain in self.listed:
            try:
                clean_email(f"someone@{domain}")
            except Invalid as error:
                raise ValidationError(
                    _("%(domain)s is no domain such as example.org.", domain=domain)
                ) from error

    @property
    def listed(self) -> tuple[str, ...]:
        """Return the domains, each once."""
        lines = ((self.domains.data or "").replace(",", "\n")).split()
        return tuple(dict.fromkeys(line.strip().lower().removeprefix("@") for line in lines))

    def filled(self, provider_id: str = "") -> Provider:
        """Return the service without its secret."""
        return Provider(
            id=provider_id,
            title=given(self.title).strip(),
            issuer=given(self.issuer).strip(),
            client_id=given(self.client_id).strip(),
            audience=Audience(given(self.audience)),
            domains=self.listed,
            opens_accounts=bool(self.opens_accounts.data),
            trusted=bool(self.trusted.data),
            on=bool(self.on.data),
        )

    @classmethod
    def of(cls, provider: Provider) -> "ServiceForm":
        """Return the form of a service that is there; its secret stays hidden."""
        shown = replace(provider, secret="")
        return cls(
            title=shown.title,
            issuer=shown.issuer,
            client_id=shown.client_id,
            audience=shown.audience.value,
            domains="\n".join(shown.domains),
            opens_accounts=shown.opens_accounts,
            trusted=shown.trusted,
            on=shown.on,
        )


class ResetForm(Form):
    """Who has lost a second factor."""

    email = StringField(_l("E-mail address of the account"), [required(), at_most(254)])


def _days(number: int) -> SelectChoice:
    return SelectChoice(number, ngettext("%(num)s day", "%(num)s days", number))
