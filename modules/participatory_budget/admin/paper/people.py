"""Who works on these pages: only people with an account, as each act has to be somebody's."""

from app.sdk import Account, Forbidden, _, current_account


def me() -> Account:
    """Return who works here; raises Forbidden for an operator on a visit."""
    account = current_account()
    if account is None:
        raise Forbidden(
            _("This is for people with an account in this city. An operator on a visit has none.")
        )
    return account
