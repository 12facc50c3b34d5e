import io
import os
import signal
import subprocess
import sys

import pytest
from sqlalchemy import text

from app.core import changes
from app.core.db import db, end_transaction
from tenants import resolve, schema
from tenants.addresses import Taken
from tenants.archive import places
from tenants.archive import restore as restoring
from tenants.archive.errors import Refused
from tenants.archive.restore import replace_contents, restore
from tenants.models import CityRecord, CityRevision, CityState, FormerSlug

from .conftest import NOON, exported, members, schemas_of_cities

KILLED = """
import os, signal, sys
from pathlib import Path
from app.factory import create_app
from tenants.archive import build, places, restore

module, name = {"files": (places, "move_in"), "rows": (build, "bring_up_to_date")}[sys.argv[1]]
real = getattr(module, name)

def and_die(*words):
    real(*words)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(module, name, and_die)
with create_app().app_context():
    restore.restore(Path(sys.argv[2]), address="lutece")
"""


@pytest.fixture
def archive(paris, commit):
    with commit():
        return io.BytesIO(exported(paris))


@pytest.mark.parametrize("slug", ["paris", "www", "x", "Not An Address", "ancienne"])
def test_an_address_that_is_not_free_is_refused_before_anything_is_done(app, archive, commit, slug):
    with commit():
        db.session.add(FormerSlug(slug="ancienne", city_id="testbudapest", left_at=NOON))
    with commit():
        before = schemas_of_cities()
        with pytest.raises(Refused):
            restore(archive, address=slug)
        assert schemas_of_cities() == before


def test_whoever_takes_the_address_meanwhile_keeps_it(app, archive, commit, monkeypatch):
    monkeypatch.setattr(restoring.addresses, "trouble", lambda _slug: "")
    with commit():
        before = schemas_of_cities()
        with pytest.raises(Taken):
            restore(archive, address="budapest")
        assert schemas_of_cities() == before


def test_nobody_sees_the_city_before_it_is_whole(app, archive, commit, monkeypatch):
    seen = []

    def look(*_words):
        with app.app_context():
            seen.append(resolve.city_by_slug("lutece"))
            seen.append(db.session.query(CityRecord).filter_by(slug="lutece").first())

    monkeypatch.setattr(restoring.places, "move_in", lambda *words: (look(), move_in(*words)))
    with commit():
        restore(archive, address="lutece")
    assert seen == [None, None]
    with commit():
        found = resolve.city_by_slug("lutece")
        assert found is not None
        assert found.published
        assert db.session.get_one(CityRevision, found.id).revisions["news"] == "news_0001"


move_in = places.move_in


def test_a_city_that_is_only_to_be_looked_at_is_never_open(app, archive, commit, site):
    with commit():
        made = restore(archive, address="lutece", wish=restoring.Wish(closed="Before."))
        record = db.session.get_one(CityRecord, made.id)
        assert (record.state, record.state_reason) == (CityState.SUSPENDED, "Before.")
    assert "Before." in site("lutece").get("/").text


def test_the_restored_city_works(app, archive, commit, site):
    with commit():
        restore(archive, address="lutece", name="Lutèce")
    page = site("lutece").get("/")
    assert page.status_code == 200
    assert "Lutèce" in page.text
    staff = site("lutece", role="administrator")
    assert staff.get("/admin/").status_code == 200
    assert staff.get("/admin/news/").status_code == 200


@pytest.mark.parametrize("failing", ["move_in", "write"])
def test_a_failure_leaves_nothing(app, archive, commit, monkeypatch, failing):
    def fail(*_words):
        raise OSError("No space left on device")

    with commit():
        before = schemas_of_cities()
        monkeypatch.setattr(restoring.places, failing, fail)
        with pytest.raises(OSError, match="No space"):
            restore(archive, address="lutece")
        assert schemas_of_cities() == before
        assert db.session.query(CityRecord).filter_by(slug="lutece").first() is None
        left = [path.name for path in app.config["PARVIS"].files_dir.iterdir() if path.name != ".restoring"]
        assert left == ["testparis"]
        monkeypatch.undo()
        assert restore(archive, address="lutece").files == 2


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["files", "rows"])
def test_a_killed_restore_leaves_nothing_and_can_be_run_again(app, archive, commit, tmp_path, moment):
    path = tmp_path / "paris.zip"
    path.write_bytes(archive.getvalue())
    config = app.config["PARVIS"]
    environment = {**os.environ, "FILES_DIR": str(config.files_dir)}
    command = [sys.executable, "-c", KILLED, moment, str(path)]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == -signal.SIGKILL, done.stderr

    with commit():
        assert resolve.city_by_slug("lutece") is None
        assert db.session.query(CityRecord).filter_by(slug="lutece").first() is None
        assert schemas_of_cities() == ["c_testbudapest", "c_testparis"]
        made = restore(archive, address="lutece")
        kept = {p.name for p in config.files_dir.iterdir() if not p.name.startswith(".")}
        assert kept == {"testparis", made.id}
        assert not any((config.files_dir / ".restoring").iterdir())


def test_a_sweep_leaves_a_restore_alone_that_is_going_on(app, commit):
    with commit(), places.staged("abcdefgh") as stage:
        places.write(stage / "files", [("a.txt", iter([b"x"]))])
        assert places.sweep() == 0
        assert (stage / "files" / "a.txt").read_bytes() == b"x"
        with pytest.raises(Refused), places.staged("abcdefgh"):
            pass
        assert (stage / "files" / "a.txt").exists()


def test_the_contents_of_a_city_can_be_replaced_and_nobody_else_notices(
    app, paris, archive, commit, in_city, site
):
    before = members(archive.getvalue())
    with commit():
        others = members(exported("testbudapest"))
    with in_city("paris"):
        db.session.execute(text("DELETE FROM news_article"))
        db.session.execute(text("UPDATE account SET name = 'changed'"))
    with commit():
        row = db.session.get_one(CityRecord, paris)
        row.name, row.brand = "Lutèce", "#ffffff"
    with commit():
        assert members(exported(paris))["tables/account.csv"] != before["tables/account.csv"]
        city = resolve.city_by_id(paris)
        mark = changes.mark(city)
        made = replace_contents(paris, archive)
        # Pages drawn from the rows of before are not shown any more.
        assert changes.mark(city) != mark
        end_transaction(keep=True)
        assert (made.id, made.address) == (paris, "paris")
        assert schemas_of_cities() == ["c_testbudapest", "c_testparis"]
        assert members(exported(paris)) == before
        assert members(exported("testbudapest")) == others
    assert site("paris", role="administrator").get("/admin/news/").status_code == 200


def test_a_replacement_that_fails_changes_nothing_and_a_killed_one_can_be_run_again(
    app, paris, archive, commit, monkeypatch
):
    with commit():
        before = members(exported(paris))

        def fail(*_words):
            raise RuntimeError("killed")

        monkeypatch.setattr(restoring.registry, "change", fail)
        with pytest.raises(RuntimeError):
            replace_contents(paris, archive)
        assert members(exported(paris)) == before
        assert schemas_of_cities() == ["c_testbudapest", "c_testparis"]
        monkeypatch.undo()

        with schema.owner_transaction() as connection:
            connection.exec_driver_sql("CREATE SCHEMA c_testparis_before")
        replace_contents(paris, archive)
        assert schemas_of_cities() == ["c_testbudapest", "c_testparis"]
        assert members(exported(paris)) == before


@pytest.mark.parametrize("moved", [False, True])
def test_files_that_a_lost_city_left_under_its_id_give_way_to_those_of_the_archive(app, commit, moved):
    def begin():
        with places.staged("abcdefgh") as stage:
            places.write(stage / "files", [("new", iter([b"new"]))])
            if moved:
                places.move_in(stage, "abcdefgh")
                assert [path.name for path in lost.iterdir()] == ["new"]
            raise RuntimeError

    with commit():
        lost = places.folder_of("abcdefgh")
        lost.mkdir(parents=True)
        (lost / "old").write_bytes(b"old")
        with pytest.raises(RuntimeError):
            begin()
        # No city has come of it: what was there is there again.
        assert [path.name for path in lost.iterdir()] == ["old"]
