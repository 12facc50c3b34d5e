"""The home page is kept for visitors; nobody sees an old one, another city's, or another person's."""

import re

import pytest
from flask import get_flashed_messages
from flask_wtf.csrf import generate_csrf

from app.core import jobs, redis
from app.factory import create_app
from app.web.kept import same_for_visitors
from modules.news import services as news
from modules.news.rules import Draft
from tests.portal.conftest import EN

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture
def elsewhere(services):
    """Another process, which knows nothing of this one but through the servers."""
    made = create_app(services)
    jobs.discard_nudges()
    return made


@pytest.fixture
def publish(in_city):
    def write(title, slug="paris"):
        with in_city(slug):
            news.publish(news.create(Draft(dict.fromkeys(("fr", "hu"), title), {}, {}, None, {})).id)

    return write


@pytest.fixture
def base(app):
    return f"http://paris.{app.config['PARVIS'].base_domain}:8000"


def home(app, base):
    return app.test_client().get("/", base_url=base).text


def test_the_second_visitor_costs_no_question(site, publish, count_queries):
    publish("Nouvelle place")
    assert "Nouvelle place" in site().get("/").text
    with count_queries() as asked:
        page = site().get("/").text
    assert (asked, "Nouvelle place" in page) == ([], True)


def test_what_is_published_is_there_with_the_next_request_in_every_process(app, elsewhere, base, publish):
    before = home(app, base), home(elsewhere, base)
    publish("Nouvelle place")
    assert ["Nouvelle place" in page for page in before] == [False, False]
    assert "Nouvelle place" in home(app, base)
    assert "Nouvelle place" in home(elsewhere, base)


def test_what_is_withdrawn_is_gone_with_the_next_request_in_every_process(
    app, elsewhere, base, publish, in_city
):
    publish("Résultat du vote")
    assert "Résultat du vote" in home(app, base)
    assert "Résultat du vote" in home(elsewhere, base)
    with in_city():
        news.withdraw(news.latest(1)[0].id)
    assert "Résultat du vote" not in home(app, base)
    assert "Résultat du vote" not in home(elsewhere, base)


def test_a_city_never_gets_the_page_of_another(site, publish):
    publish("Seine")
    publish("Duna", "budapest")
    for _again in range(2):
        paris, budapest = site("paris").get("/").text, site("budapest").get("/").text
        assert "Seine" in paris
        assert "Duna" in budapest
        assert "Budapest" not in paris
        assert "Paris" not in budapest


def test_each_reader_gets_a_token_of_her_own_that_works(app, site):
    app.config["WTF_CSRF_ENABLED"] = True
    readers = [site(), site()]
    tokens = [TOKEN.findall(reader.get("/").text) for reader in readers]
    assert [len(set(found)) for found in tokens] == [1, 1]
    assert tokens[0] != tokens[1]
    for reader, other, found in (*zip(readers, reversed(readers), tokens, strict=True),):
        data = {"theme": "dark", "csrf_token": found[0]}
        assert other.post("/prefs", data=data).status_code == 403
        assert reader.post("/prefs", data=data).status_code == 303


def test_a_person_and_a_visitor_do_not_get_each_others_page(site):
    site().get("/")
    resident = site(role="resident", email="ines@example.org")
    assert "ines@example.org" in resident.get("/").text
    page = site().get("/").text
    assert "Paris" in page
    assert "ines@example.org" not in page
    assert "ines@example.org" in resident.get("/").text


def test_a_message_is_for_one_reader(site):
    one, other = site(), site()
    other.get("/")
    one.get("/")
    with one.session_transaction() as session:
        session["_flashes"] = [("ok", "You have signed out.")]
    assert "You have signed out." in one.get("/").text
    assert "You have signed out." not in other.get("/").text
    assert "You have signed out." not in one.get("/").text


def test_languages_and_colours_have_pages_of_their_own(site):
    french, english = site(), site()
    dark = site()
    dark.post("/prefs", data={"theme": "dark"})
    for _again in range(2):
        assert 'lang="fr"' in french.get("/").text[:100]
        assert 'lang="en"' in english.get("/", headers=EN).text[:100]
        assert 'data-theme="dark"' in dark.get("/").text[:100]
        assert "data-theme" not in french.get("/").text[:100]


def test_a_city_that_is_hidden_again_hides_the_page_that_was_kept(site, publish, change_city):
    publish("Nouvelle place")
    assert "Nouvelle place" in site().get("/").text
    change_city("paris", published=False)
    answer = site().get("/")
    assert (answer.status_code, "Nouvelle place" in answer.text) == (403, False)


def test_a_page_says_what_is_so_by_the_clock(site, frozen, count_queries, publish):
    frozen("2026-11-22T10:00:05")
    publish("Nouvelle place")
    site().get("/")
    asked_at = {}
    for moment in ("10:00:59", "10:01:00"):
        frozen(f"2026-11-22T{moment}")
        with count_queries() as asked:
            site().get("/")
        asked_at[moment] = len(asked)
    assert asked_at["10:00:59"] == 0
    assert asked_at["10:01:00"] > 0


def test_without_redis_every_page_is_drawn_anew(app, site, publish, count_queries, monkeypatch):
    publish("Nouvelle place")
    site().get("/")
    monkeypatch.setattr(redis, "read", lambda _name: (_ for _ in ()).throw(redis.RedisError))
    with count_queries() as asked:
        assert "Nouvelle place" in site().get("/").text
    assert asked


def test_a_redis_that_has_lost_everything_brings_no_old_page_back(app, elsewhere, base, publish):
    assert "Paris" in home(elsewhere, base)
    with app.app_context():
        redis.client().flushdb()
    publish("Nouvelle place")
    with app.app_context():
        redis.client().flushdb()
    assert "Nouvelle place" in home(elsewhere, base)


@pytest.mark.parametrize("personal", [generate_csrf, lambda: str(get_flashed_messages())])
def test_a_page_that_takes_something_of_the_readers_own_is_not_kept(app, in_city, personal):
    drawn = []
    view = same_for_visitors(lambda: drawn.append(1) or personal())
    for _reader in range(2):
        with in_city():
            view()
    assert len(drawn) == (2 if personal is generate_csrf else 1)


def test_a_page_with_a_question_in_its_address_is_not_kept(site):
    assert 'href="/?q=alma&amp;lang=fr"' in site().get("/?q=alma").text
    assert "alma" not in site().get("/").text
