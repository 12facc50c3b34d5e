from hypothesis import given
from hypothesis import strategies as st

from app.core.turns import take_turns

queues = st.dictionaries(
    st.sampled_from("abcdefgh"), st.integers(0, 30).map(lambda n: list(range(n))), max_size=8
)
room = st.integers(0, 60)


def numbers(waiting, taken):
    return {who: sum(one == who for one, _thing in taken) for who in waiting}


def test_a_newcomer_with_one_thing_is_in_the_first_round():
    assert take_turns({"a": [1, 2, 3], "b": [9]}, 3) == [("a", 1), ("b", 9), ("a", 2)]


def test_nobody_waits_means_nothing_is_taken():
    assert take_turns({}, 5) == []


@given(queues, room)
def test_room_is_never_left_empty_while_somebody_waits_nor_exceeded(waiting, room):
    assert len(take_turns(waiting, room)) == min(room, sum(map(len, waiting.values())))


@given(queues, room)
def test_nobody_gets_two_more_than_another_who_still_waits(waiting, room):
    got = numbers(waiting, take_turns(waiting, room))
    unserved = [number for who, number in got.items() if number < len(waiting[who])]
    assert max(got.values(), default=0) <= min(unserved, default=1000) + 1


@given(queues, room)
def test_each_queue_keeps_its_own_order(waiting, room):
    taken = take_turns(waiting, room)
    for who, things in waiting.items():
        mine = [thing for one, thing in taken if one == who]
        assert mine == things[: len(mine)]
