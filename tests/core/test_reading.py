import pytest
from sqlalchemy import bindparam, func, select, text
from sqlalchemy.exc import DataError, OperationalError

from app.core import changes
from app.core.context import NoCity, current_city, serving
from app.core.db import db, end_transaction
from app.core.ids import new_id
from app.core.reading import Query, carry_out, rows, together
from modules.news.models import Article
from modules.news.rules import Status
from tenants import resolve
from tenants.schema import owner_transaction

BY_STATUS = Query(
    select(Article.id, Article.title, Article.status, Article.created_at, Article.picture)
    .where(Article.status == bindparam("status", type_=Article.status.type))
    .order_by(Article.id)
    .limit(3)
)
NUMBER = Query(select(func.count().label("number")).select_from(Article))
NOTHING = Query(select(Article.id).where(Article.picture == "none"))
RENAME = Query(text("UPDATE news_article SET title = jsonb_build_object('en', CAST(:title AS text))"))
RENAMED = Query(
    text(
        "UPDATE news_article SET title = jsonb_build_object('en', CAST(:title AS text)) RETURNING status, title"
    ).columns(Article.status, Article.title)
)
WRONG = Query(select((1 / (func.count() - func.count())).label("never")).select_from(Article))


@pytest.fixture
def article(in_city):
    """Keep articles in both cities, each with the name of its own."""
    for slug in ("paris", "budapest"):
        with in_city(slug):
            db.session.add(Article(id=new_id(), title={"en": slug}, status=Status.PUBLISHED))


def test_rows_have_the_names_and_types_of_the_columns(article, in_city):
    with in_city():
        (found,) = rows(BY_STATUS(status=Status.PUBLISHED))
        kept = db.session.get_one(Article, found.id)
        assert (found.title, found.status, found.created_at) == (kept.title, kept.status, kept.created_at)
        assert found.status is Status.PUBLISHED
        assert found.picture is None


def test_a_query_is_asked_with_other_values_each_time(article, in_city):
    with in_city():
        counts = [len(rows(BY_STATUS(status=s))) for s in (Status.PUBLISHED, Status.DRAFT, Status.PUBLISHED)]
    assert counts == [1, 0, 1]


def test_each_city_is_asked_for_its_own_rows(article, in_city):
    # More often than the driver needs to keep a statement prepared.
    for _again in range(8):
        for slug in ("paris", "budapest"):
            with in_city(slug):
                one, both = (
                    rows(BY_STATUS(status=Status.PUBLISHED)),
                    together(BY_STATUS(status=Status.PUBLISHED)),
                )
                assert [r.title for r in (*one, *both[0])] == [{"en": slug}] * 2


def test_together_answers_in_order(article, in_city, count_queries):
    with in_city(), count_queries() as asked:
        listed, number, nothing = together(BY_STATUS(status=Status.PUBLISHED), NUMBER(), NOTHING())
        assert ([r.title["en"] for r in listed], number[0].number, list(nothing)) == (["paris"], 1, [])
    assert len(asked) == 3


def test_a_text_that_writes_is_carried_out_in_its_city_alone(article, in_city, app):
    with in_city(), serving(resolve.city_by_slug("paris")):
        before = changes.mark(current_city())
    with in_city():
        carry_out(RENAME(title="new"))
        carry_out(RENAME(title="newer"))
    with in_city():
        assert changes.mark(current_city()) != before
        assert [row.title for row in rows(BY_STATUS(status=Status.PUBLISHED))] == [{"en": "newer"}]
    with in_city("budapest"):
        assert [row.title for row in rows(BY_STATUS(status=Status.PUBLISHED))] == [{"en": "budapest"}]


def test_a_text_that_writes_and_answers_gives_columns_of_their_types(article, in_city):
    with in_city():
        assert [tuple(row) for row in rows(RENAMED(title="new"))] == [(Status.PUBLISHED, {"en": "new"})]


def test_what_the_session_holds_is_seen(in_city):
    with in_city():
        db.session.add(Article(id=new_id(), title={"en": "new"}, status=Status.DRAFT))
        assert rows(NUMBER())[0].number == 1
        assert together(NUMBER())[0][0].number == 1


def test_without_a_city_nothing_is_asked(app):
    with app.app_context(), serving(None):
        for ask in (rows, together):
            with pytest.raises(NoCity):
                ask(NUMBER())
            end_transaction(keep=False)


def test_a_question_that_fails_leaves_the_connection_usable(article, app, in_city):
    for ask in (rows, together):
        with pytest.raises(DataError, match="division by zero"), in_city():
            ask(WRONG())
        with in_city():
            assert rows(NUMBER())[0].number == 1
    with app.app_context():
        assert resolve.city_by_slug("paris") is not None


def test_one_of_several_that_fails_fails_them_all(article, in_city):
    with pytest.raises(DataError, match="division by zero"), in_city():
        together(NUMBER(), WRONG(), NUMBER())
    with in_city("budapest"):
        assert together(NUMBER(), NUMBER())[1][0].number == 1


def after_the_server_hung_up(ask):
    own = db.session.scalar(text("SELECT pg_backend_pid()"))
    with owner_transaction() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:own, 5000)"), {"own": own})
    ask(NUMBER())


@pytest.mark.parametrize("ask", [rows, together])
def test_a_connection_that_the_server_ends_is_replaced(in_city, ask):
    with pytest.raises(OperationalError) as found, in_city():
        after_the_server_hung_up(ask)
    assert found.value.connection_invalidated
    with in_city():
        assert rows(NUMBER())[0].number == 0


@pytest.mark.parametrize("values", [{}, {"state": "x"}, {"status": Status.DRAFT, "slug": "x"}])
def test_values_that_do_not_fit_are_named(in_city, values):
    with in_city(), pytest.raises(TypeError, match=r"takes \['status'\], not"):
        rows(BY_STATUS(**values))


def test_a_list_of_any_length_is_refused(in_city):
    listed = Query(select(Article.id).where(Article.status.in_([Status.DRAFT])))
    with in_city(), pytest.raises(TypeError, match="list"):
        rows(listed())
