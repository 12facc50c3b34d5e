"""Mails that differ in a few words are written once, and say to each what is meant for her."""

from datetime import UTC, datetime

import pytest

from app.core.context import current_city
from app.notify import letters

RECEIPT = "participatory_budget_receipt"
VALUES = {
    "title": {"en": "Budget", "fr": "Le budget"},
    "slug": "2026",
    "closes_at": datetime(2030, 5, 4, 12, tzinfo=UTC),
    "changed": False,
}


@pytest.fixture
def written(monkeypatch):
    """Return the languages in which templates were rendered from here on."""
    found, write = [], letters._write
    monkeypatch.setattr(letters, "_kept", type(letters._kept)())

    def noted(template, language, values):
        found.append(language)
        return write(template, language, values)

    monkeypatch.setattr(letters, "_write", noted)
    return found


def receipt(code="K7", name="Anna", language="en", **values):
    return letters.written(RECEIPT, language, {**VALUES, **values}, {"code": code, "name": name})


def test_each_gets_her_own_words_from_a_mail_that_is_written_once(in_city, written):
    with in_city("paris"):
        anna, bela = receipt("K7AA", "Anna"), receipt("Z9BB", "Béla")
    assert written == ["en"]
    for mail, hers, others in (
        (anna, ("K7AA", "Anna"), ("Z9BB", "Béla")),
        (bela, ("Z9BB", "Béla"), ("K7AA", "Anna")),
    ):
        for part in mail:
            assert all(word in part for word in hers)
            assert not any(word in part for word in others)


def test_a_filled_mail_is_the_very_mail_that_is_written_at_once(in_city, written):
    with in_city("paris"):
        for name in ("Anna", "", "O'Neil <b> & Co"):
            whole = letters.written(RECEIPT, "en", {**VALUES, "code": "K7", "name": name}, None)
            assert receipt("K7", name)[0] == whole[0]
            assert receipt("K7", name)[1].replace("&#39;", "'").replace("&#34;", '"') == whole[1]


def test_a_name_is_no_markup_and_no_other_value(in_city, written):
    with in_city("paris"):
        text, html = receipt("K7", "<b>\ue000code\ue001")
    assert "<b>code" in text
    assert "&lt;b&gt;code" in html


def test_another_language_title_or_city_is_another_mail(in_city, written):
    with in_city("paris"):
        receipt()
        assert "Le budget" in receipt(language="fr")[0]
        assert "Other" in receipt(title={"en": "Other"})[0]
        here = current_city().name
    with in_city("budapest"):
        there = receipt()[0]
        assert current_city().name in there
        assert here not in there
    assert written == ["en", "fr", "en", "en"]
