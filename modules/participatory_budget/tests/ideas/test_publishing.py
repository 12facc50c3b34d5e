"""When ideas show: at once, after review, after their hours; who hears of it."""

import re
from datetime import timedelta

import pytest

from app.sdk import now
from modules.participatory_budget.models import Idea
from modules.participatory_budget.rules.ideas.rules import Publication
from modules.participatory_budget.rules.schedule import Part
from modules.participatory_budget.services.ideas import hooks, publishing

from .. import arranging
from ..clerk import Clerk
from .author import number_of, words

pytestmark = pytest.mark.usefixtures("taking")


def idea_of(number: int) -> Idea:
    return arranging.db.session.query(Idea).filter_by(number=number).one()


def test_reviewed_ideas_wait_and_then_show(anna, ben, collecting, in_city, mails):
    collecting(publication=Publication.REVIEWED)
    number = anna.hand_in()
    assert ben.get(f"/ideas/{number}").status_code == 404
    assert "Only you, the other authors and the city see this idea" in words(anna.get(f"/ideas/{number}"))
    with in_city("paris"):
        publishing.publish(idea_of(number))
    assert ben.get(f"/ideas/{number}").status_code == 200
    assert [
        one["recipient"]
        for one in mails()
        if "Your idea is shown" in one["subject"] or "Votre" in one["subject"]
    ]


def test_delayed_ideas_show_by_themselves_after_their_hours(anna, ben, collecting, frozen, run_tasks):
    moment = now()
    collecting(publication=Publication.DELAYED, delay_hours=48)
    number = anna.hand_in()
    frozen(moment + timedelta(hours=47))
    run_tasks()
    assert ben.get(f"/ideas/{number}").status_code == 404
    frozen(moment + timedelta(hours=49))
    assert "participatory_budget.publish_idea" in run_tasks()
    assert ben.get(f"/ideas/{number}").status_code == 200


def test_a_lost_message_is_made_up_for(anna, ben, collecting, frozen, in_city, run_tasks):
    moment = now()
    collecting(publication=Publication.DELAYED, delay_hours=1)
    number = anna.hand_in()
    frozen(moment + timedelta(hours=2))
    with in_city("paris"):
        assert publishing.publish_due() is True
        publishing.publish_if_due(idea_of(number).id)
        publishing.publish_if_due(idea_of(number).id)
        assert publishing.publish_due() is False
    assert ben.get(f"/ideas/{number}").status_code == 200


def test_what_looks_like_a_program_waits_whatever_the_rule(author, ben, in_city):
    robot = author("robot@paris.example", young=True)
    links = " ".join(f"https://shop{number}.example.com" for number in range(5))
    number = robot.hand_in(
        "Cheap offers", text=f"Buy now the very best offers of the town and elsewhere {links}"
    )
    assert ben.get(f"/ideas/{number}").status_code == 404
    with in_city("paris"):
        assert {"links", "newcomer_links"} <= set(idea_of(number).doubts)


def test_other_parts_hear_what_happens(anna, monkeypatch, in_city):
    heard = []
    monkeypatch.setattr(hooks, "_of_ideas", {})
    for one in hooks.On:
        hooks.on(one)(lambda idea, one=one: heard.append((one.value, idea.number)))
    anna.hand_in()
    assert heard == [("published", 1), ("submitted", 1)]


def test_staff_write_down_what_came_on_paper(site, taking, ben, in_city):
    clerk = Clerk(site)
    with in_city("paris"):
        clerk.home = f"/admin/participatory-budget/{arranging.edition_of().id}"
    data = {
        "source": "paper",
        "name": "Old Mr. Smith",
        "title": "Handrails",
        "category": "green",
        "text": "H" * 90,
    }
    assert "Write an idea down for somebody" in clerk.words("/ideas/new")
    assert clerk.post("/ideas/new", {**data, "text": "short"}).status_code == 422
    assert clerk.post("/ideas/new", data).status_code == 303
    assert "By Old Mr. Smith" in words(ben.get("/ideas"))


def test_staff_change_the_rules_but_not_while_supports_are_counted(site, taking, collecting, in_city):
    clerk = Clerk(site)
    with in_city("paris"):
        clerk.home = f"/admin/participatory-budget/{arranging.edition_of().id}"
    page = clerk.get("/ideas/rules")
    seen = re.search(r'name="seen" value="([^"]+)"', page.text)[1]
    data = {
        "publication": "delayed",
        "delay_hours": "24",
        "most_authors": "3",
        "most_files": "2",
        "shortest_text": "20",
        "longest_text": "500",
        "most_supports": "5",
        "threshold": "10",
        "threshold_in": "share",
        "shows_supports": "afterwards",
        "seen": seen,
    }
    assert clerk.post("/ideas/rules", {**data, "longest_text": "10"}).status_code == 422
    assert clerk.post("/ideas/rules", {**data, "threshold": "101"}).status_code == 422
    assert clerk.post("/ideas/rules", data).status_code == 303
    with in_city("paris"):
        rules = arranging.edition_of().idea_rules
        assert (rules["publication"], rules["most_supports"], rules["threshold_is_percent"]) == (
            "delayed",
            5,
            True,
        )
    collecting(Part.SUPPORT, most_supports=5)
    seen = re.search(r'name="seen" value="([^"]+)"', clerk.get("/ideas/rules").text)[1]
    answer = clerk.post("/ideas/rules", {**data, "seen": seen, "most_supports": "9"})
    assert answer.status_code == 409
    assert "can no longer change" in words(answer)


def handed_in(author):
    """Write an idea and hand it in; returns its number and the address of its steps."""
    path = author.write()
    author.step(path, "check", {"stamp": ""})
    return number_of(author.get(f"{path}/sent")), path


def test_a_reviewed_idea_that_its_author_rewrites_waits_again(anna, ben, collecting, in_city):
    collecting(publication=Publication.REVIEWED)
    number, path = handed_in(anna)
    with in_city("paris"):
        publishing.publish(idea_of(number))
    anna.step(path, "text", {"text": "Something else altogether, which nobody has looked at. " * 3})
    assert "It shows once the city has looked at it." in words(anna.get(f"/ideas/{number}"))
    assert ben.get(f"/ideas/{number}").status_code == 404
    with in_city("paris"):
        publishing.publish(idea_of(number))
    assert "Something else altogether" in ben.get(f"/ideas/{number}").text


def test_a_change_sets_the_hours_of_a_delayed_idea_anew(anna, ben, collecting, frozen, run_tasks):
    moment = now()
    collecting(publication=Publication.DELAYED, delay_hours=48)
    number, path = handed_in(anna)
    frozen(moment + timedelta(hours=47))
    anna.step(path, "text", {"text": "Something else altogether, which nobody has looked at. " * 3})
    frozen(moment + timedelta(hours=49))
    run_tasks()
    assert ben.get(f"/ideas/{number}").status_code == 404
    frozen(moment + timedelta(hours=47 + 49))
    run_tasks()
    assert ben.get(f"/ideas/{number}").status_code == 200


def test_where_ideas_show_at_once_a_change_does_too(anna, ben, collecting):
    number, path = handed_in(anna)
    anna.step(path, "text", {"text": "Something else altogether, which everybody may read at once. " * 3})
    assert "Something else altogether" in ben.get(f"/ideas/{number}").text
