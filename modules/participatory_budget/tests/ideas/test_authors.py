"""Standing for an idea together: invitations, answers, leaving, leaving the city."""

import re

import pytest

from app.core.people import HOLDINGS
from modules.participatory_budget.models import Idea, IdeaAuthor

from .. import arranging
from .author import TEXT, words

pytestmark = pytest.mark.usefixtures("taking")


@pytest.fixture
def invite(anna, mails):
    """Invite somebody to an idea; returns the path of the link in the mail."""

    def act(path: str, email: str = "ben@paris.example") -> str:
        answer = anna.post(f"{path}/authors", {"email": email})
        assert answer.status_code == 303, words(answer)
        mail = [one for one in mails() if one["recipient"] == email][-1]
        return re.search(r"/ideas/invited/[^\s\"]+", mail["text"])[0]

    return act


def path_of(who, number: int) -> str:
    return re.search(r"/ideas/write/[0-9a-f-]+", who.get(f"/ideas/{number}").text)[0]


def erase(account_id) -> None:
    for name in ("ideas", "comments", "supports"):
        HOLDINGS[f"participatory_budget.{name}"].erase(account_id)


def test_who_accepts_is_named_and_can_change_the_idea(anna, ben, invite):
    number = anna.hand_in()
    path = path_of(anna, number)
    link = invite(path)
    assert "Shade on the school square" in ben.get(link).text
    assert ben.post(f"{link}/accept").status_code == 303
    assert "By Anna, Ben" in words(anna.get("/ideas"))
    ben.step(path, "text", {"text": TEXT + " With Ben."})
    assert "With Ben." in anna.get(f"/ideas/{number}").text
    assert ben.get(link).status_code == 404


def test_opening_the_link_decides_nothing(anna, ben, invite, in_city):
    link = invite(path_of(anna, anna.hand_in()))
    ben.get(link)
    assert "Ben" not in words(anna.get("/ideas"))


def test_who_declines_is_forgotten(anna, ben, invite, in_city):
    link = invite(path_of(anna, anna.hand_in()))
    assert ben.post(f"{link}/decline").status_code == 303
    with in_city("paris"):
        assert arranging.db.session.query(IdeaAuthor).count() == 0


def test_the_first_author_leaves_and_the_idea_stays_with_the_others(anna, ben, invite, in_city):
    number = anna.hand_in()
    path = path_of(anna, number)
    assert anna.post(f"{path}/leave").status_code == 409
    ben.post(f"{invite(path)}/accept")
    assert "Leave this idea?" in words(anna.get(f"{path}/leave"))
    assert anna.post(f"{path}/leave").status_code == 303
    assert "By Ben" in words(ben.get("/ideas"))
    assert anna.get(f"{path}/text").status_code == 404


def test_an_invitation_can_be_taken_back(anna, ben, invite):
    path = path_of(anna, anna.hand_in())
    link = invite(path)
    action = re.search(rf"{path}/authors/[0-9a-f-]+/take-back", anna.get(f"{path}/authors").text)[0]
    assert ben.post(action).status_code == 404
    assert anna.post(action).status_code == 303
    assert ben.get(link).status_code == 404


@pytest.mark.parametrize("email", ["nonsense", "anna@paris.example", ""])
def test_an_address_that_is_none_is_refused(anna, email):
    path = path_of(anna, anna.hand_in())
    assert anna.post(f"{path}/authors", {"email": email}).status_code == 422


def test_there_are_not_more_authors_than_the_city_wants(anna, collecting, invite):
    collecting(most_authors=2)
    path = path_of(anna, anna.hand_in())
    invite(path)
    answer = anna.post(f"{path}/authors", {"email": "carl@paris.example"})
    assert answer.status_code == 409
    assert "at most 2 authors" in words(answer)


def test_when_the_only_author_leaves_the_city_a_resident_stands_there(anna, ben, in_city):
    number = anna.hand_in()
    anna.comment(number, "It matters to me.")
    with in_city("paris"):
        person = arranging.person("anna@paris.example")
        held = HOLDINGS["participatory_budget.ideas"]
        assert [one["title"] for one in held.collect(person.id)] == ["Shade on the school square"]
        assert [one.what for one in held.stays(person.id)]
        erase(person.id)
    page = words(ben.get(f"/ideas/{number}"))
    assert "A resident" in page
    assert "It matters to me." in page
    assert "Anna" not in page


def test_drafts_go_with_their_only_author(anna, in_city):
    anna.write()
    with in_city("paris"):
        erase(arranging.person("anna@paris.example").id)
        assert arranging.db.session.query(Idea).count() == 0
