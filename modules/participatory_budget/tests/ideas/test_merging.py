"""One idea becomes part of another: nobody and nothing is lost, however often it is done."""

import re

import pytest
from sqlalchemy import func, select

from app.notify.models import Follow
from app.sdk import Conflict, db
from modules.participatory_budget.models import Idea, IdeaComment, IdeaSupport
from modules.participatory_budget.rules.ideas.states import IdeaState
from modules.participatory_budget.rules.schedule import Part
from modules.participatory_budget.services.ideas import following, merging

from .author import words

pytestmark = pytest.mark.usefixtures("taking")


def idea_of(number: int) -> Idea:
    return db.session.query(Idea).filter_by(number=number).one()


@pytest.fixture
def two(anna, ben, author, collecting):
    """Anna's idea and Ben's, which are alike; Carl supports and follows both, Ben only Anna's."""
    numbers = anna.hand_in("Shade on the square"), ben.hand_in("Trees on the square")
    carl = author("carl@paris.example")
    collecting(Part.IDEAS, Part.SUPPORT)
    for number in numbers:
        carl.support(number)
        subject = re.search(r'name="subject" value="([^"]+)"', carl.get(f"/ideas/{number}").text)[1]
        carl.browser.post("/account/notifications/follow", data={"subject": subject, "follow": "1"})
    ben.support(numbers[0])
    carl.comment(numbers[1], "Do them together.")
    return numbers


def merge(in_city, one: int, other: int) -> None:
    with in_city("paris"):
        merging.merge_into(idea_of(one), idea_of(other))


def test_authors_supporters_followers_and_comments_go_along(two, in_city, anna, visitor):
    first, second = two
    merge(in_city, second, first)
    with in_city("paris"):
        into = idea_of(first)
        assert into.supports == 2
        assert db.session.scalar(select(func.count()).select_from(IdeaSupport)) == 2
        assert [one.text for one in db.session.query(IdeaComment).filter_by(idea_id=into.id)] == [
            "Do them together."
        ]
        subjects = db.session.scalars(select(Follow.subject)).all()
        assert subjects == [following.subject(into)]
        assert idea_of(second).state is IdeaState.MERGED
    page = words(anna.get(f"/ideas/{first}"))
    assert "Anna, Ben" in page
    assert "Trees on the square" in page
    old = anna.get(f"/ideas/{second}")
    assert "This idea has become part of another one" in words(old)
    assert f"/ideas/{first}" in old.text
    assert "1 idea" in words(anna.get("/ideas"))


def test_merging_again_changes_nothing(two, in_city):
    first, second = two
    merge(in_city, second, first)
    merge(in_city, second, first)
    with in_city("paris"):
        assert idea_of(first).supports == 2


def test_what_was_merged_before_goes_along(two, anna, in_city):
    first, second = two
    third = anna.hand_in("Benches on the square")
    merge(in_city, second, first)
    merge(in_city, first, third)
    with in_city("paris"):
        assert {idea_of(number).merged_into for number in two} == {idea_of(third).id}
        assert idea_of(third).supports == 2
        with pytest.raises(Conflict):
            merging.merge_into(idea_of(third), idea_of(first))
        with pytest.raises(Conflict):
            merging.merge_into(idea_of(third), idea_of(third))


def test_its_author_can_change_the_idea_hers_is_part_of(two, in_city, ben):
    first, second = two
    merge(in_city, second, first)
    assert "Change the text" in ben.get(f"/ideas/{first}").text


def test_the_authors_of_the_idea_that_stays_are_told(two, in_city, anna, ben, run_tasks):
    merge(in_city, two[1], two[0])
    run_tasks()
    assert "Another idea joins yours" in words(
        anna.browser.get("/account/inbox", headers={"Accept-Language": "en"})
    )
