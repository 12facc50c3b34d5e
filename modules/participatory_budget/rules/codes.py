"""Codes that people type: no sign that looks like another, and a last one that finds every slip of a finger.

There are 31 signs, a prime number: a sum with a weight of its own for each place then changes with every wrong
sign and every swap of two.
"""

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Digits and capitals without 0, O, 1, I and L."""
SENT, PRINTED = 8, 12
"""The lengths of codes: 35 bits for one that is good for minutes, 54 for one on paper."""
GROUP = 4
MOST_PLACES = 29
_BASE = len(ALPHABET)
_PASSED_OVER = " -–‑\u00a0\u202f\t\r\n"


class CodeError(ValueError):
    """What was typed is no code."""


class UnknownSignError(CodeError):
    """A sign that stands in no code."""

    def __init__(self, sign: str) -> None:
        super().__init__(sign)
        self.sign = sign


class WrongLengthError(CodeError):
    """A sign too many or too few."""

    def __init__(self, wanted: int, found: int) -> None:
        super().__init__(f"{wanted} signs, not {found}")
        self.wanted, self.found = wanted, found


class WrongCheckError(CodeError):
    """The last sign does not fit the others."""


def with_check(signs: str) -> str:
    """Return signs with the one that checks them."""
    if not 0 < len(signs) < MOST_PLACES or not set(signs) <= set(ALPHABET):
        raise ValueError("no signs of a code")
    return signs + ALPHABET[_sum(signs)]


def new_code(length: int) -> str:
    """Return a random code of so many signs, the last of which checks the others."""
    return with_check("".join(secrets.choice(ALPHABET) for _place in range(length - 1)))


def code_from(digest: bytes, length: int) -> str:
    """Return the code that follows from random bytes; the same bytes give the same one."""
    value, signs = int.from_bytes(digest, "big"), []
    if len(digest) * 8 < length * 5 + 64:
        raise ValueError("too few bytes for signs that are all equally likely")
    for _place in range(length - 1):
        value, sign = divmod(value, _BASE)
        signs.append(ALPHABET[sign])
    return with_check("".join(signs))


def read_code(text: str, length: int) -> str:
    """Return a typed code in one form; case, spaces and hyphens are alike. Raises CodeError, saying what is wrong."""
    plain = "".join(sign for sign in text.upper() if sign not in _PASSED_OVER)
    strange = next((sign for sign in plain if sign not in ALPHABET), None)
    if strange is not None:
        raise UnknownSignError(strange)
    if len(plain) != length:
        raise WrongLengthError(length, len(plain))
    if with_check(plain[:-1]) != plain:
        raise WrongCheckError("the last sign does not fit")
    return plain


def grouped(code: str) -> str:
    """Return a code as it is printed, in groups of four."""
    return "-".join(code[place : place + GROUP] for place in range(0, len(code), GROUP))


def _sum(signs: str) -> int:
    return sum(place * ALPHABET.index(sign) for place, sign in enumerate(signs, start=2)) * -1 % _BASE
