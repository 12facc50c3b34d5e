"""Counting who takes part: added up many at a time, hidden where few, and tied to nobody on the roll."""

from sqlalchemy import delete, func, select, text

from app.sdk import db, now
from modules.participatory_budget.models import Arrival, Ballot, RollEntry, Turnout, TurnoutShare
from modules.participatory_budget.rules.statistics.census import Dimension
from modules.participatory_budget.services import casting, turnout
from modules.participatory_budget.services.statistics import arrivals, attempts, breakdown, contests
from modules.participatory_budget.tests import arranging
from modules.participatory_budget.tests.ballots import papers
from modules.participatory_budget.tests.clerk import Clerk
from modules.participatory_budget.tests.voter import Voter


def number_of(kind):
    return db.session.scalar(select(func.count()).select_from(kind))


def test_everybody_who_votes_counts_at_once_and_stays_counted_when_added_up(approval, cast, in_city):
    cast([[1]] * 12)
    with in_city("paris"):
        edition = arranging.edition_of()
        assert (number_of(Arrival), number_of(Turnout)) == (12, 0)
        assert casting.turnout(edition) == turnout.totals([edition])[edition.id] == 12
        assert sum(day.voters for day in turnout.days(edition)) == 12
        arrivals.add_up(edition.id)
        assert (number_of(Arrival), number_of(Turnout)) == (0, 1)
        assert casting.turnout(edition) == turnout.totals([edition])[edition.id] == 12
        arrivals.add_up(edition.id)
        assert casting.turnout(edition) == 12


def test_a_few_wait_until_they_are_many(approval, cast, in_city, run_tasks):
    cast([[1]] * 9)
    with in_city("paris"):
        assert arrivals.add_up_due()
    run_tasks()
    with in_city("paris"):
        assert number_of(Arrival) == 9
    cast([[1]], prefix="tenth")
    with in_city("paris"):
        arrivals.add_up_due()
    run_tasks()
    with in_city("paris"):
        assert (number_of(Arrival), casting.turnout(arranging.edition_of())) == (0, 10)


def test_the_close_adds_up_the_last_few_and_no_transaction_joins_them_to_the_roll(
    approval, cast, in_city, run_tasks
):
    cast([[1], [2], [3]])
    with in_city("paris"):
        arranging.closed(arranging.edition_of())
    run_tasks()
    with in_city("paris"):
        assert (number_of(Arrival), number_of(RollEntry)) == (0, 3)
        assert casting.turnout(arranging.edition_of()) == 3
        joined = text(
            "SELECT count(*) FROM participatory_budget_roll r JOIN participatory_budget_turnout_share s"
            " ON r.xmin = s.xmin AND s.voters < 3"
        )
        assert db.session.scalar(joined) == 0


def test_a_vote_taken_back_is_not_counted(approval, in_city, site):
    anna = Voter(site)
    anna.vote([1])
    with in_city("paris"):
        edition, voter = arranging.edition_of(), arranging.voter("anna@paris.example")
        casting.withdraw(edition, voter, seen_version=1)
        assert casting.turnout(edition) == 0


def test_small_groups_are_hidden_with_as_many_others_as_it_takes(approval, in_city):
    with in_city("paris"):
        edition = arranging.edition_of()
        for district, voters in (("I", 40), ("II", 30), ("III", 3)):
            db.session.add(
                TurnoutShare(
                    edition_id=edition.id, dimension=Dimension.DISTRICT, value=district, voters=voters
                )
            )
        db.session.flush()
        found = {one.dimension: one for one in breakdown.breakdowns(edition)}[Dimension.DISTRICT]
        assert found.shown == {"I": 40, "II": None, "III": None}
        assert found.total == 73
        tens = {one.dimension: one for one in breakdown.breakdowns(edition, rounded=True)}[Dimension.DISTRICT]
        assert (tens.shown["I"], tens.total) == (40, 70)


def test_a_ballot_that_is_refused_is_counted_and_nothing_else_of_it(approval, in_city, site):
    anna = Voter(site)
    assert anna.post("/vote/check", {**anna_paper(anna), "project": ["1", "2", "3", "4"]}).status_code == 422
    with in_city("paris"):
        edition = arranging.edition_of()
        assert attempts.counted(edition)["broke-rule"] == 1
        assert number_of(RollEntry) == 0


def anna_paper(anna):
    anna.choose([1])
    return anna.paper()


def test_ballots_are_told_apart_by_the_district_in_which_they_vote(in_city):
    with in_city("paris"):
        edition = papers.by_district(papers.judged(number=1), each=1)
        for key, number in (("north", 40), ("south", 30), ("", 12)):
            for place in range(number):
                db.session.add(ballot_of(edition, key, place))
        arranging.opened(edition)
        found = contests.by_contest(edition)
        assert found is not None
        assert {line.value: line.voters for line in found.lines} == {"north": 40, "south": 30, "": 12}
        db.session.execute(delete(Ballot).where(Ballot.district == "", Ballot.edition_id == edition.id))
        db.session.add(ballot_of(edition, "", 0))
        found = contests.by_contest(edition)
        assert found is not None
        assert [line.voters for line in found.lines] == [40, None, None]
        assert found.total == 71


def test_the_page_of_the_edition_and_the_monitor_show_where_people_vote(in_city, site):
    with in_city("paris"):
        edition = papers.by_district(papers.judged(number=1), each=1)
        for place in range(30):
            db.session.add(ballot_of(edition, "north" if place < 18 else "south", place))
        db.session.add(Turnout(edition_id=edition.id, hour=arrivals.hour_of(now()), voters=30))
        arranging.opened(edition)
        home = f"/{edition.id}"
    clerk = Clerk(site)
    assert "Voters by district" in clerk.words(f"{home}/")
    assert "North 18 South 12" in clerk.words(f"{home}/")
    assert "which they vote District Voters North 18 South 12" in clerk.words(f"{home}/monitor")


def test_a_vote_in_which_all_stand_together_has_no_districts_to_tell(approval, in_city):
    with in_city("paris"):
        assert contests.by_contest(arranging.edition_of()) is None


def ballot_of(edition, district, place):
    slot = f"{district}{place}".encode().ljust(32)
    return Ballot(edition_id=edition.id, slot=slot, version=1, choices=b"\x01", district=district, leaf=slot)


def test_programs_read_which_days_are_counted_together(cast, finish, in_city, site, frozen):
    frozen("2026-06-01T10:00")
    with in_city("paris"):
        arranging.opened(arranging.approval())
    cast(prefix="early")
    frozen("2026-06-03T10:00")
    cast(prefix="late")
    finish()
    told = site("paris").get("/api/v1/participatory-budget/editions/2026/turnout").json
    assert told == {"voters": 10, "days": [{"first": "2026-06-01", "day": "2026-06-03", "voters": 10}]}
