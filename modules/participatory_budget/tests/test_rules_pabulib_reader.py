"""Reading `.pb` files that are right."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest

from ..rules.pabulib.parts import PbBallot, PbProject, VoteType
from ..rules.pabulib.reader import read

FILE = """META
key;value
description;Municipal vote in Little Harbour
country;Nowhere
num_projects;3
num_votes;2
budget;1000000
vote_type;approval
min_length;1
max_length;3
date_begin;21.08.2026
date_end;07.10.2026
comment;"First; second"
PROJECTS
project_id;cost;votes;name;category;selected;latitude
P-7;80000;1;Benches;Green;1;47.5
12;12,50;2;"The ""Pier"" hall";Open;0;
5;0.5;0;Trees;;0;47.4
VOTES
voter_id;age;vote
a;34;P-7,12
b;51;12
"""


def opened(text, **options):
    return read(BytesIO(text if isinstance(text, bytes) else text.encode()), **options)


def small(vote_type="approval", votes=("1;1",), columns="voter_id;vote", meta=()):
    return "\n".join(
        [
            *("META", "key;value", "num_projects;2", f"num_votes;{len(votes)}", "budget;10"),
            *(f"vote_type;{vote_type}", *meta, "PROJECTS", "project_id;cost", "1;5", "2;6"),
            *("VOTES", columns, *votes),
        ]
    )


def test_header_projects_and_ballots_are_read():
    file = opened(FILE)
    header = file.header
    assert (header.budget, header.num_votes, header.vote_type) == (100_000_000, 2, VoteType.APPROVAL)
    assert (header.begins, header.ends) == (date(2026, 8, 21), date(2026, 10, 7))
    assert (header.min_choices, header.max_choices) == (1, 3)
    assert header.meta == {
        "description": "Municipal vote in Little Harbour",
        "country": "Nowhere",
        "comment": "First; second",
    }
    assert header.projects == (
        PbProject("P-7", 1, 8_000_000, "Benches", "Green", 1, 1, {"latitude": "47.5"}),
        PbProject("12", 2, 1_250, 'The "Pier" hall', "Open", 2, 0, {"latitude": ""}),
        PbProject("5", 3, 50, "Trees", "", 0, 0, {"latitude": "47.4"}),
    )
    assert list(file.ballots) == [PbBallot("a", (1, 2)), PbBallot("b", (2,))]


@pytest.mark.parametrize(
    "same",
    [
        b"\xef\xbb\xbf" + FILE.encode(),
        FILE.replace("\n", "\r\n").encode(),
        FILE.replace("\n", "\n\n").encode(),
        FILE.rstrip("\n").encode(),
        FILE.replace(";", " ; ").replace('"First ;  second"', '"First; second"').encode(),
        FILE.replace("META\n", "META;;\n").replace("key;value\n", "key;value;;\n").encode(),
        FILE.replace("VOTES\n", "votes\n").replace("a;34;P-7,12", "a;34;P-7, 12").encode(),
    ],
    ids=["bom", "crlf", "empty lines", "no last line end", "spaces", "spreadsheet", "spelling"],
)
def test_the_many_ways_of_saving_a_file_make_no_difference(same):
    file, expected = opened(same), opened(FILE)
    assert file.header == expected.header
    assert list(file.ballots) == list(expected.ballots)


def test_a_quoted_text_may_hold_line_ends_and_semicolons():
    file = opened(FILE.replace("Benches", '"Benches;\r\nand ""more"""'))
    assert file.header.projects[0].name == 'Benches;\r\nand "more"'
    assert len(list(file.ballots)) == 2


def test_quotation_marks_inside_a_text_need_no_escape():
    assert opened(FILE.replace("Benches", 'The "old" pier')).header.projects[0].name == 'The "old" pier'


def test_a_year_alone_stands_for_its_first_and_last_day():
    header = opened(FILE.replace("21.08.2026", "2025").replace("07.10.2026", "2026")).header
    assert (header.begins, header.ends) == (date(2025, 1, 1), date(2026, 12, 31))


def test_money_follows_the_decimals_of_the_currency():
    assert opened(FILE.replace("12,50", "12"), minor_digits=1).header.projects[1].cost == 120
    assert (
        opened(FILE.replace("12,50", "12.0").replace("0.5", "1"), minor_digits=0).header.budget == 1_000_000
    )


def test_cumulative_ballots_carry_points():
    file = opened(small("cumulative", ["a;2,1;3,1.5"], "voter_id;vote;points"))
    assert list(file.ballots) == [PbBallot("a", (2, 1), (Decimal(3), Decimal("1.5")))]


def test_ordinal_ballots_keep_their_order():
    assert list(opened(small("ordinal", ["a;2,1"])).ballots) == [PbBallot("a", (2, 1))]


def test_a_blank_ballot_is_a_ballot():
    assert list(opened(small(votes=["1;", "2;1"])).ballots) == [PbBallot("1", ()), PbBallot("2", (1,))]


def test_official_files_with_repeated_choices_can_be_read_as_they_are():
    file = opened(small(votes=["1;1,1,2"]), allow_repeats=True)
    assert list(file.ballots) == [PbBallot("1", (1, 1, 2))]


def test_a_voter_may_be_named_like_a_section():
    assert [ballot.voter for ballot in opened(small(votes=["META;", "VOTES;"])).ballots] == ["META", "VOTES"]


def test_voters_are_told_apart_as_they_are_written():
    voters = ["1", "2", "01", "٢", "3", "1.0", "0", "5", "4"]
    file = opened(small(votes=[f"{voter};1" for voter in voters]))
    assert [ballot.voter for ballot in file.ballots] == voters


def test_ballots_are_read_one_by_one_as_they_are_asked_for():
    source = BytesIO(small(votes=[f"{n};1" for n in range(1, 10_001)]).encode())
    file = read(source)
    next(file.ballots)
    assert source.tell() < 200
