import hashlib
import io
import json
import stat
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.core.db import db
from tenants import schema
from tenants.archive import build, manifest, zipped
from tenants.archive.errors import Unusable
from tenants.archive.opened import opened
from tenants.archive.restore import restore
from tenants.archive.zipped import Reader, Writer

from .conftest import exported, members, schemas_of_cities

EVIL = "x); DROP TABLE platform.city; --"


MADE = {}


@pytest.fixture
def good(request, whole_app):
    """What is in a good archive, made once for all."""
    if not MADE:
        city_id = request.getfixturevalue("paris")
        with whole_app.app_context():
            MADE.update(members(exported(city_id)))
    return dict(MADE)


def told(found):
    return json.loads(found["manifest.json"])


def packed(found, *, honest=True):
    """Return an archive of these members whose checksums are right."""
    if honest:
        content = {k: v for k, v in found.items() if k not in ("manifest.json", "SHA256SUMS")}
        whole = told(found)
        whole["members"] = {
            name: {"length": len(value), "sha256": hashlib.sha256(value).hexdigest()}
            for name, value in content.items()
        }
        found = {**content, "manifest.json": json.dumps(whole).encode()}
    out = io.BytesIO()
    with Writer(out) as writer:
        for name, value in found.items():
            if name != "SHA256SUMS":
                with writer.member(name) as sink:
                    sink.write(value)
        if honest:
            writer.add_sums()
        else:
            writer.add("SHA256SUMS", found["SHA256SUMS"].decode())
    return out.getvalue()


def with_manifest(found, change):
    whole = told(found)
    change(whole)
    return {**found, "manifest.json": json.dumps(whole).encode()}


def refused(app, archive, match):
    """Restore an archive, which is refused with a sentence, and see that nothing is left of it."""
    with app.app_context():
        before = schemas_of_cities()
        rows = "SELECT (SELECT count(*) FROM platform.city), (SELECT count(*) FROM platform.domain)"
        with schema.owner_transaction() as connection:
            cities = tuple(connection.execute(text(rows)).one())
            roles = connection.scalar(text("SELECT count(*) FROM pg_roles"))
        with pytest.raises(Unusable, match=match):
            restore(io.BytesIO(archive), address="lutece")
        assert schemas_of_cities() == before
        with schema.owner_transaction() as connection:
            assert tuple(connection.execute(text(rows)).one()) == cities
            assert connection.scalar(text("SELECT count(*) FROM pg_roles")) == roles
        folder = app.config["PARVIS"].files_dir
        assert [p.name for p in folder.glob("*") if p.name not in (".restoring", "testparis")] == []
        assert not any((folder / ".restoring").glob("*"))
        db.session.remove()


def test_the_good_archive_is_accepted(app, good, commit):
    with commit():
        assert restore(io.BytesIO(packed(good)), address="lutece").rows > 10


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "/etc/passwd",
        "files/../../evil",
        "files/.hidden",
        "files/a/../b",
        "files/a\\..\\b",
        "tables/x.sql",
        "files/",
        "C:/evil",
        "files/" + "a" * 200,
        "files/1/2/3/4/5/6",
        "README.md\n",
    ],
)
def test_a_name_that_leads_out_is_refused(name):
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr(ZipInfo(name), "x")
    with pytest.raises(Unusable, match="no archive of a city has"):
        Reader(io.BytesIO(out.getvalue()))


def test_links_compression_and_doubles_are_refused():
    def reading(info, *, twice=False):
        out = io.BytesIO()
        with ZipFile(out, "w") as archive:
            archive.writestr(info, "x" * 1000)
            if twice:
                with pytest.warns(UserWarning, match="Duplicate"):
                    archive.writestr(info, "x")
        return Reader(io.BytesIO(out.getvalue()))

    link = ZipInfo("files/link")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(Unusable, match="no plain file"):
        reading(link)
    small = ZipInfo("files/bomb")
    small.compress_type = ZIP_DEFLATED
    with pytest.raises(Unusable, match="compressed"):
        reading(small)
    plain = ZipInfo("files/plain")
    plain.compress_type, plain.external_attr = ZIP_STORED, (stat.S_IFREG | 0o644) << 16
    with pytest.raises(Unusable, match="twice"):
        reading(plain, twice=True)
    assert reading(plain).names() == ["files/plain"]


def test_members_that_lie_over_each_other_are_refused():
    out = io.BytesIO()
    with Writer(out) as writer:
        writer.add("files/a", "x" * 5000)
        kernel = writer._zip.filelist[0]
        for number in range(50):
            other = ZipInfo(f"files/b{number}", kernel.date_time)
            for field in (
                "CRC",
                "compress_size",
                "file_size",
                "header_offset",
                "external_attr",
                "create_system",
            ):
                setattr(other, field, getattr(kernel, field))
            writer._zip.filelist.append(other)
    with pytest.raises(Unusable, match="more than the file is long"):
        Reader(io.BytesIO(out.getvalue()))


def test_a_directory_that_would_fill_the_memory_is_refused(monkeypatch):
    assert Reader(io.BytesIO(SMALL)).names()
    monkeypatch.setattr(zipped, "MOST_DIRECTORY", 100)
    with pytest.raises(Unusable, match="more members"):
        Reader(io.BytesIO(SMALL))
    # The long form, which a directory of four gigabytes has.
    end = zipped._END.pack(b"PK\5\6", 0, 0, 1, 1, zipped.LONG, zipped.LONG, 0)
    long_end = zipped._LONG_END.pack(b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, 1 << 40, 0)
    with pytest.raises(Unusable, match="more members"):
        Reader(io.BytesIO(b"x" * 100 + long_end + bytes(20) + end))


def test_a_cut_archive_is_refused(good):
    whole = packed(good)
    for length in (0, 10, len(whole) // 2, len(whole) - 1):
        with pytest.raises(Unusable, match="no zip archive"):
            Reader(io.BytesIO(whole[:length]))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_changed_byte_is_noticed(data):
    archive = bytearray(SMALL)
    place = data.draw(st.integers(0, len(archive) - 1))
    archive[place] ^= 1 << data.draw(st.integers(0, 7))
    try:
        with opened(io.BytesIO(bytes(archive))) as found:
            found.verify()
    except Unusable:
        return
    # What zip keeps and nobody reads, such as the time of a member, may differ; what is in it may not.
    assert members(bytes(archive)) == members(SMALL)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda m: m.update(format="other"), "no archive of a city"),
        (lambda m: m.update(version=2), "newer Parvis"),
        (lambda m: m.update(tables=3), "tables is missing or of the wrong kind"),
        (lambda m: m["city"].update(brand="red;}body{display:none}"), "brand cannot be"),
        (lambda m: m["city"].update(hero="../x"), "hero cannot be"),
        (lambda m: m["city"].update(languages=["xx"]), "does not speak"),
        (lambda m: m["city"].update(languages=[]), "does not speak"),
        (lambda m: m["city"].update(time_zone="../../etc/passwd"), "time_zone"),
        (lambda m: m["city"].update(name="x" * 121), "too long"),
        (lambda m: m["city"].update(created_at="yesterday"), "no instant"),
        (lambda m: m["city"].update(published=1), "wrong kind"),
        (lambda m: m["quotas"].update(accounts=-1), "cannot be -1"),
        (lambda m: m["quotas"].update(accounts=True), "wrong kind"),
        (lambda m: m["domains"].append("evil.example; x"), "domains cannot be"),
        (lambda m: m["domains"].append(m["domains"][0]), "domains are named twice"),
        (
            lambda m: m.update(domains=[f"x{n}.example" for n in range(21)]),
            "domains are named twice, or too many",
        ),
        (lambda m: m["modules"].append(m["modules"][0]), "modules are named twice"),
        (lambda m: m["revisions"].update(city="city_9999"), "newer version"),
        (lambda m: m["revisions"].update({"lost_found": "x_0001"}), "not installed"),
        (lambda m: m["revisions"].update(platform="platform_0001"), "not installed"),
        (lambda m: m["revisions"].update({"../x": "y"}), "cannot be"),
        (lambda m: m["revisions"].pop("city"), "base tables"),
        (lambda m: m["revisions"].pop("news"), "has no tables of it"),
        (lambda m: m["tables"][0].update(name=EVIL), "cannot be"),
        (lambda m: m["tables"][0].update(name="pg_class"), "belongs to no table"),
        (lambda m: m["tables"][0]["columns"].append(EVIL), "cannot be"),
    ],
)
def test_a_manifest_that_we_cannot_have_written_is_refused(whole_app, good, change, match):
    archive = packed(with_manifest(good, change))
    with whole_app.app_context(), pytest.raises(Unusable, match=match):
        checked(archive)


def checked(archive):
    """Do what a restore does before it opens the database."""
    with opened(io.BytesIO(archive)) as found:
        build.must_fit(found.manifest)
        found.verify()


def manifested(change):
    return lambda found: with_manifest(found, change)


SEQUENCE = {"name": "x", "last_value": 1, "is_called": True}


def add_table(whole):
    whole["tables"].append({"name": "pg_class", "columns": ["id"], "key": [], "rows": 0})


def rewritten(table, content):
    return lambda found: {**found, f"tables/{table}.csv": content(found[f"tables/{table}.csv"])}


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (rewritten("account", lambda csv: csv.replace(b"person1@", b"person2@")), "duplicate key"),
        (rewritten("account", lambda csv: csv + b'"\\xff\xff"\n'), "account.csv does not fit"),
        (rewritten("account", lambda csv: csv.partition(b"\n")[0] + b"\n"), "has 0 rows"),
        (
            rewritten("news_article", lambda csv: csv.replace(b"draft", b"'); DROP TABLE account; --" * 9)),
            "too long",
        ),
        (
            rewritten("participatory_budget_project", lambda csv: csv.replace(b"0190163d", b"0190163e")),
            "foreign key",
        ),
        (manifested(lambda m: m["tables"][0].update(rows=1_000_000)), "manifest.json says 1000000"),
        (manifested(lambda m: m["sequences"].append(SEQUENCE)), "sequence x"),
        (
            lambda found: with_manifest({**found, "tables/pg_class.csv": b"id\n"}, add_table),
            "have the tables",
        ),
    ],
)
def test_rows_that_do_not_fit_are_refused(app, good, change, match):
    refused(app, packed(change(good)), match)


def test_tables_that_do_not_fit_the_manifest_are_refused(whole_app, good):
    renamed = rewritten("account", lambda csv: csv.replace(b"email,", b"mail,", 1))
    for change, match in (
        (renamed, "does not begin with"),
        (lambda found: {k: v for k, v in found.items() if k != "tables/account.csv"}, "is missing"),
        (lambda found: {**found, "tables/pg_class.csv": b"relname\nx\n"}, "belongs to no table"),
    ):
        with whole_app.app_context(), pytest.raises(Unusable, match=match):
            checked(packed(change(good)))


def test_what_its_checksum_does_not_say_is_refused(good):
    for name in ("tables/account.csv", "README.md", "files/" + "b" * 40 + ".webp", "manifest.json"):
        altered = {**good, name: good[name].replace(b"a", b"b", 1) + b" "}
        with pytest.raises(Unusable, match=r"checksum says|does not begin|no archive|cannot|missing"):
            checked(packed(altered, honest=False))
    with pytest.raises(Unusable, match="does not name it"):
        checked(packed({**good, "files/more": b"x"}, honest=False))
    with pytest.raises(Unusable, match="cannot be read"):
        checked(packed({**good, "SHA256SUMS": b"nonsense"}, honest=False))


def test_words_of_the_archive_are_never_sql(app, good, commit):
    words = "'; DROP SCHEMA platform CASCADE; --"
    evil = with_manifest(
        good, lambda m: m["city"].update(name=words, tagline={"fr": words}, contact_email=words)
    )
    evil = with_manifest(evil, lambda m: m["modules"][0].update(changed_by=words))
    with commit():
        made = restore(io.BytesIO(packed(evil)), address="lutece")
        assert made.name == words


def small():
    out = io.BytesIO()
    with Writer(out) as writer:
        writer.add("files/a", "a picture\n" * 20)
        city = manifest.City(
            "x", "X", True, ["fr"], "UTC", "EUR", "#000000", "plain", {}, "", "2026-11-22T10:00:00+00:00"
        )
        told = manifest.Manifest(city, "kept", [], [], {}, {}, [], [], {}, None, dict(writer.sums))
        writer.add("manifest.json", told.text())
        writer.add_sums()
    return out.getvalue()


SMALL = small()
