from datetime import UTC, datetime, timedelta

import pytest

from ..rules.schedule import Part, Span, is_open, read_schedule, write_schedule

BEGINS = datetime(2026, 3, 1, 9, tzinfo=UTC)


def test_a_schedule_comes_back_as_it_was_stored():
    schedule = {Part.IDEAS: Span(BEGINS, BEGINS + timedelta(days=20)), Part.REALISATION: Span(BEGINS)}
    assert read_schedule(write_schedule(schedule)) == schedule


@pytest.mark.parametrize(
    ("after", "expected"),
    [(timedelta(seconds=-1), False), (timedelta(), True), (timedelta(days=2), False)],
    ids=["before", "first", "end"],
)
def test_a_phase_is_open_from_its_first_instant_and_no_longer_at_its_last(after, expected):
    stored = write_schedule({Part.SUPPORT: Span(BEGINS, BEGINS + timedelta(days=2))})
    assert is_open(stored, Part.SUPPORT, BEGINS + after) is expected
    assert not is_open(stored, Part.IDEAS, BEGINS + after)


@pytest.mark.parametrize(
    "document", [{"ideas": []}, {"ideas": [None, None]}, {"party": ["2026-01-01", None]}]
)
def test_what_is_no_schedule_is_refused(document):
    with pytest.raises(ValueError, match=r"."):
        read_schedule(document)
