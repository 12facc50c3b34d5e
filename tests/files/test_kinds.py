import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.files.kinds import Kind, has_macros, is_heic, kind_of
from tests.files import papers


def kind(content):
    return kind_of(io.BytesIO(content))


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (papers.PDF, Kind.PDF),
        (papers.picture("PNG"), Kind.PICTURE),
        (papers.picture("JPEG"), Kind.PICTURE),
        (papers.picture("WEBP"), Kind.PICTURE),
        (papers.picture("GIF"), Kind.PICTURE),
        (papers.odt(), Kind.ODT),
        (papers.ods(), Kind.ODS),
        (papers.docx(), Kind.DOCX),
        (papers.xlsx(), Kind.XLSX),
        ("név;utca\r\nÁgi;Fő\r\n".encode(), Kind.TEXT),
        (b"\xef\xbb\xbfname,street\n", Kind.TEXT),
    ],
)
def test_a_file_is_what_its_content_says(content, wanted):
    assert kind(content) is wanted


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><script>alert(1)</script>",
        b"  \n<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\xef\xbb\xbf<?xml version='1.0'?>",
        b"MZ\x90\x00\x03",
        b"\x7fELF\x02",
        b"%PDF-1.7 and nothing else",
        b"#!/bin/sh\n",
        "Fő utca".encode("iso8859-2"),
        b"text\x00with a zero",
        "é".encode()[:1],
        papers.zipped({"a.txt": "x"}),
        papers.zipped({"content.xml": "<x/>", "mimetype": papers.ODF + "text"}),
        papers.zipped({"mimetype": papers.ODF + "text-master"}),
        papers.docx()[:-30],
        papers.PDF[:20],
    ],
)
def test_whatever_is_not_known_is_nothing(content):
    assert kind(content) is None


def test_a_document_that_unpacks_to_too_much_is_nothing():
    bomb = bytearray(papers.docx(**{"word/media/big": b"\0" * 1000}))
    at = bomb.rindex(b"PK\x01\x02")
    bomb[at + 24 : at + 28] = struct.pack("<L", 600_000_000)
    with zipfile.ZipFile(io.BytesIO(bytes(bomb))) as opened:
        assert sum(part.file_size for part in opened.infolist()) > 500_000_000
    assert kind(bytes(bomb)) is None


def test_macros_and_photos_of_telephones_are_recognised():
    assert has_macros(io.BytesIO(papers.docx(**{"word/vbaProject.bin": b"x"})))
    assert not has_macros(io.BytesIO(papers.docx()))
    assert not has_macros(io.BytesIO(papers.PDF))
    assert is_heic(io.BytesIO(b"\x00\x00\x00\x18ftypheic\x00\x00"))
    assert not is_heic(io.BytesIO(papers.PDF))


@given(st.binary(max_size=400))
def test_no_bytes_are_a_failure(content):
    found = kind(content)
    if found is Kind.TEXT:
        assert b"\0" not in content
        content.decode()


@given(st.sampled_from([papers.docx(), papers.odt(), papers.xlsx()]), st.data())
def test_a_damaged_document_is_no_failure(content, data):
    place = data.draw(st.integers(0, len(content) - 1))
    byte = data.draw(st.integers(0, 255))
    assert kind(content[:place] + bytes([byte]) + content[place + 1 :]) in {*Kind, None}
    kind(content[:place])


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="<"), min_size=1))
def test_text_in_any_language_is_text(text):
    assert kind(f"a{text}".encode()) is Kind.TEXT


def test_a_letter_that_lies_across_two_pieces_is_still_one():
    assert kind(b"a" * ((1 << 16) - 1) + "ő".encode() + b"b" * 10) is Kind.TEXT
