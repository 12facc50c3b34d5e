import io

import pytest

from app.core import stores
from app.core.stores.folder import FolderStore


@pytest.fixture(params=["folder", "bucket"])
def store(request, tmp_path):
    return FolderStore(tmp_path) if request.param == "folder" else request.getfixturevalue("bucket")


def put(store, city, name, content):
    store.put(city, name, io.BytesIO(content), len(content))


def content(store, city, name):
    with store.open(city, name) as stream:
        return stream.read()


def test_what_is_kept_can_be_read_listed_moved_and_removed(store):
    put(store, "paris", "a.webp", b"tower")
    put(store, "paris", "uploads/b", b"letter")
    put(store, "budapest", "a.webp", b"bridge")
    assert content(store, "paris", "uploads/b") == b"letter"
    assert {(one.name, one.bytes) for one in store.kept("paris")} == {("a.webp", 5), ("uploads/b", 6)}

    store.move("paris", "uploads/b", ".quarantine/b")
    assert content(store, "paris", ".quarantine/b") == b"letter"
    assert not store.has("paris", "uploads/b")
    store.remove("paris", "a.webp")
    store.remove("paris", "a.webp")
    store.move("paris", "gone", "elsewhere")
    assert [one.name for one in store.kept("paris")] == [".quarantine/b"]
    assert content(store, "budapest", "a.webp") == b"bridge"


def test_a_file_that_is_not_there_is_missing(store):
    with pytest.raises(FileNotFoundError):
        store.open("paris", "uploads/none")
    assert not store.has("paris", "uploads/none")


@pytest.mark.parametrize("name", ["", "../budapest/a", "uploads/../../budapest/a", "a\0b"])
def test_no_name_leads_out_of_the_city(store, name):
    put(store, "budapest", "a", b"bridge")
    with pytest.raises(FileNotFoundError):
        store.open("paris", name)
    with pytest.raises(FileNotFoundError):
        put(store, "paris", name, b"x")
    assert content(store, "budapest", "a") == b"bridge"


def test_large_files_are_read_in_pieces(store):
    put(store, "paris", "uploads/large", b"x" * 11_000_000)
    with store.open("paris", "uploads/large") as stream:
        assert len(stream.read(100_000)) == 100_000
        assert sum(len(piece) for piece in iter(lambda: stream.read(1 << 16), b"")) == 10_900_000


def test_what_comes_short_is_not_kept(store):
    with pytest.raises(OSError):
        store.put("paris", "uploads/short", io.BytesIO(b"abc"), 5)
    assert not list(store.kept("paris"))


@pytest.mark.parametrize(
    "url", ["ftp://x/y", "s3://key:secret@host", "s3://key:secret@host/a/b", "s3:///bucket"]
)
def test_an_address_that_names_no_bucket_is_refused(url):
    with pytest.raises(ValueError, match="FILES_URL"):
        stores.open_bucket(url)
