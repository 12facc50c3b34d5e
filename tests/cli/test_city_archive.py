import json
from zipfile import ZipFile

import pytest
from click.testing import CliRunner

from app.accounts.models import Role
from app.accounts.services import create_confirmed
from app.cli import main
from app.core.db import db
from tenants import resolve
from tenants.models import PlatformEntry


@pytest.fixture
def parvis(app):
    def run(*words, **more):
        return CliRunner().invoke(main, ["city", *(str(word) for word in words)], obj=lambda: app, **more)

    return run


@pytest.fixture
def file(parvis, in_city, tmp_path):
    """A city with a person, exported."""
    with in_city("paris"):
        create_confirmed("ana@paris.example", "Ana", role=Role.RESIDENT, language="fr")
    path = tmp_path / "paris.zip"
    done = parvis("export", "paris", "-o", path, "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["city"], told["file"], told["open_votes"]) == ("testparis", str(path), [])
    return path


def test_an_export_is_a_whole_file_or_none(parvis, file, monkeypatch):
    assert [path.name for path in file.parent.iterdir()] == ["paris.zip"]
    assert file.stat().st_mode & 0o077 == 0
    again = parvis("export", "paris", "-o", file)
    assert again.exit_code == 1
    assert "is there already" in again.output
    nowhere = parvis("export", "paris", "-o", file / "x.zip")
    assert nowhere.exit_code == 1
    assert "cannot be written" in nowhere.output
    assert parvis("export", "lutece", "-o", file.with_name("x.zip")).exit_code == 1
    assert [path.name for path in file.parent.iterdir()] == ["paris.zip"]

    monkeypatch.chdir(file.parent)
    assert parvis("export", "testbudapest").exit_code == 0
    assert (file.parent / "budapest.zip").exists()


def test_an_export_goes_through_a_pipe(parvis, file):
    piped = parvis("export", "paris", "-o", "-")
    assert piped.exit_code == 0
    assert piped.stdout_bytes == file.read_bytes()
    assert parvis("verify", "-", input=file.read_bytes()).exit_code == 0
    made = parvis("restore", "-", "--address", "lutece", "--json", input=file.read_bytes())
    assert made.exit_code == 0, made.output
    assert json.loads(made.stdout)["address"] == "lutece"


def test_verify_needs_no_deployment_and_says_what_is_wrong(file):
    def forbidden():
        raise AssertionError("verify asked for the application")

    def verify(*words):
        return CliRunner().invoke(main, ["city", "verify", *map(str, words)], obj=forbidden)

    done = verify(file, "--json")
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert (told["whole"], told["city"], told["address"]) == (True, "Paris", "paris")

    content = bytearray(file.read_bytes())
    content[content.index(b"ana@paris.example")] ^= 1
    file.write_bytes(content)
    done = verify(file)
    assert done.exit_code == 1
    assert "tables/account.csv is damaged" in done.output
    file.write_text("no zip")
    assert "no zip archive" in verify(file).output
    assert "There is no file" in verify(file.with_name("missing")).output


def test_restore_makes_a_city_that_answers(app, parvis, file, site):
    taken = parvis("restore", file, "--address", "paris")
    assert taken.exit_code == 1
    assert "already taken" in taken.output

    done = parvis("restore", file, "--address", "lutece", "--name", "Lutèce")
    assert done.exit_code == 0, done.output
    assert "Lutèce" in done.stdout
    assert "Lutèce" in site("lutece").get("/").text
    with app.app_context():
        found = db.session.query(PlatformEntry).filter_by(action="city.restored").one()
        assert found.city_id == resolve.city_by_slug("lutece").id
        assert found.actor.startswith("shell")


def test_copy_needs_an_administrator_unless_it_keeps_the_people(parvis, file):
    refused = parvis("copy", "paris", "--address", "exercise")
    assert refused.exit_code == 1
    assert "Name an administrator" in refused.output
    done = parvis("copy", "paris", "--address", "exercise", "--administrator", "t@example.org", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["name"] == "Paris (training copy)"
    kept = parvis("copy", "paris", "--address", "exercise-two", "--with-people")
    assert kept.exit_code == 0
    assert "can write to them" in kept.stderr


def test_an_export_without_people_has_none(parvis, file):
    anonymous = file.with_name("anonymous.zip")
    assert parvis("export", "paris", "-o", anonymous, "--without-people").exit_code == 0
    with ZipFile(file) as real, ZipFile(anonymous) as made:
        assert b"ana@paris.example" in real.read("tables/account.csv")
        assert b"ana@paris.example" not in made.read("tables/account.csv")
        assert json.loads(made.read("manifest.json"))["people"] == "replaced"
