"""Comments in two levels: what was said to an idea, and the answers to it."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Thread(Generic[T]):
    """A comment, and the answers to it in the order in which they came."""

    first: T
    answers: tuple[T, ...]


def threads(
    comments: Iterable[T], key: Callable[[T], Hashable], parent: Callable[[T], Hashable | None]
) -> list[Thread[T]]:
    """Return the comments of the first level in their order with their answers; answers without one are left out."""
    known = list(comments)
    answers: dict[Hashable, list[T]] = {key(one): [] for one in known if parent(one) is None}
    for one in known:
        above = parent(one)
        if above is not None and above in answers:
            answers[above].append(one)
    return [Thread(one, tuple(answers[key(one)])) for one in known if parent(one) is None]
