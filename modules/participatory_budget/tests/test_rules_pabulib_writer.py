"""Writing `.pb` files, and reading them back."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..rules.pabulib.parts import PbBallot, PbHeader, PbProject, VoteType
from ..rules.pabulib.reader import read
from ..rules.pabulib.sections import SECTIONS
from ..rules.pabulib.writer import anonymous, write

texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12
) | st.sampled_from(
    [" padded ", 'a"b', '"', "a;b", "line\nend", "line\r\nend", "\r", "META", "PROJECTS", "VOTES", "Ősz"]
)
ids = texts.filter(lambda text: text and text == text.strip() and "," not in text)
TYPED = (
    "num_projects",
    "num_votes",
    "budget",
    "vote_type",
    "date_begin",
    "date_end",
    "min_length",
    "max_length",
)
keys = texts.filter(lambda key: key.strip() and key.upper() not in SECTIONS and key not in TYPED)
dates = st.none() | st.dates(date(1, 1, 1))


@st.composite
def files(draw):
    """Return a header and ballots that belong together."""
    vote_type = draw(st.sampled_from(VoteType))
    names = draw(st.lists(ids, max_size=6, unique=True))
    columns = draw(st.lists(st.sampled_from(["score", "latitude", "public;id"]), unique=True))
    most = 1 if vote_type is VoteType.CHOOSE_1 else len(names)
    choices = (
        st.lists(st.sampled_from(range(1, len(names) + 1)), unique=True, max_size=most)
        if names
        else st.just([])
    )
    amounts = st.decimals(0, 100, places=2)
    cast = [
        PbBallot(voter, tuple(chosen), tuple(draw(amounts) for _ in chosen) if vote_type.has_points else ())
        for voter in draw(st.lists(ids | st.integers(1, 9).map(str), max_size=8, unique=True))
        for chosen in [draw(choices)]
    ]
    projects = tuple(
        PbProject(
            id=name,
            number=number,
            cost=draw(st.integers(0, 10**12)),
            name=draw(texts),
            category=draw(texts),
            votes=draw(st.none() | st.just(sum(number in ballot.choices for ballot in cast))),
            selected=draw(st.none() | st.integers(0, 3)),
            extra={column: draw(texts) for column in columns},
        )
        for number, name in enumerate(names, start=1)
    )
    header = PbHeader(
        budget=draw(st.integers(0, 10**12)),
        num_votes=len(cast),
        projects=projects,
        vote_type=vote_type,
        begins=draw(dates),
        ends=draw(dates),
        max_choices=draw(st.none() | st.just(9)),
        meta=draw(st.dictionaries(keys, texts, max_size=4)),
    )
    return header, cast


def written(header, ballots, **options):
    stream = BytesIO()
    write(stream, header, ballots, **options)
    return stream.getvalue()


@given(files(), st.integers(0, 3))
def test_what_was_written_is_read_back(file, digits):
    header, cast = file
    content = written(header, cast, minor_digits=digits)
    back = read(BytesIO(content), minor_digits=digits)
    assert back.header == header
    assert list(back.ballots) == cast
    assert written(back.header, cast, minor_digits=digits) == content


def test_the_bytes_of_a_file_are_known():
    header = PbHeader(
        budget=1_000_050,
        num_votes=2,
        projects=(
            PbProject("7", 1, 50_000, 'The "old" pier', votes=2),
            PbProject("8", 2, 30_025, "Trees; benches", votes=1),
        ),
        begins=date(2026, 2, 1),
        meta={"country": "Nowhere", "currency": "EUR"},
    )
    assert written(header, anonymous([(1,), (1, 2)])).decode() == (
        "META\nkey;value\ncountry;Nowhere\ncurrency;EUR\nnum_projects;2\nnum_votes;2\nbudget;10000.50\n"
        "vote_type;approval\ndate_begin;01.02.2026\n"
        'PROJECTS\nproject_id;cost;name;votes\n7;500;"The ""old"" pier";2\n8;300.25;"Trees; benches";1\n'
        "VOTES\nvoter_id;vote\n1;7\n2;7,8\n"
    )


HEADER = PbHeader(100, 1, (PbProject("1", 1, 50),))
BALLOT = PbBallot("1", (1,))


@pytest.mark.parametrize(
    ("header", "ballot"),
    [
        (replace(HEADER, num_votes=2), BALLOT),
        (HEADER, PbBallot("1", (2,))),
        (HEADER, PbBallot("1", (0,))),
        (replace(HEADER, projects=(PbProject("a,b", 1, 50),)), BALLOT),
        (replace(HEADER, projects=(PbProject("", 1, 50),)), BALLOT),
        (replace(HEADER, projects=(PbProject("1", 1, 50, extra={"cost": "3"}),)), BALLOT),
        (replace(HEADER, projects=(PbProject("1", 1, 50, "zero\0"),)), BALLOT),
        (replace(HEADER, meta={"budget": "3"}), BALLOT),
        (replace(HEADER, meta={"projects": "3"}), BALLOT),
    ],
)
def test_what_could_not_be_read_back_is_not_written(header, ballot):
    with pytest.raises(ValueError):
        written(header, [ballot])


def test_points_are_written_without_an_exponent():
    header = replace(HEADER, vote_type=VoteType.CUMULATIVE)
    content = written(header, [PbBallot("1", (1,), (Decimal("1E+2"),))])
    assert content.endswith(b"1;1;100\n")
