"""What the tests of this module arrange with: articles written through the staff's own pages, and pictures."""

import io
import re

import pytest
from PIL import Image

from app.core.context import current_city
from app.core.db import db
from tenants import resolve
from tenants.models import CityRecord

FIRST = {"paris": "fr", "budapest": "hu"}


@pytest.fixture
def editor(site):
    return site("paris", role="editor")


@pytest.fixture
def write():
    """Write an article and return its id: `write(editor, "Titre")`; more fields by name, `summary_en=…`."""

    def post(browser, title="Nouvelle place", *, published=True, **more):
        first = FIRST[browser.host.partition(".")[0]]
        fields = {name.replace("_", "-", 1): value for name, value in more.items() if name != "picture"}
        if "picture" in more:
            fields |= {"picture": more["picture"], f"picture_alt-{first}": "Une place avec des arbres"}
        answer = browser.post("/admin/news/new", data={f"title-{first}": title, **fields})
        assert answer.status_code == 303, answer.text
        article_id = answer.location.rpartition("/")[2]
        if published:
            assert browser.post(f"/admin/news/{article_id}/publish").status_code == 303
        return article_id

    return post


def upload(colour=(20, 120, 80), size=(60, 40), name="place.png"):
    content = io.BytesIO()
    Image.new("RGB", size, colour).save(content, "PNG")
    content.seek(0)
    return content, name


def picture_of(page):
    return re.search(r"/files/[0-9a-f]{40}\.webp", page.text)[0]


@pytest.fixture
def offering(in_city):
    """Let a city offer other languages: `offering("paris", ("fr", "en"))`."""

    def change(slug, languages):
        with in_city(slug):
            db.session.get(CityRecord, current_city().id).languages = list(languages)
            resolve.change()

    return change
