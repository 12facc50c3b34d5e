"""The queue of moderators and the decisions they take on its pages."""

import pytest
from sqlalchemy import func, select

from app.core import audit
from app.sdk import db
from modules.participatory_budget.models import Idea, IdeaDecision
from modules.participatory_budget.services.ideas import reporting
from modules.participatory_budget.services.moderation import appeals, deciding
from modules.participatory_budget.tests.arranging import edition_of, person
from modules.participatory_budget.tests.clerk import value_of, words

from . import arranging
from .conftest import ANNA, BELA

LONG = "Nous voulons un banc. " * 10


def decide(clerk, number, decision, **more):
    page = clerk.get(f"/moderation/{number}")
    assert page.status_code == 200
    shown = {name: value_of(page, name) for name in ("seen", "decided")}
    return clerk.post(f"/moderation/{number}", {"decision": decision, **shown, **more})


def state_of(in_city, number):
    with in_city("paris"):
        return deciding_idea(number).state.value


def deciding_idea(number):
    return db.session.scalars(select(Idea).where(Idea.number == number)).one()


def test_an_empty_queue_says_so(moderator):
    assert "Nothing to review" in moderator().words("/moderation")


def test_a_new_idea_stands_on_the_list_with_what_a_machine_noticed(moderator, hand_in):
    hand_in("Des arbres rue Oberkampf")
    hand_in("Des arbres, rue Oberkampf", text=LONG + "Appelez le 06 12 34 56 78.", email=BELA)
    page = moderator().words("/moderation")
    assert "Des arbres rue Oberkampf" in page
    assert "Perhaps the same as no. 1" in page
    assert "Contains a telephone number" in page
    assert page.count("Contains a telephone number") == 1


def test_publishing_takes_one_button_on_the_list(moderator, hand_in, in_city, run_tasks, inbox):
    number = hand_in("Des arbres")
    answer = moderator().post("/moderation/publish", {"only": number})
    assert answer.status_code == 303
    assert state_of(in_city, number) == "published"
    run_tasks()
    assert "Des arbres" in inbox(ANNA)


def test_several_are_published_at_once_and_those_decided_meanwhile_are_named(moderator, hand_in, in_city):
    hand_in("Banc", "Arbre", "Fontaine")
    clerk = moderator()
    decide(clerk, 2, "refuse", **{"reason-fr": "Existe déjà."})
    page = clerk.post("/moderation/publish", {"number": [1, 2, 3]}, follow_redirects=True)
    assert "2 ideas are published." in words(page)
    assert "no. 2." in words(page)
    assert state_of(in_city, 3) == "published"
    assert state_of(in_city, 2) == "refused"


def test_nothing_chosen_is_said(moderator, edition):
    page = moderator().post("/moderation/publish", {}, follow_redirects=True)
    assert "Choose the ideas to be published first." in words(page)


def test_a_refusal_needs_a_reason_and_the_author_reads_it(moderator, hand_in, in_city, run_tasks, inbox):
    number = hand_in("Un métro")
    clerk = moderator()
    refused = decide(clerk, number, "refuse", note="Third time this year")
    assert refused.status_code == 422
    assert "Write a reason, or choose one" in words(refused)
    assert "Third time this year" in refused.text
    assert decide(clerk, number, "refuse", template="competence").status_code == 303
    assert state_of(in_city, number) == "refused"
    run_tasks()
    assert "Your idea is not accepted: Un métro" in inbox(ANNA)


def test_a_reason_is_kept_in_every_language_of_the_city(moderator, hand_in, in_city):
    number = hand_in("Un métro")
    decide(moderator(), number, "refuse", template="competence")
    with in_city("paris"):
        kept = deciding.latest_decision(deciding_idea(number)).reason
    assert set(kept) >= {"fr", "en"}
    assert "not for the city to decide" in kept["en"]


def test_after_a_decision_the_next_idea_is_shown(moderator, hand_in):
    hand_in("Banc", "Arbre")
    clerk = moderator()
    first = decide(clerk, 1, "publish")
    assert first.location.endswith("/moderation/2")
    assert decide(clerk, 2, "publish").location.endswith("/moderation?list=new")


def test_a_question_makes_the_idea_wait_until_its_author_has_changed_it(
    moderator, hand_in, in_city, frozen, run_tasks, inbox
):
    frozen("2026-11-02T10:00")
    number = hand_in("Banc")
    clerk = moderator()
    decide(clerk, number, "ask", **{"reason-fr": "Où exactement ?"})
    assert "Nothing to review" in clerk.words("/moderation")
    assert "Banc" in clerk.words("/moderation?list=waiting")
    run_tasks()
    assert "A question about your idea: Banc" in inbox(ANNA)
    frozen("2026-11-02T11:00")
    with in_city("paris"):
        arranging.change(edition_of(), deciding_idea(number), ANNA, LONG + "Rue Oberkampf 12.")
    assert "Banc" in clerk.words("/moderation")
    assert "Nothing to review" in clerk.words("/moderation?list=waiting")


def test_what_the_author_changed_meanwhile_is_shown_and_nothing_is_decided(
    moderator, hand_in, in_city, frozen
):
    frozen("2026-11-02T10:00")
    number = hand_in("Banc", text=LONG)
    clerk = moderator()
    seen = value_of(clerk.get(f"/moderation/{number}"), "seen")
    frozen("2026-11-02T10:05")
    with in_city("paris"):
        arranging.change(edition_of(), deciding_idea(number), ANNA, LONG + "Et une fontaine.")
    answer = clerk.post(f"/moderation/{number}", {"decision": "publish", "seen": seen, "note": "good"})
    assert answer.status_code == 409
    assert "<ins>" in answer.text
    assert "Et une fontaine." in words(answer)
    assert "good" in answer.text
    assert state_of(in_city, number) == "waiting"
    again = clerk.post(
        f"/moderation/{number}", {"decision": "publish", "seen": value_of(answer, "seen"), "note": "good"}
    )
    assert again.status_code == 303
    assert state_of(in_city, number) == "published"


def test_the_second_of_two_moderators_is_told_that_it_is_decided(moderator, hand_in):
    number = hand_in("Banc")
    one, other = moderator(), moderator("mod2@paris.example")
    seen = value_of(other.get(f"/moderation/{number}"), "seen")
    assert "is looking at it" in one.words("/moderation")
    decide(one, number, "publish")
    answer = other.post(
        f"/moderation/{number}", {"decision": "refuse", "reason-fr": "Non.", "seen": seen, "decided": ""}
    )
    assert answer.status_code == 409
    assert "A colleague has decided about this idea meanwhile." in words(answer)
    assert "Non." in answer.text


def test_a_note_decides_nothing_and_is_for_colleagues(moderator, hand_in, in_city):
    number = hand_in("Banc")
    clerk = moderator()
    clerk.save(f"/moderation/{number}", {"note": "I know the place.", "seen": ""})
    assert "I know the place." in clerk.words(f"/moderation/{number}")
    assert state_of(in_city, number) == "waiting"
    empty = clerk.post(f"/moderation/{number}", {"seen": ""})
    assert empty.status_code == 422


def test_an_escalated_idea_is_for_coordinators(moderator, hand_in, in_city):
    number = hand_in("Banc")
    editor, boss = moderator(), moderator("boss@paris.example", "administrator")
    decide(editor, number, "escalate", note="Difficult")
    assert "For a coordinator" in editor.words("/moderation")
    page = editor.get(f"/moderation/{number}")
    assert "A coordinator decides." in words(page)
    done = editor.post("/moderation/publish", {"only": number}, follow_redirects=True)
    assert "Not published" in words(done)
    assert state_of(in_city, number) == "waiting"
    assert decide(boss, number, "publish").status_code == 303
    assert state_of(in_city, number) == "published"


def test_a_reported_idea_can_be_kept(moderator, hand_in, in_city):
    number = hand_in("Banc")
    clerk = moderator()
    decide(clerk, number, "publish")
    with in_city("paris"):
        reporting.report(deciding_idea(number), person(BELA), reporting.ReportReason.SPAM, "Publicité")
    page = clerk.words("/moderation?list=reported")
    assert "1 report" in page
    assert "Publicité" in clerk.words(f"/moderation/{number}")
    assert decide(clerk, number, "keep").status_code == 303
    assert "Nothing to review" in clerk.words("/moderation?list=reported")
    assert state_of(in_city, number) == "published"


def test_comments_lie_in_the_same_queue(moderator, hand_in, in_city, run_tasks, inbox):
    number = hand_in("Banc")
    clerk = moderator()
    decide(clerk, number, "publish")
    with in_city("paris"):
        idea = deciding_idea(number)
        said = arranging.comment(edition_of(), idea, BELA, "Tous des voleurs")
        comment_id = said.id
        reporting.report(idea, person(ANNA), reporting.ReportReason.OFFENSIVE, comment_id=comment_id)
    assert "Comment on: Banc" in clerk.words("/moderation?list=reported")
    path = f"/moderation/comments/{comment_id}"
    assert clerk.post(path, {"decision": "hide"}).status_code == 422
    assert clerk.post(path, {}).status_code == 422
    clerk.save(path, {"decision": "hide", "template": "manners"})
    assert "Nothing to review" in clerk.words("/moderation?list=reported")
    run_tasks()
    assert "Your comment is not shown: Banc" in inbox(BELA)
    assert "Comment on: Banc" in clerk.words("/moderation?list=decided")


def test_every_decision_is_in_the_audit_log(moderator, hand_in, in_city):
    number = hand_in("Banc")
    decide(moderator(), number, "refuse", **{"reason-fr": "Existe déjà."})
    with in_city("paris"):
        entries = [one for one in audit.latest() if one.action == "participatory_budget.idea_decided"]
        assert entries[0].details == {"decision": "refuse"}
        assert entries[0].actor_kind == "staff"


def test_the_queue_asks_a_bounded_number_of_questions(moderator, hand_in, count_queries):
    hand_in("Banc", "Arbre")
    clerk = moderator()
    clerk.get("/moderation")
    with count_queries() as few:
        clerk.get("/moderation")
    hand_in(*(f"Idée numéro {number}" for number in range(10)), email=BELA)
    with count_queries() as many:
        clerk.get("/moderation")
    assert len(many) == len(few)


@pytest.mark.parametrize("query", ["?list=nothing", "?list=decided&q=x", "?district=11e"])
def test_whatever_is_asked_for_the_page_is_there(moderator, hand_in, query):
    hand_in("Banc")
    assert moderator().get(f"/moderation{query}").status_code == 200


def test_what_is_not_there_is_not_found(moderator, edition):
    clerk = moderator()
    assert clerk.get("/moderation/99").status_code == 404
    assert clerk.get("/moderation/9999999999").status_code == 404
    assert clerk.get("/moderation/comments/0190163d-8694-739b-aea5-966c26f8ad90").status_code == 404


def test_what_waits_is_work_of_the_day(moderator, hand_in):
    hand_in("Banc")
    page = words(moderator().browser.get("/admin/"))
    assert "Look at the idea: Banc" in page


def test_decisions_are_kept_for_good(moderator, hand_in, in_city):
    number = hand_in("Banc")
    decide(moderator(), number, "ask", **{"reason-fr": "Où ?"})
    decide(moderator(), number, "publish")
    with in_city("paris"):
        assert db.session.scalar(select(func.count()).select_from(IdeaDecision)) == 2


def test_nobody_decides_about_her_own_idea_nor_merges_another_into_it(moderator, hand_in, in_city):
    clerk = moderator()
    own, rival = hand_in("Ma place", email="mod@paris.example"), hand_in("Ma place aussi")
    assert decide(clerk, own, "publish").status_code == 422
    assert clerk.post("/moderation/publish", {"only": own}).status_code == 303
    assert state_of(in_city, own) == "waiting"
    assert decide(clerk, rival, "merge", into=own).status_code == 403
    assert state_of(in_city, rival) == "waiting"
    assert decide(moderator("other@paris.example"), own, "publish").status_code == 303


def test_nobody_judges_the_appeal_about_her_own_idea(moderator, hand_in, in_city):
    clerk, other = moderator(), moderator("other@paris.example")
    own = hand_in("Ma place", email="mod@paris.example")
    assert decide(other, own, "refuse", **{"reason-fr": "Existe."}).status_code == 303
    with in_city("paris"):
        me = person("mod@paris.example")
        appeals.appeal_refusal(
            edition_of(), deciding_idea(own), me, "It does not exist at all, come and look."
        )
    assert decide(clerk, own, "publish").status_code == 422
    assert state_of(in_city, own) == "refused"
    assert decide(moderator("third@paris.example"), own, "publish").status_code == 303


def test_nobody_decides_about_her_own_comment(moderator, hand_in, in_city):
    number = hand_in("Des arbres")
    clerk = moderator()
    decide(clerk, number, "publish")
    with in_city("paris"):
        made = arranging.comment(edition_of(), deciding_idea(number), "mod@paris.example", "Vote for Smith!")
        reporting.report(
            deciding_idea(number), person(ANNA), reporting.ReportReason.OFFENSIVE, comment_id=made.id
        )
        path = f"/moderation/comments/{made.id}"
    refused = clerk.post(path, {"decision": "keep"})
    assert refused.status_code == 422
    assert "You have written this comment" in words(refused)
    assert moderator("other@paris.example").post(path, {"decision": "keep"}).status_code == 303
