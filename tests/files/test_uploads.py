import io
import re

import pytest
from sqlalchemy import select

from app.core import stores
from app.core.context import Actor, acting, current_city
from app.core.db import db
from app.core.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge
from app.core.ids import new_id
from app.core.people import HOLDINGS
from app.core.quotas import Resource
from app.services.files import (
    attach_upload,
    forget_upload,
    read_upload,
    serves,
    shown_upload,
    signed_link,
    store_upload,
)
from app.services.files.models import File, Scan
from app.services.files.uploads import plain_name
from app.services.files.uses import USES
from tenants import quotas
from tests.files import papers


def names(city="testparis"):
    return sorted(one.name for one in stores.store().kept(city))


def test_a_file_is_kept_and_read_again(in_city, send):
    with in_city("paris"):
        sent = send(papers.PDF, "C:\\letters\\My letter.PDF")
    assert (sent.name, sent.bytes, sent.scan) == ("My letter.pdf", len(papers.PDF), Scan.UNSCANNED)
    with in_city("paris"):
        assert shown_upload(sent.id) == sent
        with read_upload(sent.id) as stream:
            assert stream.read() == papers.PDF
    with in_city("budapest"), pytest.raises(NotFound):
        shown_upload(sent.id)


def test_a_stream_that_says_nothing_of_its_length_is_cut_off_at_the_limit(in_city, send):
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size=-1):
            self.given += size
            return b"x" * size

    endless = Endless()
    with in_city("paris"), pytest.raises(TooLarge, match="3 Mo"):
        store_upload(endless, "x", "platform.letters")
    assert endless.given < 4_000_000


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "vide"),
        (b"<html></html>", "PDF"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "JPEG"),
        (papers.docx(**{"word/vbaProject.bin": b"x"}), "macros"),
    ],
)
def test_what_is_not_taken_is_refused_with_what_would_be(in_city, app, send, content, words):
    with in_city("paris"):
        with pytest.raises(Invalid, match=words):
            send(content, "harmless.pdf")
        assert names() == []


def test_only_what_the_use_accepts_is_taken(in_city):
    serves("platform.tables", lambda *_: True, accepts=("text",))
    try:
        with in_city("paris"):
            with pytest.raises(Invalid, match="CSV"):
                store_upload(io.BytesIO(papers.PDF), "a.csv", "platform.tables")
            assert store_upload(io.BytesIO(b"a;b\n"), "a.pdf.csv", "platform.tables").name == "a.pdf.csv"
    finally:
        del USES["platform.tables"]


def test_a_picture_loses_what_the_camera_wrote(in_city, send):
    from PIL import Image

    exif = Image.Exif()
    exif[0x010E] = "Rue de Rivoli 4"
    with in_city("paris"):
        sent = send(papers.picture("JPEG", exif=exif), "IMG_1.jpg")
        with read_upload(sent.id) as stream:
            content = stream.read()
    assert sent.name == "IMG_1.webp"
    assert content[8:12] == b"WEBP"
    assert b"Rivoli" not in content
    assert len(content) == sent.bytes


def test_files_count_towards_the_citys_quota(in_city, send):
    with in_city("paris"):
        send()
        assert quotas.look().files_bytes == len(papers.PDF)
        quotas.put("testparis", Resource.STORAGE, 0)
    with in_city("paris"), pytest.raises(Conflict, match="no room"):
        send()


def test_a_forgotten_file_goes_after_the_commit(in_city, send, run_tasks):
    with in_city("paris"):
        sent = send()
    with in_city("paris"):
        forget_upload(sent.id)
        assert names() == [f"uploads/{sent.id}"]
    run_tasks()
    with in_city("paris"):
        assert names() == []
        with pytest.raises(NotFound):
            shown_upload(sent.id)
        forget_upload(sent.id)


def test_what_nothing_takes_goes_after_two_days(in_city, send, run_tasks, frozen, app):
    frozen("2026-11-22T10:00")
    with in_city("paris"):
        taken, left = send(), send()
        attach_upload(taken.id)
    tidy(app, in_city, run_tasks)
    with in_city("paris"):
        assert set(names()) == {f"uploads/{taken.id}", f"uploads/{left.id}"}
    frozen("2026-11-25T10:00")
    tidy(app, in_city, run_tasks)
    with in_city("paris"):
        assert names() == [f"uploads/{taken.id}"]
        assert db.session.scalars(select(File.id)).all() == [taken.id]


def test_content_that_a_failed_transaction_left_behind_goes_too(in_city, send, run_tasks, frozen, app):
    def fail():
        with in_city("paris"):
            send()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with in_city("paris"):
        assert len(names()) == 1
    frozen("2126-11-25T10:00")
    tidy(app, in_city, run_tasks)
    with in_city("paris"):
        assert names() == []


def tidy(app, in_city, run_tasks):
    from app.core.jobs import enqueue

    with in_city("paris"):
        enqueue("files.tidy")
    run_tasks()


def test_an_account_that_goes_takes_its_files_along_but_for_what_must_stay(in_city, send, site, run_tasks):
    person = new_person(site, in_city)
    serves("platform.decided", lambda *_: True, accepts=("pdf",), stays=True)
    with in_city("paris"), acting(Actor("resident", str(person), "Léa")):
        own = send(name="own.pdf")
        decided = store_upload(io.BytesIO(papers.PDF), "Léa Roy.pdf", "platform.decided")
        attach_upload(decided.id)
    holding = HOLDINGS["platform.files"]
    with in_city("paris"):
        assert [one["name"] for one in holding.collect(person)] == ["own.pdf", "Léa Roy.pdf"]
        assert len(list(holding.stays(person))) == 1
        holding.erase(person)
    run_tasks()
    with in_city("paris"):
        assert names() == [f"uploads/{decided.id}"]
        assert "Léa" not in shown_upload(decided.id).name
        assert not list(holding.collect(person))
        with pytest.raises(NotFound):
            shown_upload(own.id)
    del USES["platform.decided"]


def new_person(site, in_city):
    from app.accounts.models import Account

    site("paris", role="resident")
    with in_city("paris"):
        return db.session.scalars(select(Account.id)).first()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("a\\b\\c.pdf", "c.pdf"),
        ("\u202egpj.exe", "gpj.exe"),
        ('x"y\r\nSet-Cookie: a.pdf', "xySet-Cookie a.pdf"),
        ("...", "file"),
        ("", "file"),
    ],
)
def test_names_are_made_harmless(name, shown):
    assert plain_name(name) == shown


def test_a_link_gives_the_file_as_a_download_that_cannot_act(in_city, send, visitor):
    with in_city("paris"):
        link = signed_link(send(name="Mon dossier – é.pdf").id)
    answer = visitor.get(link)
    assert answer.status_code == 200
    assert answer.data == papers.PDF
    headers = answer.headers
    assert headers["Content-Disposition"].startswith("attachment; ")
    assert "filename*=UTF-8''Mon%20dossier%20%E2%80%93%20%C3%A9.pdf" in headers["Content-Disposition"]
    assert "sandbox" in headers["Content-Security-Policy"]
    assert "script" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Content-Type"] == "application/pdf"


def test_only_our_own_pictures_are_shown_in_the_page(in_city, send, visitor):
    with in_city("paris"):
        links = [signed_link(send(content, "x").id) for content in (papers.picture(), b"a;b\n")]
    shown = [visitor.get(link) for link in links]
    assert [answer.headers["Content-Disposition"].partition(";")[0] for answer in shown] == [
        "inline",
        "attachment",
    ]
    assert [answer.content_type for answer in shown] == ["image/webp", "text/plain; charset=utf-8"]


def test_a_link_ends_and_is_worth_nothing_elsewhere_or_changed(in_city, send, site, frozen):
    frozen("2026-11-22T10:00")
    with in_city("paris"):
        one, other = send(), send()
        link = signed_link(one.id)
    with in_city("budapest"):
        send()
    paris = site("paris")
    assert paris.get(link).status_code == 200
    assert site("budapest").get(link).status_code == 404
    assert site("").get(link).status_code == 404
    assert paris.get(link.replace(str(one.id), str(other.id))).status_code == 404
    assert paris.get(link.replace("-read-", "-edit-")).status_code == 404
    later = re.sub(r"/([0-9a-f]+)-read", lambda m: f"/{int(m[1], 16) + 3600:x}-read", link)
    assert later != link
    assert paris.get(later).status_code == 404
    assert paris.get(link[:-3]).status_code == 404
    frozen("2026-11-22T10:15:01")
    ended = paris.get(link)
    assert ended.status_code == 403
    assert "page où vous l’avez trouvé" in ended.get_data(as_text=True)


def test_the_module_is_asked_at_every_access_and_told_the_purpose(in_city, send, use, visitor):
    asked = []

    def readers(file_id, purpose):
        asked.append((file_id, purpose))
        return len(asked) < 2

    use.readers = readers
    with in_city("paris"):
        sent = send()
        link = signed_link(sent.id, "review")
    assert visitor.get(link).status_code == 200
    assert visitor.get(link).status_code == 403
    assert asked == [(sent.id, "review")] * 2


def test_a_file_whose_use_nobody_declares_is_given_to_nobody(in_city, send, use, visitor):
    with in_city("paris"):
        link = signed_link(send().id)
    declared = USES.pop(use.name)
    assert visitor.get(link).status_code == 404
    USES[use.name] = declared
    assert visitor.get(link).status_code == 200


@pytest.mark.parametrize("purpose", ["", "Read", "a b", "x" * 25, "read/.."])
def test_a_purpose_is_a_word(in_city, purpose):
    with in_city("paris"), pytest.raises(ValueError):
        signed_link(new_id(), purpose)


def test_everything_works_in_a_bucket_too(in_city, send, visitor, bucket, run_tasks):
    from app.services.files import image_size, store_image

    with in_city("paris"):
        sent = send()
        link = signed_link(sent.id)
        picture = store_image(io.BytesIO(papers.picture()))
        assert image_size(picture) == (30, 20)
        assert quotas.look().files_bytes > len(papers.PDF)
        assert current_city().id in {one.object_name.split("/")[0] for one in listed(bucket)}
    assert visitor.get(link).data == papers.PDF
    shown = visitor.get(f"/files/{picture}")
    assert (shown.status_code, shown.content_type) == (200, "image/webp")
    assert (
        visitor.get(f"/files/{picture}", headers={"If-None-Match": shown.headers["ETag"]}).status_code == 304
    )
    with in_city("paris"):
        forget_upload(sent.id)
    run_tasks()
    with in_city("paris"):
        assert names() == [picture]


def listed(bucket):
    return bucket.client.list_objects(bucket.bucket, recursive=True)


def test_what_waits_or_is_infected_is_not_read(in_city, send, clamd, run_tasks):
    with in_city("paris"):
        sent = send(papers.EICAR, "eicar.txt")
        with pytest.raises(Conflict, match="virus"), read_upload(sent.id):
            pass
    run_tasks()
    with in_city("paris"), pytest.raises(Forbidden, match="virus"), read_upload(sent.id):
        pass
