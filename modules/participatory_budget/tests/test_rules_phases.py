"""The life of an edition."""

from datetime import UTC, datetime, timedelta

import pytest

from ..rules.phases import (
    Phase,
    Stage,
    Window,
    may_count,
    may_extend,
    phase_at,
)

OPENS = datetime(2026, 9, 1, 8, tzinfo=UTC)
CLOSES = datetime(2026, 9, 30, 20, tzinfo=UTC)
WINDOW = Window(OPENS, CLOSES)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("at", "phase"),
    [
        (OPENS - TICK, Phase.PUBLISHED),
        (OPENS, Phase.VOTING),
        (CLOSES - TICK, Phase.VOTING),
        (CLOSES, Phase.CLOSED),
    ],
)
def test_the_vote_opens_at_its_first_instant_and_is_closed_at_its_last(at, phase):
    assert phase_at(Stage.READY, WINDOW, at) is phase


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.READY])
def test_only_an_edition_that_was_made_ready_is_opened_by_the_clock(stage):
    assert phase_at(stage, WINDOW, OPENS) == Phase(stage.value)


def test_an_edition_without_dates_never_opens():
    assert phase_at(Stage.READY, None, OPENS) is Phase.PUBLISHED


def test_the_closing_time_can_be_moved_while_the_vote_is_open_and_not_once_it_has_closed():
    assert may_extend(Stage.READY, WINDOW, CLOSES - TICK)
    assert not may_extend(Stage.READY, WINDOW, CLOSES)


def test_counting_starts_after_the_close_and_may_be_repeated_until_the_result_is_published():
    assert not may_count(Stage.READY, WINDOW, CLOSES - TICK)
    assert may_count(Stage.READY, WINDOW, CLOSES)
    assert may_count(Stage.COUNTING, WINDOW, CLOSES)
    assert may_count(Stage.COUNTED, WINDOW, CLOSES)
    assert not may_count(Stage.RESULTS, WINDOW, CLOSES)


def test_a_window_that_closes_before_it_opens_is_never_open():
    window = Window(CLOSES, OPENS)
    assert not window.in_order
    assert not any(window.is_open(at) for at in (OPENS, CLOSES, OPENS + TICK))
