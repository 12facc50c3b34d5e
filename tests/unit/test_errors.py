import pytest

from tenants.schema import owner_transaction


@pytest.fixture
def broken_table(app):
    def rename(old, new):
        with app.app_context(), owner_transaction() as owner:
            owner.exec_driver_sql(f"ALTER TABLE c_testparis.{old} RENAME TO {new}")

    rename("news_article", "news_gone")
    yield
    rename("news_gone", "news_article")


def test_an_error_takes_the_whole_page_where_a_button_awaited_a_part(visitor):
    answer = visitor.get("/news/nothing-here", headers={"HX-Request": "true"})
    assert answer.status_code == 404
    assert answer.headers["HX-Retarget"] == "#main"
    assert 'id="main"' in answer.text


def test_a_page_asked_for_as_a_whole_is_just_a_page(visitor):
    assert "HX-Retarget" not in visitor.get("/news/nothing-here").headers


def test_a_failure_is_a_page_that_tells_nothing(app, site, broken_table):
    app.config["PROPAGATE_FAILURES"] = False
    answer = site("paris").get("/news/")
    assert answer.status_code == 500
    assert "<h1>" in answer.text
    assert "news_article" not in answer.text
