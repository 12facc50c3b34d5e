import re

from app.core.db import db
from app.web.search import rebuild
from app.web.search.entries import SearchEntry
from tests.search.conftest import EN


def test_an_article_is_found_by_the_stems_of_its_words_and_without_accents(article, titles):
    article("Nouvelle bibliothèque", body_fr="Les enfants y liront.")
    for words in ("bibliothèque", "BIBLIOTHEQUES", "biblio", "enfant", "nouvelles bibliotheques enf"):
        assert titles(words) == ["Nouvelle bibliothèque"], words
    assert titles("piscine") == []


def test_a_title_counts_more_than_a_text(article, titles):
    article("Travaux", body_fr="Près de la piscine.")
    article("Piscine fermée", body_fr="Travaux en cours.")
    assert titles("piscine") == ["Piscine fermée", "Travaux"]


def test_what_is_not_public_is_never_found(article, titles, site):
    draft = article("Secret brouillon", published=False)
    assert titles("brouillon") == []
    editor = site("paris", role="editor")
    editor.post(f"/admin/news/{draft}/publish")
    assert titles("brouillon") == ["Secret brouillon"]
    editor.post(f"/admin/news/{draft}/withdraw")
    assert titles("brouillon") == []
    assert titles("brouillno") == []


def test_a_rebuild_finds_the_same_and_no_drafts(article, titles, in_city):
    article("Brouillon", published=False)
    article("Publié")
    with in_city():
        before = {(e.module, e.subject, e.language) for e in db.session.query(SearchEntry)}
        rebuild(only=frozenset({"news"}))
    with in_city():
        rebuild()
        after = {(e.module, e.subject, e.language) for e in db.session.query(SearchEntry)}
    assert before < after
    assert len({key for key in after if key[0] == "news"}) == 1 + 4 + 3
    assert titles("brouillon") == []


def test_a_changed_article_is_found_by_its_new_words_only(article, titles, site):
    number = article("Ancien titre")
    page = site("paris", role="editor").get(f"/admin/news/{number}/edit").text
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    site("paris", role="editor").post(
        f"/admin/news/{number}/edit", data={"title-fr": "Tout neuf", "version": version}
    )
    assert titles("neuf") == ["Tout neuf"]
    assert titles("ancien") == []


def test_typing_errors_are_forgiven_and_what_was_meant_is_offered(article, visitor):
    article("Nouvelle bibliothèque")
    page = visitor.get("/search?q=biblotheqe", headers=EN).text
    assert "Nouvelle" in page
    assert "This is written almost so" in page
    assert re.search(r'<a href="/search\?q=[^"]+">Search for “bibliothèque” instead</a>', page)


def test_nothing_found_leads_to_the_town_hall(visitor):
    page = visitor.get("/search?q=qqqqxyz", headers=EN).text
    assert "Nothing was found" in page
    assert 'href="/contact"' in page
    assert "Most used" in page
    assert 'value="qqqqxyz"' in page


def test_what_is_typed_is_never_markup(article, visitor):
    article("Un <b>gras</b> titre")
    page = visitor.get("/search?q=gras<script>alert(1)</script>").text
    assert "<script>alert" not in page
    assert "&lt;b&gt;" in visitor.get("/search?q=gras").text


def test_a_module_that_is_off_is_not_found_at_once(article, titles, staff):
    article("Piscine")
    assert titles("piscine") == ["Piscine"]
    staff.post("/admin/modules/news/switch", data={"on": "0", "confirmed": "1"})
    assert titles("piscine") == []
    staff.post("/admin/modules/news/switch", data={"on": "1", "confirmed": "1"})
    assert titles("piscine") == ["Piscine"]


def test_what_was_never_entered_is_entered_by_the_next_look(article, titles, in_city, app):
    from worker.run import run

    article("Piscine")
    with in_city():
        db.session.query(SearchEntry).delete()
    assert titles("piscine") == []
    run(app, "search.look_after", "c_testparis", {})
    assert titles("piscine") == ["Piscine"]


def test_switching_on_enters_the_service_and_what_it_has(titles, staff, run_tasks):
    staff.post("/admin/modules/news/switch", data={"on": "0", "confirmed": "1"})
    staff.post("/admin/modules/news/switch", data={"on": "1", "confirmed": "1"})
    assert "search.rebuild" in run_tasks()
    assert titles("news", **EN) == ["News"]


def test_the_pages_of_the_city_are_found_in_each_language(titles, in_city):
    with in_city():
        rebuild()
    assert "Contact" in titles("contact", **EN)
    assert titles("cookies", **EN) == ["Privacy"]


def test_a_text_that_is_missing_in_a_language_is_found_in_another(article, titles, visitor):
    article("Nouvelle piscine")
    assert titles("piscines", **EN) == ["Nouvelle piscine"]
    assert 'lang="fr"' in visitor.get("/search?q=piscine", headers=EN).text


def test_no_city_finds_what_another_has(article, titles, site):
    article("Nouvelle piscine")
    assert titles("piscine", site("budapest")) == []


def test_one_kind_is_shown_page_by_page(article, visitor, site):
    for number in range(22):
        article(f"Piscine {number}")
    page = visitor.get("/search?q=piscine", headers=EN).text
    assert page.count("<mark>Piscine</mark>") == 5
    assert "/search?q=piscine&amp;kind=news.article" in page
    first = visitor.get("/search?q=piscine&kind=news.article", headers=EN).text
    second = visitor.get("/search?q=piscine&kind=news.article&page=2", headers=EN).text
    assert first.count("<mark>Piscine</mark>") == 20
    assert second.count("<mark>Piscine</mark>") == 2
    assert visitor.get("/search?q=piscine&kind=news.article&page=3").status_code == 404
    assert visitor.get("/search?q=piscine&kind=news.article&page=9999999").status_code == 404
    assert visitor.get("/search?q=piscine&kind=nothing.such").status_code == 200


def test_a_search_asks_one_question_and_two_when_nothing_has_the_words(article, visitor, count_queries):
    article("Piscine")
    visitor.get("/search?q=x")
    with count_queries() as asked:
        visitor.get("/search?q=piscine")
    assert len(asked) == 1, asked
    with count_queries() as asked:
        visitor.get("/search?q=pissine")
    assert len(asked) == 3, asked


def test_searching_too_often_is_stopped_kindly(visitor):
    for _ in range(60):
        assert visitor.get("/search?q=piscine").status_code == 200
    assert visitor.get("/search?q=piscine").status_code == 429
    assert visitor.get("/search").status_code == 200


def test_strange_input_is_no_error(visitor):
    for typed in ("'", "a:*b", "!", "\\", "%", "x" * 5000, "\x00", "<->", "a & | b", "été:*"):
        assert visitor.get("/search", query_string={"q": typed}).status_code == 200, typed
