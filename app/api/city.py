"""The city and the modules that are on."""

from app.api.blueprint import bp
from app.core.context import current_city
from app.core.i18n import gettext as _
from app.registry import modules
from app.web.rest import Answer, Listing, Texts, endpoint
from app.web.rest.paths import whole


class City(Answer):
    """A city as everybody may know it."""

    id: str
    name: str
    tagline: Texts
    languages: list[str]
    time_zone: str
    currency: str
    url: str
    contact_email: str


class Module(Answer):
    """A service that the city offers."""

    name: str
    title: str
    summary: str
    version: str
    url: str | None


@endpoint(bp, "GET", "/city", returns=City)
def city() -> City:
    """Return the city: its name, languages, time zone and currency."""
    served = current_city()
    return City(
        id=served.id,
        name=served.name,
        tagline=dict(served.tagline),
        languages=list(served.languages),
        time_zone=served.time_zone,
        currency=served.currency,
        url=whole("/"),
        contact_email=served.contact_email,
    )


@endpoint(bp, "GET", "/modules", returns=Listing[Module])
def switched_on() -> Listing[Module]:
    """List the services that are switched on, in the language asked for."""
    on = current_city().modules
    shown = [
        Module(
            name=each.name,
            title=_(each.title),
            summary=_(each.summary),
            version=each.version,
            url=whole(f"/{each.path}/") if each.in_menu else None,
        )
        for each in modules().values()
        if each.name in on
    ]
    return Listing(items=shown)
