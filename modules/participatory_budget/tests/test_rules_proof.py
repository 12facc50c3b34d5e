"""Proofs a resident can check."""

import hashlib
from io import BytesIO

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ..rules.proof import (
    ALPHABET,
    ReceiptError,
    file_digest,
    leaf,
    merkle_root,
    read_receipt,
    receipt,
)

values = st.integers(0, 2**80 - 1).filter(lambda value: value % 37 < 32)
leaves = st.lists(st.binary(min_size=32, max_size=32), max_size=40)


def test_the_digest_of_a_file_is_its_sha_256():
    assert file_digest(BytesIO(b"x" * 3_000_000)) == hashlib.sha256(b"x" * 3_000_000).hexdigest()


@given(values)
def test_a_receipt_has_four_groups_of_four_and_a_check_character(value):
    assert [len(group) for group in receipt(value).split("-")] == [4, 4, 4, 4, 1]


def test_a_known_number_has_a_known_code():
    assert receipt(0) == "0000-0000-0000-0000-0"
    assert receipt(2**80 - 19) == "ZZZZ-ZZZZ-ZZZZ-ZZZD-" + ALPHABET[(2**80 - 19) % 37]


@pytest.mark.parametrize("value", [-1, 2**80, 32])
def test_numbers_without_a_code_are_refused(value):
    with pytest.raises(ValueError):
        receipt(value)


def test_a_code_may_be_typed_in_any_case_with_look_alikes_spaces_and_dashes():
    code = receipt(0x10_0000_0000_0000_0001)
    assert "0" in code
    assert "1" in code
    for typed in (code.lower(), code.replace("0", "o"), code.replace("1", "l"), code.replace("1", "I")):
        assert read_receipt(typed) == code
    assert read_receipt("  " + code.replace("-", " ") + "\n") == code
    assert read_receipt(code.replace("-", "–")) == code
    assert read_receipt(code.replace("-", "")) == code


@given(values)
def test_a_printed_code_is_read_back(value):
    assert read_receipt(receipt(value)) == receipt(value)


@given(values, st.integers(0, 16), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_noticed(value, position, wrong):
    plain = receipt(value).replace("-", "")
    assume(plain[position] != wrong)
    with pytest.raises(ReceiptError):
        read_receipt(plain[:position] + wrong + plain[position + 1 :])


@given(values, st.integers(0, 14))
def test_two_swapped_neighbours_are_always_noticed(value, position):
    plain = receipt(value).replace("-", "")
    one, other = plain[position : position + 2]
    swapped = plain[:position] + other + one + plain[position + 2 :]
    if swapped == plain:
        assert read_receipt(swapped) == receipt(value)
        return
    with pytest.raises(ReceiptError):
        read_receipt(swapped)


@pytest.mark.parametrize(
    "typed", ["", "0", "0000-0000-0000-0000", "0000-0000-0000-0000-00", "UUUU-0000-0000-0000-0"]
)
def test_what_is_not_a_code_is_refused(typed):
    with pytest.raises(ReceiptError):
        read_receipt(typed)


def test_a_leaf_is_the_same_however_the_code_is_typed():
    expected = hashlib.sha256(b"\x00" + b"0" * 17).digest()
    assert leaf("0000-0000-0000-0000-0") == leaf("oooo oooo oooo oooo o") == expected


def test_no_leaf_has_the_hash_of_nothing_and_one_leaf_is_its_own_root():
    assert merkle_root([]) == hashlib.sha256(b"").digest()
    assert merkle_root([b"a" * 32]) == b"a" * 32


def rfc_6962(leaves):
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + rfc_6962(leaves[:half]) + rfc_6962(leaves[half:])).digest()


@given(leaves.filter(bool))
def test_the_root_is_that_of_the_standard_tree(given_leaves):
    assert merkle_root(iter(given_leaves)) == rfc_6962(given_leaves)


@pytest.mark.parametrize("leaves", [4095, 4096, 4097, 12289])
def test_many_leaves_that_are_taken_together_make_the_tree_of_rfc_6962(leaves):
    given_leaves = [hashlib.sha256(number.to_bytes(4, "big")).digest() for number in range(leaves)]
    assert merkle_root(iter(given_leaves)) == rfc_6962(given_leaves)
