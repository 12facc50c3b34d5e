"""Codes and names in one form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.participatory_budget.rules.codes import (
    ALPHABET,
    PRINTED,
    SENT,
    CodeError,
    UnknownSignError,
    WrongCheckError,
    WrongLengthError,
    code_from,
    grouped,
    new_code,
    read_code,
    with_check,
)
from modules.participatory_budget.rules.persons import name_pair, one_mailbox, plain_name, readings
from modules.participatory_budget.rules.ways import Access, Duplicates, Way, read_access, write_access

CODES = st.binary(min_size=32, max_size=32).map(lambda raw: code_from(raw, PRINTED))


def test_no_sign_of_a_code_looks_like_another():
    assert len(set(ALPHABET)) == 31
    assert not set("0O1IL") & set(ALPHABET)


@given(CODES)
def test_a_code_is_read_however_it_is_typed(code):
    assert read_code(f" {grouped(code).lower()} ", PRINTED) == code


@given(CODES, st.integers(0, PRINTED - 1), st.sampled_from(ALPHABET))
def test_every_wrong_sign_is_found(code, place, sign):
    typed = code[:place] + sign + code[place + 1 :]
    if typed == code:
        assert read_code(typed, PRINTED) == code
        return
    with pytest.raises(WrongCheckError):
        read_code(typed, PRINTED)


@given(CODES, st.integers(0, PRINTED - 1), st.integers(0, PRINTED - 1))
def test_every_swap_of_two_signs_is_found(code, one, other):
    signs = list(code)
    signs[one], signs[other] = signs[other], signs[one]
    typed = "".join(signs)
    if typed == code:
        return
    with pytest.raises(WrongCheckError):
        read_code(typed, PRINTED)


def test_what_is_wrong_with_a_code_is_said():
    code = with_check("ABCDEFG")
    with pytest.raises(UnknownSignError) as strange:
        read_code("0" + code[1:], SENT)
    assert strange.value.sign == "0"
    with pytest.raises(WrongLengthError):
        read_code(code[:-1], SENT)


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_code_or_refused(text):
    try:
        found = read_code(text, SENT)
    except CodeError:
        return
    assert len(found) == SENT


def test_two_codes_in_a_row_differ():
    assert new_code(PRINTED) != new_code(PRINTED)


def test_too_few_random_bytes_make_no_code():
    with pytest.raises(ValueError, match="too few"):
        code_from(b"12345678", SENT)


@pytest.mark.parametrize(
    ("typed", "mailbox"),
    [
        ("Anna@Paris.Example", "anna@paris.example"),
        ("anna+vote2@paris.example", "anna@paris.example"),
        ("an.na+x@googlemail.com", "anna@gmail.com"),
        ("an.na@paris.example", "an.na@paris.example"),
        ("anna@bücher.example", "anna@xn--bcher-kva.example"),
        ("+tag@paris.example", "+tag@paris.example"),
    ],
)
def test_addresses_of_one_mailbox_are_one(typed, mailbox):
    assert one_mailbox(typed) == mailbox


@given(st.emails())
def test_a_mailbox_in_one_form_stays_as_it_is(address):
    once = one_mailbox(address)
    assert one_mailbox(once) == once
    assert one_mailbox(address.upper()) == once or not address.isascii()


@given(st.text(max_size=30))
def test_a_plain_name_stays_as_it_is(text):
    assert plain_name(plain_name(text)) == plain_name(text)


@pytest.mark.parametrize(
    "name", ["Anna Nagy", "Nagy Anna", "NAGY Anna Mária", "Anna Mária Nagy", "nagy, anna"]
)
def test_a_name_is_found_in_whichever_order_it_is_said(name):
    assert name_pair("Anna Mária", "Nagy") in readings(name)


def test_a_single_word_is_no_name():
    assert readings("Anna") == frozenset()


ACCESS = st.builds(
    Access,
    ways=st.sets(st.sampled_from(Way), min_size=1).map(lambda ways: tuple(way for way in Way if way in ways)),
    self_declared=st.booleans(),
    duplicates=st.sampled_from(Duplicates),
)


@given(ACCESS)
def test_how_people_vote_is_read_as_it_was_written(access):
    assert read_access(write_access(access)) == access


def test_nothing_stored_means_with_an_account():
    assert read_access({}) == Access((Way.ACCOUNT,))


@pytest.mark.parametrize("document", [{"ways": []}, {"ways": "mail"}, {"ways": ["owl"]}])
def test_nonsense_about_ways_is_refused(document):
    with pytest.raises(ValueError):
        read_access(document)
