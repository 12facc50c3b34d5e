"""Passwords: hashed with argon2id (RFC 9106), trivial ones refused (NIST SP 800-63B-4)."""

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.accounts.guessing import is_guessable
from app.accounts.leaked import is_leaked
from app.core.errors import Invalid
from app.core.i18n import gettext as _

MIN_LENGTH = 10
MAX_LENGTH = 256
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Compared with when there is no account, so that the answer takes as long as for a known address.
_NOBODY = _hasher.hash("nobody's password")


def check_strength(password: str, *personal: str) -> None:
    """Raise Invalid for a password that is too short, too long or easily guessed by who knows the `personal` words."""
    if len(password) < MIN_LENGTH:
        raise Invalid(_("Use at least %(number)s characters.", number=MIN_LENGTH))
    if len(password) > MAX_LENGTH:
        raise Invalid(_("Use at most %(number)s characters.", number=MAX_LENGTH))
    if is_leaked(password):
        raise Invalid(_("This password is known from a leak and is tried first. Choose another one."))
    if is_guessable(password, personal):
        raise Invalid(_("This password is easy to guess. Choose another one."))


def hash_password(password: str) -> str:
    """Return what the database keeps."""
    return _hasher.hash(_canonical(password))


def matches(stored: str | None, password: str) -> bool:
    """Tell whether the password is right; takes as long when there is nothing to compare with."""
    try:
        return _hasher.verify(stored or _NOBODY, _canonical(password)) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Tell whether a hash was made with other costs than new ones are: it is made anew when its password is typed."""
    return _hasher.check_needs_rehash(stored)


def _canonical(password: str) -> str:
    """Return the same characters whichever keyboard they came from."""
    return unicodedata.normalize("NFKC", password)
