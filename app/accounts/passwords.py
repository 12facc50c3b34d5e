"""Passwords: hashed with argon2id (RFC 9106), trivial ones refused."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext as _

from app.core.errors import Invalid

MIN_LENGTH = 10
MAX_LENGTH = 256
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Compared with when there is no account, so that the answer takes as long as for a known address.
_NOBODY = _hasher.hash("nobody's password")
_TRIVIAL = frozenset(
    ["password", "passwort", "motdepasse", "jelszo", "contrasena", "qwertyuiop", "azertyuiop", "letmein", "iloveyou"]
)


def check_strength(password: str, email: str) -> None:
    """Raise Invalid for a password that is too short, too long or easily guessed (NIST SP 800-63B)."""
    if len(password) < MIN_LENGTH:
        raise Invalid(_("Use at least %(number)s characters.", number=MIN_LENGTH))
    if len(password) > MAX_LENGTH:
        raise Invalid(_("Use at most %(number)s characters.", number=MAX_LENGTH))
    plain = "".join(c for c in password.lower() if c.isalpha())
    if len(set(password)) < 4 or plain in _TRIVIAL or password.lower() == email.lower():
        raise Invalid(_("This password is easy to guess. Choose another one."))
    if password.isdigit() and password in "01234567890123456789098765432109876543210":
        raise Invalid(_("This password is easy to guess. Choose another one."))


def hash_password(password: str) -> str:
    """Return what the database keeps."""
    return _hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Tell whether the password is right; takes as long when there is nothing to compare with."""
    try:
        return _hasher.verify(stored or _NOBODY, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False
