"""Residents and staff of a city: who they are, how they sign in, what they may do."""

from app.accounts.current import current_account, districts_for, may, me, sign_in_required
from app.accounts.models import Account, Role

__all__ = ["Account", "Role", "current_account", "districts_for", "may", "me", "sign_in_required"]
