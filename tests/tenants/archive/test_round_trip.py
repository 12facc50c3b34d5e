import io
import json
import subprocess
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, select, text
from sqlalchemy.pool import NullPool

from app.accounts.models import Account
from app.core.context import serving
from app.core.db import db, end_transaction
from devstack.services.binaries import postgres_home
from modules.news.models import Article
from tenants import resolve, schema
from tenants.archive.restore import restore
from tenants.archive.zipped import Writer
from tenants.models import CityRecord, Domain, ModuleToggle, Quota

from .conftest import ANIMALS, NASTY, NOON, exported, members


@pytest.fixture
def with_animals(app, paris, zoo):
    with app.app_context():
        schema.upgrade("c_testparis", [zoo])
        with schema.owner_transaction() as connection:
            connection.exec_driver_sql("SET LOCAL search_path TO c_testparis, shared")
            for statement in ANIMALS.strip().split(";\n"):
                connection.exec_driver_sql(statement.rstrip(";"))
    yield paris
    with app.app_context(), schema.owner_transaction() as connection:
        connection.exec_driver_sql("DROP TABLE c_testparis.zoo_keeper, c_testparis.zoo_animal")
        connection.exec_driver_sql("DROP SEQUENCE c_testparis.zoo_ticket")
        connection.exec_driver_sql("DELETE FROM c_testparis.module_revision WHERE module = 'zoo'")


def test_a_city_restored_on_another_deployment_exports_the_same_bytes(there, with_animals, commit):
    with commit():
        first = exported(with_animals)
        assert exported(with_animals) == first
    with commit(there):
        made = restore(io.BytesIO(first), address="paris")
    with commit(there):
        assert made.id != with_animals
        second = exported(made.id)
        with schema.owner_transaction() as connection:
            connection.exec_driver_sql(f"SET LOCAL search_path TO c_{made.id}")
            names = list(connection.scalars(text("SELECT name FROM zoo_animal ORDER BY id")))
            assert names == ["", 'a"b\\\nc\t', None]
            assert connection.scalar(text("SELECT nextval('zoo_ticket')")) == 9
            insert = "INSERT INTO zoo_animal DEFAULT VALUES RETURNING id, serial"
            assert tuple(connection.execute(text(insert)).one()) == (4, 4)
    assert members(first) == members(second)
    assert first == second


def test_under_another_address_only_what_names_the_city_differs(there, paris, commit):
    with commit():
        first = members(exported(paris))
    with commit(there):
        made = restore(io.BytesIO(exported_bytes(first)), address="lutece", name="Lutèce")
    with commit(there):
        second = members(exported(made.id))
    changed = {name for name in first | second if first.get(name) != second.get(name)}
    assert changed == {"manifest.json", "README.md", "SHA256SUMS"}
    before, after = (json.loads(found["manifest.json"]) for found in (first, second))
    assert (after["city"].pop("address"), after["city"].pop("name")) == ("lutece", "Lutèce")
    assert (before["city"].pop("address"), before["city"].pop("name")) == ("paris", "Paris")
    assert after["city"] == before["city"]


def exported_bytes(found):
    out = io.BytesIO()
    with Writer(out) as writer:
        for name, content in found.items():
            with writer.member(name) as sink:
                sink.write(content)
    return out.getvalue()


def test_everything_of_the_city_is_there_again(there, paris, commit):
    with commit():
        archive = exported(paris)
    with commit(there):
        made = restore(io.BytesIO(archive), address="paris")
    with commit(there):
        row = db.session.get_one(CityRecord, made.id)
        assert (row.name, row.published, row.brand, row.time_zone) == (
            "Paris",
            True,
            "#14387f",
            "Europe/Paris",
        )
        assert {t.module for t in db.session.scalars(select(ModuleToggle)) if t.on} == {
            "news",
            "participatory_budget",
        }
        assert [(q.resource, q.most) for q in db.session.scalars(select(Quota))] == [
            ("accounts", 5_000_000_000)
        ]
        # A domain is a claim until this deployment has seen its proof, and each claim has a secret of its own.
        claims = list(db.session.scalars(select(Domain).order_by(Domain.host)))
        assert [(d.host, d.verified, d.main) for d in claims] == [
            ("paris.example", False, False),
            ("ville.example", False, False),
        ]
        assert len({d.proof for d in claims}) == 2
        assert min(len(d.proof) for d in claims) >= 32
        folder = there.config["PARVIS"].files_dir / made.id
        assert sorted(path.name for path in folder.iterdir()) == ["a" * 40 + ".webp", "b" * 40 + ".webp"]
        assert (folder / ("b" * 40 + ".webp")).read_bytes() == b"\0\xff" * 5000
        city = resolve.city_by_slug("paris")
        assert city is not None
    with there.app_context(), serving(city):
        people = db.session.scalars(select(Account).order_by(Account.id)).all()
        assert [person.name for person in people] == [words[:120] for words in NASTY]
        assert people[1].password_hash == "$argon2id$1"
        assert people[0].created_at == NOON
        articles = db.session.scalars(select(Article)).all()
        assert {a.title["fr"] for a in articles} == set(NASTY)
        assert {a.picture for a in articles} == {None, ""}
        assert db.session.scalar(text("SELECT count(*) FROM account_session")) == 0
        end_transaction(keep=False)


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)


@settings(
    max_examples=4,
    phases=[Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    database=None,
)
@given(texts=st.lists(words, min_size=30, max_size=60, unique=True), documents=st.lists(
    st.recursive(st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | words,
                 lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4)),
    min_size=5, max_size=10))  # fmt: skip
def test_whatever_people_write_comes_back_as_it_was(app, there, commit, texts, documents):
    city_id = "testbudapest"
    rows = 'SELECT module, values::text FROM module_settings ORDER BY module COLLATE "C"'
    with commit(), schema.owner_transaction() as connection:
        connection.exec_driver_sql("SET LOCAL search_path TO c_testbudapest")
        connection.exec_driver_sql("TRUNCATE module_settings")
        for number, words in enumerate(texts):
            document = json.dumps({"text": words, "more": documents[number % len(documents)]}).replace(
                "\\u0000", ""
            )
            connection.execute(
                text("INSERT INTO module_settings VALUES (:m, CAST(:v AS jsonb))"),
                {"m": words, "v": document},
            )
        before = [tuple(row) for row in connection.execute(text(rows))]
    with commit():
        archive = exported(city_id)
    with commit(there):
        if db.session.scalar(select(CityRecord).where(CityRecord.slug == "again")):
            again = db.session.scalars(select(CityRecord).where(CityRecord.slug == "again")).one()
            schema.drop(f"c_{again.id}")
            db.session.delete(again)
    with commit(there):
        made = restore(io.BytesIO(archive), address="again")
    with commit(there), schema.owner_transaction() as connection:
        connection.exec_driver_sql(f"SET LOCAL search_path TO c_{made.id}")
        assert [tuple(row) for row in connection.execute(text(rows))] == before
    with commit(there):
        assert (
            members(exported(made.id))["tables/module_settings.csv"]
            == members(archive)["tables/module_settings.csv"]
        )


def test_the_archive_can_be_used_without_us(services, with_animals, commit, tmp_path):
    with commit(), (tmp_path / "archive.zip").open("wb") as out:
        out.write(exported(with_animals))
    folder = tmp_path / "unpacked"
    with ZipFile(tmp_path / "archive.zip") as archive:
        archive.extractall(folder)
    done = subprocess.run(["sha256sum", "-c", "SHA256SUMS", "--strict", "--quiet"], cwd=folder, check=False)
    assert done.returncode == 0

    server = create_engine(services.database, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql("DROP DATABASE IF EXISTS plain")
        connection.exec_driver_sql("CREATE DATABASE plain TEMPLATE template0")
    plain = services.database.set(database="plain", drivername="postgresql")
    address = plain.render_as_string(hide_password=False)
    for script in ("schema.sql", "load.sql"):
        command = [
            postgres_home()[0] / "bin" / "psql",
            "-X",
            "-d",
            address,
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-f",
            script,
        ]
        said = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
        assert said.returncode == 0, said.stderr
    loaded = create_engine(services.database.set(database="plain"), poolclass=NullPool)
    with loaded.connect() as connection:
        found = {
            table["name"]: table["rows"]
            for table in json.loads((folder / "manifest.json").read_text())["tables"]
        }
        assert found["account"] == len(NASTY)
        for table, rows in found.items():
            assert connection.scalar(text(f'SELECT count(*) FROM "{table}"')) == rows
        assert connection.scalar(text("SELECT nextval('zoo_ticket')")) == 9


def test_every_table_is_described(with_animals, commit):
    with commit():
        found = members(exported(with_animals))
    account = json.loads(found["tables/account.json"])
    assert account["description"] == "A person known to one city."
    fields = {field["name"]: field for field in account["fields"]}
    assert fields["email"]["personal"] == "e-mail address of a person"
    assert fields["email"]["constraints"] == {"required": True, "maxLength": 254}
    assert fields["role"]["constraints"]["enum"] == ["resident", "viewer", "editor", "administrator"]
    assert fields["created_at"]["type"] == "datetime"
    edition = json.loads(found["tables/participatory_budget_edition.json"])
    money = next(field for field in edition["fields"] if field["name"] == "budget")
    assert money["unit"] == "minor units of the currency of the edition"
    project = json.loads(found["tables/participatory_budget_project.json"])
    assert project["foreignKeys"][0]["reference"] == {
        "resource": "participatory_budget_edition",
        "fields": ["id"],
    }
    for name in found:
        if name.endswith(".csv"):
            head = found[name].partition(b"\n")[0].decode().split(",")
            described = json.loads(found[name.replace(".csv", ".json")])
            assert [field["name"] for field in described["fields"]] == head
    assert "account_session" in found["README.md"].decode()
