"""One city goes back to before somebody's mistake; the other one does not notice."""

import json
from dataclasses import replace
from datetime import timedelta
from threading import Event, Thread

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from app.cli import main
from app.core.audit import latest
from app.core.context import CityState
from app.core.db import db
from app.core.errors import Invalid
from tenants import schema
from tenants.models import CityRecord, PlatformEntry
from tenants.rewind.recovered import Backup, from_folder, recovered
from tests.tenants.rewind.conftest import content, inside, titles, write

pytestmark = pytest.mark.slow


@pytest.fixture
def command(past):
    """Run `parvis city rewind` on the backup; returns what it printed."""

    def run(*words, status=0, source=()):
        source = source or ("--backup", past.backup, "--wal", past.wal, "--programs", past.programs)
        every = ["city", "rewind", *words, *source, "--scratch", past.server.state]
        done = CliRunner().invoke(main, [str(word) for word in every], obj=lambda: past.app)
        assert done.exit_code == status, done.output
        return done

    return run


@pytest.fixture
def backup(past):
    return Backup(past.backup, from_folder(past.wal), past.programs, past.server.state)


@pytest.fixture
def leftovers(past):
    """Return what temporary servers have left."""
    return lambda: list(past.server.state.glob("parvis-rewind-*"))


def test_a_copy_to_look_at_shows_the_city_as_it_was(past, command, leftovers):
    told = json.loads(command("paris", "--to", past.good.isoformat(), "--json").stdout)
    address = f"paris-{past.good:%Y%m%d-%H%M}"
    assert told["address"] == address
    with past.app.app_context():
        record = db.session.get(CityRecord, told["id"])
        assert (record.state, record.published) == (CityState.SUSPENDED, False)
        note = db.session.query(PlatformEntry).filter_by(action="city.rewound", city_id=told["id"]).one()
        assert note.details["source"] == "testparis"
    assert titles(past.app, address) == ["The fountain is back"]
    assert titles(past.app, "paris") == ["Written after the damage"]
    assert leftovers() == []


def test_the_city_goes_back_and_the_other_goes_on_meanwhile(past, command, leftovers):
    app = past.app
    assert content(app, "testparis") != past.then
    done, written = Event(), []

    def busy():
        while not done.is_set():
            write(app, "budapest", f"While paris goes back {len(written)}")
            written.append(len(written))
            done.wait(0.2)

    worker = Thread(target=busy)
    worker.start()
    try:
        told = json.loads(
            command(
                "paris", "--to", past.good.isoformat(), "--replace", "--confirm", "paris", "--json"
            ).stdout
        )
    finally:
        done.set()
        worker.join()
    assert told["id"] == "testparis"
    assert titles(app, "paris") == ["The fountain is back"]
    assert content(app, "testparis") == past.then
    with inside(app, "paris"):
        assert latest(1)[0].action == "city.rewound"
    assert written
    assert titles(app, "budapest") == sorted(
        ["The bridge is open", "The bridge is closed", *(f"While paris goes back {n}" for n in written)]
    )
    assert leftovers() == []
    with app.app_context(), schema.owner_transaction() as owner:
        assert not owner.scalar(text("SELECT 1 FROM pg_namespace WHERE nspname = 'c_testparis_before'"))


def test_each_moment_has_its_own_truth(past, backup):
    seen = {}
    for name in ("good", "after"):
        with past.app.app_context(), recovered(backup, getattr(past, name)) as url:
            other = schema.owner.connect(url)
            with other:
                seen[name] = (
                    other.execute("SELECT count(*) FROM c_testparis.news_article").fetchone()[0],
                    other.execute("SELECT count(*) FROM c_testbudapest.news_article").fetchone()[0],
                )
    assert seen == {"good": (1, 1), "after": (0, 2)}


def test_a_server_that_somebody_else_recovered_is_enough(past, backup, command):
    with past.app.app_context(), recovered(backup, past.good) as url:
        told = command(
            "paris",
            "--to",
            past.good.isoformat(),
            "--as",
            "paris-then",
            source=("--from", url.render_as_string()),
        )
    assert "paris-then" in told.stdout
    assert titles(past.app, "paris-then") == ["The fountain is back"]


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (lambda past: past.before_backup, "was not finished"),
        (lambda past: past.after + timedelta(seconds=2), "archived WAL ends before"),
    ],
)
def test_moments_that_cannot_be_had_are_explained(past, backup, leftovers, when, words):
    with past.app.app_context(), pytest.raises(Invalid, match=words), recovered(backup, when(past)):
        pass
    assert leftovers() == []


def test_what_is_no_backup_is_refused(past, backup, tmp_path, leftovers):
    for broken, words in (
        (replace(backup, base=tmp_path), "no base backup"),
        (replace(backup, base=past.server.data), "no backup_label"),
        (replace(backup, programs=tmp_path), "its programs are not here"),
    ):
        with past.app.app_context(), pytest.raises(Invalid, match=words), recovered(broken, past.good):
            pass
    assert leftovers() == []


def test_the_shell_says_what_is_missing(past, command, tmp_path):
    good = past.good.isoformat()
    assert (
        "--backup and --wal"
        in command("paris", "--to", good, source=("--scratch", tmp_path), status=2).output
    )
    assert "no time zone" in command("paris", "--to", "2026-11-22T10:00", status=2).output
    assert "yet to come" in command("paris", "--to", "2126-11-22T10:00Z", status=2).output
    wrong = command("paris", "--to", good, "--replace", "--confirm", "budapest", status=1)
    assert "type the address" in wrong.output
    unreachable = ("--from", f"postgresql://nobody@/nothing?host={tmp_path}")
    assert "does not answer" in command("paris", "--to", good, source=unreachable, status=1).output
    assert "no city called atlantis" in command("atlantis", "--to", good, status=1).output
