"""Supporting ideas: once each, within the limit, unseen by others; numbers as the city says."""

import threading

import pytest
from sqlalchemy import select

from modules.participatory_budget.models import Idea, IdeaSupport
from modules.participatory_budget.rules.ideas.rules import ShowsSupports
from modules.participatory_budget.rules.schedule import Part

from .. import arranging
from .author import HTMX, words

pytestmark = pytest.mark.usefixtures("taking")


@pytest.fixture
def three(anna):
    return [
        anna.hand_in(title)
        for title in ("Shade on the square", "A pump for bicycles", "Trees in Long Street")
    ]


def counted(in_city) -> dict[int, int]:
    """Return what each idea counts, checked against the supports themselves."""
    with in_city("paris"):
        found = {}
        for idea in arranging.db.session.scalars(select(Idea)):
            rows = arranging.db.session.query(IdeaSupport).filter_by(idea_id=idea.id).count()
            assert rows == idea.supports
            found[idea.number] = rows
        return found


def test_a_person_supports_an_idea_once_and_can_take_it_back(ben, three, collecting, in_city):
    collecting(Part.SUPPORT)
    for _again in range(2):
        assert ben.support(three[0]).status_code == 303
    assert counted(in_city)[three[0]] == 1
    assert "Take my support back" in ben.get(f"/ideas/{three[0]}").text
    assert ben.support(three[0], on=False).status_code == 303
    assert ben.support(three[0], on=False).status_code == 303
    assert counted(in_city)[three[0]] == 0


def test_the_limit_holds_and_frees_again(ben, three, collecting, in_city):
    collecting(Part.SUPPORT, most_supports=2)
    assert [ben.support(number).status_code for number in three] == [303, 303, 409]
    assert "You can support 0 more ideas" in words(ben.get(f"/ideas/{three[0]}"))
    ben.support(three[0], on=False)
    assert ben.support(three[2]).status_code == 303
    assert counted(in_city) == {three[0]: 0, three[1]: 1, three[2]: 1}


def test_clicks_at_once_do_not_break_the_limit(app, site, author, three, collecting, in_city):
    collecting(Part.SUPPORT, most_supports=1)
    browsers = [author("ben@paris.example") for _ in range(3)]
    clicks = [(who, number) for who, number in zip(browsers, three, strict=True)] * 2
    threads = [threading.Thread(target=who.support, args=(number,)) for who, number in clicks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counted(in_city).values()) == 1


def test_outside_of_the_phase_nothing_is_supported(ben, three):
    assert ben.support(three[0]).status_code == 409
    assert "Support this idea" not in ben.get(f"/ideas/{three[0]}").text


@pytest.mark.parametrize(
    ("shows", "seen"),
    [(ShowsSupports.ALWAYS, True), (ShowsSupports.NEVER, False), (ShowsSupports.AFTERWARDS, False)],
)
def test_numbers_are_shown_as_the_city_says(ben, three, collecting, visitor, shows, seen):
    collecting(Part.SUPPORT, shows_supports=shows)
    ben.support(three[0])
    base = "/participatory-budget/2026/ideas"
    english = {"Accept-Language": "en"}
    shown = [
        "1 supports it" in words(visitor.get(base, headers=english)),
        "supporter"
        in words(visitor.get(f"{base}/{three[0]}", headers=english)).replace("supporters and", ""),
        visitor.get("/api/v1/participatory-budget/editions/2026/ideas").json["items"][0]["supports"]
        is not None,
    ]
    assert shown == [seen] * 3


def test_the_threshold_is_told_in_words(ben, three, collecting):
    collecting(Part.SUPPORT, threshold=2)
    ben.support(three[0])
    assert "1 of 2 supporters needed" in words(ben.get(f"/ideas/{three[0]}"))


def test_htmx_gets_the_box_alone(ben, three, collecting):
    collecting(Part.SUPPORT)
    answer = ben.support(three[0], headers=HTMX)
    assert answer.status_code == 200
    assert 'id="support"' in answer.text
    assert "<html" not in answer.text


def test_supporting_needs_an_account_and_comes_back_to_the_idea(site, three, collecting):
    collecting(Part.SUPPORT)
    answer = site("paris").post(f"/participatory-budget/2026/ideas/{three[0]}/support", data={"support": "1"})
    assert answer.status_code in (302, 303)
    assert "/sign-in" in answer.location


def test_who_supports_stands_nowhere(ben, three, collecting, in_city, visitor):
    collecting(Part.SUPPORT)
    ben.support(three[0])
    with in_city("paris"):
        person = arranging.person("ben@paris.example")
        [row] = arranging.db.session.query(IdeaSupport).all()
        assert person.id.bytes not in row.supporter
        assert len(row.supporter) == 32
        name = person.name
    assert name not in visitor.get(f"/participatory-budget/2026/ideas/{three[0]}").text


def test_support_this_one_instead_ends_the_draft(ben, three, collecting, in_city):
    collecting(Part.IDEAS, Part.SUPPORT)
    path = ben.begin("Shade on the square please")
    page = ben.get(f"{path}/alike")
    assert "Support this one instead" in words(page)
    assert ben.post(f"{path}/instead", {"number": three[0]}).status_code == 303
    assert counted(in_city)[three[0]] == 1
    assert ben.get(f"{path}/check").status_code == 404
