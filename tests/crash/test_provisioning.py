import json
import re
from contextlib import contextmanager

import pytest
from sqlalchemy import select, text

from app.accounts.models import Account, Role
from app.core.db import db
from tenants import schema
from tenants.models import CityRecord, CityState, Signup, SignupState
from tests.crash.browser import Browser
from tests.deployment import eventually, kill

pytestmark = pytest.mark.slow

LINK = re.compile(r"http://parvis\.localhost:\d+(/start/link/[\w-]+)")
WISH = {"city_name": "Killwood", "slug": "killwood", "email": "mayor@killwood.example", "language": "en"}
IS_CITY = "LIKE 'c\\_%'"
ALL_THERE_IS = f"""
SELECT (SELECT count(*) FROM pg_namespace WHERE nspname {IS_CITY}),
       (SELECT count(*) FROM pg_roles WHERE rolname {IS_CITY}),
       (SELECT count(*) FROM platform.city)
"""
WAITING = "SELECT count(*) AS number FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


class Platform:
    """The platform's tables and what the server says, asked as their owner."""

    def __init__(self, deployment):
        self.app = deployment.app

    def ask(self, statement):
        with self.app.app_context(), schema.owner_transaction() as owner:
            return owner.execute(statement).one()

    @contextmanager
    def nobody_finishes(self, slug):
        """Keep the last step of a city from being done."""
        with self.app.app_context(), schema.owner_transaction() as owner:
            owner.execute(text("SELECT id FROM platform.city WHERE slug = :slug FOR UPDATE"), {"slug": slug})
            yield


@pytest.fixture
def platform(deployment):
    return Platform(deployment)


@pytest.fixture
def mailed_link(deployment):
    """Return the path of the link that was mailed to whoever starts a city."""

    def read():
        mails = [json.loads(file.read_text()) for file in deployment.mail.glob("[!.]*.json")]
        mine = [mail["text"] for mail in mails if mail["recipient"] == WISH["email"]]
        return next((found[1] for found in map(LINK.search, mine) if found), "")

    return read


def test_a_city_whose_worker_is_killed_twice_is_made_once_and_whole(deployment, platform, mailed_link):
    before = platform.ask(text(ALL_THERE_IS))
    mayor = Browser(deployment, "")
    form = mayor.get("/start").hidden('name="city_name"')
    assert mayor.send("/start", [*form, *WISH.items()]).status == 303
    eventually(mailed_link, what="the mail")
    link = mailed_link()
    kill(deployment.worker)
    assert mayor.send(link, mayor.get(link).hidden("csrf_token")).status == 303

    progress = select(Signup.state, Signup.attempts).where(Signup.slug == WISH["slug"])
    with platform.nobody_finishes(WISH["slug"]):
        deployment.worker.start()
        eventually(lambda: platform.ask(progress).attempts == 1, what="the first try")
        kill(deployment.worker)
        deployment.worker.start()
        eventually(
            lambda: platform.ask(text(WAITING)).number, seconds=40, what="the last step of the second try"
        )
        kill(deployment.worker)
    assert tuple(platform.ask(progress)) == (SignupState.CONFIRMED, 2)
    deployment.worker.start()

    eventually(lambda: platform.ask(progress).state is SignupState.READY, seconds=40, what="the city")
    after = platform.ask(text(ALL_THERE_IS))
    assert [now - then for now, then in zip(after, before, strict=True)] == [1, 1, 1]
    city = platform.ask(select(CityRecord.state, CityRecord.published).where(CityRecord.slug == WISH["slug"]))
    assert tuple(city) == (CityState.LIVE, False)
    with deployment.look("killwood"):
        chief = db.session.scalars(select(Account)).one()
        assert (chief.email, chief.role) == (WISH["email"], Role.ADMINISTRATOR)
