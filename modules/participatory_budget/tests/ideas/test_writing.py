"""Writing an idea: the steps, drafts, what is missing, changes, taking it back."""

import re
from datetime import timedelta

import pytest

from app.sdk import now
from modules.participatory_budget.models import Idea
from modules.participatory_budget.rules.ideas.rules import Publication
from modules.participatory_budget.rules.ideas.states import IdeaState
from modules.participatory_budget.rules.schedule import Part
from modules.participatory_budget.services.ideas import publishing

from .. import arranging
from .author import TEXT, hidden, words

pytestmark = pytest.mark.usefixtures("taking")


def ideas(in_city, **filters):
    with in_city("paris"):
        return [(one.title, one.state) for one in arranging.db.session.query(Idea).filter_by(**filters)]


def test_an_idea_goes_through_all_steps_and_is_shown_with_its_author(anna, visitor):
    number = anna.hand_in(district="north", place="Rue de la Paix")
    page = visitor.get(f"/participatory-budget/2026/ideas/{number}", headers={"Accept-Language": "en"})
    assert page.status_code == 200
    for expected in ("Shade on the school square", "Two benches", "Rue de la Paix", "North", "Anna"):
        assert expected.lower() in words(page).lower(), expected
    assert "Shade on the school square" in anna.get("/ideas").text


def test_a_draft_is_seen_by_its_author_alone(anna, ben, visitor):
    path = anna.write()
    assert "Shade" in words(anna.get("/ideas/mine"))
    assert ben.get(f"{path}/check").status_code == 404
    assert ben.post(f"{path}/text", {"text": "Mine", "seen": "3"}).status_code == 404
    assert "Shade" not in visitor.get("/participatory-budget/2026/ideas").text


def test_a_wrong_step_keeps_what_was_typed(anna):
    answer = anna.post("/ideas/new", {"title": "T" * 121, "category": "green"})
    assert answer.status_code == 422
    assert "T" * 121 in answer.text
    answer = anna.post("/ideas/new", {"title": "Benches", "category": "nonsense"})
    assert answer.status_code == 422
    assert "Benches" in answer.text


def test_what_is_missing_is_said_before_an_idea_is_handed_in(anna):
    path = anna.begin(category="")
    page = anna.get(f"{path}/check")
    assert "Choose a category." in words(page)
    answer = anna.post(f"{path}/check", hidden(page, "/check"))
    assert answer.status_code == 422
    assert "at least 80 characters" in words(answer)


def test_handing_in_twice_is_one_idea(anna, in_city):
    path = anna.write()
    sent = hidden(anna.get(f"{path}/check"), "/check")
    assert anna.post(f"{path}/check", sent).status_code == 303
    assert anna.post(f"{path}/check", sent).status_code == 303
    assert ideas(in_city) == [("Shade on the school square", IdeaState.PUBLISHED)]


def test_nothing_is_lost_when_the_session_has_ended(anna, site):
    path = anna.begin()
    seen = hidden(anna.get(f"{path}/text"), "/text")
    gone = site("paris")
    answer = gone.post(f"/participatory-budget/2026{path}/text", data={**seen, "text": TEXT})
    assert answer.status_code == 303
    assert "/sign-in" in answer.location
    kept = re.search(r"kept%3D([0-9a-f-]{36})", answer.location)[1]
    assert TEXT in anna.get(f"{path}/text?kept={kept}").text
    assert TEXT not in answer.location


def test_after_some_hours_kept_words_are_gone(anna, site, frozen):
    moment = now()
    answer = site("paris").post("/participatory-budget/2026/ideas/new", data={"title": "A pump"})
    kept = re.search(r"kept%3D([0-9a-f-]{36})", answer.location)[1]
    assert "A pump" in anna.get(f"/ideas/new?kept={kept}").text
    frozen(moment + timedelta(hours=4))
    assert "A pump" not in anna.get(f"/ideas/new?kept={kept}").text


def test_an_author_changes_what_she_has_handed_in_and_everybody_sees_what_stood_there(anna, visitor):
    number = anna.hand_in()
    path = re.search(r"/ideas/write/[0-9a-f-]+", anna.get(f"/ideas/{number}").text)[0]
    anna.step(path, "text", {"text": TEXT + " And a fountain."})
    page = words(visitor.get(f"/participatory-budget/2026/ideas/{number}", headers={"Accept-Language": "en"}))
    assert "And a fountain." in page
    assert "What stood here before" in page
    assert "Changed by its authors" in page


def test_what_was_never_shown_stays_unseen_when_an_idea_is_shown_at_last(anna, visitor, collecting, in_city):
    collecting(publication=Publication.REVIEWED)
    path = anna.write(text=TEXT + " Mr Smith of 12 Rose Street is a thief.")
    anna.step(path, "check", {"stamp": ""})
    anna.step(path, "text", {"text": TEXT})
    with in_city("paris"):
        idea = arranging.db.session.query(Idea).one()
        publishing.publish(idea)
        number = idea.number
    anna.step(path, "text", {"text": TEXT + " And a fountain."})
    with in_city("paris"):
        publishing.publish(arranging.db.session.query(Idea).one())
    page = words(visitor.get(f"/participatory-budget/2026/ideas/{number}", headers={"Accept-Language": "en"}))
    assert "Rose Street" not in page
    assert page.count("What stood here before") == 1


def test_whoever_is_slower_is_told_and_loses_nothing(anna, in_city):
    path = anna.write()
    old = hidden(anna.get(f"{path}/text"), "/text")
    anna.step(path, "text", {"text": TEXT + " One."})
    answer = anna.post(f"{path}/text", {**old, "text": TEXT + " Two."})
    assert answer.status_code == 409
    assert "Another author has changed" in words(answer)
    assert TEXT + " Two." in answer.text


def test_a_withdrawn_idea_is_nobodys_business_any_more(anna, ben):
    number = anna.hand_in()
    path = re.search(r"/ideas/write/[0-9a-f-]+", anna.get(f"/ideas/{number}").text)[0]
    assert "Withdraw this idea?" in words(anna.get(f"{path}/withdraw"))
    assert anna.post(f"{path}/withdraw").status_code == 303
    assert ben.get(f"/ideas/{number}").status_code == 404
    assert anna.get(f"/ideas/{number}").status_code == 200
    assert "Shade" not in ben.get("/ideas").text


def test_a_draft_that_is_deleted_is_gone(anna, in_city):
    path = anna.write()
    assert anna.post(f"{path}/withdraw").status_code == 303
    assert ideas(in_city) == []


def test_nobody_writes_when_no_ideas_are_taken(anna, collecting):
    path = anna.write()
    collecting(Part.SUPPORT)
    assert anna.get("/ideas/new").status_code == 409
    page = anna.get(f"{path}/check")
    assert page.status_code == 200
    assert "What you have written is kept" in words(page)
    assert anna.post(f"{path}/check").status_code == 409


def test_the_limit_of_ideas_holds(anna, collecting):
    collecting(most_ideas=1)
    anna.hand_in()
    path = anna.write("Another idea for the park")
    answer = anna.post(f"{path}/check")
    assert answer.status_code == 409
    assert "Everybody can hand in 1 ideas" in words(answer)


def test_a_click_on_the_map_puts_a_pin_and_chooses_the_district(anna, in_city):
    path = anna.begin()
    seen = hidden(anna.get(f"{path}/place"), "/place")
    clicked = anna.post(f"{path}/place", {**seen, "place": "By the fountain", "pin.x": "160", "pin.y": "40"})
    assert clicked.status_code == 200
    assert "By the fountain" in clicked.text
    assert '<option selected value="north">' in clicked.text
    pinned = hidden(clicked, "/place")
    assert 48.9 < float(pinned["latitude"]) < 48.92
    assert anna.post(f"{path}/place", {**pinned, "district": "north"}).status_code == 303
    with in_city("paris"):
        [idea] = arranging.db.session.query(Idea).all()
        assert (idea.district, round(idea.longitude, 2)) == ("north", 2.31)


def test_a_key_pressed_on_the_map_puts_no_pin(anna):
    path = anna.begin()
    seen = hidden(anna.get(f"{path}/place"), "/place")
    answer = anna.post(f"{path}/place", {**seen, "pin.x": "0", "pin.y": "0"})
    assert hidden(answer, "/place")["latitude"] == ""
