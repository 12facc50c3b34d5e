"""The chain over the audit log: tampered with in every way as the tables' owner, and sealed by many at once."""

import json
import threading

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text

from app.accounts.tokens import new_token_secret
from app.cli import main
from app.core import audit_chain
from app.core.audit import AuditEntry, audit, latest, refuse_secrets
from app.core.audit_chain import AuditSeal, Fault
from app.core.context import Actor, acting, serving
from app.core.db import db, end_transaction
from app.core.ids import new_secret
from app.web.webhooks.rules import new_secret as webhook_secret
from tenants import anchors, resolve
from tenants.schema import owner_transaction


@pytest.fixture
def log(in_city):
    with in_city(), acting(Actor("staff", "7f", "Anna", for_id="9a", for_name="Béla")):
        for number in range(6):
            audit("news.published", subject=f"thing:{number}", number=number, note="ő\u2028=1")
    with in_city():
        assert audit_chain.seal() == 6
    with in_city():
        anchors.note()


@pytest.fixture
def tamper(app):
    def run(*statements):
        with app.app_context(), owner_transaction() as owner:
            owner.exec_driver_sql('SET LOCAL search_path TO "c_testparis", shared')
            for statement in statements:
                owner.exec_driver_sql(statement)

    return run


@pytest.fixture
def verdict(in_city):
    def find():
        with in_city():
            return anchors.verify()

    return find


def entry(number):
    return f"(SELECT entry_id FROM audit_seal WHERE number = {number})"


COPY = (
    "INSERT INTO audit_entry (id, at, action, subject, actor_kind, actor_id, actor_name, details)"
    " SELECT gen_random_uuid(), at - interval '3 days', action, subject, actor_kind, actor_id, actor_name, details"
    f" FROM audit_entry WHERE id = {entry(2)}"
)


def test_a_log_that_nobody_touched_is_whole(log, verdict):
    found = verdict()
    assert (found.sealed, found.waiting, found.fault) == (6, 0, None)


@pytest.mark.parametrize(
    ("statements", "fault", "number"),
    [
        ((f"UPDATE audit_entry SET actor_name = 'Eve' WHERE id = {entry(3)}",), Fault.CHANGED, 3),
        ((f"UPDATE audit_entry SET details = '{{}}' WHERE id = {entry(1)}",), Fault.CHANGED, 1),
        ((f"UPDATE audit_entry SET for_name = 'Eve' WHERE id = {entry(6)}",), Fault.CHANGED, 6),
        ((f"DELETE FROM audit_entry WHERE id = {entry(4)}",), Fault.MISSING, 4),
        (("DELETE FROM audit_seal WHERE number = 2",), Fault.MISSING, 2),
        ((COPY,), Fault.INSERTED, 7),
        (
            (
                "UPDATE audit_seal SET number = 99 WHERE number = 2",
                "UPDATE audit_seal SET number = 2 WHERE number = 3",
                "UPDATE audit_seal SET number = 3 WHERE number = 99",
            ),
            Fault.REORDERED,
            2,
        ),
        (
            (
                "CREATE TEMP TABLE swapped AS SELECT number, entry_id FROM audit_seal WHERE number IN (2, 3)",
                "UPDATE audit_seal SET entry_id = gen_random_uuid() WHERE number IN (2, 3)",
                "UPDATE audit_seal s SET entry_id = t.entry_id FROM swapped t WHERE s.number = 5 - t.number",
            ),
            Fault.REORDERED,
            2,
        ),
        (
            (f"DELETE FROM audit_entry WHERE id = {entry(6)}", "DELETE FROM audit_seal WHERE number = 6"),
            Fault.CUT,
            6,
        ),
    ],
)
def test_every_kind_of_tampering_is_found(log, tamper, verdict, statements, fault, number):
    tamper(*statements)
    found = verdict()
    assert (found.fault, found.number) == (fault, number)


def test_a_chain_that_was_written_anew_is_not_the_one_that_was_noted(log, tamper, verdict, in_city):
    tamper(f"UPDATE audit_entry SET actor_name = 'Eve' WHERE id = {entry(3)}", "DELETE FROM audit_seal")
    with in_city():
        audit_chain.seal()
    assert verdict().fault is Fault.REWRITTEN
    with in_city():
        anchors.note()
    assert verdict().fault is Fault.REWRITTEN


def test_a_cut_is_found_after_the_log_has_grown_again(log, tamper, verdict, in_city):
    tamper(f"DELETE FROM audit_entry WHERE id = {entry(6)}", "DELETE FROM audit_seal WHERE number = 6")
    with in_city():
        audit("news.published", subject="later")
    with in_city():
        audit_chain.seal()
    assert verdict().fault is Fault.REWRITTEN


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_seal SET hash = 'x'", "DELETE FROM audit_seal", "TRUNCATE audit_seal"]
)
def test_a_city_cannot_touch_its_chain(in_city, log, statement):
    with in_city():
        with pytest.raises(Exception, match="permission denied"):
            db.session.execute(text(statement))
        db.session.rollback()


def test_code_of_the_version_before_is_chained(in_city, verdict):
    with in_city():
        db.session.execute(
            text(
                "INSERT INTO audit_entry (id, at, action, subject, actor_kind, actor_id, actor_name, details)"
                " VALUES (gen_random_uuid(), now(), 'city.published', '', 'staff', '1', 'Anna', '{}')"
            )
        )
    with in_city():
        assert audit_chain.seal() == 1
    assert verdict().sealed == 1


def test_many_writers_and_sealers_at_once_make_one_chain(app, in_city, verdict):
    """Each writer seals as well, while the others are in the middle of their transactions."""
    begin = threading.Barrier(6)

    def work(name):
        with app.app_context(), serving(resolve.city_by_slug("paris")):
            begin.wait()
            for number in range(10):
                audit("news.published", subject=f"{name}:{number}")
                db.session.flush()
                end_transaction(keep=True)
                audit_chain.seal()
                end_transaction(keep=True)

    threads = [threading.Thread(target=work, args=(name,)) for name in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    found = verdict()
    assert (found.sealed, found.waiting, found.fault) == (60, 0, None)


def test_a_writer_in_the_middle_of_a_transaction_keeps_nobody_waiting_and_is_sealed_later(
    app, in_city, verdict
):
    written, go_on = threading.Event(), threading.Event()

    def slow():
        with app.app_context(), serving(resolve.city_by_slug("paris")):
            audit("news.published", subject="slow")
            db.session.flush()
            written.set()
            go_on.wait(20)
            end_transaction(keep=True)

    thread = threading.Thread(target=slow)
    thread.start()
    written.wait(20)
    with in_city():
        audit("news.published", subject="quick")
    with in_city():
        assert audit_chain.seal() == 1
    go_on.set()
    thread.join()
    with in_city():
        assert audit_chain.seal() == 1
        newest = select(AuditEntry.subject).join(AuditSeal, AuditSeal.entry_id == AuditEntry.id)
        assert db.session.scalars(newest.order_by(AuditSeal.number)).all() == ["quick", "slow"]
    assert verdict().fault is None


def test_a_long_log_is_sealed_and_checked_in_batches(in_city, verdict, monkeypatch):
    monkeypatch.setattr(audit_chain, "BATCH", 7)
    with in_city():
        for number in range(30):
            audit("news.published", subject=f"thing:{number}")
    with in_city():
        assert audit_chain.seal() == 30
    assert (verdict().sealed, verdict().fault) == (30, None)


def test_the_shell_says_which_entry_is_broken_and_ends_with_1(app, log, tamper):
    def run(*words):
        return CliRunner().invoke(main, ["audit", "verify", *words], obj=lambda: app)

    assert run().exit_code == 0
    assert "paris: 6 entries are whole" in run("--city", "paris").output
    tamper(f"UPDATE audit_entry SET action = 'news.deleted' WHERE id = {entry(5)}")
    assert "budapest: 0 entries are whole" in run().output
    result = run("--city", "paris", "--json")
    assert result.exit_code == 1
    assert (json.loads(result.output)[0]["fault"], json.loads(result.output)[0]["number"]) == ("changed", 5)


def test_nobody_notes_a_head_over_one_that_has_gone(log, tamper, in_city):
    tamper("DELETE FROM audit_seal WHERE number = 6")
    with in_city():
        anchors.note()
        assert anchors.verify().fault is Fault.CUT


@pytest.mark.parametrize("name", ["password", "new_password", "api_token", "client_secret", "session_cookie"])
def test_no_call_can_write_a_secret_by_its_name(app, name):
    with pytest.raises(ValueError, match="audit log takes no"):
        refuse_secrets("", {name: "x"})


@pytest.mark.parametrize(
    "secret",
    [
        new_secret(),
        new_token_secret(),
        webhook_secret(),
        f"whsec_{'Ab1' * 14}x=",
        "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$RdescudvJCsgt3ub+b4dWRWJTmaaxxxx",
        "-----BEGIN KEY-----\nMIIEvQ\n-----END KEY-----",
    ],
    ids=["link", "token", "webhook", "webhook of letters alone", "hash", "key"],
)
def test_what_looks_like_a_secret_is_left_out_of_details_and_refused_as_a_subject(in_city, secret):
    with pytest.raises(ValueError, match="takes no secret"):
        refuse_secrets(secret, {})
    with in_city():
        audit("city.changed", note=f"it was {secret}")
        db.session.flush()
        assert latest(1)[0].details == {"note": "it was …"}


def test_what_people_type_never_stops_an_act(in_city):
    refuse_secrets("account:0190163d-8694-739b-aea5-966c26f8ad90", {})
    said = {"note": "a" * 64, "reason": "Zwei Wörter 12"}
    with in_city():
        audit("news.created", **said, title="Neu: Bebauungsplan-Nordwest-Ortsteil-Musterhausen-Erweiterung")
        db.session.flush()
        assert latest(1)[0].details == {**said, "title": "Neu: …"}
