"""Kinds of message, a mail server, and people, for the tests of what people are told."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from email.message import Message
from email.parser import BytesParser
from email.policy import default as policy
from types import SimpleNamespace
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy import select

from app.accounts import services
from app.accounts.models import Role
from app.core.db import db
from app.notify import kinds
from app.notify.models import Delivery
from devstack.services.process import free_port
from tests.provider import provider  # noqa: F401  a fixture

WORDS = {
    "txt": '{% extends "notify/base.txt" %}{% block subject %}About {{ what }}{% endblock %}'
    "{% block content %}{{ what }} at {{ link }}{% endblock %}",
    "html": '{% extends "notify/base.html" %}{% block subject %}About {{ what }}{% endblock %}'
    "{% block content %}<p>{{ what }}</p>{% endblock %}",
}
REQUEST, RECEIPT, FOLLOWED, NEWS = (f"platform.test_{n}" for n in ("request", "receipt", "followed", "news"))
TOPICS = {REQUEST: "requests", RECEIPT: "account", FOLLOWED: "followed", NEWS: "news"}


@pytest.fixture
def app(app) -> Iterator[object]:
    """The application with four kinds of message in four topics."""
    pages = {
        f"notify/{name.replace('.', '/')}.{ending}": words
        for name in TOPICS
        for ending, words in WORDS.items()
    }
    loader = app.jinja_env.loader
    app.jinja_env.loader = ChoiceLoader([DictLoader(pages), loader])
    for name, topic in TOPICS.items():
        kinds.declare(name.removeprefix("platform."), name, topic=topic, required=name == RECEIPT)
    yield app
    app.jinja_env.loader = loader
    for name in TOPICS:
        kinds._declared.pop(name)


@pytest.fixture
def person(in_city) -> Callable[..., UUID]:
    """Open a confirmed account and return its id."""

    def make(email: str = "ines@example.org", *, slug: str = "paris", language: str = "en") -> UUID:
        with in_city(slug):
            account = services.create_confirmed(email, "Inès", role=Role.RESIDENT, language=language)
            db.session.flush()
            return account.id

    return make


@pytest.fixture
def deliveries(in_city) -> Callable[..., list[SimpleNamespace]]:
    """Return all deliveries of a city in the order in which they were written."""

    def read(slug: str = "paris") -> list[SimpleNamespace]:
        with in_city(slug):
            found = db.session.scalars(select(Delivery).order_by(Delivery.created_at, Delivery.id))
            return [SimpleNamespace(**{k: v for k, v in vars(d).items() if k[0] != "_"}) for d in found]

    return read


class Post:
    """A mail server: keeps what it takes, and refuses or hangs up when it is told to."""

    def __init__(self) -> None:
        self.taken: list[Message] = []
        self.connections = 0
        self.refuse = ""
        self.most_in_one = 1_000_000

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802
        self.connections += 1
        session.host_name, session.number = hostname, 0
        return responses

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        session.number += 1
        if self.refuse:
            return self.refuse
        self.taken.append(BytesParser(policy=policy).parsebytes(envelope.content))
        if session.number >= self.most_in_one:
            server.transport.close()
        return "250 OK"


@pytest.fixture
def post(app) -> Iterator[Post]:
    """A mail server that the deployment uses."""
    box = Post()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    before = app.config["PARVIS"]
    app.config["PARVIS"] = replace(before, mail_url=f"smtp://127.0.0.1:{controller.port}")
    yield box
    app.config["PARVIS"] = before
    controller.stop()
