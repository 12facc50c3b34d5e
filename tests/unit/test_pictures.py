import io
from contextlib import suppress

import pytest
from PIL import Image

from app.core.errors import Invalid, NotFound, TooLarge
from app.services.files import image_size, store_image


def picture(size=(30, 20), kind="PNG", **options):
    out = io.BytesIO()
    Image.new("RGB", size, (9, 99, 199)).save(out, kind, **options)
    return io.BytesIO(out.getvalue())


def test_a_stored_picture_has_a_size(in_city):
    with in_city("paris"):
        assert image_size(store_image(picture((30, 20)))) == (30, 20)
        assert image_size(store_image(picture((3200, 1000), "JPEG"))) == (1600, 500)


def test_a_picture_is_known_to_its_city_only(in_city):
    with in_city("paris"):
        name = store_image(picture())
    with in_city("budapest"), pytest.raises(NotFound):
        image_size(name)


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "/etc/passwd", "\x00", "0" * 40 + ".webp"])
def test_other_names_are_not_found(in_city, name):
    with in_city("paris"), pytest.raises(NotFound):
        image_size(name)


def test_what_the_camera_wrote_is_not_kept(in_city, app):
    exif = Image.Exif()
    exif[0x010E] = "Rue de Rivoli 4"
    with in_city("paris"):
        name = store_image(picture(kind="JPEG", exif=exif))
        path = next(app.config["PARVIS"].files_dir.rglob(name))
    assert b"Rivoli" not in path.read_bytes()


@pytest.mark.parametrize("part", [0, 1, 8, 30, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_cut_off_is_kept_or_refused_but_never_a_failure(in_city, kind, part):
    content = picture(kind=kind).getvalue()
    length = int(part * len(content)) if isinstance(part, float) else part
    with in_city("paris"), suppress(Invalid):
        image_size(store_image(io.BytesIO(content[:length])))


def test_a_picture_with_too_many_pixels_or_bytes_is_refused(in_city):
    with in_city("paris"):
        with pytest.raises(Invalid):
            store_image(picture((9000, 5000)))
        with pytest.raises(TooLarge):
            store_image(io.BytesIO(b"x" * (10 * 1024 * 1024 + 1)))
