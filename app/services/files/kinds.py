"""What a file is, told from its content alone; its name and what a browser says of it are never believed."""

import zipfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import IO

HEAD = 64
TAIL = 2048
PIECE = 1 << 16
# An office document that unpacks to more than this is meant to hurt whoever opens it.
MOST_PARTS, MOST_UNPACKED = 5_000, 500_000_000


class Kind(StrEnum):
    """What people may send."""

    PICTURE = "picture"
    PDF = "pdf"
    ODT = "odt"
    ODS = "ods"
    DOCX = "docx"
    XLSX = "xlsx"
    TEXT = "text"


PICTURES: Collection[Kind] = (Kind.PICTURE,)
DOCUMENTS: Collection[Kind] = (Kind.PDF, Kind.ODT, Kind.DOCX)
TABLES: Collection[Kind] = (Kind.ODS, Kind.XLSX, Kind.TEXT)
ANYTHING: Collection[Kind] = tuple(Kind)


@dataclass(frozen=True, slots=True)
class Form:
    """How a kind is served: as which media type, and with which end of its name."""

    media_type: str
    ending: str


FORMS = {
    # Pictures are kept as we encode them, whatever they came as.
    Kind.PICTURE: Form("image/webp", "webp"),
    Kind.PDF: Form("application/pdf", "pdf"),
    Kind.ODT: Form("application/vnd.oasis.opendocument.text", "odt"),
    Kind.ODS: Form("application/vnd.oasis.opendocument.spreadsheet", "ods"),
    Kind.DOCX: Form("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    Kind.XLSX: Form("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    Kind.TEXT: Form("text/plain", "txt"),
}
_MAIN_PART = {Kind.DOCX: "word/document.xml", Kind.XLSX: "xl/workbook.xml"}
# What begins so is text that some program acts upon.
NO_TEXT = ("<", "%PDF", "%!PS", "{\\rtf", "#!")
# Controls that no text has, but for tab, line ends and the page break.
_CONTROLS = frozenset({*range(32), 127} - {9, 10, 12, 13})


def kind_of(stream: IO[bytes]) -> Kind | None:
    """Return what the file is; None for whatever is not accepted. The stream is read from its beginning."""
    return next((kind for kind, fits in _TESTS if fits(_rewound(stream))), None)


def is_heic(stream: IO[bytes]) -> bool:
    """Tell whether it is a photo as some telephones keep it, which browsers cannot show."""
    head = _rewound(stream).read(12)
    return head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif")


def has_macros(stream: IO[bytes]) -> bool:
    """Tell whether an office document carries programs."""
    try:
        with zipfile.ZipFile(_rewound(stream)) as opened:
            names = opened.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        # NotImplementedError is how zipfile meets a kind of packing that it does not know.
        return False
    return any(name.endswith("vbaProject.bin") or name.startswith(("Basic/", "Scripts/")) for name in names)


def _rewound(stream: IO[bytes]) -> IO[bytes]:
    stream.seek(0)
    return stream


def _is_picture(stream: IO[bytes]) -> bool:
    head = stream.read(HEAD)
    return head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")) or (
        head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    )


def _is_pdf(stream: IO[bytes]) -> bool:
    if not stream.read(8).startswith((b"%PDF-1.", b"%PDF-2.")):
        return False
    size = stream.seek(0, 2)
    stream.seek(max(0, size - TAIL))
    return b"%%EOF" in stream.read()


def _is_open_document(media_type: str) -> Callable[[IO[bytes]], bool]:
    """Look for the part `mimetype`, which has to lie first and plain."""

    def fits(stream: IO[bytes]) -> bool:
        with zipfile.ZipFile(stream) as opened:
            parts = opened.infolist()
            if not _is_sound(parts) or parts[0].filename != "mimetype" or parts[0].compress_type:
                return False
            return parts[0].file_size < HEAD * 2 and opened.read(parts[0]).strip() == media_type.encode()

    return _as_zip(fits)


def _is_office(main_part: str) -> Callable[[IO[bytes]], bool]:
    def fits(stream: IO[bytes]) -> bool:
        with zipfile.ZipFile(stream) as opened:
            parts = opened.infolist()
            return _is_sound(parts) and {"[Content_Types].xml", main_part} <= {p.filename for p in parts}

    return _as_zip(fits)


def _as_zip(fits: Callable[[IO[bytes]], bool]) -> Callable[[IO[bytes]], bool]:
    def safely(stream: IO[bytes]) -> bool:
        if stream.read(4) != b"PK\x03\x04":
            return False
        try:
            return fits(stream)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
            # A packing that zipfile does not know (NotImplementedError) or a password (RuntimeError) among them.
            return False
        except Exception as error:
            # What a broken part raises depends on how it is packed.
            if type(error).__module__ in ("zlib", "lzma", "_lzma"):
                return False
            raise

    return safely


def _is_sound(parts: list[zipfile.ZipInfo]) -> bool:
    return 0 < len(parts) <= MOST_PARTS and sum(part.file_size for part in parts) <= MOST_UNPACKED


def _is_text(stream: IO[bytes]) -> bool:
    """Tell whether it is UTF-8 that a spreadsheet or an editor shows as it is: no controls, no markup."""
    before, first = b"", True
    while piece := stream.read(PIECE):
        try:
            text = (before + piece).decode()
            before = b""
        except UnicodeDecodeError as error:
            if error.end < len(before + piece) or error.reason != "unexpected end of data":
                return False
            text, before = (before + piece)[: error.start].decode(), (before + piece)[error.start :]
        if first and text.lstrip("\ufeff \t\r\n").startswith(NO_TEXT):
            return False
        if any(ord(letter) in _CONTROLS for letter in text):
            return False
        first = False
    return not before and not first


_TESTS: tuple[tuple[Kind, Callable[[IO[bytes]], bool]], ...] = (
    (Kind.PICTURE, _is_picture),
    (Kind.PDF, _is_pdf),
    (Kind.ODT, _is_open_document(FORMS[Kind.ODT].media_type)),
    (Kind.ODS, _is_open_document(FORMS[Kind.ODS].media_type)),
    (Kind.DOCX, _is_office(_MAIN_PART[Kind.DOCX])),
    (Kind.XLSX, _is_office(_MAIN_PART[Kind.XLSX])),
    (Kind.TEXT, _is_text),
)
