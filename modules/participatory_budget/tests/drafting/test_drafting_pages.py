"""Ideas that can be done become projects on the ballot."""

from sqlalchemy import select

from app.sdk import Account, db
from modules.participatory_budget.models import Idea, Project, ProjectIdea
from modules.participatory_budget.services import editions
from modules.participatory_budget.services.ideas import following
from modules.participatory_budget.services.realisation import news
from modules.participatory_budget.tests.arranging import edition_of
from modules.participatory_budget.tests.clerk import words
from modules.participatory_budget.tests.voter import Voter

from .conftest import ANNA, BELA


def draft(clerk, act, *numbers, **more):
    return clerk.post("/drafting", {"act": act, "number": list(numbers), **more})


def projects(in_city):
    with in_city("paris"):
        found = db.session.scalars(select(Project).order_by(Project.number)).all()
        return [(one.number, one.title["fr"], one.cost) for one in found]


def test_each_idea_becomes_a_project_with_the_newest_cost(feasible, clerk, in_city, site):
    feasible("Des arbres", "Un banc")
    assert draft(clerk("editor"), "each", 1, 2).status_code == 303
    assert projects(in_city) == [(1, "Des arbres", 100_000), (2, "Un banc", 100_000)]
    page = words(Voter(site, None).get("/ideas/2"))
    assert "It became project no. 2" in page
    assert "Un banc" in words(Voter(site, None).get("/projects/2"))
    again = draft(clerk("editor"), "each", 1)
    assert again.status_code == 409
    assert "on it already: no. 1." in words(again)


def test_several_ideas_make_one_project_together(feasible, clerk, in_city):
    feasible("Des arbres", "Plus d'arbres", "Un banc")
    editor = clerk("editor")
    assert draft(editor, "together", 1).status_code == 422
    assert draft(editor, "together", 1, 2).status_code == 303
    assert projects(in_city) == [(1, "Des arbres", 200_000)]
    with in_city("paris"):
        assert len(db.session.scalars(select(ProjectIdea)).all()) == 2
    assert "Un banc" in editor.words("/drafting")
    assert "Des arbres" not in editor.words("/drafting")


def test_what_cannot_be_done_or_has_no_cost_comes_on_no_ballot(feasible, clerk, in_city):
    feasible("Un métro", verdict="not_feasible")
    feasible("Un banc", cost="")
    editor = clerk("editor")
    assert "Un métro" not in editor.words("/drafting")
    assert draft(editor, "each", 1).status_code == 409
    without = draft(editor, "each", 2)
    assert without.status_code == 422
    assert "The cost is missing: no. 2." in words(without)
    assert projects(in_city) == []


def test_an_idea_is_left_out_with_a_reason_that_everybody_reads(feasible, clerk, in_city, site):
    feasible("Des arbres")
    editor = clerk("editor")
    assert draft(editor, "leave", 1).status_code == 422
    assert draft(editor, "leave", 1, **{"reason-fr": "La ville le fait déjà."}).status_code == 303
    assert "La ville le fait déjà." in words(Voter(site, None).get("/ideas/1"))
    assert draft(editor, "each", 1).status_code == 409
    editor.save("/drafting/1/bring-back", {})
    assert draft(editor, "each", 1).status_code == 303


def test_authors_agree_or_object_until_the_ballot_is_fixed(feasible, clerk, in_city, site, run_tasks, inbox):
    feasible("Des arbres", "Un banc")
    editor = clerk("editor")
    draft(editor, "each", 1, 2)
    run_tasks()
    assert "How your idea goes on the ballot: Des arbres" in inbox(ANNA)
    anna = Voter(site, ANNA)
    assert Voter(site, BELA).get("/projects/1/text").status_code == 404
    bare = anna.post("/projects/1/text", {"answer": "object"})
    assert bare.status_code == 422
    assert "Say what should be otherwise." in words(bare)
    assert (
        anna.post("/projects/1/text", {"answer": "object", "text": "Le titre est faux."}).status_code == 303
    )
    assert "Objects" in editor.words("/drafting?pile=on-ballot")
    assert "Le titre est faux." in editor.words("/drafting?pile=on-ballot")
    assert anna.post("/projects/1/text", {"answer": "agree"}).status_code == 303
    with in_city("paris"):
        edition = edition_of()
        edition.opens_at, edition.closes_at = (
            edition.created_at.replace(month=12),
            edition.created_at.replace(month=12, day=20),
        )
        editions.fix_ballot(edition.id)
    late = anna.post("/projects/1/text", {"answer": "object", "text": "Non."})
    assert late.status_code == 409


def test_who_follows_the_idea_follows_the_project(feasible, clerk, in_city, site, run_tasks, inbox):
    feasible("Des arbres")
    bela = site("paris", role="resident", email=BELA)
    with in_city("paris"):
        subject = following.subject(db.session.scalars(select(Idea)).one())
    bela.post("/account/notifications/follow", data={"subject": subject, "follow": "1"})
    draft(clerk("editor"), "each", 1)
    run_tasks()
    assert "On the ballot: Des arbres" in inbox(BELA)
    with in_city("paris"):
        project = db.session.scalars(select(Project)).one()
        person = db.session.scalars(select(Account).where(Account.email == BELA)).one()
        from app.notify.following import follows

        assert follows(person.id, news.subject(project))
        assert follows(person.id, subject)


def test_numbers_are_drawn_by_lot_and_keep_their_projects(feasible, clerk, in_city):
    feasible(*(f"Idée {number}" for number in range(1, 7)))
    editor = clerk("editor")
    draft(editor, "each", *range(1, 7))
    before = projects(in_city)
    assert editor.get("/drafting/numbers").status_code == 200
    editor.save("/drafting/numbers", {})
    after = projects(in_city)
    assert [one[0] for one in after] == [1, 2, 3, 4, 5, 6]
    assert sorted(one[1] for one in after) == sorted(one[1] for one in before)
    with in_city("paris"):
        for one in db.session.scalars(select(Project)):
            assert one.reference == str(one.number)
            idea = db.session.scalar(
                select(Idea)
                .join(ProjectIdea, ProjectIdea.idea_id == Idea.id)
                .where(ProjectIdea.project_id == one.id)
            )
            assert idea.title == one.title["fr"]


def test_nothing_is_made_of_ideas_once_the_ballot_is_fixed(feasible, clerk, in_city):
    feasible("Des arbres", "Un banc", "Une fontaine")
    editor = clerk("editor")
    draft(editor, "each", 1, 2)
    with in_city("paris"):
        edition = edition_of()
        edition.opens_at, edition.closes_at = (
            edition.created_at.replace(month=12),
            edition.created_at.replace(month=12, day=20),
        )
        editions.fix_ballot(edition.id)
    assert draft(editor, "each", 3).status_code == 409
    assert editor.post("/drafting/numbers").status_code == 409
    assert "The ballot is fixed" in editor.words("/drafting")
    assert len(projects(in_city)) == 2


def test_whatever_is_sent_is_answered(feasible, clerk):
    feasible("Des arbres")
    editor = clerk("editor")
    for data in ({}, {"act": "each"}, {"act": "nonsense", "number": "1"}, {"act": "each", "number": "x"}):
        assert editor.post("/drafting", data).status_code == 422
