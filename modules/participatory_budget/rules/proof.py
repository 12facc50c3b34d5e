"""Proofs a resident can check: the digest of the ballots file, the receipt code, the list of receipts.

A receipt shows that a ballot was counted and says nothing of what was in it. The protocol holds one hash of the
*leaves* of all receipts; the page "was my ballot counted?" looks a code's leaf up.
"""

import hashlib
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Protocol

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32 (crockford.com/base32.html): no I, L, O, U."""

_CODE_BITS = 80
_CODE_LENGTH = 16
_GROUP = 4
_CHECK_MODULUS = 37
_CHUNK = 1 << 20
_SUBTREE = 1 << 12
"""So many leaves are taken together, which is much quicker than one by one."""
_sha256 = hashlib.sha256
_READ_AS = str.maketrans(
    {"O": "0", "I": "1", "L": "1", " ": "", "-": "", "\u00a0": "", "\u202f": "", "–": "", "‑": ""}
)


class ReceiptError(ValueError):
    """The text is not a receipt code: a character is wrong, missing or in the wrong place."""


class Readable(Protocol):
    """An open binary file."""

    def read(self, size: int, /) -> bytes:
        """Return at most that many bytes; none at the end."""


def file_digest(stream: Readable) -> str:
    """Return the SHA-256 of a file in hexadecimal, as `sha256sum` prints it."""
    digest = hashlib.sha256()
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def receipt(value: int) -> str:
    """Return the code of an 80-bit number, such as "7K3M-Q9TD-0V2X-HJ5N-W"; ValueError when its check has no letter.

    The last character is Crockford's check (the number modulo 37), which finds every wrong character and
    every swap of neighbours. Five of its 37 values have no letter here.
    """
    check = value % _CHECK_MODULUS
    if not 0 <= value < 1 << _CODE_BITS or check >= len(ALPHABET):
        raise ValueError("no receipt code for this number")
    digits = [ALPHABET[value >> shift & 31] for shift in range(_CODE_BITS - 5, -1, -5)]
    groups = ["".join(digits[i : i + _GROUP]) for i in range(0, _CODE_LENGTH, _GROUP)]
    return "-".join([*groups, ALPHABET[check]])


def read_receipt(text: str) -> str:
    """Return a typed code as it was printed; O and 0, I, L and 1, case, spaces and hyphens are alike."""
    plain = text.strip().upper().translate(_READ_AS)
    if len(plain) != _CODE_LENGTH + 1 or not set(plain) <= set(ALPHABET):
        raise ReceiptError("a receipt code has 17 characters")
    value = 0
    for character in plain[:-1]:
        value = value * 32 + ALPHABET.index(character)
    if value % _CHECK_MODULUS != ALPHABET.index(plain[-1]):
        raise ReceiptError("the check character does not fit")
    return receipt(value)


def leaf(code: str) -> bytes:
    """Return what is published of a receipt: SHA-256 of a zero byte and the code without hyphens."""
    plain = read_receipt(code).replace("-", "")
    return hashlib.sha256(b"\x00" + plain.encode("ascii")).digest()


def merkle_root(leaves: Iterable[bytes]) -> bytes:
    """Return one hash that stands for all leaves, which come in rising order (tree of RFC 6962, section 2.1).

    Publishing the root fixes the list: no leaf can be added, changed or left out later. However many there are,
    few are held at once.
    """
    whole: list[tuple[int, bytes]] = []
    for found in _subtrees(leaves):
        size, root = found
        while whole and whole[-1][0] == size:
            size, root = size * 2, _node(whole.pop()[1], root)
        whole.append((size, root))
    if not whole:
        return hashlib.sha256().digest()
    root = whole.pop()[1]
    while whole:
        root = _node(whole.pop()[1], root)
    return root


def _subtrees(leaves: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield the roots of whole subtrees of many leaves, then the last leaves one by one, each with its size."""
    rest = iter(leaves)
    while len(nodes := list(islice(rest, _SUBTREE))) == _SUBTREE:
        while len(nodes) > 1:
            nodes = [_sha256(b"\x01" + a + b).digest() for a, b in zip(nodes[::2], nodes[1::2], strict=True)]
        yield _SUBTREE, nodes[0]
    yield from ((1, leaf) for leaf in nodes)


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
