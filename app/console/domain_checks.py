"""Looking at cities' domains without being asked, and telling their administrators what came of it."""

from datetime import datetime
from enum import StrEnum

from flask import url_for

from app.accounts import staffing
from app.accounts.models import Role
from app.console.domain_words import proof_sentence
from app.core.context import current_city, serving
from app.core.db import end_transaction
from app.core.errors import NotFound
from app.core.jobs import Lane, enqueue, task
from app.notify.mail import send_mail
from tenants import domains, hostnames, resolve
from tenants.models import Domain


class News(StrEnum):
    """What a look at a domain came to, where its city should hear of it."""

    VERIFIED = "verified"
    MISSING = "missing"
    LOST = "lost"


@task("platform.check_domains", every=domains.CHECKED_EVERY, of_platform=True)
def check_domains() -> None:
    """Have every domain looked at that it is time for."""
    for host, city_id in domains.due():
        enqueue("platform.check_domain", host=host, city_id=city_id)


@task("platform.check_domain", of_platform=True, lane=Lane.ROUTINE)
def check_domain(host: str, city_id: str) -> None:
    """Look at one domain of a city; nothing is held while the DNS is asked."""
    city = resolve.city_by_id(city_id)
    if city is None:
        return
    try:
        found = domains.find(city_id, host)
        wanted, had, lost_at = domains.record_value(found), found.verified, found.lost_at
        end_transaction(keep=True)
        verdict = domains.look(host, wanted)
        after = domains.settle(city, host, verdict)
    except NotFound:
        # Somebody has removed it meanwhile.
        return
    told = news(had, lost_at, after)
    end_transaction(keep=True)
    if told is None:
        return
    with serving(resolve.city_by_id(city_id)):
        enqueue("console.tell_of_domain", host=host, news=told.value)
        end_transaction(keep=True)


@task("console.tell_of_domain")
def tell_of_domain(host: str, news: str) -> None:
    """Write to the city's administrators about a domain."""
    try:
        found = domains.find(current_city().id, host)
    except NotFound:
        return
    until = found.lost_at + domains.MISSED_FOR if found.lost_at else None
    for person in staffing.staff():
        if person.role is Role.ADMINISTRATOR and person.confirmed_at is not None:
            send_mail(
                "domain_news",
                person.email,
                person.language,
                host=hostnames.shown(host),
                news=news,
                domain=found,
                proof_sentence=proof_sentence,
                until=until,
                link=url_for("console.domain", host=host, _external=True),
            )


def news(had: bool, lost_at: datetime | None, after: Domain) -> News | None:
    """Return what is new about a domain, beside what was known before."""
    if had and not after.verified:
        return News.LOST
    if after.verified and not had:
        return News.VERIFIED
    return News.MISSING if after.lost_at is not None and lost_at is None else None
