"""One city goes back to before somebody's mistake; the other one does not notice."""

import gzip
import json
import time
from dataclasses import replace
from datetime import timedelta
from threading import Event, Thread

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from app.cli import main
from app.core.audit import latest
from app.core.context import CityState
from app.core.db import db, end_transaction
from app.core.errors import Invalid
from tenants import schema
from tenants.erasure.erase import erase
from tenants.erasure.scheduling import schedule_erasure
from tenants.models import CityRecord, PlatformEntry
from tenants.rewind import rewind
from tenants.rewind.recovered import Backup, from_folder, recovered
from tests.tenants.life.acts import operating
from tests.tenants.rewind.conftest import archived, content, inside, moment, titles, write

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


def test_a_backup_in_tar_files_and_packed_wal_will_do(past, tmp_path_factory):
    state, programs = past.server.state, past.server.programs
    base, wal = state / "tars", state / "packed"
    for folder in (base, wal):
        folder.mkdir(mode=0o700)
        programs.account.own(folder)
    made = programs.call(
        "pg_basebackup",
        "-D",
        base,
        "-h",
        past.server.socket_dir,
        "-U",
        "parvis",
        "-c",
        "fast",
        "-F",
        "tar",
        "-z",
    )
    assert made.returncode == 0, made.stderr
    time.sleep(1.1)
    write(past.app, "paris", "In the tar")
    then = moment()
    write(past.app, "budapest", "Later")
    archived(past.app, past.wal)
    for path in past.wal.iterdir():
        (wal / f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), 1))
    backup = Backup(base, from_folder(wal), past.programs, state)
    with past.app.app_context(), recovered(backup, then) as url, rewind.other_server(url) as connection:
        found = rewind.find(connection, "paris")
        made = rewind.beside(connection, found, rewind.Wish(then), address="paris-tar")
        end_transaction(keep=True)
    assert "In the tar" in titles(past.app, made.address)


def test_uploads_of_that_time_come_from_their_own_backup(past, command, tmp_path):
    then, present = tmp_path / "testparis", past.app.config["PARVIS"].files_dir / "testparis"
    for folder, name in ((then, "old.webp"), (present, "new.webp")):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode())
    good = past.good.isoformat()
    told = json.loads(
        command("paris", "--to", good, "--as", "old-files", "--files", tmp_path, "--json").stdout
    )
    assert files_of(past, told["id"]) == ["old.webp"]
    told = json.loads(command("paris", "--to", good, "--as", "new-files", "--json").stdout)
    assert files_of(past, told["id"]) == ["new.webp"]
    command("paris", "--to", good, "--replace", "--confirm", "paris", "--files", tmp_path)
    assert files_of(past, "testparis") == ["new.webp", "old.webp"]
    assert (
        "give a copy of FILES_DIR" in command("budapest", "--to", good, "--files", tmp_path, status=1).output
    )


def files_of(past, city_id):
    folder = past.app.config["PARVIS"].files_dir / city_id
    return sorted(path.name for path in folder.iterdir())


def test_a_city_that_was_erased_comes_back_only_when_that_is_meant(past, command):
    with operating(past.app, "budapest") as record:
        schedule_erasure(record, reason="Left.", grace=timedelta(0))
    with past.app.app_context():
        erase("testbudapest")
    words = ("testbudapest", "--to", past.good.isoformat(), "--as", "budapest-again")
    assert "was erased" in command(*words, status=1).output
    told = json.loads(command(*words, "--although-erased", "--json").stdout)
    assert told["id"] != "testbudapest"
    assert titles(past.app, "budapest-again") == ["The bridge is open"]
