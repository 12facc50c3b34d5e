import io
import zipfile

import pytest

from app.core import stores
from app.core.db import db, end_transaction
from app.services.files import attach_upload, store_image
from app.services.files.models import File
from tenants.archive import restore as restoring
from tenants.archive.copying import copy
from tenants.archive.errors import Refused
from tenants.archive.export import Wish, export
from tenants.archive.restore import replace_contents, restore
from tenants.erasure import folders
from tenants.erasure.marks import marks_of
from tests.files import papers


@pytest.fixture(params=["folder", "bucket"])
def kept(request, app):
    """The names of a city's files, wherever they are kept."""
    if request.param == "bucket":
        request.getfixturevalue("bucket")

    def names(city_id):
        with app.app_context():
            return sorted(one.name for one in stores.store().kept(city_id))

    return names


@pytest.fixture
def filled(kept, in_city, send, clamd, run_tasks):
    """Paris with a picture, a letter and something infected."""
    with in_city("paris"):
        picture = store_image(io.BytesIO(papers.picture()))
        letter = send(name="letter.pdf")
        attach_upload(letter.id)
        infected = send(papers.EICAR, "eicar.txt")
    run_tasks()
    assert kept("testparis") == sorted([f".quarantine/{infected.id}", picture, f"uploads/{letter.id}"])
    return picture, letter


def exported(app, **wish):
    out = io.BytesIO()
    with app.app_context():
        export("testparis", out, wish=Wish(**wish))
        end_transaction(keep=True)
    return out


def files_in(archive):
    with zipfile.ZipFile(archive) as opened:
        return sorted(name for name in opened.namelist() if name.startswith("files/"))


def test_an_export_has_pictures_and_letters_but_nothing_infected(app, filled):
    picture, letter = filled
    assert files_in(exported(app)) == sorted([f"files/{picture}", f"files/uploads/{letter.id}"])
    assert files_in(exported(app, people=False)) == [f"files/{picture}"]


def test_a_restored_city_has_files_of_its_own(app, filled, kept):
    picture, letter = filled
    with app.app_context():
        made = restore(exported(app), address="lutece")
        end_transaction(keep=True)
    assert kept(made.id) == sorted([picture, f"uploads/{letter.id}"])
    assert made.files == 2
    with app.app_context(), stores.store().open(made.id, f"uploads/{letter.id}") as stream:
        assert stream.read() == papers.PDF


def test_a_restore_that_fails_leaves_no_files(app, filled, kept, monkeypatch):
    archive = exported(app)
    made = []

    def fail(stage, city_id):
        move_in(stage, city_id)
        made.append(city_id)
        raise RuntimeError

    move_in = restoring.places.move_in
    monkeypatch.setattr(restoring.places, "move_in", fail)
    with app.app_context(), pytest.raises(RuntimeError):
        restore(archive, address="lutece")
    assert made
    assert kept(made[0]) == []


def test_files_are_added_when_a_city_is_set_back(app, filled, kept, in_city):
    archive = exported(app)
    with app.app_context():
        stores.store().remove("testparis", filled[0])
    with app.app_context():
        replace_contents("testparis", archive)
        end_transaction(keep=True)
    assert filled[0] in kept("testparis")


def test_a_copy_without_people_has_none_of_their_letters(app, filled, kept, in_city):
    with app.app_context():
        made = copy("testparis", address="training")
        end_transaction(keep=True)
    assert kept(made.id) == [filled[0]]
    with in_city("training"):
        assert db.session.query(File).count() == 0


def test_an_erased_city_leaves_no_files(app, filled, kept, in_city):
    with app.app_context():
        marks = marks_of("testparis", ("paris",), ())
        assert folders.inventory(marks).number == 3
        folders.remove(marks)
        assert folders.inventory(marks).number == 0
    assert kept("testparis") == []


def test_a_bucket_that_has_files_of_a_lost_city_is_not_written_over(app, bucket):
    def restore_over():
        with restoring.places.staged("lostcity") as stage:
            restoring.places.write(stage / "files", [("new", iter([b"new"]))])
            restoring.places.move_in(stage, "lostcity")

    with app.app_context():
        stores.store().put("lostcity", "old", io.BytesIO(b"old"), 3)
        with pytest.raises(Refused, match="bucket"):
            restore_over()
        assert [one.name for one in stores.store().kept("lostcity")] == ["old"]
