"""Each question is broken once on purpose, to see that it bites."""

import sys
from contextlib import contextmanager
from dataclasses import replace

import pytest
from flask import Blueprint

from app.core import jobs
from app.core.db import db
from app.factory import create_app
from app.registry import Notice, Permission, Setting, Topic, modules
from app.registry.manifest import parse
from app.sdk import admin_blueprint
from app.testing.browsers import Browser
from app.testing.contract import code, doors, files, manifest, notices, tables, tasks
from tenants import schema

NEWS = (Notice("published", "A new article", "news"),)


@pytest.fixture
def news():
    return modules()["news"]


def setting(key="size", **values):
    return Setting(**{"key": key, "type": "int", "default": 1, "label": "Size", **values})


def permission(name="news.fly"):
    return Permission(name, "Fly", ("editor",))


@pytest.mark.parametrize(
    ("question", "change"),
    [
        (manifest.manifest_is_complete, {"title": "News."}),
        (manifest.manifest_is_complete, {"title": ""}),
        (manifest.manifest_is_complete, {"summary": "No full stop"}),
        (manifest.manifest_is_complete, {"version": "1.0"}),
        (manifest.manifest_is_complete, {"owners": ()}),
        (manifest.manifest_is_complete, {"icon": "dragon"}),
        (manifest.manifest_is_complete, {"maturity": "shiny"}),
        (manifest.settings_can_be_shown, {"settings": (setting("subject"),)}),
        (manifest.settings_can_be_shown, {"settings": (setting("size_before"),)}),
        (manifest.settings_can_be_shown, {"settings": (setting(minimum=5),)}),
        (manifest.settings_can_be_shown, {"settings": (setting(minimum=1, maximum=0),)}),
        (manifest.works_with_this_platform, {"platform": ">=2"}),
        (manifest.works_with_this_platform, {"platform": "any"}),
        (manifest.acts_have_words, {"actions": ()}),
        (manifest.addresses_are_its_own, {"name": "account"}),
        (manifest.addresses_are_its_own, {"name": "branding", "package": "elsewhere"}),
        (notices.only_declared_kinds_are_told, {"notifications": ()}),
        (notices.only_declared_kinds_are_told, {"notifications": (*NEWS, Notice("gone", "Gone", "news"))}),
        (notices.notices_have_a_topic_and_words, {"notifications": (Notice("published", "", "news"),)}),
        (notices.notices_have_a_topic_and_words, {"topics": (Topic("news.x", "X", "No full stop"),)}),
        (code.permissions_are_declared, {"permissions": ()}),
        (code.settings_are_declared, {"settings": ()}),
        (code.settings_are_declared, {"settings": (setting("per_page"), setting("idle"))}),
        (tables.tables_are_its_own_and_have_keys, {"name": "newspaper"}),
    ],
)
def test_a_wrong_manifest_is_noticed(app, news, question, change):
    question(app, news)
    with pytest.raises(AssertionError):
        question(app, replace(news, **change))


def test_a_permission_that_nothing_asks_for_is_noticed(app, news):
    with pytest.raises(AssertionError, match="nothing asks for"):
        code.permissions_are_declared(app, replace(news, permissions=(*news.permissions, permission())))


@pytest.fixture
def bare(tmp_path, monkeypatch):
    """A module that is nothing but a name."""
    folder = tmp_path / "bare_module"
    folder.mkdir()
    (folder / "__init__.py").write_text('"""Nothing."""\n')
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "bare_module", raising=False)
    words = {"title": "Bare", "summary": "Nothing.", "version": "1.0.0", "platform": ">=1", "category": "x"}
    return parse("bare_module", {"name": "bare", "icon": "x", "owners": ["city-of-x"], **words})


def test_a_module_without_explanation_tests_or_languages_is_noticed(app, bare):
    with pytest.raises(AssertionError, match=r"no README\.md"):
        files.has_what_every_module_has(app, bare)
    (bare.folder / "README.md").write_text("# Bare")
    (bare.folder / "manifest.toml").write_text("")
    with pytest.raises(AssertionError, match="no tests"):
        files.has_what_every_module_has(app, bare)
    (bare.folder / "tests").mkdir()
    (bare.folder / "tests" / "test_bare.py").write_text("")
    files.has_what_every_module_has(app, bare)
    with pytest.raises(AssertionError, match="no catalog en"):
        files.speaks_every_language(app, bare)


@pytest.mark.parametrize(
    "page",
    [
        "<h1>Alone</h1>",
        '{{ page_head("Alone") }}',
        "<!doctype html>",
        '{% extends "base.html" %}{% block title %}{% endblock %}',
    ],
)
def test_a_page_outside_the_frame_is_noticed(app, bare, page):
    folder = bare.folder / "templates" / "bare"
    folder.mkdir(parents=True)
    (folder / "_part.html").write_text("<h1>Part</h1>")
    (folder / "page.html").write_text('{% extends "base_city.html" %}{% block title %}x{% endblock %}')
    files.pages_extend_a_base(app, bare)
    (folder / "alone.html").write_text(page)
    with pytest.raises(AssertionError, match=r"alone\.html"):
        files.pages_extend_a_base(app, bare)


@pytest.fixture
def leaky(app, services):
    """Build the application once more with one blueprint too many, declared by `leaky(blueprint)`."""

    def build(blueprint):
        other = create_app(services)
        other.test_client_class = Browser
        other.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_FAILURES=True)
        jobs.discard_nudges()
        other.register_blueprint(blueprint)
        return other

    return build


def test_an_address_that_stays_open_is_noticed(leaky, news):
    hole = Blueprint("news_hole", news.package, url_prefix="/news")
    hole.add_url_rule("/hole", "hole", lambda: "open")
    with pytest.raises(AssertionError, match="off, but GET /news/hole"):
        doors.off_means_absent_in_that_city_only(leaky(hole), news)


def test_a_page_for_staff_that_anybody_can_open_is_noticed(leaky, news):
    hole = Blueprint("news_hole", news.package, url_prefix="/admin/news")
    hole.add_url_rule("/hole", "hole", lambda: "open")
    with pytest.raises(AssertionError, match="/admin/news/hole answers a visitor with 200"):
        doors.staff_pages_are_for_staff(leaky(hole), news)


def test_a_change_without_a_permission_is_noticed(leaky, news):
    hole = admin_blueprint(f"{news.package}.admin")
    hole.name = "news_hole"
    hole.add_url_rule("/hole", "hole", lambda: "changed", methods=["POST"])
    with pytest.raises(AssertionError, match=r"news_hole\.hole lacks @requires"):
        doors.changes_by_staff_need_a_permission(leaky(hole), news)


def test_a_front_page_that_fails_is_noticed(app, news):
    with pytest.raises(AssertionError, match="answers a visitor with 404"):
        doors.front_pages_open(app, replace(news, name="no_news"))


def test_a_task_that_escapes_its_city_is_noticed(app, news):
    jobs.task("news.escape", of_platform=True)(lambda: None)
    try:
        with pytest.raises(AssertionError, match=r"news\.escape"):
            tasks.tasks_do_nothing_while_off(app, news)
    finally:
        del jobs.TASKS["news.escape"]


@contextmanager
def altered(app, *statements, back):
    """Change the database with the owner's login for as long as the block lasts."""

    def execute(lines):
        with app.app_context(), schema.owner_transaction() as connection:
            for line in lines:
                connection.exec_driver_sql(line.replace("%", "%%"))

    execute(statements)
    try:
        yield
    finally:
        execute(back)


@pytest.mark.parametrize(
    ("change", "back"),
    [
        ("ADD COLUMN extra integer", "DROP COLUMN extra"),
        ("ALTER COLUMN picture TYPE varchar(61)", "ALTER COLUMN picture TYPE varchar(60)"),
        ("ALTER COLUMN picture_width SET NOT NULL", "ALTER COLUMN picture_width DROP NOT NULL"),
    ],
)
def test_a_table_that_is_not_what_the_model_says_is_noticed(app, news, change, back):
    table = "ALTER TABLE c_testparis.news_article"
    tables.models_match_migrations(app, news)
    with (
        altered(app, f"{table} {change}", back=[f"{table} {back}"]),
        pytest.raises(AssertionError, match="differ"),
    ):
        tables.models_match_migrations(app, news)


def test_words_that_do_not_say_whether_they_are_personal_are_noticed(app, news, monkeypatch):
    tables.words_say_whether_they_are_personal(app, news)
    picture = db.metadata.tables["news_article"].c.picture
    monkeypatch.setattr(picture, "info", {})
    with pytest.raises(AssertionError, match=r"missing for news_article\.picture"):
        tables.words_say_whether_they_are_personal(app, news)


def test_a_table_without_a_model_or_a_key_is_noticed(app, news):
    create, back = "CREATE TABLE c_testparis.news_extra (x integer)", ["DROP TABLE c_testparis.news_extra"]
    with altered(app, create, back=back):
        with pytest.raises(AssertionError, match="without a model or a migration"):
            tables.models_match_migrations(app, news)
        with pytest.raises(AssertionError, match="news_extra has no primary key"):
            tables.tables_are_its_own_and_have_keys(app, news)


def test_rows_that_go_when_the_module_is_switched_off_are_noticed(app, news):
    function = (
        "CREATE FUNCTION platform.wipe() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS"
        " $$ BEGIN DELETE FROM c_testparis.news_article; RETURN NEW; END $$"
    )
    trigger = "CREATE TRIGGER wipe AFTER UPDATE ON platform.module_toggle FOR EACH ROW EXECUTE FUNCTION platform.wipe()"
    with (
        altered(app, function, trigger, back=["DROP FUNCTION platform.wipe() CASCADE"]),
        pytest.raises(AssertionError, match="switching off changed its tables"),
    ):
        tables.switching_off_keeps_everything(app, news)
