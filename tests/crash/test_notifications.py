import asyncio
import random
import shutil
import sys
import time
from collections import Counter
from email.parser import BytesParser
from email.policy import default as policy

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import func, select

from app.accounts import services
from app.accounts.models import Role
from app.core.db import db
from app.notify import choices
from app.notify.audiences import everybody
from app.notify.choices import Quiet
from app.notify.models import Delivery
from app.notify.people import account
from app.notify.rules import State
from app.notify.telling import notify
from devstack.child import Child
from devstack.probe import WORKER
from devstack.services import scratch_dir
from devstack.services.process import free_port
from tests.deployment import Deployment, eventually, kill

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="children of a process are looked up in /proc"),
]

SLUG, PEOPLE, KILLS = "storm", 200, 5
TAKES_SECONDS, GAP_SECONDS = 0.03, 0.8
# Each of the two processes of a killed worker may have been between the server's answer and its own commit.
MOST_REPEATED = 2 * KILLS


class SlowPost:
    """A mail server that takes its time."""

    def __init__(self):
        self.taken = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        await asyncio.sleep(TAKES_SECONDS)
        self.taken.append(BytesParser(policy=policy).parsebytes(envelope.content, headersonly=True))
        return "250 OK"


class WithThreeWorkers(Deployment):
    """A deployment with a mail server and two more workers."""

    def __init__(self, state, mail_port):
        super().__init__(state, durable=True)
        self.mail_port = mail_port

    def _environment(self):
        return super()._environment() | {"MAIL_URL": f"smtp://127.0.0.1:{self.mail_port}"}

    def start(self):
        super().start()
        first = self.worker
        self.workers = [first]
        for number in (2, 3):
            command = [f"{number}{part}" if part == WORKER else part for part in first.command]
            log = self.state / f"worker{number}.log"
            more = Child(
                f"worker{number}", command, first.env, log, stops=first.stops, orphaned=first.orphaned
            )
            more.start()
            self.workers.append(more)
            self.children.append(more)
        return self


@pytest.fixture
def post():
    box = SlowPost()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    box.port = controller.port
    yield box
    controller.stop()


@pytest.fixture
def deployment(post):
    state = scratch_dir()
    made = WithThreeWorkers(state, post.port)
    try:
        yield made.start()
    finally:
        made.stop()
        shutil.rmtree(state, ignore_errors=True)


@pytest.fixture
def people(deployment):
    deployment.make_city(SLUG, "Storm")
    with deployment.arrange(SLUG):
        for number in range(PEOPLE):
            person = services.create_confirmed(
                f"p{number}@storm.example", "P", role=Role.RESIDENT, language="en"
            )
            db.session.flush()
            choices.save(person.id, {"news": {"mail": "at_once"}}, Quiet(), [])
    with deployment.look(SLUG):
        return list(db.session.execute(select(account.c.id)).scalars())


def test_each_person_gets_each_message_once_whatever_is_killed_meanwhile(deployment, post, people):
    with deployment.arrange(SLUG):
        tell(people, "first")
    with deployment.arrange(SLUG):
        notify("news.published", everybody(), "second", title={"en": "second"}, teaser={})
    with deployment.arrange(SLUG):
        tell(people, "third")
    kill_workers(deployment.workers)
    eventually(lambda: still_open(deployment) == 0, seconds=240, what="the last mail")

    idents = {}
    for mail in post.taken:
        idents.setdefault((mail["To"], mail["Subject"]), Counter())[mail["Message-ID"]] += 1
    wanted = {
        (f"p{number}@storm.example", what)
        for number in range(PEOPLE)
        for what in ("first", "second", "third")
    }
    assert idents.keys() == wanted
    assert all(len(names) == 1 for names in idents.values())
    repeated = sum(names.total() - 1 for names in idents.values())
    assert repeated <= MOST_REPEATED
    with deployment.look(SLUG):
        states = Counter(db.session.scalars(select(Delivery.state)))
    assert states == {State.HANDED_OVER: 3 * PEOPLE}


def tell(people, what):
    notify("news.published", people, what, title={"en": what}, teaser={})


def kill_workers(workers):
    dice = random.Random(7)
    for _time in range(KILLS):
        time.sleep(GAP_SECONDS)
        victim = dice.choice(workers)
        kill(victim)
        victim.start()


def still_open(deployment):
    with deployment.look(SLUG):
        counted = select(func.count()).select_from(Delivery).where(Delivery.state != State.HANDED_OVER)
        told = select(func.count()).select_from(Delivery)
        return db.session.scalar(counted) + max(0, 3 * PEOPLE - db.session.scalar(told))
