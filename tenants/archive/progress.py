"""How far an export or a restore has come, told to whoever wants to know."""

from collections.abc import Callable

Tell = Callable[[str, int, int], None]
"""Called with what is being done, how many steps are done and how many there are."""


def nobody(_what: str, _done: int, _total: int) -> None:
    """Tell nobody."""
