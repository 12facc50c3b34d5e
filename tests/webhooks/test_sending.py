"""Programs are told of what happens: signed, at least once, for three days, and of nothing else."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core.audit import AuditEntry
from app.core.clock import now
from app.core.db import db
from app.registry import modules
from app.testing.contract.addresses import switched_off
from app.web.webhooks import keeping, sending
from app.web.webhooks.models import DeliveryState, Webhook, WebhookDelivery
from app.web.webhooks.rules import sign
from modules.news import services as news
from modules.news.rules import Draft
from modules.participatory_budget.tests import arranging

PUBLISHED, SWITCHED = "news.article_published", "city.module_switched"


@pytest.fixture
def publish(in_city):
    def write(slug="paris"):
        with in_city(slug):
            article = news.create(Draft({"fr": "Titre", "hu": "Cím"}))
            news.publish(article.id)
            return str(article.id)

    return write


@pytest.fixture
def deliveries(in_city):
    def read():
        with in_city():
            found = db.session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.id)).all()
            return [(each.id, each.state, each.tries, each.status) for each in found]

    return read


@pytest.fixture
def wait(frozen, in_city, run_tasks):
    """Let time pass until the next try, and do what is due then."""

    def until_the_next_try():
        with in_city():
            moment = db.session.scalar(
                select(WebhookDelivery.next_at).where(WebhookDelivery.state == "waiting")
            )
        if moment is None:
            return False
        frozen(moment + timedelta(seconds=1))
        return "webhooks.deliver" in run_tasks()

    return until_the_next_try


def test_a_program_is_told_what_it_asked_for_with_a_signature(hook, publish, receiver, run_tasks, deliveries):
    _id, secret = hook(PUBLISHED)
    ident = publish()
    run_tasks()
    [(headers, body)] = receiver.taken
    assert receiver.told[0]["type"] == PUBLISHED
    assert receiver.told[0]["data"] == {"id": ident, "title": {"fr": "Titre", "hu": "Cím"}}
    assert receiver.told[0]["timestamp"].endswith("Z")
    expected = sign(secret, headers["webhook-id"], int(headers["webhook-timestamp"]), body)
    assert headers["webhook-signature"] == expected
    assert [(state, tries, status) for _id, state, tries, status in deliveries()] == [
        (DeliveryState.DELIVERED, 1, 200)
    ]


def test_nobody_else_is_told(hook, publish, receiver, run_tasks):
    hook(SWITCHED)
    hook(PUBLISHED, slug="budapest")
    publish()
    run_tasks()
    assert receiver.taken == []


def test_what_was_rolled_back_is_told_to_nobody(hook, in_city, receiver, run_tasks):
    hook(PUBLISHED)

    def publish_and_fail():
        with in_city():
            news.publish(news.create(Draft({"fr": "Titre"})).id)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        publish_and_fail()
    run_tasks()
    assert receiver.taken == []


def test_a_message_that_did_not_arrive_comes_again_with_the_same_id(
    hook, publish, receiver, run_tasks, wait, deliveries
):
    hook(PUBLISHED)
    receiver.answers = [500, 302]
    publish()
    run_tasks()
    assert run_tasks() == []
    assert wait()
    assert wait()
    assert len({headers["webhook-id"] for headers, _body in receiver.taken}) == 1
    assert len({body for _headers, body in receiver.taken}) == 1
    assert [(state, tries) for _id, state, tries, _status in deliveries()] == [(DeliveryState.DELIVERED, 3)]


def test_an_address_that_takes_nothing_is_given_up_after_three_days(
    hook, publish, receiver, staff, run_tasks, wait, deliveries, in_city, mails
):
    ident, _secret = hook(PUBLISHED)
    receiver.answers = [500] * 20
    began = now()
    publish()
    run_tasks()
    while wait():
        pass
    assert timedelta(days=3) < now() - began < timedelta(days=4)
    assert len(receiver.taken) == 10
    assert [state for _id, state, _tries, _status in deliveries()] == [DeliveryState.FAILED]
    with in_city():
        assert db.session.get(Webhook, ident).off_reason == keeping.FAILING
        assert (
            db.session.scalar(
                select(AuditEntry.actor_kind).where(AuditEntry.action == "webhooks.switched_off")
            )
            == "system"
        )
    told = [mail for mail in mails() if mail["recipient"] == "administrator@paris.example"]
    assert len(told) == 1
    assert str(ident) in told[0]["text"]
    publish()
    run_tasks()
    assert len(receiver.taken) == 10


def test_an_address_that_wants_no_more_is_switched_off(hook, publish, receiver, run_tasks, in_city):
    ident, _secret = hook(PUBLISHED)
    receiver.answers = [410]
    publish()
    run_tasks()
    with in_city():
        assert db.session.get(Webhook, ident).off_reason == keeping.GONE
        keeping.switch(ident, on=True)
    publish()
    run_tasks()
    assert len(receiver.taken) == 2


def test_an_address_that_has_become_one_of_the_inside_is_not_asked(
    app, hook, publish, receiver, run_tasks, deliveries
):
    from dataclasses import replace

    hook(PUBLISHED)
    usual = app.config["PARVIS"]
    app.config["PARVIS"] = replace(usual, outbound_allow=())
    try:
        publish()
        run_tasks()
    finally:
        app.config["PARVIS"] = usual
    assert receiver.taken == []
    assert [(state, status) for _id, state, _tries, status in deliveries()] == [(DeliveryState.WAITING, None)]


def test_a_second_run_of_the_task_sends_nothing(hook, publish, receiver, run_tasks, in_city, deliveries):
    hook(PUBLISHED)
    publish()
    run_tasks()
    with in_city():
        sending.deliver(str(deliveries()[0][0]))
    assert len(receiver.taken) == 1


def test_a_message_whose_task_was_lost_is_found_again(
    hook, publish, receiver, app, frozen, in_city, run_tasks
):
    from app.core import jobs
    from app.core.db import end_transaction

    hook(PUBLISHED)
    publish()
    with app.app_context():
        assert jobs.due_rows(100)
        end_transaction(keep=True)
    frozen(now() + timedelta(minutes=11))
    with in_city():
        assert sending.look_after() is True
    run_tasks()
    assert len(receiver.taken) == 1


def test_old_messages_are_forgotten(hook, publish, run_tasks, frozen, in_city, deliveries):
    hook(PUBLISHED)
    publish()
    run_tasks()
    frozen(now() + timedelta(days=31))
    with in_city():
        assert sending.look_after() is False
    assert deliveries() == []


def test_while_a_secret_is_replaced_both_sign(hook, publish, receiver, run_tasks, in_city, frozen):
    ident, old = hook(PUBLISHED)
    with in_city():
        _webhook, new = keeping.replace_secret(ident)
    publish()
    frozen(now() + timedelta(hours=25))
    publish()
    run_tasks()
    [(first, body), (second, later)] = receiver.taken
    for headers, sent, secrets in ((first, body, [new]), (second, later, [new])):
        for secret in secrets:
            signed = sign(secret, headers["webhook-id"], int(headers["webhook-timestamp"]), sent)
            assert signed in headers["webhook-signature"].split(" ")
    assert len(second["webhook-signature"].split(" ")) == 1
    assert old not in (first["webhook-signature"], second["webhook-signature"])


def test_a_module_that_is_off_tells_nothing_and_its_switch_is_told(app, hook, receiver, run_tasks):
    hook(SWITCHED)
    with switched_off(app, modules()["news"]):
        run_tasks()
    run_tasks()
    assert [told["data"] for told in receiver.told] == [
        {"module": "news", "on": False},
        {"module": "news", "on": True},
    ]


def test_each_step_of_a_vote_is_told_once(hook, receiver, run_tasks, in_city, frozen, site):
    hook(*(f"participatory_budget.{what}" for what in ("vote_opened", "vote_closed", "result_published")))
    with in_city():
        edition = arranging.opening_at(
            arranging.approval("2026", per_category=2), now() + timedelta(days=1), days=2
        )
        ident, closes = edition.id, edition.closes_at
    run_tasks()
    assert receiver.told == []
    frozen(now() + timedelta(days=1, minutes=1))
    run_tasks()
    from modules.participatory_budget.services import editions

    with in_city():
        editions.tell_opened(ident)
    frozen(closes + timedelta(minutes=1))
    run_tasks()
    with in_city():
        arranging.published(arranging.edition_of())
    run_tasks()
    told = [each["type"].partition(".")[2] for each in receiver.told]
    assert told == ["vote_opened", "vote_closed", "result_published"]
    assert {each["data"]["slug"] for each in receiver.told} == {"2026"}


def test_the_secret_lies_sealed_in_the_database(hook, in_city):
    ident, secret = hook(PUBLISHED)
    with in_city():
        assert secret not in db.session.get(Webhook, ident).secret
        assert keeping.secrets_of(db.session.get(Webhook, ident)) == [secret]
