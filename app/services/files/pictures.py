"""Uploaded pictures: checked by content, re-encoded without metadata, kept apart for each city."""

import hashlib
import io
import re
import warnings
from typing import IO

from PIL import Image, ImageOps, UnidentifiedImageError

from app.core.context import current_city
from app.core.errors import Invalid, NotFound, TooLarge
from app.core.i18n import gettext as _
from app.core.stores import store
from tenants import quotas

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
LONGEST_SIDE = 1600
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
FILE_NAME = re.compile(r"[0-9a-f]{40}\.webp\Z")


def store_image(stream: IO[bytes]) -> str:
    """Keep a picture as WebP and return its name.

    Raises TooLarge, Invalid for what is no picture, or Conflict when the city has no room left.
    """
    encoded = reencoded(stream)
    name = f"{hashlib.sha256(encoded).hexdigest()[:40]}.webp"
    quotas.make_room_for(len(encoded))
    store().put(current_city().id, name, io.BytesIO(encoded), len(encoded))
    return name


def open_image(name: str) -> IO[bytes]:
    """Return a picture that this city keeps, to read and close; raises NotFound for any other name."""
    if FILE_NAME.match(name):
        try:
            return store().open(current_city().id, name)
        except FileNotFoundError:
            pass
    raise NotFound(_("There is no such picture."))


def image_size(name: str) -> tuple[int, int]:
    """Return width and height of a picture that this city keeps; raises NotFound for any other name."""
    with open_image(name) as stream, Image.open(io.BytesIO(stream.read())) as picture:
        return picture.size


def reencoded(stream: IO[bytes]) -> bytes:
    """Return a picture as WebP, upright, no larger than pages show it, and without what the camera wrote into it."""
    content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise TooLarge(_("The picture is larger than 10 MB. Choose a smaller one."))
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
