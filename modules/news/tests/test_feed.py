import re
from datetime import datetime
from xml.etree import ElementTree

import pytest

from .conftest import upload

ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)\Z")
BASE = "http://paris.parvis.localhost:8000"


def read(answer):
    assert answer.status_code == 200
    return ElementTree.fromstring(answer.data)


def test_the_feed_has_what_the_standard_requires(visitor, editor, write):
    write(editor, "Un", summary_fr="Résumé & suite", body_fr="Voir [la page](/contact).", picture=upload())
    write(editor, "Deux")
    answer = visitor.get("/news/feed.atom")
    feed = read(answer)
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    assert feed.tag == f"{ATOM}feed"
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(ATOM + name)) == 1
            assert element.findtext(ATOM + name)
        assert element.findtext(f"{ATOM}id").startswith("urn:uuid:")
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Paris"
    ids = [element.text for element in feed.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids)) == 3


def test_dates_and_addresses_in_the_feed_are_complete(visitor, editor, write):
    write(editor, "Un", body_fr="Voir [la page](/contact).", picture=upload())
    feed = read(visitor.get("/news/feed.atom"))
    dates = [e.text for name in ("updated", "published") for e in feed.iter(ATOM + name)]
    assert len(dates) == 3
    assert all(RFC_3339.match(date) for date in dates)
    links = [link.get("href") for link in feed.iter(f"{ATOM}link")]
    assert len(links) == 4
    assert all(link.startswith(BASE) for link in links)
    assert f'href="{BASE}/contact"' in feed.findtext(f"{ATOM}entry/{ATOM}content")


def test_each_link_of_the_feed_can_be_followed(visitor, editor, write):
    write(editor, "Un", picture=upload())
    for link in read(visitor.get("/news/feed.atom")).iter(f"{ATOM}link"):
        assert visitor.get(link.get("href").removeprefix(BASE)).status_code == 200


def test_each_language_has_a_feed_of_its_own(visitor, editor, write):
    write(editor, "Nouvelle place", title_en="New square", body_fr="Bonjour")
    french, english = read(visitor.get("/news/feed.fr.atom")), read(visitor.get("/news/feed.en.atom"))
    assert (french.get(LANG), english.get(LANG)) == ("fr", "en")
    assert french.findtext(f"{ATOM}entry/{ATOM}title") == "Nouvelle place"
    assert english.findtext(f"{ATOM}entry/{ATOM}title") == "New square"
    assert english.find(f"{ATOM}entry/{ATOM}content").get(LANG) == "fr"
    assert french.findtext(f"{ATOM}id") != english.findtext(f"{ATOM}id")
    assert french.findtext(f"{ATOM}entry/{ATOM}id") != english.findtext(f"{ATOM}entry/{ATOM}id")


def test_the_feed_without_a_language_is_the_citys_first(visitor, site, editor, write):
    write(editor)
    asked = {"Accept-Language": "en"}
    assert visitor.get("/news/feed.atom", headers=asked).data == visitor.get("/news/feed.fr.atom").data


@pytest.mark.parametrize("code", ["de", "xx", "FR", "fr%0a", "..%2f"])
def test_a_language_the_city_does_not_offer_has_no_feed(visitor, code):
    assert visitor.get("/news/feed.fr.atom").status_code == 200
    assert visitor.get(f"/news/feed.{code}.atom").status_code == 404


def test_a_feed_that_has_not_changed_is_not_sent_again(visitor, editor, write):
    write(editor, "Un")
    tag = visitor.get("/news/feed.atom").headers["ETag"]
    again = visitor.get("/news/feed.atom", headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert again.data == b""
    write(editor, "Deux")
    assert visitor.get("/news/feed.atom", headers={"If-None-Match": tag}).status_code == 200


def test_an_entry_keeps_its_name_and_its_first_date_when_it_changes(visitor, site, write, frozen):
    frozen("2026-11-01T08:00")
    editor = site("paris", role="editor")
    article_id = write(editor, "Avant")
    before = read(visitor.get("/news/feed.atom")).find(f"{ATOM}entry")
    frozen("2026-11-02T08:00")
    editor.post(f"/admin/news/{article_id}/edit", data={"title-fr": "Après", "version": "1"})
    after = read(visitor.get("/news/feed.atom")).find(f"{ATOM}entry")
    assert after.findtext(f"{ATOM}title") == "Après"
    assert after.findtext(f"{ATOM}id") == before.findtext(f"{ATOM}id")
    assert after.findtext(f"{ATOM}published") == before.findtext(f"{ATOM}published")
    assert datetime.fromisoformat(after.findtext(f"{ATOM}updated")).day == 2


def test_characters_that_xml_cannot_hold_do_not_break_the_feed(visitor, editor, write):
    write(editor, "Un\x00 \x0btitre", body_fr="a\x1f < b & c ]]> \ufffe")
    entry = read(visitor.get("/news/feed.atom")).find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Un titre"
    assert entry.findtext(f"{ATOM}content").strip() == "<p>a &lt; b &amp; c ]]&gt;</p>"


def test_an_empty_feed_is_a_feed(visitor):
    feed = read(visitor.get("/news/feed.atom"))
    assert feed.findtext(f"{ATOM}updated")
    assert feed.findall(f"{ATOM}entry") == []


def test_feed_readers_find_the_feed_from_the_pages(visitor, editor, write):
    article_id = write(editor, "Un")
    for address in ("/news/", f"/news/{article_id}-un"):
        link = re.search(
            r'<link rel="alternate" type="application/atom\+xml" href="([^"]+)"', visitor.get(address).text
        )
        assert link[1] == f"{BASE}/news/feed.fr.atom"


def test_the_feed_holds_the_newest_twenty_with_few_questions(visitor, editor, write, count_queries):
    for number in range(22):
        write(editor, f"Article {number:02}", body_fr="Texte")
    with count_queries() as asked:
        feed = read(visitor.get("/news/feed.atom"))
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")]
    assert titles == [f"Article {number:02}" for number in range(21, 1, -1)]
    assert len(asked) <= 3
