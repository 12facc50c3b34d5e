import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.search.words import all_of, asked_words, configuration, excerpt, folded, is_alike, marked, meant


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Bibliothèque de l'Œuvre", ["bibliotheque", "de", "l", "oeuvre"]),
        ("  KÖNYVTÁR!! ", ["konyvtar"]),
        ("a & b | !(c):*", ["a", "b", "c"]),
        ("Łódź", ["lodz"]),
        ("&&& ''", []),
        ("a b c d e f g h i", list("abcdefgh")),
    ],
)
def test_what_is_typed_becomes_plain_words(typed, words):
    assert asked_words(typed) == words


def test_a_language_without_known_stems_is_searched_by_whole_words():
    assert [configuration(code) for code in ("fr", "hu", "pl")] == [
        "pg_catalog.french",
        "pg_catalog.hungarian",
        "pg_catalog.simple",
    ]


def test_the_last_word_may_be_the_beginning_of_one():
    assert all_of(["velo", "rou"]) == "velo & rou:*"


@pytest.mark.parametrize(
    ("word", "asked", "alike"),
    [
        ("bibliotheques", "bibliotheque", True),
        ("bibliotheque", "bibli", True),
        ("konyvtarban", "konyvtar", True),
        ("gardens", "gardening", False),
        ("parking", "park", True),
        ("art", "artist", False),
    ],
)
def test_words_with_other_endings_are_alike(word, asked, alike):
    assert is_alike(word, asked) is alike


def test_what_was_searched_for_is_marked_with_its_accents():
    assert marked("Une bibliothèque à vélo", ["bibliotheque", "velo"]) == [
        ("Une ", False),
        ("bibliothèque", True),
        (" à ", False),
        ("vélo", True),
    ]


def test_a_long_text_is_cut_around_the_first_hit():
    text = "word " * 100 + "treasure " + "word " * 100
    cut = excerpt(text, ["treasure"])
    assert "treasure" in cut
    assert cut.startswith("… ")
    assert cut.endswith(" …")
    assert len(cut) <= 230


def test_a_word_that_is_nowhere_is_replaced_by_the_most_similar_one():
    titles = ["Nouvelle bibliothèque", "Pistes pour le vélo"]
    assert meant(["biblotheque", "velo"], titles) == ["bibliothèque", "velo"]
    assert meant(["bibliotheque"], titles) is None
    assert meant(["xyzzy"], titles) is None


@given(st.text(max_size=300), st.lists(st.text(min_size=1, max_size=8), max_size=4))
def test_pieces_put_together_are_the_text(text, typed):
    words = asked_words(" ".join(typed))
    assert "".join(piece for piece, _hit in marked(text, words)) == text


@given(st.text(max_size=600))
def test_nothing_that_is_typed_can_be_an_operator(typed):
    assert all(word.isalnum() for word in asked_words(typed))
    assert folded(folded(typed)) == folded(typed)


@given(st.text(alphabet="abc é\n", max_size=900), st.sampled_from(["abc", "e", "zz"]))
def test_excerpts_are_short(text, word):
    assert len(excerpt(text, [word])) <= 224
