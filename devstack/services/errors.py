"""The one error whose text the person at the terminal reads."""


class StackError(RuntimeError):
    """Say in one sentence what is wrong and what to do about it."""
