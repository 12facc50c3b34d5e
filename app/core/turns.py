"""Who is served next when more waits than can be done now: everybody in turn; a pure rule."""

from collections.abc import Mapping, Sequence
from itertools import chain, islice, zip_longest


def take_turns(waiting: Mapping[str, Sequence[int]], room: int) -> list[tuple[str, int]]:
    """Return what goes next: one thing of each queue in every round, in the order of the queues, until `room` is full."""
    rounds = zip_longest(*([(who, thing) for thing in things] for who, things in waiting.items()))
    return list(islice((one for one in chain.from_iterable(rounds) if one is not None), room))
