"""References that people read out on the telephone: short, no two letters that look alike, and a check character."""

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 6
# A prime: each wrong character and each swap of two neighbours changes the check character.
_MODULUS = len(ALPHABET)
_READ_AS = str.maketrans({" ": "", "-": "", "\u00a0": "", "\u202f": "", "\u2011": "", "–": ""})


def new_reference() -> str:
    """Return a reference that nobody can guess from another, such as `K7M-Q2XD`."""
    return shown("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))


def shown(plain: str) -> str:
    """Return the characters with their check character, in two groups."""
    whole = plain + _check(plain)
    return f"{whole[:3]}-{whole[3:]}"


def read(said: str) -> str | None:
    """Return a typed reference as it was shown; None when it cannot be one."""
    plain = said.strip().upper().translate(_READ_AS)
    if len(plain) != LENGTH + 1 or not set(plain) <= set(ALPHABET) or _check(plain[:-1]) != plain[-1]:
        return None
    return shown(plain[:-1])


def _check(plain: str) -> str:
    total = sum(place * ALPHABET.index(letter) for place, letter in enumerate(plain, 1))
    return ALPHABET[total % _MODULUS]
