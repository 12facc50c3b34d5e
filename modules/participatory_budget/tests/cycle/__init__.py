"""A whole participatory budget through its pages, from an empty city to certified results."""

from . import acts, ballot, result
from .course import Course
from .paris import Town, play_paris
from .world import BUDAPEST, SMALL, Say, Size, World

ACTS = (
    acts.set_up,
    acts.hand_in,
    acts.moderate,
    acts.support,
    acts.examine,
    ballot.draft,
    ballot.open_vote,
    ballot.vote,
    ballot.vote_on_paper,
    result.close,
    result.certify,
    result.check,
)

__all__ = ["ACTS", "BUDAPEST", "SMALL", "Course", "Size", "Town", "World", "play", "play_paris"]


def play(world: World, size: Size, say: Say) -> Course:
    """Run a whole cycle; raises Unexpected at the first page that is not what its reader counted on."""
    course = Course(world, size, say)
    for act in ACTS:
        say((act.__doc__ or "").splitlines()[0])
        act(course)
    return course
