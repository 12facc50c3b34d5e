"""What is sent twice with the same key is carried out once."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.core.clock import now
from app.core.db import db
from app.web.rest.once import ApiAnswer, forget_answers
from modules.news.models import Article
from tests.api.test_tokens import ARTICLE, problem

KEY = {"Idempotency-Key": '"5f0c6d4e"'}


@pytest.fixture
def writer(program):
    return program(["news.manage"])


@pytest.fixture
def number(in_city):
    def count() -> int:
        with in_city():
            return db.session.scalar(select(func.count()).select_from(Article)) or 0

    return count


def test_the_same_request_is_answered_as_before(writer, number):
    first = writer.post("news/articles", json=ARTICLE, headers=KEY)
    again = writer.post("news/articles", json=ARTICLE, headers=KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert (first.data, first.headers["Location"]) == (again.data, again.headers["Location"])
    assert again.headers["Idempotent-Replayed"] == "true"
    assert number() == 1


def test_another_request_with_the_same_key_is_refused(writer, number):
    writer.post("news/articles", json=ARTICLE, headers=KEY)
    found = problem(writer.post("news/articles", json={"title": {"fr": "Autre"}}, headers=KEY), 422)
    assert found["errors"][0]["header"] == "Idempotency-Key"
    assert number() == 1


def test_a_key_is_the_tokens_own(writer, program, number):
    writer.post("news/articles", json=ARTICLE, headers=KEY)
    assert program(["news.manage"]).post("news/articles", json=ARTICLE, headers=KEY).status_code == 201
    assert number() == 2


def test_what_was_refused_can_be_sent_again_with_the_same_key(writer, number):
    problem(writer.post("news/articles", json={"title": {"en": "Title"}}, headers=KEY), 422)
    assert writer.post("news/articles", json=ARTICLE, headers=KEY).status_code == 201
    assert number() == 1


def test_a_secret_that_is_shown_once_is_not_kept_in_the_clear(program, in_city):
    sent = {"name": "Receiver", "url": "https://93.184.215.14/", "events": ["news.article_published"]}
    made = program(["webhooks.manage"]).post("webhooks", json=sent, headers=KEY)
    assert made.status_code == 201
    with in_city():
        kept = db.session.scalars(select(ApiAnswer)).one().body
    assert made.json["secret"].encode() not in kept
    assert b"Receiver" not in kept


def test_a_key_is_kept_for_a_day(writer, number, frozen, in_city, run_tasks):
    writer.post("news/articles", json=ARTICLE, headers=KEY)
    frozen(now() + timedelta(hours=25))
    with in_city():
        assert forget_answers() is False
        assert db.session.scalar(select(func.count()).select_from(ApiAnswer)) == 0
    writer.post("news/articles", json=ARTICLE, headers=KEY)
    assert number() == 2


@pytest.mark.parametrize("key", ["", "é", "x" * 256, "a\tb"])
def test_a_key_that_cannot_be_one_is_refused(writer, key):
    problem(writer.post("news/articles", json=ARTICLE, headers={"Idempotency-Key": key}), 400)


def test_while_a_request_is_carried_out_its_twin_is_told_to_wait(app, writer, number, monkeypatch):
    from modules.news import services

    inside, go_on = threading.Event(), threading.Event()
    usual = services.create

    def slowly(draft):
        inside.set()
        go_on.wait(10)
        return usual(draft)

    monkeypatch.setattr(services, "create", slowly)
    answers = []
    first = threading.Thread(
        target=lambda: answers.append(writer.post("news/articles", json=ARTICLE, headers=KEY))
    )
    first.start()
    assert inside.wait(10)
    monkeypatch.setattr(services, "create", usual)
    problem(writer.post("news/articles", json=ARTICLE, headers=KEY), 409)
    go_on.set()
    first.join(10)
    assert answers[0].status_code == 201
    assert writer.post("news/articles", json=ARTICLE, headers=KEY).data == answers[0].data
    assert number() == 1
