"""What forms carry so that programs are told from people without asking anybody for a puzzle.

A sealed time says how long a form was open; a field that nobody sees stays empty in a browser. Neither refuses
anything: they are two of the doubts by which words wait for a person (rules.ideas.doubts).
"""

import hmac

from flask import request

from app.sdk import Account, current_city, keyed_hash, limit, now

from ...services.ideas.doubting import Sending

TRAP, STAMP = "homepage", "stamp"
OFTEN_EACH, OFTEN_HERE = "20/hour", "100/hour"


def stamp(purpose: str) -> str:
    """Return what a form carries to say when it was opened."""
    at = f"{int(now().timestamp() * 10):x}"
    return f"{at}.{_seal(purpose, at)}"


def sending(purpose: str) -> Sending:
    """Return how the form that came in was filled; a stamp that is missing or made up counts as no time at all."""
    at, _dot, seal = request.form.get(STAMP, "").partition(".")
    genuine = hmac.compare_digest(seal.encode(), _seal(purpose, at).encode())
    seconds = now().timestamp() - int(at, 16) / 10 if genuine else 0.0
    return Sending(bool(request.form.get(TRAP, "").strip()), seconds)


def not_too_often(action: str, account: Account) -> None:
    """Count one try for the person and one for where she is; raises TooMany."""
    limit(f"participatory_budget.{action}", OFTEN_EACH, str(account.id))
    limit(f"participatory_budget.{action}_here", OFTEN_HERE)


def _seal(purpose: str, at: str) -> str:
    parts = (current_city().id.encode(), purpose.encode(), at.encode())
    return keyed_hash("participatory_budget.form", *parts).hex()[:32]
