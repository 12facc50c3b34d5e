"""The file of a form, as a browser sends it: taken in once, kept beside mistakes, nobody else's."""

import io
import re

import pytest
from flask import render_template_string
from wtforms import StringField

from app.core.context import current_city
from app.core.db import db
from app.services.files.models import File
from app.web.forms import Form, required
from app.web.uploads import UploadField
from tests.files import papers

ENDPOINT = "portal_sign_in.sign_up"
PAGE = (
    '{%- from "ui/form.html" import field, upload_field %}<form>{{ form.hidden_tag() }}'
    "{{ field(form.name) }}{{ upload_field(form.letter) }}</form>"
)


@pytest.fixture
def page(app, use):
    """A page with a form of a name and a letter; answers with the letter's id when all is right."""

    class LetterForm(Form):
        name = StringField("Name", [required()])
        letter = UploadField("Letter", use=use.name)

    def view():
        form = LetterForm()
        if form.sent():
            return f"kept {form.letter.data} in {current_city().id}"
        return render_template_string(PAGE, form=form), form.status

    # An address that takes forms, without its own page.
    before, app.view_functions[ENDPOINT] = app.view_functions[ENDPOINT], view
    yield "/sign-up"
    app.view_functions[ENDPOINT] = before


def letter(content=papers.PDF, name="letter.pdf"):
    return (io.BytesIO(content), name)


def kept_in(answer):
    return re.search(r'name="letter-kept" value="([^"]+)"', answer.text)[1]


def number(in_city):
    with in_city("paris"):
        return db.session.query(File).count()


def test_a_file_is_taken_in_with_the_form(page, resident, in_city):
    answer = resident.post(page, data={"name": "Léa", "letter": letter()})
    assert answer.status_code == 200
    with in_city("paris"):
        row = db.session.query(File).one()
        assert str(row.id) in answer.text
        assert row.sender_id is not None


def test_it_is_kept_while_the_rest_is_corrected(page, resident, in_city):
    wrong = resident.post(page, data={"name": "", "letter": letter()})
    assert wrong.status_code == 422
    assert "letter.pdf" in wrong.text
    right = resident.post(page, data={"name": "Léa", "letter-kept": kept_in(wrong)})
    assert "kept " in right.text
    assert kept_in(wrong).partition(".")[0] in right.text
    assert number(in_city) == 1


def test_it_can_be_taken_away_and_replaced(page, resident, in_city):
    seal = kept_in(resident.post(page, data={"name": "", "letter": letter()}))
    gone = resident.post(page, data={"name": "Léa", "letter-kept": seal, "letter-remove": "y"})
    assert "kept None" in gone.text
    other = resident.post(
        page, data={"name": "Léa", "letter-kept": seal, "letter": letter(papers.odt(), "b.odt")}
    )
    assert seal.partition(".")[0] not in other.text
    assert "kept None" not in other.text


def test_a_refusal_stands_beside_the_field_and_nothing_typed_is_lost(page, resident, in_city):
    answer = resident.post(page, data={"name": "Léa", "letter": letter(b"<html>", "x.pdf")})
    assert answer.status_code == 422
    assert 'value="Léa"' in answer.text
    assert 'id="letter-error"' in answer.text
    assert number(in_city) == 0


def test_nobody_names_the_file_of_somebody_else(page, resident, staff, site, in_city):
    seal = kept_in(resident.post(page, data={"name": "", "letter": letter()}))
    for browser in (staff, site("paris"), site("budapest", role="resident")):
        assert "kept None" in browser.post(page, data={"name": "Eve", "letter-kept": seal}).text
    for forged in (seal.partition(".")[0], seal[:-1] + "0", "x", seal + "é"):
        assert "kept None" in resident.post(page, data={"name": "Léa", "letter-kept": forged[:200]}).text
