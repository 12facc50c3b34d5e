"""What must not be in a migration is refused, each thing on its own."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.registry import modules
from app.testing.contract import histories
from tenants.migrate import plan

HISTORIES = Path(__file__).parents[1] / "fixtures" / "histories"
HEAD = """
import sqlalchemy as sa
from alembic import op

revision = "news_{number:04}"
down_revision = {before}
"""
FIRST = """
def upgrade():
    op.create_table(
        "news_note",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("author", sa.String(80)),
    )
"""


@pytest.fixture
def history(tmp_path):
    """A history of two revisions, the second of which does what is given."""

    def write(body, flags=""):
        (tmp_path / "0001.py").write_text(HEAD.format(number=1, before=None) + FIRST)
        head = HEAD.format(number=2, before='"news_0001"')
        lines = "\n".join(f"    {line}" for line in body.splitlines())
        (tmp_path / "0002.py").write_text(f"{head}{flags}\n\ndef upgrade():\n{lines}\n")
        return tmp_path

    return write


REFUSED = {
    "op.alter_column('news_note', 'title', type_=sa.Text)": "type of news_note.title changes in place",
    "op.drop_column('news_note', 'author')": "news_note.author is dropped",
    "op.drop_table('news_note')": "news_note is dropped",
    "op.rename_table('news_note', 'news_item')": "news_note is renamed",
    "op.alter_column('news_note', 'author', new_column_name='writer')": "news_note.author is renamed",
    "op.alter_column('news_note', 'author', nullable=False)": "news_note.author becomes NOT NULL",
    "op.alter_column('news_note', 'author', server_default=None)": "news_note.author loses its default",
    "op.add_column('news_note', sa.Column('size', sa.Integer, nullable=False))": "news_note.size is NOT NULL",
    "op.create_table('news_tag', sa.Column('word', sa.String(20)))": "news_tag has no primary key",
    "op.create_table('news_tag', sa.Column('id', sa.Integer, primary_key=True))": "a uuid or a bigint",
    "op.create_table('news_tag', sa.Column('id', sa.Uuid, primary_key=True), schema='c_x')": "have no schema",
    "op.add_column('news_note', sa.Column('city', sa.String(20), sa.ForeignKey('platform.city.id')))": "another schema",
    "op.create_foreign_key('x', 'news_note', 'city', ['id'], ['id'], referent_schema='platform')": "another schema",
    "op.create_index('x', 'news_note', ['title'], unique=True)": "x allows less than before",
    "op.create_index('x', 'news_note', ['title'], postgresql_concurrently=True)": "concurrently",
    "op.create_unique_constraint('x', 'news_note', ['title'])": "x allows less than before",
    "op.create_check_constraint('x', 'news_note', \"title <> ''\")": "x allows less than before",
    "op.execute('CREATE INDEX x ON news_note (title)')": "op.create_index",
    "op.execute('alter table news_note alter title type text')": "op.create_table",
    "op.execute('UPDATE news_note SET author = title')": "online = True",
    "op.execute('GRANT SELECT ON platform.city TO PUBLIC')": "stays in its schema",
}
ALLOWED = {
    "op.add_column('news_note', sa.Column('size', sa.Integer))": "",
    "op.add_column('news_note', sa.Column('size', sa.Integer, nullable=False, server_default='0'))": "",
    "op.create_index('x', 'news_note', ['title'])": "",
    "op.add_column('news_note', sa.Column('key', sa.String(9)))\nop.create_unique_constraint('x', 'news_note', ['key'])": "",
    "op.create_table('news_tag', sa.Column('id', sa.BigInteger, primary_key=True))": "",
    "op.alter_column('news_note', 'title', nullable=True)": "",
    "op.execute('REVOKE DELETE ON news_note FROM \"{city_role}\"')": "",
    "op.drop_column('news_note', 'author')": "contract = True",
    "op.drop_table('news_note')": "contract = True",
    "op.alter_column('news_note', 'author', nullable=False)": "contract = True",
    "op.create_unique_constraint('x', 'news_note', ['title'])": "contract = True",
}


@pytest.mark.parametrize(("body", "says"), REFUSED.items(), ids=REFUSED)
def test_what_the_version_before_or_other_cities_could_not_bear_is_refused(history, body, says):
    found = histories.objections(history(body))
    assert len(found) == 1, found
    assert found[0].startswith("news_0002: ")
    assert says in found[0]


@pytest.mark.parametrize(("body", "flags"), ALLOWED.items(), ids=range(len(ALLOWED)))
def test_what_adds_or_says_that_it_takes_away_is_allowed(history, body, flags):
    assert histories.objections(history(body, flags)) == []


def test_no_mark_allows_the_type_of_a_column_to_change(history):
    body = "op.alter_column('news_note', 'title', type_=sa.Text)"
    assert histories.objections(history(body, "contract = True"))


@pytest.mark.parametrize(
    "flags", ["online = True", "online = True\n\ndef batch(connection):\n    return False\n"]
)
def test_a_revision_for_rows_has_a_batch_and_changes_no_table(history, flags):
    assert histories.objections(history("pass", flags))


def test_the_histories_of_every_city_keep_the_rules():
    assert histories.objections(plan.folder(plan.CITY)) == []
    assert histories.objections(plan.folder(plan.PLATFORM), of_city=False) == []
    assert [histories.objections(HISTORIES / name) for name in ("grove", "pond")] == [[], []]


def test_a_module_is_asked(app, history, monkeypatch):
    news = modules()["news"]
    histories.migrations_are_safe(app, news)
    folder = history("op.drop_table('news_note')")
    folder.rename(folder.parent / "migrations")
    monkeypatch.setattr(type(news), "folder", property(lambda _self: folder.parent))
    with pytest.raises(AssertionError, match="news_note is dropped"):
        histories.migrations_are_safe(app, replace(news))
