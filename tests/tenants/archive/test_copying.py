from uuid import UUID

import pytest
from sqlalchemy import select, text

from app.accounts.models import Account, Role
from app.apex import moving
from app.core.audit import AuditEntry
from app.core.context import serving
from app.core.db import db, end_transaction
from app.core.errors import Invalid
from app.sdk import send_mail
from tenants import operations, resolve, schema
from tenants.archive.copying import training_name
from tenants.models import CityRecord, Domain, Operation, OperationState, PlatformEntry

from .conftest import NASTY


@pytest.fixture
def copied(paris, commit):
    with commit():
        db.session.get_one(CityRecord, paris).contact_email = "mayor@paris.example"
    with commit():
        moving.copied(paris, address="exercise", administrator="Trainer@Example.org")
    return "exercise"


def everything(slug):
    """Return all that the schema of a city holds, as text."""
    name = resolve.city_by_slug(slug).schema
    tables = text("SELECT tablename FROM pg_tables WHERE schemaname = :s")
    with schema.owner_transaction() as connection:
        return "\n".join(
            str(row)
            for table in connection.scalars(tables, {"s": name}).all()
            for row in connection.scalars(text(f'SELECT t::text FROM {name}."{table}" t'))
        )


def test_nobody_of_the_real_city_is_in_the_copy(app, copied, commit):
    with commit():
        assert "person3@example.org" in everything("paris")
        held = everything(copied)
        assert "@training.invalid" in held
        for real in ("@example.org", "argon2", "mayor@", "person1"):
            assert real not in held.replace("trainer@example.org", ""), real
        row = db.session.get_one(CityRecord, resolve.city_by_slug(copied).id)
        assert (row.name, row.published, row.contact_email) == ("Paris (training copy)", False, "")
        assert db.session.scalars(select(Domain.city_id)).all() == ["testparis", "testparis"]
    with app.app_context(), serving(resolve.city_by_slug(copied)):
        people = db.session.scalars(select(Account).where(Account.email.endswith(".invalid"))).all()
        assert len({person.email for person in people}) == len(NASTY)
        assert {person.name for person in people} & set(NASTY) == {""}
        assert {person.password_hash for person in people} == {None}
        assert [person.role for person in people].count(Role.ADMINISTRATOR) == 1
        assert db.session.scalars(select(AuditEntry.action)).all() == ["city.made_as_copy"]
        end_transaction(keep=False)


def test_its_administrator_signs_in_and_staff_can_work_there(copied, site):
    staff = site(copied, role="administrator", email="trainer@example.org")
    assert staff.get("/admin/news/").status_code == 200
    assert site(copied).get("/").status_code == 403


def test_no_mail_leaves_for_those_who_do_not_exist(app, copied, in_city, mails):
    with in_city(copied):
        person = db.session.scalars(select(Account).where(Account.email.endswith(".invalid"))).first()
        send_mail("password_changed", person.email, "en", name="", link="http://example.org/")
        send_mail("password_changed", "trainer@example.org", "en", name="", link="http://example.org/")
    assert [mail["recipient"] for mail in mails()] == ["trainer@example.org"]
    with in_city(copied):
        assert db.session.scalar(text("SELECT count(*) FROM mail WHERE sent_at IS NULL")) == 0


def test_with_people_they_are_kept(app, paris, commit):
    with commit():
        moving.copied(paris, address="exercise", people=True)
        held = everything("exercise")
        assert "person3@example.org" in held
        assert "training.invalid" not in held


def test_a_copy_without_people_needs_somebody_who_can_sign_in(app, paris, commit):
    with commit():
        with pytest.raises(Invalid, match="Name an administrator"):
            moving.copied(paris, address="exercise")
        with pytest.raises(Invalid):
            moving.copied(paris, address="exercise", administrator="nobody")
        assert resolve.city_by_slug("exercise") is None


def test_the_same_person_is_the_same_made_up_one_and_another_in_the_next_copy(app, paris, commit):
    with commit():
        moving.copied(paris, address="exercise", administrator="a@example.org")
        moving.copied(paris, address="exercise-two", administrator="a@example.org")
        emails = [
            {word for word in everything(slug).replace("(", ",").split(",") if "training.invalid" in word}
            for slug in ("exercise", "exercise-two")
        ]
        assert len(emails[0]) == len(emails[1]) == len(NASTY)
        assert not emails[0] & emails[1]


@pytest.mark.parametrize(
    ("name", "language", "expected"),
    [
        ("Paris", "en", "Paris (training copy)"),
        ("x" * 120, "en", "x" * 104 + " (training copy)"),
        ("Paris (training copy)", "en", "Paris (training copy)"),
    ],
)
def test_the_name_of_a_copy_says_what_it_is(app, name, language, expected):
    with app.test_request_context():
        assert training_name(name, language) == expected
        assert len(training_name(name, language)) <= 120


def test_a_copy_whose_worker_was_killed_gets_its_administrator_from_the_next_one(
    app, paris, commit, monkeypatch
):
    def killed(*_given):
        raise KeyboardInterrupt

    with commit():
        ident = str(operations.ask("copy", paris, address="exercise", administrator="a@example.org").id)
    with monkeypatch.context() as worker:
        worker.setattr(moving, "_let_in", killed)
        with app.app_context(), pytest.raises(KeyboardInterrupt):
            operations.operate(ident)
    for _again in range(2):
        with commit():
            operations.operate(ident)
            db.session.get_one(Operation, UUID(ident)).state = OperationState.RUNNING
    with app.app_context(), serving(resolve.city_by_slug("exercise")):
        trainers = select(Account.role).where(Account.email == "a@example.org")
        assert db.session.scalars(trainers).all() == [Role.ADMINISTRATOR]
        assert db.session.scalars(select(AuditEntry.action)).all() == ["city.made_as_copy"]
        end_transaction(keep=False)


def test_a_worker_copies_exports_and_restores(app, paris, commit, run_tasks):
    with commit():
        operations.ask("copy", paris, address="exercise", administrator="a@example.org")
        operations.ask("export", paris)
    run_tasks()
    with commit():
        done = {operation.kind: operation for operation in operations.latest()}
        assert {o.state for o in done.values()} == {OperationState.DONE}
        assert done["copy"].outcome["address"] == "exercise"
        assert done["export"].outcome["files"] == 2
        operations.ask("restore", None, file=done["export"].outcome["file"], address="lutece", name="Lutèce")
    run_tasks()
    with commit():
        (restored,) = [o for o in operations.latest() if o.kind == "restore"]
        assert restored.state is OperationState.DONE, restored.error
        assert resolve.city_by_slug("lutece").id == restored.outcome["city"]
        # A worker was killed when the work was done and not written down: whoever runs it again finds the city.
        made, ident = restored.outcome["city"], restored.id
        restored.state, restored.outcome = OperationState.RUNNING, {"planned": made, "done": 3, "total": 9}
    with commit():
        operations.operate(str(ident))
    with commit():
        again = db.session.get_one(Operation, ident)
        assert (again.state, again.outcome["city"]) == (OperationState.DONE, made)
        actions = list(db.session.scalars(select(PlatformEntry.action).order_by(PlatformEntry.id)))
        assert sorted(actions) == ["city.copied", "city.exported", "city.made_as_copy", "city.restored"]
        operations.ask("restore", None, file="../../etc/passwd", address="elsewhere")
    run_tasks()
    with commit():
        failed = next(o for o in operations.latest() if o.wish.get("address") == "elsewhere")
        assert failed.state is OperationState.FAILED
        assert "no longer kept" in failed.error
