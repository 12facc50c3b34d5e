import io
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.participatory_budget.fast.columns import columns_of, grouped, marks_of_each
from modules.participatory_budget.fast.files import write_columns
from modules.participatory_budget.rules.ballots import BallotRule, BallotType
from modules.participatory_budget.rules.marks import decode_marks, encode_marks
from modules.participatory_budget.rules.pabulib.marks import anonymous_marks, vote_type_of
from modules.participatory_budget.rules.pabulib.parts import PbHeader, PbProject
from modules.participatory_budget.rules.pabulib.writer import write

NUMBERS = (1, 2, 7, 256, 300, 65_535)
WITH_MARKS = (BallotType.POINTS, BallotType.JUDGEMENT)
ids = st.text(st.sampled_from('aZ9-."; é\n漢'), min_size=1, max_size=12).map(str.strip).filter(bool)


@st.composite
def boxes(draw):
    """Draw a kind of ballots, and stored ballots of this kind as sealing leaves them."""
    kind = draw(st.sampled_from(BallotType))
    named = st.lists(st.sampled_from(NUMBERS), unique=True, max_size=6)
    stored = []
    for chosen in draw(st.lists(named, max_size=30)):
        marks = {number: place for place, number in enumerate(chosen, start=1)}
        if kind in WITH_MARKS:
            marks = {number: draw(st.sampled_from((1, 2, 10, 999, 65_535))) for number in chosen}
        elif kind is not BallotType.RANKED:
            marks = dict.fromkeys(chosen, 1)
        stored.append(encode_marks(kind, marks))
    return kind, sorted(stored)


def pages(kind, stored, most):
    for begin in range(0, len(stored), most):
        part = stored[begin : begin + most]
        yield columns_of(kind, b"".join(part), b"".join(len(one).to_bytes(4, "big") for one in part))


def header(kind, names, ballots):
    projects = tuple(
        PbProject(id=name, number=place, cost=100 * place) for place, name in enumerate(names, start=1)
    )
    return PbHeader(
        budget=1000, num_votes=ballots, projects=projects, vote_type=vote_type_of(BallotRule(kind))
    )


@settings(max_examples=150, deadline=None)
@given(boxes(), st.lists(ids, min_size=6, max_size=6, unique=True), st.integers(1, 9))
def test_a_file_from_columns_has_the_bytes_that_are_written_one_by_one(box, names, most):
    kind, stored = box
    head, slow, fast = header(kind, names, len(stored)), io.BytesIO(), io.BytesIO()
    write(slow, head, anonymous_marks(kind, (decode_marks(kind, one) for one in stored), NUMBERS))
    write_columns(fast, head, kind, pages(kind, stored, most), NUMBERS, minor_digits=2)
    assert fast.getvalue() == slow.getvalue()


@settings(max_examples=100, deadline=None)
@given(boxes(), st.integers(1, 9))
def test_equal_ballots_are_put_together_wherever_pages_end(box, most):
    kind, stored = box
    found, times = grouped(pages(kind, stored, most))
    marks = [tuple(one.items()) for one in marks_of_each(found)]
    assert len(set(marks)) == len(marks)
    assert dict(zip(marks, times.tolist(), strict=True)) == Counter(
        tuple(decode_marks(kind, one).items()) for one in stored
    )


def test_a_file_has_as_many_ballots_as_it_announces_and_names_no_stranger():
    names = ["a", "b", "c", "d", "e", "f"]
    kind, stored = BallotType.APPROVAL, [b"\0\1", b"\0\2"]
    with pytest.raises(ValueError, match="3 ballots announced, 2 written"):
        write_columns(
            io.BytesIO(), header(kind, names, 3), kind, pages(kind, stored, 5), NUMBERS, minor_digits=2
        )
    with pytest.raises(LookupError, match="not in the file"):
        write_columns(
            io.BytesIO(), header(kind, names, 1), kind, pages(kind, [b"\0\3"], 5), NUMBERS, minor_digits=2
        )


@pytest.mark.parametrize(
    ("kind", "data", "length"),
    [
        (BallotType.APPROVAL, b"\0\2\0\1", 4),
        (BallotType.KNAPSACK, b"\0\1\0\1", 4),
        (BallotType.APPROVAL, b"\0\0", 2),
        (BallotType.RANKED, b"\0\2\0\1\0\2", 6),
        (BallotType.POINTS, b"\0\2\0\1\0\1\0\1", 8),
        (BallotType.JUDGEMENT, b"\0\1\0\0", 4),
        (BallotType.APPROVAL, b"\0\1\0", 3),
    ],
)
def test_columns_refuse_what_was_never_written(kind, data, length):
    sound = encode_marks(kind, {1: 1})
    lengths = len(sound).to_bytes(4, "big") + length.to_bytes(4, "big")
    with pytest.raises(ValueError, match="stored ballot"):
        columns_of(kind, sound + data, lengths)
