"""Putting projects in order: each move leaves places without a gap."""

from enum import StrEnum

from .marks import Marks


class Move(StrEnum):
    """What can be done with a project in a ranking."""

    ADD = "add"
    """Put it last."""
    UP = "up"
    DOWN = "down"
    REMOVE = "remove"


def moved(marks: Marks, number: int, move: Move) -> dict[int, int]:
    """Return a ranking after one move; one that cannot be made changes nothing."""
    ranked = sorted(marks, key=lambda one: (marks[one], one))
    if move is Move.ADD:
        if number not in ranked:
            ranked.append(number)
    elif number in ranked:
        place = ranked.index(number)
        ranked.pop(place)
        if move is not Move.REMOVE:
            ranked.insert(max(0, place - 1) if move is Move.UP else place + 1, number)
    return {one: place for place, one in enumerate(ranked, start=1)}
