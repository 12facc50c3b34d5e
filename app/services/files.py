"""Uploaded pictures: checked by content, re-encoded without metadata, kept apart for each city."""

import hashlib
import io
import re
import warnings
from pathlib import Path
from typing import IO

from flask import current_app
from PIL import Image, ImageOps, UnidentifiedImageError

from app.core.context import City, current_city
from app.core.errors import Invalid, NotFound, TooLarge
from app.core.i18n import gettext as _
from tenants import quotas

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
LONGEST_SIDE = 1600
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
FILE_NAME = re.compile(r"[0-9a-f]{40}\.webp\Z")


def folder_of(city: City) -> Path:
    """Return the folder that holds the files of one city and no other's."""
    root: Path = current_app.config["PARVIS"].files_dir
    return root / city.id


def store_image(stream: IO[bytes]) -> str:
    """Keep a picture as WebP and return its name.

    Raises TooLarge, Invalid for what is no picture, or Conflict when the city has no room left.
    """
    content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise TooLarge(_("The picture is larger than 10 MB. Choose a smaller one."))
    encoded = _reencoded(content)
    name = f"{hashlib.sha256(encoded).hexdigest()[:40]}.webp"
    quotas.make_room_for(len(encoded))
    folder = folder_of(current_city())
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{name}"
    draft.write_bytes(encoded)
    draft.rename(folder / name)
    return name


def image_size(name: str) -> tuple[int, int]:
    """Return width and height of a picture that this city keeps; raises NotFound for any other name."""
    path = folder_of(current_city()) / name
    if not FILE_NAME.match(name) or not path.is_file():
        raise NotFound(_("There is no such picture."))
    with Image.open(path) as picture:
        return picture.size


def _reencoded(content: bytes) -> bytes:
    refusal = Invalid(_("This file is not a picture that can be shown. Choose a JPEG, PNG or WebP file."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=FORMATS)
            if picture.width * picture.height > MAX_PIXELS:
                raise refusal
            upright = ImageOps.exif_transpose(picture).convert("RGBA" if _has_alpha(picture) else "RGB")
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
        Warning,
    ) as error:
        raise refusal from error
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    upright.save(out, "WEBP", quality=82, method=4)
    return out.getvalue()


def _has_alpha(picture: Image.Image) -> bool:
    return picture.mode in ("RGBA", "LA") or "transparency" in picture.info
