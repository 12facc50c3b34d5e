"""Background work with accounts."""

from datetime import timedelta
from uuid import UUID

from app.accounts import asking, staffing
from app.accounts.operators import sessions as operator_sessions
from app.accounts.privacy import collecting, retention
from app.core.jobs import task


@task("accounts.answer")
def answer(request_id: str) -> None:
    """Answer one request by mail."""
    asking.answer(UUID(request_id))


@task("accounts.forget", every=timedelta(hours=24))
def forget() -> None:
    """Remove what has been kept for long enough, and say so."""
    retention.retain()


@task("platform.forget_operator_sessions", every=timedelta(hours=24), of_platform=True)
def forget_operator_sessions() -> None:
    """Delete sessions of operators that are over."""
    operator_sessions.forget()


@task("accounts.end_roles", every=timedelta(hours=24))
def end_roles() -> None:
    """Take roles away that have come to their last day."""
    staffing.end_roles()


# Named so that web processes and workers know the task that is declared there.
COLLECTS = collecting.collect
