"""The macros of the kit, rendered: what a page gets from them whatever is put in."""

import re
from types import SimpleNamespace

import pytest
from flask import Flask
from flask_wtf import FlaskForm
from jinja2 import FileSystemLoader, StrictUndefined
from markupsafe import Markup
from wtforms import BooleanField, RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from app.core.text import pick
from app.web.look.palette import palette

HOSTILE = '"><script>x</script>'


class Ask(FlaskForm):
    name = StringField("Your name", [InputRequired("Enter your name"), Length(max=40)], description="In full")
    town = StringField("Town", [Optional()])
    who = RadioField(
        "Who is it for?",
        [InputRequired("Choose one")],
        choices=[SelectChoice("me", "Me"), SelectChoice("child", "A child")],
    )
    days = SelectMultipleField("Days", choices=[SelectChoice("mon", "Monday")])
    agreed = BooleanField("I agree")


@pytest.fixture
def page():
    app = Flask(__name__)
    app.secret_key = "a key for this test"
    app.jinja_loader = FileSystemLoader("app/web/templates")
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_null_translations(newstyle=True)
    app.jinja_env.globals.update(
        csrf_token=lambda: "token",
        static_url=lambda name: f"/static/{name}",
        pick=lambda text: pick(text, ["en"]),
        palette=palette,
    )

    def write(imports, body, **values):
        source = f'{{% from "ui/{imports[0]}.html" import {imports[1]} %}}{body}'
        return app.jinja_env.from_string(source).render(**values)

    with app.test_request_context(method="POST", data={"town": HOSTILE}):
        yield write


@pytest.fixture
def wrong(page):
    form = Ask(meta={"csrf": False})
    form.validate()
    return form


def test_an_error_is_named_above_and_beside_its_field_and_tied_to_it(page, wrong):
    html = page(
        ("form", "error_summary, field"), "{{ error_summary(form) }}{{ field(form.name) }}", form=wrong
    )
    assert '<a href="#name">Enter your name</a>' in html
    assert '<label class="label" for="name">Your name</label>' in html
    assert 'id="name-error"' in html
    control = re.search(r"<input[^>]*>", html)[0]
    assert 'aria-invalid="true"' in control
    assert 'aria-describedby="name-hint name-error"' in control
    assert "required" not in control
    assert "maxlength" not in control


def test_what_is_only_missing_is_named_by_its_label(page):
    form = Ask(meta={"csrf": False})
    form.validate()
    form.town.errors = ["Fill this in."]
    html = page(("form", "error_summary"), "{{ error_summary(form) }}", form=form)
    assert '<a href="#town">Town – Fill this in.</a>' in html


def test_a_form_without_mistakes_has_no_summary(page):
    assert page(("form", "error_summary"), "{{ error_summary(form) }}", form=Ask(meta={"csrf": False})) == ""


def test_the_first_choice_is_where_the_summary_leads(page, wrong):
    html = page(
        ("form", "error_summary, choices"), "{{ error_summary(form) }}{{ choices(form.who) }}", form=wrong
    )
    assert '<a href="#who">Choose one</a>' in html
    assert re.search(r'<input type="radio" name="who" id="who" value="me">', html)
    assert "<legend>Who is it for?</legend>" in html


def test_what_was_typed_is_kept_and_harmless(page, wrong):
    html = page(("form", "field"), "{{ field(form.town) }}", form=wrong)
    assert "&lt;script&gt;" in html
    assert "<script>" not in html
    assert "(optional)" in html


def test_several_choices_are_checkboxes(page, wrong):
    assert 'type="checkbox" name="days"' in page(("form", "choices"), "{{ choices(form.days) }}", form=wrong)


def test_one_text_is_asked_for_in_each_language(page):
    field = SimpleNamespace(
        id="title",
        name="title",
        data={"fr": HOSTILE},
        errors=["Write it in one language"],
        label=SimpleNamespace(text="Title"),
        description="",
        flags=SimpleNamespace(optional=False),
    )
    html = page(
        ("form", "localized_fields"),
        "{{ localized_fields(field, languages) }}",
        field=field,
        languages=[("fr", "Français", "/"), ("hu", "Magyar", "/")],
    )
    assert '<input class="input" id="title" name="title-fr" lang="fr"' in html
    assert '<input class="input" id="title-hu" name="title-hu" lang="hu"' in html
    assert "<script>" not in html


def test_a_text_in_another_language_is_marked_as_such(page):
    html = page(("text", "localized"), "{{ localized(text) }}", text={"fr": "Une <b>fête</b>"})
    assert '<span lang="fr">Une &lt;b&gt;fête&lt;/b&gt;</span>' in html
    assert "This text is in French" in html
    assert page(("text", "localized"), "{{ localized(text) }}", text={"en": "A feast"}) == "A feast"


def test_the_switch_of_a_module_is_a_form_that_says_its_state(page):
    module = {"name": "street_reports", "title": "Street reports", "summary": "", "icon": "map-pin"}
    html = page(
        ("module", "module_row"), "{{ module_row(module, True, '/toggle', '/module') }}", module=module
    )
    assert 'id="module-street-reports"' in html
    assert '<form method="post" action="/toggle" novalidate hx-post="/toggle"' in html
    assert 'name="csrf_token" value="token"' in html
    assert 'name="on" value="0"' in html
    assert 'role="switch"' in html
    assert 'aria-checked="true" aria-labelledby="module-street-reports-title"' in html


def test_a_project_that_costs_too_much_says_why_it_cannot_be_added(page):
    html = page(("vote", "add_form"), "{{ add_form('/vote', 7, 'Trees', False, 'Costs €5 too much.') }}")
    assert 'aria-disabled="true" aria-describedby="why-7"' in html
    assert '<p class="pcard__why" id="why-7">Costs €5 too much.</p>' in html
    assert 'type="button"' in html


def test_the_bar_of_a_result_is_as_long_as_its_share(page):
    html = page(
        ("data", "bars_table"),
        "{{ bars_table(rows, ('Project', 'Votes'), 'Votes', show) }}",
        rows=[("Trees", 200, True, "Funded"), ("Bench", 50, False)],
        show=str,
    )
    assert 'width="100.0"' in html
    assert 'width="25.0"' in html
    assert "hbar--lost" in html
    assert page(("data", "bars_table"), "{{ bars_table([('A', 0)], ('P', 'V'), 'x', show) }}", show=str)


def test_the_pager_leads_to_the_neighbours_and_the_ends(page):
    html = page(("layout", "pager"), "{{ pager(5, 9, url_of) }}", url_of=lambda number: f"?page={number}&q=a")
    assert re.findall(r'href="\?page=(\d+)', html) == ["4", "1", "4", "5", "6", "9", "6"]
    assert 'aria-current="page"' in html
    assert page(("layout", "pager"), "{{ pager(1, 1, url_of) }}", url_of=str) == ""


@pytest.mark.parametrize(
    ("imports", "call"),
    [
        (("button", "button"), "button(text, about=text, value=text, name='n')"),
        (("button", "link_button"), "link_button(text, '/', about=text)"),
        (("button", "post_button"), "post_button('/', text, {'id': text})"),
        (("data", "tag"), "tag(text)"),
        (("data", "summary_list"), "summary_list([(text, text, '/')])"),
        (("data", "timeline"), "timeline([(text, text, text, 'now')])"),
        (("data", "receipt"), "receipt(text, text)"),
        (("layout", "crumbs"), "crumbs([(text, '/'), (text, None)])"),
        (("layout", "page_head"), "page_head(text, text, text)"),
        (("layout", "tabs"), "tabs([(text, '/', True, 3)], text)"),
        (("layout", "notice"), "notice('ok', text)"),
        (("layout", "empty"), "empty(text, text, action=text, url='/')"),
        (("vote", "mention_scale"), "mention_scale('m', [(text, text, 'heart')], text, text)"),
        (("mail", "mail_button"), "mail_button(text, text)"),
    ],
)
def test_what_people_write_never_becomes_markup(page, imports, call):
    html = page(imports, "{{ " + call + " }}", text=HOSTILE)
    assert "&lt;script&gt;" in html
    assert "<script>" not in html
    assert '""><' not in html


def test_markup_that_the_server_made_is_kept(page):
    html = page(("text", "prose"), "{{ prose(html) }}", html=Markup("<p>Hello</p>"))
    assert html == '<div class="prose"><p>Hello</p></div>'
