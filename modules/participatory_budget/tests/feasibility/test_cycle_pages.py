"""An idea on its way through the town hall, on the pages of those who work on it and of its authors."""

import csv
import io
import re

import pytest
from sqlalchemy import func, select

from app.notify.models import Notification
from app.sdk import db
from modules.participatory_budget.rules.ideas.rules import IdeaRules, write_idea_rules
from modules.participatory_budget.services.feasibility import answering, asking, cases
from modules.participatory_budget.tests.arranging import edition_of
from modules.participatory_budget.tests.clerk import value_of, words
from modules.participatory_budget.tests.voter import Voter

from .conftest import ANNA, BELA, PARKS, ROADS

FR = {"opinion-fr": "La ville peut le faire."}


def begin(boss, *numbers):
    boss.save("/feasibility/begin", {"number": list(numbers)})


def act(boss, number, name, **more):
    return boss.post(f"/feasibility/{number}", {"act": name, **more})


def opinion_path(clerk):
    page = clerk.get("/opinions")
    found = re.search(r"/opinions/([0-9a-f-]{36})", page.text)
    assert found, words(page)
    return f"/opinions/{found[1]}"


def answer(clerk, *, saying="yes", why="", **more):
    path = opinion_path(clerk)
    page = clerk.get(path)
    names = re.findall(r'name="(answer_[0-9a-f]{32})"', page.text)
    data = dict.fromkeys(dict.fromkeys(names), saying)
    data |= {name.replace("answer_", "why_"): why for name in data} if why else {}
    return clerk.post(path, {**data, "seen": value_of(page, "seen"), **more})


def decide(boss, number, verdict, **more):
    page = boss.get(f"/feasibility/{number}")
    data = {"verdict": verdict, "seen": value_of(page, "seen"), **FR, **more}
    return act(boss, number, "decide", **data)


def test_an_idea_goes_from_the_formal_check_to_a_published_opinion(
    clerk, published, departments, run_tasks, inbox, site
):
    number = published("Des arbres")
    boss, parks = clerk(), clerk("editor", PARKS)
    assert "1 idea has the support it needs" in boss.words("/feasibility")
    begin(boss, number)
    assert act(boss, number, "accept").status_code == 303
    assert act(boss, number, "ask", departments=[str(departments["Parks"])]).status_code == 303
    run_tasks()
    assert "Your opinion on 1 idea is asked" in inbox(PARKS, "editor")
    assert "Des arbres" in parks.words("/opinions")
    assert answer(parks, cost="12000").status_code == 303
    assert "To be decided" in boss.words(f"/feasibility/{number}")
    assert decide(boss, number, "feasible").status_code == 303
    reader = Voter(site, None)
    assert "La ville peut le faire." not in reader.get(f"/ideas/{number}").text
    assert reader.get(f"/ideas/{number}/opinion").status_code == 404
    assert act(boss, number, "publish").status_code == 303
    run_tasks()
    assert "What the city says to your idea: Des arbres" in inbox(ANNA)
    page = words(reader.get(f"/ideas/{number}/opinion"))
    assert "Can be done" in page
    assert "La ville peut le faire." in page
    assert "€12,000" in page.replace("\u202f", "").replace(".00", "")
    assert "Can be done" in words(reader.get(f"/ideas/{number}"))


def test_every_criterion_is_answered_and_a_no_has_a_reason(clerk, published, departments):
    number = published("Des arbres")
    boss, parks = clerk(), clerk("editor", PARKS)
    begin(boss, number)
    act(boss, number, "ask", departments=[str(departments["Parks"])])
    path = opinion_path(parks)
    nothing = parks.post(path, {"text": "Fine by us", "seen": "1"})
    assert nothing.status_code == 422
    assert "Answer every criterion: 5 are missing." in words(nothing)
    assert "Fine by us" in nothing.text
    bare = answer(parks, saying="no")
    assert bare.status_code == 422
    assert "Say why, wherever the answer is no or with changes." in words(bare)
    assert answer(parks, saying="no", why="Not our land").status_code == 303


def test_the_last_opinion_passes_the_idea_on(clerk, published, departments):
    number = published("Des arbres")
    boss = clerk()
    begin(boss, number)
    act(boss, number, "ask", departments=[str(one) for one in departments.values()])
    assert answer(clerk("editor", PARKS)).status_code == 303
    assert "Departments are asked" in boss.words(f"/feasibility/{number}")
    assert answer(clerk("editor", ROADS), saying="changes", why="Elsewhere").status_code == 303
    page = boss.get(f"/feasibility/{number}")
    assert "To be decided" in words(page)
    assert re.search(r'value="with_changes" checked', page.text)


def test_a_department_sees_only_what_it_is_asked(clerk, published, departments):
    number = published("Des arbres")
    boss, parks, roads = clerk(), clerk("editor", PARKS), clerk("editor", ROADS)
    begin(boss, number)
    act(boss, number, "ask", departments=[str(departments["Parks"])])
    path = opinion_path(parks)
    assert "Nothing is asked" in roads.words("/opinions")
    assert roads.get(path).status_code == 403
    assert roads.post(path, {}).status_code == 403
    assert roads.get("/feasibility").status_code == 403


def test_what_is_overdue_is_listed_and_departments_are_reminded_once_a_day(
    clerk, published, departments, frozen, run_tasks, inbox, in_city
):
    frozen("2026-11-02T10:00")
    number = published("Des arbres")
    boss = clerk()
    begin(boss, number)
    act(boss, number, "ask", departments=[str(departments["Roads"])])
    frozen("2026-11-09T10:00")
    assert "Nothing is overdue" in boss.words("/feasibility?view=overdue")
    frozen("2026-11-10T10:00")
    boss = clerk()
    page = boss.words("/feasibility?view=overdue")
    assert "Des arbres" in page
    assert "Overdue" in page
    for _each in range(2):
        with in_city("paris"):
            assert asking.remind() == 1
    with in_city("paris"):
        told = select(func.count()).select_from(Notification)
        assert db.session.scalar(told.where(Notification.kind == "participatory_budget.opinion_due")) == 1
    run_tasks()
    assert "Opinions that are due: Roads" in inbox(ROADS, "editor")
    assert "Des arbres" in words(clerk("editor", ROADS).browser.get("/admin/"))


def test_estimates_are_kept_with_their_reasons(clerk, published, in_city, idea_of, frozen):
    number = published("Des arbres")
    boss = clerk()
    begin(boss, number)
    assert act(boss, number, "estimate", cost="10000").status_code == 303
    frozen("2026-11-03T09:00")
    bare = act(boss, number, "estimate", cost="15000")
    assert bare.status_code == 422
    assert "Say why the cost is another one than before." in words(bare)
    assert 'value="15000"' in bare.text
    assert act(boss, number, "estimate", cost="15000", why="Deeper roots").status_code == 303
    with in_city("paris"):
        kept = answering.estimates(idea_of(number))
        assert [(one.amount, one.reason) for one in kept] == [(1_500_000, "Deeper roots"), (1_000_000, "")]
        assert all(one.made_by for one in kept)


def test_authors_appeal_once_and_others_look_at_it_again(
    clerk, published, departments, in_city, site, idea_of
):
    number = published("Des arbres")
    boss = clerk()
    begin(boss, number)
    act(boss, number, "fail", **{"fault-fr": "Hors sujet."})
    act(boss, number, "publish")
    anna, bela = Voter(site, ANNA), Voter(site, BELA)
    page = anna.get(f"/ideas/{number}")
    assert "You can appeal once" in words(page)
    assert "You can appeal once" not in words(bela.get(f"/ideas/{number}"))
    assert bela.get(f"/ideas/{number}/appeal").status_code == 404
    short = anna.post(f"/ideas/{number}/appeal", {"text": "No!"})
    assert short.status_code == 422
    why = "It is a matter of the city, as the street is hers."
    assert anna.post(f"/ideas/{number}/appeal", {"text": why}).status_code == 303
    again = anna.post(f"/ideas/{number}/appeal", {"text": why})
    assert again.status_code == 409
    assert why in again.text
    assert why in boss.words(f"/feasibility/{number}")
    act(boss, number, "complete")
    assert decide(boss, number, "feasible").status_code == 403
    other = clerk("administrator", "second@paris.example")
    assert decide(other, number, "feasible").status_code == 303
    assert "Hors sujet." in words(bela.get(f"/ideas/{number}"))
    act(other, number, "publish")
    assert "La ville peut le faire." in words(bela.get(f"/ideas/{number}"))
    with in_city("paris"):
        case = cases.of_idea(idea_of(number))
        assert (case.step, case.round) == ("final", 2)


def test_an_appeal_after_its_days_is_refused_and_the_examination_ends(
    clerk, published, frozen, run_tasks, site
):
    frozen("2026-11-02T10:00")
    number = published("Des arbres")
    boss = clerk()
    begin(boss, number)
    act(boss, number, "fail", **{"fault-fr": "Hors sujet."})
    act(boss, number, "publish")
    frozen("2026-11-16T10:00")
    late = Voter(site, ANNA).post(f"/ideas/{number}/appeal", {"text": "It is a matter of the city, really."})
    assert late.status_code == 409
    assert "You can no longer appeal" in words(late)
    assert "participatory_budget.close_appeals" in run_tasks()
    assert "Final" in clerk().words(f"/feasibility/{number}")


def test_what_a_colleague_has_decided_meanwhile_is_not_overwritten(clerk, published):
    number = published("Des arbres")
    boss, other = clerk(), clerk("administrator", "second@paris.example")
    boss.save("/feasibility/rules", {"appeal_days": "14", "refusal_days": "14"})
    begin(boss, number)
    seen = value_of(other.get(f"/feasibility/{number}"), "seen")
    decide(boss, number, "not_feasible")
    act(boss, number, "reopen")
    answer_ = act(other, number, "decide", verdict="feasible", seen=seen, **{"opinion-fr": "Si."})
    assert answer_.status_code == 409
    assert "Si." in answer_.text


def test_many_are_asked_about_and_published_at_once(clerk, published, departments):
    published("Un", "Deux", "Trois")
    boss = clerk()
    begin(boss, 1, 2, 3)
    made = boss.post(
        "/feasibility", {"act": "ask", "number": [1, 2], "departments": [str(departments["Parks"])]}
    )
    assert made.status_code == 303
    assert "With departments 2" in boss.words("/feasibility")
    nobody = boss.post("/feasibility", {"act": "ask", "number": [3]})
    assert nobody.status_code == 422
    assert "Choose a department." in words(nobody)
    for number in (1, 2):
        act(boss, number, "complete")
        decide(boss, number, "feasible")
    done = boss.post("/feasibility", {"act": "publish", "number": [1, 2, 3]}, follow_redirects=True)
    assert "2 opinions are published." in words(done)
    assert "no. 3." in words(done)


def test_the_state_of_all_ideas_is_a_table(clerk, published, departments):
    published("Un", "=Deux")
    boss = clerk()
    begin(boss, 1, 2)
    act(boss, 1, "ask", departments=[str(departments["Parks"])])
    act(boss, 1, "estimate", cost="1234.5")
    answer_ = boss.get("/feasibility.csv")
    assert answer_.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(answer_.text.lstrip("\ufeff"))))
    assert [row["Step"] for row in rows] == ["Departments are asked", "Formal check"]
    assert rows[0]["Cost (EUR)"] in ("1234.5", "1234.50")
    assert rows[0]["Waits for"] == "Parks"
    assert rows[1]["Idea"] == "'=Deux"


def test_ideas_without_enough_support_are_not_examined(clerk, published, in_city):
    published("Un")
    with in_city("paris"):
        edition_of().idea_rules = write_idea_rules(IdeaRules(threshold=1))
    boss = clerk()
    assert "No idea waits" in boss.words("/feasibility/begin")
    begin(boss, 1)
    assert "No idea here" in boss.words("/feasibility")


@pytest.mark.parametrize("name", ["publish", "accept", "complete", "reopen"])
def test_a_move_that_is_not_possible_is_refused_in_words(clerk, published, name):
    number = published("Un")
    boss = clerk()
    begin(boss, number)
    act(boss, number, "accept")
    act(boss, number, "complete") if name == "complete" else None
    refused = act(boss, number, name)
    assert refused.status_code == 409
    assert "This cannot be done with the idea now." in words(refused)


def test_the_board_asks_a_bounded_number_of_questions(clerk, published, departments, count_queries):
    published(*(f"Idée {number}" for number in range(8)))
    boss = clerk()
    begin(boss, 1)
    boss.get("/feasibility")
    with count_queries() as few:
        boss.get("/feasibility")
    begin(boss, *range(2, 9))
    for number in range(1, 9):
        act(boss, number, "ask", departments=[str(departments["Parks"])])
    with count_queries() as many:
        boss.get("/feasibility")
    assert len(many) <= len(few) + 1


def test_nobody_examines_her_own_idea(clerk, published, departments):
    boss, other = clerk(), clerk("administrator", "other@paris.example")
    own = published("Des arbres", email="administrator@paris.example")
    begin(other, own)
    assert act(boss, own, "ask", departments=[str(departments["Parks"])]).status_code == 403
    assert act(other, own, "ask", departments=[str(departments["Parks"])]).status_code == 303
    path = opinion_path(clerk("editor", PARKS))
    seen = value_of(boss.get(path), "seen")
    names = re.findall(r'name="(answer_[0-9a-f]{32})"', boss.get(path).text)
    assert boss.post(path, {**dict.fromkeys(names, "yes"), "seen": seen}).status_code == 403
