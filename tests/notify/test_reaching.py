"""Mails that are refused, text messages and notices: what becomes of them."""

import base64
import json
from dataclasses import replace

import http_ece
import pytest
from aiosmtpd.controller import Controller
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from app.accounts.services import find
from app.core.clock import now
from app.core.context import current_city
from app.core.db import db
from app.notify import browsers, phones, refused
from app.notify.browsers import PushSubscription
from app.notify.mail import CityMail, send_mail
from app.notify.models import Choice, Delivery
from app.notify.telling import notify
from app.services import city_push
from app.services.push import Subscription
from app.testing.telephones import telephones
from devstack.services.process import free_port

WORDS = {"title": {"en": "The pool is open"}, "message": {"en": "From nine to five."}}


class Refusing:
    """A mail server that knows nobody."""

    def __init__(self):
        self.asked = []

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802  aiosmtpd's name
        self.asked.append((envelope.mail_from, address))
        return "550 5.1.1 nobody here"


@pytest.fixture
def refusing(app):
    server, port = Refusing(), free_port()
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    usual = app.config["PARVIS"]
    app.config["PARVIS"] = replace(
        usual, mail_url=f"smtp://127.0.0.1:{port}", mail_bounces="bounces@parvis.example"
    )
    yield server
    app.config["PARVIS"] = usual
    controller.stop()


@pytest.fixture
def ada(site, in_city):
    site("paris", role="resident", email="ada@example.org")
    with in_city():
        return find("ada@example.org").id


def send(in_city, number):
    with in_city():
        send_mail(
            "password_changed", "ada@example.org", "en", link="https://x.example/", name=f"Ada {number}"
        )


def test_a_mail_refused_for_good_is_given_up_and_its_address_remembered(refusing, in_city, run_tasks):
    for number in range(2):
        send(in_city, number)
        run_tasks()
    with in_city():
        assert refused.is_refused("ada@example.org")
        assert all(mail.sent_at and mail.text == "" for mail in db.session.scalars(select(CityMail)))
    senders = {sender.partition("+")[0] for sender, _address in refusing.asked}
    assert (senders, len(refusing.asked)) == ({"bounces"}, 2)


def test_what_nobody_waits_for_is_no_longer_sent_to_a_refused_address(refusing, in_city, run_tasks, ada):
    for number in range(3):
        with in_city():
            notify("platform.message_important", ada, f"cause-{number}", **WORDS)
        run_tasks()
    with in_city():
        found = db.session.scalars(select(Delivery).order_by(Delivery.created_at)).all()
        assert [(each.state, each.reason.partition(":")[0]) for each in found] == [
            ("dead", "refused"),
            ("dead", "refused"),
            ("dropped", "no_address"),
        ]
    assert len(refusing.asked) == 2


def choose(account_id, topics):
    db.session.add(Choice(account_id=account_id, topics=topics, changed_at=now()))


def test_a_text_message_is_one_line_and_a_link(app, in_city, mails, ada):
    with telephones(app), in_city():
        choose(ada, {"news": {"sms": "at_once"}})
        number = phones.ask(ada, "06 12 34 56 78")
        number.confirmed_at = now()
        notify("platform.message", ada, "pool", link="/news/", **WORDS)
    with telephones(app):
        sent = mails()
    [text] = [mail for mail in sent if mail["recipient"] == "+33612345678"]
    assert text["text"] == "Paris: The pool is open http://paris.parvis.localhost:8000/news/"


class Screen:
    """A browser on whose screen notices appear."""

    def __init__(self, endpoint):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = b"0123456789abcdef"
        point = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        keys = [base64.urlsafe_b64encode(raw).rstrip(b"=").decode() for raw in (point, self.auth)]
        self.subscription = Subscription(endpoint, *keys)

    def read(self, content):
        opened = http_ece.decrypt(content, private_key=self.key, auth_secret=self.auth, version="aes128gcm")
        return json.loads(opened)


def keep(account_id, subscription):
    """Keep a browser whose push service is on this machine, which no real one's is."""
    keys = {name: getattr(subscription, name) for name in ("endpoint", "p256dh", "auth")}
    db.session.add(PushSubscription(account_id=account_id, browser="Firefox", created_at=now(), **keys))


def test_a_notice_reaches_the_browsers_that_are_left(provider, in_city, run_tasks, ada):
    here = Screen(f"{provider.url}/here")
    with in_city():
        city_push.switch(current_city(), on=True)
        keep(ada, here.subscription)
        choose(ada, {"news": {"push": "at_once"}})
        notify("platform.message", ada, "pool", link="/news/", **WORDS)
    run_tasks()
    [(path, _headers, body)] = provider.got
    shown = here.read(body)
    assert path == "/here"
    assert (shown["title"], shown["body"], shown["url"]) == ("Paris", "The pool is open", "/news/")
    provider.answer = 410
    with in_city():
        notify("platform.message", ada, "pool-again", **WORDS)
    run_tasks()
    with in_city():
        assert browsers.of(ada) == []
        states = db.session.scalars(select(Delivery.state).where(Delivery.channel == "push"))
        assert sorted(states) == ["dead", "handed_over"]
