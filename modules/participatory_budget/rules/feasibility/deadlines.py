"""When a department has to answer, and when it is reminded."""

from datetime import date, timedelta

WARN_BEFORE = timedelta(days=2)


def due_on(asked: date, days: int) -> date:
    """Return the last day on which an answer is in time."""
    return asked + timedelta(days=days)


def is_overdue(due: date, on: date) -> bool:
    """Tell whether the last day has passed."""
    return on > due


def is_reminded(due: date, on: date) -> bool:
    """Tell whether a department is reminded on a day: two days before the last one, on it, and each day after."""
    return on >= due or due - on == WARN_BEFORE


def days_late(due: date, on: date) -> int:
    """Return how many days have passed since the last one; 0 while there is time."""
    return max(0, (on - due).days)
