import io
import json
import threading

import psycopg
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from app.core.db import db
from tenants import owner, schema
from tenants.archive import source
from tenants.archive.errors import Refused
from tenants.archive.export import Wish, export
from tenants.archive.restore import restore
from tenants.migrate import replay
from tenants.models import CityRecord, CityState

from ...deployment import eventually
from .conftest import NOON, exported, members


def test_what_is_written_during_an_export_is_not_in_it(app, paris, commit):
    written = []

    def write(what, _done, _total):
        if not written:
            written.append(what)
            with app.app_context(), schema.owner_transaction() as connection:
                connection.exec_driver_sql("UPDATE c_testparis.news_article SET author_id = 'late'")
                connection.exec_driver_sql("UPDATE platform.city SET name = 'Late' WHERE id = 'testparis'")

    with commit():
        before = members(exported(paris))
        out = io.BytesIO()
        export(paris, out, tell=write)
    assert written
    assert members(out.getvalue()) == before
    with commit():
        assert b"late" in members(exported(paris))["tables/news_article.csv"]


def test_a_city_is_not_migrated_while_it_is_exported(app, paris, commit):
    refusals = []

    def migrate(*_told):
        if not refusals:
            with app.app_context(), owner.connect(owner.address()) as connection:
                try:
                    replay.upgrade(connection, "c_testparis", replay.Manner(lock_timeout="50ms"))
                except psycopg.errors.LockNotAvailable as error:
                    refusals.append(error)
            # Another export is no obstacle.
            with app.app_context():
                exported(paris)

    with commit():
        export(paris, io.BytesIO(), tell=migrate)
        assert len(refusals) == 1
        schema.upgrade("c_testparis")


def test_an_export_sees_the_migration_it_waited_for(app, commit):
    """The snapshot begins after the lock: otherwise it would show tables as they were before."""
    waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    with commit(), owner.connect(owner.address()) as migration, source.connection_of_owner() as reader:
        replay.send(migration, ["BEGIN", *replay.taking("c_testparis", "5s")])
        migration.execute("ALTER TABLE news_article ADD COLUMN added integer DEFAULT 7 NOT NULL")
        seen = []

        def read():
            with app.app_context(), source.snapshot(reader, "c_testparis") as connection:
                seen.append(connection.scalar(text("SELECT count(added) FROM news_article")))

        thread = threading.Thread(target=read)
        thread.start()
        eventually(lambda: migration.execute(waits).fetchone() == (1,), what="the export's wait")
        migration.execute("COMMIT")
        thread.join(20)
        migration.execute("ALTER TABLE c_testparis.news_article DROP COLUMN added")
    assert seen == [0]


def test_a_city_can_be_read_from_another_database(app, there, paris, commit, tmp_path):
    with commit():
        archive = exported(paris)
    with commit(there):
        made = restore(io.BytesIO(archive), address="paris")
    there_files = there.config["PARVIS"].files_dir / made.id
    engine = create_engine(there.config["PARVIS"].database, poolclass=NullPool)
    with commit(), engine.connect() as connection:
        out = io.BytesIO()
        export(made.id, out, source_connection=connection, wish=Wish(files=there_files))
        assert out.getvalue() == archive
        # Nothing of the lock is left on the connection.
        with connection.begin():
            assert connection.scalar(text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")) == 0


def test_an_archive_of_older_tables_is_brought_up_to_date(app, commit):
    with commit():
        schema.create("c_oldtown", at={"city": "city_0001", "news": "news_0001"})
        row = CityRecord(
            id="oldtown", slug="oldtown", name="Old", state=CityState.LIVE, languages=["fr"], tagline={}
        )
        row.created_at = NOON
        db.session.add(row)
        db.session.commit()
        with schema.owner_transaction() as connection:
            connection.exec_driver_sql(
                "INSERT INTO c_oldtown.account VALUES (gen_random_uuid(), 'a@b.example', 'A', NULL, 'fr', 'viewer', NULL,"
                " now())"
            )
        archive = exported("oldtown")
        assert json.loads(members(archive)["manifest.json"])["revisions"]["city"] == "city_0001"
        assert b"account_request" not in members(archive)["schema.sql"]
        made = restore(io.BytesIO(archive), address="newtown")
        told = json.loads(members(exported(made.id))["manifest.json"])
        assert told["revisions"]["city"] > "city_0001"
        assert {t["name"]: t["rows"] for t in told["tables"]}["account"] == 1
        with schema.owner_transaction() as connection:
            copied = connection.scalar(
                text("SELECT revisions FROM platform.city_revision WHERE city_id = :id"), {"id": made.id}
            )
            assert copied == told["revisions"]


def test_a_city_with_tables_that_nobody_knows_is_refused(app, paris, commit):
    with commit(), schema.owner_transaction() as connection:
        connection.exec_driver_sql("INSERT INTO c_testparis.module_revision VALUES ('lost', 'lost_0001')")
    try:
        with commit():
            with pytest.raises(Refused, match="lost at lost_0001"):
                exported(paris)
            with pytest.raises(Refused, match="no city with the id"):
                exported("nobody")
    finally:
        with commit(), schema.owner_transaction() as connection:
            connection.exec_driver_sql("DELETE FROM c_testparis.module_revision WHERE module = 'lost'")
