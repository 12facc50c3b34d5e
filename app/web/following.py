"""Whether the reader follows what a page shows."""

from app.accounts.current import current_account
from app.notify import following


def is_followed(subject: str) -> bool:
    """Tell whether the person signed in follows something; nobody else does."""
    account = current_account()
    return account is not None and following.follows(account.id, subject)
