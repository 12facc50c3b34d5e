"""Phases beside the vote: planned by the city's clocks, held until they are complete, moved by hand."""

from datetime import UTC, datetime

import pytest

from modules.participatory_budget.rules.schedule import Part, Standing, is_open, read_schedule
from modules.participatory_budget.services import calendar, phase_tasks

from .. import arranging
from ..clerk import PAGES, Clerk, value_of, words

PLAN = {
    "ideas_begins_day": "2026-12-01",
    "ideas_begins_time": "09:30",
    "ideas_ends_day": "2026-12-31",
    "realisation_begins_day": "2027-06-01",
}


@pytest.fixture
def clerk(site, frozen):
    frozen("2026-11-22T10:00")
    found = Clerk(site)
    found.create()
    return found


@pytest.fixture
def schedule(in_city):
    def read():
        with in_city("paris"):
            return read_schedule(arranging.edition_of().schedule)

    return read


def ready(clerk: Clerk) -> None:
    clerk.save("/texts", {"title-fr": "Budget 2026", "summary-fr": "Vous décidez."})
    clerk.take("show")


def test_any_phases_are_planned_by_the_citys_clocks_and_shown_again_as_typed(clerk, schedule):
    clerk.save("/calendar", PLAN)
    assert set(schedule()) == {Part.IDEAS, Part.REALISATION}
    ideas = schedule()[Part.IDEAS]
    assert ideas.begins_at == datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
    assert ideas.ends_at == datetime(2026, 12, 31, 23, 0, tzinfo=UTC)
    assert schedule()[Part.REALISATION].ends_at is None
    page = clerk.get("/calendar")
    assert value_of(page, "ideas_ends_day") == "2026-12-31"
    assert value_of(page, "ideas_begins_time") == "09:30"
    assert "December 1, 2026, 9:30 AM – December 31, 2026" in clerk.words()


def test_phases_may_overlap_and_are_taken_out_by_emptying_them(clerk, schedule):
    clerk.save("/calendar", {**PLAN, "support_begins_day": "2026-12-10", "support_ends_day": "2027-01-15"})
    both = schedule()
    assert both[Part.SUPPORT].begins_at < both[Part.IDEAS].ends_at < both[Part.SUPPORT].ends_at
    clerk.save("/calendar", {"support_begins_day": "2026-12-10"})
    assert set(schedule()) == {Part.SUPPORT}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"ideas_ends_day": "2026-12-31"}, "Choose a day."),
        ({"ideas_begins_day": "2026-12-01", "ideas_ends_day": "2026-11-30"}, "must end after it begins"),
        ({"ideas_begins_day": "soon"}, "Write a day such as"),
        ({"ideas_begins_day": "2026-12-01", "ideas_ends_time": "10:00"}, "Choose a day."),
        ({"ideas_begins_day": "2027-03-28", "ideas_begins_time": "02:30"}, "this time does not exist"),
        ({"ideas_begins_day": "0001-01-01"}, "this time does not exist"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_as_typed(clerk, schedule, typed, said):
    answer = clerk.post("/calendar", typed)
    assert answer.status_code == 422
    assert said in words(answer)
    name = next(iter(typed))
    assert value_of(answer, name) == typed[name]
    assert schedule() == {}


def test_a_phase_is_held_until_residents_see_the_edition(clerk, schedule, frozen, in_city):
    clerk.save("/calendar", PLAN)
    assert schedule()[Part.IDEAS].held
    frozen("2026-12-02T10:00")
    page = clerk.words("/phases/ideas")
    assert "This phase should be open. It waits for its checklist." in page
    assert "Residents do not see this edition yet." in page
    assert clerk.post("/phases/ideas/open").status_code == 409
    ready(clerk)
    with in_city("paris"):
        assert is_open(arranging.edition_of().schedule, Part.IDEAS, datetime(2026, 12, 2, 10, tzinfo=UTC))
    assert "Open now" in clerk.words()


def test_a_phase_is_opened_ended_and_extended_by_hand_after_its_page_has_asked(clerk, schedule, frozen):
    ready(clerk)
    clerk.save("/calendar", PLAN)
    assert "Residents can hand in ideas at once." in clerk.words("/phases/ideas/open")
    clerk.take("phases/ideas/open")
    now = datetime(2026, 11, 22, 10, tzinfo=UTC)
    assert schedule()[Part.IDEAS].standing(now) is Standing.OPEN
    clerk.take("phases/ideas/end")
    assert schedule()[Part.IDEAS].standing(now) is Standing.OVER
    assert clerk.post("/phases/ideas/end").status_code == 409
    refused = clerk.post("/phases/ideas/extend", {"ends_day": "2026-11-21"})
    assert refused.status_code == 422
    assert value_of(refused, "ends_day") == "2026-11-21"
    clerk.save("/phases/ideas/extend", {"ends_day": "2027-01-10", "ends_time": "18:00"})
    assert schedule()[Part.IDEAS].ends_at == datetime(2027, 1, 10, 17, tzinfo=UTC)
    assert schedule()[Part.IDEAS].standing(now) is Standing.OPEN
    assert "“Ideas” ends on" in clerk.words("/phases/ideas")


def test_moving_phases_needs_the_right_to_publish(clerk, site):
    ready(clerk)
    clerk.save("/calendar", PLAN)
    editor = Clerk(site, role="editor")
    editor.home = clerk.home
    assert editor.post("/phases/ideas/open").status_code == 403
    assert "Open now" not in editor.words("/phases/ideas")
    assert editor.get("/calendar").status_code == 200


def test_parts_add_tasks_that_hold_their_phase(clerk, schedule, monkeypatch):
    ready(clerk)
    monkeypatch.setattr(phase_tasks, "_makers", [])
    done = []

    @phase_tasks.phase_task(Part.SUPPORT)
    def _threshold(_edition):
        return phase_tasks.PhaseTask("Threshold", "Say how much support an idea needs.", bool(done))

    clerk.save("/calendar", {"support_begins_day": "2026-12-01", "feasibility_begins_day": "2026-12-01"})
    assert schedule()[Part.SUPPORT].held
    assert not schedule()[Part.FEASIBILITY].held
    assert "1 phase waits for its checklist" in clerk.words()
    assert "Say how much support an idea needs." in clerk.words("/phases/support")
    done.append(True)
    clerk.take("phases/support/settle")
    assert not schedule()[Part.SUPPORT].held


def test_an_open_phase_stays_open_when_the_calendar_is_saved_again(clerk, in_city, schedule):
    ready(clerk)
    clerk.save("/calendar", PLAN)
    clerk.take("phases/ideas/open")
    with in_city("paris"):
        edition = arranging.edition_of()
        edition.summary = {}
        times = calendar.times_of(edition)
        calendar.change_calendar(edition.id, times)
    assert not schedule()[Part.IDEAS].held


def test_a_phase_that_an_edition_does_not_have_is_not_found(clerk):
    assert clerk.get("/phases/ideas").status_code == 404
    assert clerk.get("/phases/party").status_code == 404


def test_residents_read_phases_and_vote_in_one_line_of_time(clerk, visitor, frozen):
    ready(clerk)
    clerk.save("/calendar", {**PLAN, "drafting_begins_day": "2027-01-10", "drafting_ends_day": "2027-02-01"})
    dates = {"opens_day": "2027-03-01", "opens_time": "08:00", "closes_day": "2027-03-20"}
    clerk.save("/dates", {**dates, "closes_time": "18:00"})
    visitor.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    frozen("2026-12-05T10:00")
    page = visitor.get("/participatory-budget/2026/")
    said = words(page).partition(" Dates ")[2]
    places = [
        said.index(word) for word in ("Ideas", "Drafting of the ballot", "The vote opens", "The vote closes")
    ]
    assert places == sorted(places)
    assert "December 1, 2026, 9:30 AM – December 31, 2026 Ideas Residents hand in ideas." in said
    assert '<li class="timeline__now" aria-current="step"><time>December 1, 2026' in page.text
    assert "From June 1, 2027 on Realisation" in said
    frozen("2027-06-02T10:00")
    assert "Realisation The dates are not settled yet." in words(visitor.get("/participatory-budget/2026/"))


def test_the_list_of_editions_names_the_phases_that_are_open_and_what_comes_next(clerk):
    ready(clerk)
    clerk.save("/calendar", {**PLAN, "ideas_begins_day": "2026-11-20", "support_begins_day": "2026-11-30"})
    clerk.home = PAGES
    listed = clerk.words()
    assert "Budget 2026 Ideas Support November 30, 2026" in listed.replace("from ", "")
    assert "Residents see it" not in listed
