"""What is wrong with a ballot, told by a check of its own that looks at one thing after the other."""

from hypothesis import given, settings
from hypothesis import strategies as st

from modules.participatory_budget.rules.ballots import BallotRule, BallotType, Option, Problem, ProblemCode
from modules.participatory_budget.rules.checks import check_ballot, check_marks
from modules.participatory_budget.rules.contests import ContestsBy
from modules.participatory_budget.rules.marks import decode_marks, encode_marks, in_one, marks_within
from modules.participatory_budget.rules.ranking import Move, moved

CITY = [
    Option(number, cost=number * 100, category="green" if number % 2 else "roads") for number in (1, 2, 3)
]
NORTH = [Option(number, cost=100, category="green", district="north") for number in (4, 5)]
SOUTH = [Option(number, cost=100, category="roads", district="south") for number in (6, 7)]
PAPER = {option.number: option for option in (*CITY, *NORTH, *SOUTH)}
GRADES = ("bad", "fair", "good")
POINTS = BallotRule(BallotType.POINTS, points=10, max_points=6)
JUDGED = BallotRule(BallotType.JUDGEMENT, grades=GRADES)
ALL_JUDGED = BallotRule(BallotType.JUDGEMENT, grades=GRADES, mark_all=True)
RANKED = BallotRule(BallotType.RANKED, max_choices=2)
RULES = (
    BallotRule(max_choices=2),
    BallotRule(max_per_category=1),
    BallotRule(min_choices=2, max_choices=3),
    BallotRule(min_choices=0),
    BallotRule(BallotType.KNAPSACK, budget=400),
    POINTS,
    BallotRule(BallotType.POINTS, points=4),
    BallotRule(BallotType.POINTS, max_points=3, min_choices=2),
    RANKED,
    BallotRule(BallotType.RANKED, min_choices=2),
    JUDGED,
    ALL_JUDGED,
)
marks_of_all = st.dictionaries(st.integers(1, 9), st.integers(0, 12), max_size=6)


def codes(problems):
    return [problem.code for problem in problems]


def fits(marks, options, rule):
    """Say in other words whether marks can be cast in one contest."""
    paper = {option.number: option for option in options}
    if not set(marks) <= set(paper):
        return False
    categories = [paper[number].category for number in marks]
    limits = (
        len(marks) >= rule.min_choices,
        rule.max_choices is None or len(marks) <= rule.max_choices,
        rule.max_per_category is None
        or all(categories.count(one) <= rule.max_per_category for one in categories),
    )
    if not all(limits):
        return False
    values = list(marks.values())
    match rule.type:
        case BallotType.KNAPSACK:
            return set(values) <= {1} and sum(paper[number].cost for number in marks) <= rule.budget
        case BallotType.POINTS:
            most = rule.max_points if rule.max_points is not None else 65_535
            return all(0 < value <= most for value in values) and (
                rule.points is None or sum(values) <= rule.points
            )
        case BallotType.RANKED:
            return sorted(values) == list(range(1, len(values) + 1))
        case BallotType.JUDGEMENT:
            known = all(0 < value <= len(rule.grades) for value in values)
            return known and (not rule.mark_all or len(values) == len(paper))
        case _:
            return set(values) <= {1}


@settings(max_examples=300)
@given(marks=marks_of_all, rule=st.sampled_from(RULES))
def test_nothing_is_wrong_exactly_where_all_limits_hold(marks, rule):
    options = tuple(PAPER.values())
    assert (check_marks(marks, options, rule) == ()) == fits(marks, options, rule)


@settings(max_examples=300)
@given(
    marks=marks_of_all,
    kind=st.sampled_from(BallotType),
    data=st.data(),
    district=st.sampled_from(("", "north", "south")),
)
def test_a_ballot_in_two_contests_fits_where_each_part_that_says_something_does(marks, kind, data, district):
    possible = [rule for rule in RULES if rule.type is kind]
    rules = {key: data.draw(st.sampled_from(possible)) for key in dict.fromkeys((district, ""))}
    contests = {"": CITY, "north": NORTH, "south": SOUTH}
    mine = {option.number for key in rules for option in contests[key]}
    parts = [
        (marks_within(kind, marks, {option.number for option in contests[key]}), contests[key], rule)
        for key, rule in rules.items()
    ]
    whole = kind is not BallotType.RANKED or sorted(marks.values()) == list(range(1, len(marks) + 1))
    said = any(part for part, _options, _rule in parts)
    expected = (
        set(marks) <= mine
        and whole
        and said
        and all(fits(part, options, rule) for part, options, rule in parts if part)
    )
    assert (check_ballot(marks, PAPER, rules, ContestsBy.DISTRICT) == ()) == expected


@settings(max_examples=200)
@given(marks=marks_of_all, kind=st.sampled_from(BallotType), data=st.data())
def test_what_can_be_cast_can_be_stored_and_read_again(marks, kind, data):
    rule = data.draw(st.sampled_from([rule for rule in RULES if rule.type is kind]))
    rules = {"north": rule, "": rule}
    if check_ballot(marks, PAPER, rules, ContestsBy.DISTRICT):
        return
    contests = ({4, 5}, {1, 2, 3})
    whole = in_one(kind, [marks_within(kind, marks, numbers) for numbers in contests])
    read = decode_marks(kind, encode_marks(kind, whole))
    assert [marks_within(kind, read, numbers) for numbers in contests] == [
        marks_within(kind, marks, numbers) for numbers in contests
    ]


def test_points_beyond_the_limits_are_named_with_their_numbers():
    assert check_marks({1: 7, 2: 5}, CITY, POINTS) == (
        Problem(ProblemCode.TOO_MANY_POINTS, limit=10, by=2),
        Problem(ProblemCode.TOO_MANY_POINTS_FOR_ONE, project=1, limit=6, chosen=7),
    )
    assert check_marks({1: 6, 2: 4}, CITY, POINTS) == ()
    assert codes(check_marks({1: 0}, CITY, POINTS)) == [ProblemCode.WRONG_MARK]


def test_every_grade_is_one_of_the_rule_and_all_are_given_where_it_says_so():
    assert check_marks({1: 3}, CITY, JUDGED) == ()
    assert codes(check_marks({1: 4}, CITY, JUDGED)) == [ProblemCode.WRONG_MARK]
    assert check_marks({1: 1, 2: 2}, CITY, ALL_JUDGED) == (
        Problem(ProblemCode.GRADES_MISSING, limit=3, chosen=2),
    )


def test_a_contest_can_be_passed_over_but_not_both():
    rules = {"north": ALL_JUDGED, "": ALL_JUDGED}
    assert check_ballot({4: 1, 5: 1}, PAPER, rules, ContestsBy.DISTRICT) == ()
    assert check_ballot({1: 1}, PAPER, rules, ContestsBy.DISTRICT) == (
        Problem(ProblemCode.GRADES_MISSING, limit=3, chosen=1, contest=""),
    )
    assert codes(check_ballot({}, PAPER, rules, ContestsBy.DISTRICT)) == [ProblemCode.EMPTY]


def test_each_contest_has_its_own_money():
    rules = {key: BallotRule(BallotType.KNAPSACK, budget=300) for key in ("north", "")}
    assert check_ballot({4: 1, 5: 1, 3: 1}, PAPER, rules, ContestsBy.DISTRICT) == ()
    assert check_ballot({4: 1, 5: 1, 3: 1, 1: 1}, PAPER, rules, ContestsBy.DISTRICT) == (
        Problem(ProblemCode.OVER_BUDGET, limit=300, by=100, contest=""),
    )


def test_a_project_of_another_district_is_named():
    rules = {"north": JUDGED, "": JUDGED}
    assert check_ballot({6: 1, 1: 2}, PAPER, rules, ContestsBy.DISTRICT) == (
        Problem(ProblemCode.WRONG_DISTRICT, project=6),
    )


@given(st.lists(st.tuples(st.integers(1, 6), st.sampled_from(Move)), max_size=30))
def test_whatever_is_moved_places_have_no_gap(moves):
    marks = {}
    for number, move in moves:
        before, marks = marks, moved(marks, number, move)
        assert sorted(marks.values()) == list(range(1, len(marks) + 1))
        assert (number in marks) == (move is Move.ADD or (move is not Move.REMOVE and number in before))


def test_a_project_goes_up_and_down_one_place():
    marks = {7: 1, 8: 2, 9: 3}
    assert moved(marks, 9, Move.UP) == {7: 1, 9: 2, 8: 3}
    assert moved(marks, 7, Move.DOWN) == {8: 1, 7: 2, 9: 3}
    assert moved(marks, 7, Move.UP) == marks
    assert moved(marks, 9, Move.DOWN) == marks
