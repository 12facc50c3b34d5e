import pytest
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.validators import Optional

from app.web.localized import LocalizedField, in_first_language


class Page(Form):
    title = LocalizedField("Title", [in_first_language("Write the title (%(language)s).")], longest=10)
    note = LocalizedField("Note", [Optional()], longest=10)


@pytest.fixture
def sent(in_city):
    def send(typed, stored=None):
        with in_city("paris"), force_locale("en"):
            form = Page(MultiDict(typed), data={"title": stored or {}})
            return form, form.validate()

    return send


def test_each_language_has_an_input_of_its_own(sent):
    form, valid = sent({"title-fr": " Place ", "title-en": "Square", "title-hu": " "})
    assert valid
    assert form.title.data == {"fr": "Place", "en": "Square"}


def test_the_citys_first_language_is_needed(sent):
    form, valid = sent({"title-en": "Square", "title-fr": "  "})
    assert not valid
    assert form.title.errors == ["Write the title (Français)."]
    assert form.title.data == {"en": "Square"}


def test_an_optional_text_may_be_missing_but_not_too_long(sent):
    assert sent({"title-fr": "Place"})[1]
    form, valid = sent({"title-fr": "Place", "note-hu": "x" * 11})
    assert not valid
    assert form.note.errors == ["Note: use at most 10 characters (Magyar)."]


def test_words_in_a_language_no_longer_offered_are_kept(sent):
    form, _valid = sent({"title-fr": "Place"}, stored={"fr": "Avant", "de": "Platz", "en": "Square"})
    assert form.title.data == {"fr": "Place", "de": "Platz"}


def test_a_language_that_nobody_offers_is_not_taken(sent):
    form, _valid = sent({"title-fr": "Place", "title-xx": "y"})
    assert form.title.data == {"fr": "Place"}
