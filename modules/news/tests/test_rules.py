import re
from datetime import UTC, datetime
from uuid import UUID
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.news.rules import (
    SLUG_LENGTH,
    Draft,
    Status,
    differences,
    entry_id,
    excerpt,
    feed_id,
    feed_moment,
    may_publish,
    may_withdraw,
    slug,
    teaser,
    tidy,
)

ARTICLE = UUID("018f2b5e-7b11-7c3a-9d52-1f1a2b3c4d5e")


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Új könyvtár nyílt!", "uj-konyvtar-nyilt"),
        ("L'été à Saint-Denis", "l-ete-a-saint-denis"),
        ("Œuvres & façades", "oeuvres-facades"),
        ("¿Qué pasa en 2026?", "que-pasa-en-2026"),
        ("Straße İzmir", "strasse-izmir"),
        ("図書館", "article"),
        ("", "article"),
    ],
)
def test_a_slug_is_the_title_in_plain_letters(title, expected):
    assert slug(title) == expected


@given(st.text())
def test_every_title_gives_a_slug_that_fits_an_address(title):
    made = slug(title)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", made)
    assert len(made) <= SLUG_LENGTH


@given(st.text())
def test_a_slug_of_a_slug_is_itself(title):
    assert slug(slug(title)) == slug(title)


@given(st.text(), st.integers(min_value=5, max_value=300))
def test_an_excerpt_is_one_short_line(text, length):
    made = excerpt(text, length)
    assert len(made) <= length + 1
    assert "\n" not in made


def test_an_excerpt_is_the_first_paragraph_without_marks():
    text = "## Works\n\n**From Monday** the [Danube bridge](https://example.org/a) is closed.\n\nSecond."
    assert excerpt(text) == "From Monday the Danube bridge is closed."


def test_an_excerpt_ends_between_words():
    assert excerpt("one two three four", 9) == "one two…"
    assert excerpt("Incomprehensibilities", 9) == "Incompreh…"


def test_a_list_says_how_the_text_begins_where_there_is_no_summary():
    assert teaser({"fr": "Résumé"}, {"fr": "Texte", "en": "Text"}) == {"fr": "Résumé", "en": "Text"}


@given(st.dictionaries(st.sampled_from(["fr", "en"]), st.text()))
def test_tidy_texts_can_be_written_as_xml(words):
    for text in tidy(words).values():
        element = ElementTree.Element("a")
        element.text = text
        assert ElementTree.fromstring(ElementTree.tostring(element)).text == text


def test_tidy_texts_have_one_kind_of_line_end_and_none_is_empty():
    assert tidy({"fr": " a\r\nb\rc\x00 ", "en": " \n"}) == {"fr": "a\nb\nc"}


def test_an_article_can_be_published_again_after_it_was_withdrawn():
    assert [may_publish(status) for status in Status] == [True, False, True]
    assert [may_withdraw(status) for status in Status] == [False, True, False]


def test_names_in_the_feed_are_permanent_and_differ_by_language_and_city():
    assert entry_id(ARTICLE, "fr") == "urn:uuid:7f7bafc5-0152-5157-a0a0-a48dcd50da57"
    assert entry_id(ARTICLE, "fr") != entry_id(ARTICLE, "en")
    assert feed_id("aaa", "fr") == feed_id("aaa", "fr") != feed_id("aab", "fr") != feed_id("aab", "en")


def test_the_feed_dates_an_article_by_what_readers_saw_last():
    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    assert feed_moment(early, late) == feed_moment(late, early) == late


WORDS = st.dictionaries(st.sampled_from(["fr", "en", "hu"]), st.text(min_size=1), max_size=3)
DRAFTS = st.builds(Draft, WORDS, WORDS, WORDS, st.none() | st.just("a.webp"), WORDS)


@given(DRAFTS)
def test_a_version_does_not_differ_from_itself(draft):
    assert differences(draft, draft) == []


@given(DRAFTS, DRAFTS)
def test_versions_differ_the_same_way_from_both_sides(one, other):
    there = [(d.part, d.language, d.saved, d.typed) for d in differences(one, other)]
    back = [(d.part, d.language, d.typed, d.saved) for d in differences(other, one)]
    assert there == back
    assert bool(there) == (one != other)
