"""A city that leaves is named by others: their words, claims and mail addresses are theirs and hold nothing up."""

from datetime import timedelta

import pytest

from app.accounts.models import Role
from app.accounts.services import create_confirmed
from app.core import redis
from app.core.clock import now
from app.core.db import db, end_transaction
from app.core.jobs import enqueue
from tenants import domains
from tenants.erasure.erase import erase, find
from tenants.erasure.scheduling import schedule_erasure
from tenants.inside import inside
from tenants.models import Domain, PlatformMail, Signup, SignupState
from tests.tenants.erasure.conftest import broker
from tests.tenants.life.acts import operating
from worker import relay

HOST = "atlantis.example"


@pytest.fixture
def leaving(app, atlantis):
    """A city with a domain of its own and a claim to one that everybody has mail addresses at, closed and due."""
    with app.app_context():
        facts = {"city_id": atlantis, "added_at": now()}
        db.session.add(Domain(**facts, host=HOST, verified=True, main=True, proof="x"))
        db.session.add(Domain(**facts, host="mail.example", verified=False, proof="x"))
        end_transaction(keep=True)
    with operating(app, "atlantis") as record:
        schedule_erasure(record, reason="The city has left.", grace=timedelta(0))
    return atlantis


def platform_mail(**values):
    words = {"language": "en", "subject": "Welcome", "html": "", "created_at": now(), "about": ""}
    db.session.add(PlatformMail(**words | values))


def test_what_others_say_of_its_hosts_stays_and_holds_nothing_up(app, leaving):
    with inside(app, "budapest") as city:
        domains.add(city, HOST)
        create_confirmed(f"bela@{HOST}", "Béla", role=Role.RESIDENT, language="hu")
    with operating(app, "budapest") as record:
        record.tagline = {"en": f"Twinned with http://atlantis.parvis.localhost and http://{HOST}/"}
        record.contact_email = f"office@{HOST}"
    with app.app_context():
        asked = {"token_hash": "t", "language": "en", "created_at": now(), "expires_at": now(), "attempts": 0}
        db.session.add(
            Signup(state=SignupState.REQUESTED, city_name="Mu", slug="mu", email=f"m@{HOST}", **asked)
        )
        enqueue("platform.check_domain", host=HOST, city_id="testbudapest")
        end_transaction(keep=True)
    relay.relay(app, broker(app))
    with app.app_context():
        erase(leaving, everywhere=True)
        assert find(leaving).erased_at is not None
        assert db.session.get(Domain, (HOST, "testbudapest")) is not None
        assert redis.client().llen(redis.key("celery:routine")) == 1


def test_a_claim_that_was_never_proven_takes_nothing_from_others(app, leaving):
    with inside(app, "budapest"):
        create_confirmed("bela@mail.example", "Béla", role=Role.RESIDENT, language="hu")
    with app.app_context():
        platform_mail(
            recipient="ada@mail.example", text="See http://mail.example/ for more.", about="testparis"
        )
        platform_mail(
            recipient="eve@eve.example", text=f"See http://{HOST}.org/ for more.", about="testparis"
        )
        end_transaction(keep=True)
        erase(leaving, everywhere=True)
        assert find(leaving).erased_at is not None
        left = {mail.recipient for mail in db.session.query(PlatformMail)}
        assert {"ada@mail.example", "eve@eve.example"} <= left
