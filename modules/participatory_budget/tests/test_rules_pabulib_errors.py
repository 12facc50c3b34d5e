"""Wrong `.pb` files: every error names its line and column."""

from io import BytesIO

import pytest

from ..rules.pabulib.errors import PbCode, PbError
from ..rules.pabulib.reader import read
from ..rules.pabulib.rows import MAX_ROW

RIGHT = """META
key;value
country;Nowhere
num_projects;2
num_votes;3
budget;1000
vote_type;approval
max_length;2
date_begin;01.02.2026
PROJECTS
project_id;cost;votes;name
7;500;2;"Pier; old"
8;300;1;Trees
VOTES
voter_id;age;vote
1;34;7
2;;7,8
x;51;
"""


def error_of(content, **options):
    with pytest.raises(PbError) as caught:
        list(read(BytesIO(content), **options).ballots)
    return caught.value


def changed(old, new):
    assert RIGHT.count(old) == 1
    return RIGHT.replace(old, new).encode()


def test_the_file_that_is_spoilt_below_is_right():
    assert len(list(read(BytesIO(RIGHT.encode())).ballots)) == 3


WRONG = [
    # META
    ("META\n", "", 1, 1, PbCode.MISSING_SECTION, {"section": "META"}),
    ("META\n", "VOTES\n", 1, 1, PbCode.MISSING_SECTION, {"section": "META"}),
    ("key;value", "key;text", 2, 9, PbCode.MISSING_COLUMN, {"section": "META", "name": "value"}),
    ("key;value", "key;value;key", 2, 11, PbCode.DUPLICATE_COLUMN, {"name": "key"}),
    ("country;Nowhere", "country;No;where", 3, 12, PbCode.TOO_MANY_FIELDS, {"expected": 2, "found": 3}),
    ("country;Nowhere", "country", 3, 8, PbCode.TOO_FEW_FIELDS, {"expected": 2, "found": 1}),
    ("country;Nowhere", "budget;5", 6, 1, PbCode.DUPLICATE_KEY, {"key": "budget"}),
    ("num_votes;3\n", "", 9, 1, PbCode.MISSING_KEY, {"key": "num_votes"}),
    ("num_votes;3", "num_votes;three", 5, 11, PbCode.NOT_A_NUMBER, {"text": "three"}),
    ("num_votes;3", "num_votes;٣", 5, 11, PbCode.NOT_A_NUMBER, {"text": "٣"}),
    ("num_votes;3", "num_votes; -3", 5, 12, PbCode.NOT_A_NUMBER, {"text": "-3"}),
    ("num_votes;3", "num_votes;4", 5, 11, PbCode.NUM_VOTES_MISMATCH, {"declared": 4, "counted": 3}),
    ("num_projects;2", "num_projects;1", 4, 14, PbCode.NUM_PROJECTS_MISMATCH, {"declared": 1, "counted": 2}),
    ("budget;1000", "budget;", 6, 8, PbCode.NOT_A_NUMBER, {"text": ""}),
    ("budget;1000", "budget;1 000", 6, 8, PbCode.NOT_A_NUMBER, {"text": "1 000"}),
    ("budget;1000", "budget;1e3", 6, 8, PbCode.NOT_A_NUMBER, {"text": "1e3"}),
    ("budget;1000", "budget;-0", 6, 8, PbCode.NEGATIVE_COST, {"text": "-0"}),
    ("budget;1000", "budget;-1000", 6, 8, PbCode.NEGATIVE_COST, {"text": "-1000"}),
    ("approval", "applause", 7, 11, PbCode.UNKNOWN_VOTE_TYPE, {"text": "applause"}),
    ("max_length;2", "max_length;two", 8, 12, PbCode.NOT_A_NUMBER, {"text": "two"}),
    ("01.02.2026", "31.02.2026", 9, 12, PbCode.NOT_A_DATE, {"text": "31.02.2026"}),
    ("01.02.2026", "2026-02-01", 9, 12, PbCode.NOT_A_DATE, {"text": "2026-02-01"}),
    ("01.02.2026", "0000", 9, 12, PbCode.NOT_A_DATE, {"text": "0000"}),
    # PROJECTS
    ("PROJECTS\n", "META\n", 10, 1, PbCode.MISSING_SECTION, {"section": "PROJECTS"}),
    ("PROJECTS\n", "", 10, 17, PbCode.TOO_MANY_FIELDS, {"expected": 2, "found": 4}),
    (
        "project_id;cost",
        "project_id;price",
        11,
        28,
        PbCode.MISSING_COLUMN,
        {"section": "PROJECTS", "name": "cost"},
    ),
    ("8;300", ";300", 13, 1, PbCode.EMPTY_ID, {}),
    ("8;300", "7;300", 13, 1, PbCode.DUPLICATE_PROJECT, {"project": "7", "line": 12}),
    ("8;300", "8;-300", 13, 3, PbCode.NEGATIVE_COST, {"text": "-300"}),
    ("8;300", "8;free", 13, 3, PbCode.NOT_A_NUMBER, {"text": "free"}),
    ("8;300", "8;300.005", 13, 3, PbCode.TOO_PRECISE, {"text": "300.005", "digits": 2}),
    ("8;300;1;Trees", "8;300;some;Trees", 13, 7, PbCode.NOT_A_NUMBER, {"text": "some"}),
    ("8;300;1;Trees", "8;300;1", 13, 8, PbCode.TOO_FEW_FIELDS, {"expected": 4, "found": 3}),
    (
        "8;300;1;Trees",
        "8;300;9;Trees",
        13,
        7,
        PbCode.VOTES_MISMATCH,
        {"project": "8", "declared": 9, "counted": 1},
    ),
    ('"Pier; old"', "Pier; old", 12, 15, PbCode.TOO_MANY_FIELDS, {"expected": 4, "found": 5}),
    ('"Pier; old"', '"Pier; old', 12, 9, PbCode.UNCLOSED_QUOTE, {}),
    ('"Pier; old"', '"Pier" old', 12, 9, PbCode.TEXT_AFTER_QUOTE, {}),
    ('"Pier; old"', '"Pier\n\nold";more', 14, 6, PbCode.TOO_MANY_FIELDS, {"expected": 4, "found": 5}),
    ('500;2;"Pier; old"', 'x;2;"Pier"', 12, 3, PbCode.NOT_A_NUMBER, {"text": "x"}),
    ('7;500;2;"Pier; old"', '"7";500;2', 12, 10, PbCode.TOO_FEW_FIELDS, {"expected": 4, "found": 3}),
    # VOTES
    ("VOTES\n", "PROJECTS\n", 14, 1, PbCode.MISSING_SECTION, {"section": "VOTES"}),
    (
        "voter_id;age;vote",
        "voter;age;vote",
        15,
        15,
        PbCode.MISSING_COLUMN,
        {"section": "VOTES", "name": "voter_id"},
    ),
    ("1;34;7", "1;34;9", 16, 6, PbCode.UNKNOWN_PROJECT, {"project": "9"}),
    ("1;34;7", "1;34;7,", 16, 6, PbCode.UNKNOWN_PROJECT, {"project": ""}),
    ("1;34;7", ";34;7", 16, 1, PbCode.EMPTY_ID, {}),
    ("2;;7,8", "2;;8,8", 17, 4, PbCode.REPEATED_PROJECT, {"project": "8"}),
    ("2;;7,8", "1;;7,8", 17, 1, PbCode.DUPLICATE_VOTER, {"voter": "1"}),
    ("x;51;", "2;51;", 18, 1, PbCode.DUPLICATE_VOTER, {"voter": "2"}),
    ("1;34;7", "x;34;7", 18, 1, PbCode.DUPLICATE_VOTER, {"voter": "x"}),
    ("1;34;7", "1;34", 16, 5, PbCode.TOO_FEW_FIELDS, {"expected": 3, "found": 2}),
    ("max_length;2", "max_length;1", 17, 4, PbCode.TOO_MANY_CHOICES, {"limit": 1, "found": 2}),
    ("approval", "choose-1", 17, 4, PbCode.TOO_MANY_CHOICES, {"limit": 1, "found": 2}),
    ("max_length;2", "min_length;1", 18, 6, PbCode.TOO_FEW_CHOICES, {"limit": 1, "found": 0}),
    ("approval", "cumulative", 15, 18, PbCode.MISSING_COLUMN, {"section": "VOTES", "name": "points"}),
]


@pytest.mark.parametrize(("old", "new", "line", "column", "code", "values"), WRONG)
def test_an_error_names_line_column_and_what_is_wrong(old, new, line, column, code, values):
    error = error_of(changed(old, new))
    assert (error.line, error.column, error.code, error.values) == (line, column, code, values)


@pytest.mark.parametrize(
    ("until", "line", "code"),
    [
        (0, 1, PbCode.MISSING_SECTION),
        (1, 2, PbCode.MISSING_COLUMN),
        (9, 10, PbCode.MISSING_SECTION),
        (13, 14, PbCode.MISSING_SECTION),
        (14, 15, PbCode.MISSING_COLUMN),
        (15, 5, PbCode.NUM_VOTES_MISMATCH),
    ],
)
def test_a_file_that_ends_too_early_is_an_error_after_its_last_line(until, line, code):
    error = error_of("".join(RIGHT.splitlines(keepends=True)[:until]).encode())
    assert (error.line, error.code) == (line, code)


@pytest.mark.parametrize("voters", [("2", "1", "2"), ("1", "2", "1"), ("a", "1", "a"), ("1", "2", "2")])
def test_a_second_ballot_of_a_voter_is_found_whatever_the_order(voters):
    content = RIGHT.split("1;34;7", maxsplit=1)[0] + "".join(f"{voter};;7\n" for voter in voters)
    error = error_of(content.encode())
    assert (error.line, error.code, error.values) == (18, PbCode.DUPLICATE_VOTER, {"voter": voters[-1]})


def test_bytes_that_are_not_utf_8_are_found_by_character():
    error = error_of(RIGHT.replace("Trees", "Ősz fák").encode().replace("fák".encode(), b"f\xe1k"))
    assert (error.line, error.column, error.code, error.values) == (
        13,
        14,
        PbCode.BAD_ENCODING,
        {"byte": 0xE1},
    )


def test_a_byte_order_mark_moves_no_column():
    error = error_of(b"\xef\xbb\xbf" + RIGHT.replace("META\n", "x;y\n").encode())
    assert (error.line, error.column) == (1, 1)


def test_a_zero_character_is_no_text():
    error = error_of(changed("Trees", "Tr\0ees"))
    assert (error.line, error.column, error.code) == (13, 11, PbCode.BAD_ENCODING)


def test_points_are_one_for_each_choice_and_numbers():
    right = (
        RIGHT.replace("approval", "cumulative")
        .replace("age;vote", "points;vote")
        .replace("1;34;7", "1;34;7")
        .replace("2;;7,8", "2;3,4;7,8")
        .replace("x;51;", "x;;")
    )
    assert len(list(read(BytesIO(right.encode())).ballots)) == 3
    error = error_of(right.replace("2;3,4;", "2;3;").encode())
    assert (error.line, error.column, error.code) == (17, 3, PbCode.POINTS_MISMATCH)
    error = error_of(right.replace("2;3,4;", "2;3,four;").encode())
    assert (error.line, error.column, error.code) == (17, 3, PbCode.NOT_A_NUMBER)


@pytest.mark.parametrize("text", ["x" * (MAX_ROW + 1), '"' + "x\n" * MAX_ROW])
def test_a_row_without_end_does_not_fill_the_memory(text):
    error = error_of(changed("Trees", text))
    assert (error.line, error.code) == (13, PbCode.LINE_TOO_LONG)


def test_a_ballot_cannot_tell_more_projects_apart_than_two_bytes_can():
    projects = "".join(f"{n};1\n" for n in range(1, 65_537))
    text = "META\nkey;value\nnum_projects;65536\nnum_votes;0\nbudget;1\nvote_type;approval\n"
    error = error_of((text + "PROJECTS\nproject_id;cost\n" + projects + "VOTES\nvoter_id;vote\n").encode())
    assert (error.line, error.code) == (8 + 65_536, PbCode.TOO_MANY_PROJECTS)


def test_every_code_has_a_sentence_for_its_values():
    for old, new, *_ in WRONG:
        error = error_of(changed(old, new))
        assert "%" not in error.message
        assert str(error).startswith(f"line {error.line}, column {error.column}: ")


class Anything(dict):
    def __missing__(self, name):
        return name


def test_no_code_is_without_a_sentence():
    assert all(PbError(1, 1, code, Anything()).message.endswith(".") for code in PbCode)
