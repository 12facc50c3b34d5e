import re

from sqlalchemy import update

from app.core.db import db, end_transaction
from app.registry import modules
from tenants.models import CityRecord


def unpublish(app, slug):
    with app.app_context():
        db.session.execute(update(CityRecord).where(CityRecord.slug == slug).values(published=False))
        end_transaction(keep=True)


def test_the_home_page_counts_what_there_is(apex):
    page = apex.get("/").text
    assert f"{len(modules())} modules that cities share" in page
    assert "2 cities are online." in page
    for module in modules().values():
        assert f'href="/catalogue/{module.path}"' in page


def test_cities_are_linked_once_they_are_published(app, apex):
    assert 'href="http://paris.parvis.localhost:8000/"' in apex.get("/").text
    unpublish(app, "paris")
    page = apex.get("/").text
    assert 'href="http://budapest.parvis.localhost:8000/"' in page
    assert "paris" not in page.lower().replace("parvis", "")
    assert "1 city is online." in page


def test_a_platform_without_public_cities_says_so(app, apex):
    unpublish(app, "paris")
    unpublish(app, "budapest")
    page = apex.get("/").text
    assert "No city is public yet" in page
    assert "online." not in page


def test_the_form_is_on_the_home_page(apex):
    page = apex.get("/").text
    assert 'action="/start"' in page
    for name in ("city_name", "slug", "email", "language"):
        assert f'name="{name}"' in page


def test_the_main_language_is_the_reader_s_at_first(apex):
    page = apex.get("/", headers={"Accept-Language": "hu"}).text
    assert '<option selected value="hu">' in page


def test_the_home_page_asks_little_of_the_database(apex, count_queries):
    apex.get("/")
    with count_queries() as asked:
        apex.get("/")
    assert len(asked) <= 2


def test_no_link_of_the_platform_s_pages_is_dead(apex):
    seen, queue = set(), ["/"]
    while queue:
        path = queue.pop()
        seen.add(path)
        answer = apex.get(path)
        assert answer.status_code == 200, path
        ids = set(re.findall(r'id="([^"]+)"', answer.text))
        for href in re.findall(r'href="(/[^"]*|#[^"]*)"', answer.text):
            target, _hash, anchor = href.replace("&amp;", "&").partition("#")
            if not target:
                assert anchor in ids, (path, href)
            elif "lang=" not in target and target not in seen and not target.startswith("/static/"):
                queue.append(target) if target not in queue else None
    assert {"/", "/start", "/catalogue", "/catalogue/news"} <= seen


def test_sections_that_the_menu_names_are_on_the_home_page(apex):
    page = apex.get("/").text
    assert 'id="cities"' in page
    assert 'id="how"' in page


def test_the_platform_s_pages_are_not_on_a_city_s_host(visitor):
    for path in ("/welcome", "/start", "/catalogue", "/catalogue/news", "/dev/mail", "/setting-up/x"):
        assert visitor.get(path).status_code == 404, path
