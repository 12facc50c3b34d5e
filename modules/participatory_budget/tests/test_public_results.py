import io
import json
import re
from datetime import date, timedelta

import pytest

from app.sdk import now
from modules.participatory_budget.rules.outcomes import Method
from modules.participatory_budget.rules.pabulib.parts import PbHeader, PbProject
from modules.participatory_budget.rules.pabulib.writer import anonymous, write
from modules.participatory_budget.rules.verify import verify
from modules.participatory_budget.services import casting, counting, importing, projects

from . import arranging
from .voter import HTMX, Voter

DOWNLOADS = ("/results/results.csv", "/results/ballots.pb", "/results/protocol.json")


def rows_of(page):
    """Return (number, votes, text) of every project in a results page."""
    found = re.findall(r'<tr id="result-(\d+)">(.*?)<td class="num"[^>]*>([\d,]+)</td>', page, re.DOTALL)
    return [(int(number), int(votes), re.sub(r"<[^>]+>", " ", text)) for number, text, votes in found]


def test_the_result_has_its_numbers(published, reader):
    page = reader.get("/results").text
    assert "<b>5</b><span>voters" in page
    assert "<b>4</b><span>winning projects" in page
    assert "<b>€140</b><span>allocated of €200" in page
    assert "€80 of €100 allocated, €20 left" in page
    assert "€60 of €100 allocated, €40 left" in page


def test_every_project_has_its_votes_its_cost_and_the_reason_for_its_fate(published, reader):
    rows = rows_of(reader.get("/results").text)
    assert [(number, votes) for number, votes, _text in rows] == [
        (3, 3), (5, 3), (1, 1), (2, 1), (4, 0), (6, 3), (7, 1), (8, 0), (9, 0), (10, 0),
    ]  # fmt: skip
    texts = {number: text for number, _votes, text in rows}
    assert "€60" in texts[3]
    assert "Funded; €40 was left after it." in texts[3]
    assert "Not funded: it costs €60 more than the €40 that was left when its turn came." in texts[5]
    assert "Funded; €20 was left after it." in texts[1]
    assert "Not funded: it costs €20 more than the €20 that was left when its turn came." in texts[2]
    assert "Not funded: nobody voted for it." in texts[4]


def test_the_budget_line_stands_below_the_last_project_that_is_paid(published, reader):
    page = reader.get("/results").text
    line = page.index("Budget line: €20 is left")
    assert page.index('id="result-1"') < line < page.index('id="result-2"')


def test_ties_that_decided_are_named_with_what_decided_them(published, reader):
    page = reader.get("/results").text
    assert "3 votes each: Green city 3, Green city 5. The cheaper one came first." in page
    assert "1 votes each" not in page
    assert "1 vote each: Green city 1, Green city 2. The cheaper one came first." in page


def test_the_rule_is_told_in_three_sentences(published, reader):
    page = reader.get("/results").text
    assert "Each of the 5 ballots gave one vote to every project it names." in page
    assert "Every category has its own money; projects got theirs by their votes" in page
    assert "Of projects with equal votes the cheaper one came first." in page


def test_while_ballots_are_counted_residents_see_how_far_it_is_and_no_result(closed, reader, in_city):
    page = reader.get("/results")
    assert page.status_code == 200
    assert "The ballots are being counted." in page.text
    assert 'hx-trigger="every 2s"' in page.text
    assert '<noscript><meta http-equiv="refresh"' in page.text
    assert 'max="100"' in page.text
    assert "ballots read" not in page.text
    part = reader.get("/results", headers=HTMX)
    assert part.text.lstrip().startswith('<div id="count"')
    assert rows_of(page.text) == []


def test_a_count_of_enough_ballots_says_how_many_are_read(in_city, cast, reader):
    with in_city("paris"):
        arranging.opened(arranging.approval())
    cast([[1]] * 10)
    with in_city("paris"):
        arranging.closed(arranging.edition_of())
    assert "0 of 10 ballots read" in reader.get("/results").text


def test_between_the_close_and_the_count_the_page_waits(in_city, cast, reader, frozen):
    with in_city("paris"):
        edition = arranging.opened(arranging.approval())
        closes = edition.closes_at
    frozen(closes)
    page = reader.get("/results")
    assert page.status_code == 200
    assert "The ballots are being counted." in page.text


def test_a_counted_result_is_shown_to_nobody_before_it_is_published(counted, site, reader):
    page = reader.get("/results").text
    assert "The result will be published soon" in page
    assert "hx-trigger" not in page
    assert reader.get("/results", headers=HTMX).headers["HX-Refresh"] == "true"
    assert rows_of(page) == []
    for who in (reader, Voter(site), Voter(site, "chief@paris.example", role="administrator")):
        for path in DOWNLOADS:
            assert who.get(path).status_code == 404, path
    for path in ("/", "/projects", "/projects/3"):
        assert not re.search(r"\b3 votes?\b|Funded", reader.get(path).text), path


@pytest.mark.parametrize("path", ["/results", *DOWNLOADS])
def test_before_the_close_there_is_no_result(in_city, reader, path):
    with in_city("paris"):
        arranging.opened(arranging.approval())
    assert reader.get(path).status_code == 404


def test_a_page_that_waits_is_loaded_anew_when_the_result_is_published(published, reader):
    answer = reader.get("/results", headers=HTMX)
    assert answer.status_code == 204
    assert answer.headers["HX-Refresh"] == "true"


def test_a_result_of_one_city_is_unknown_in_another(published, site):
    there = Voter(site, None, city="budapest")
    for path in ("/results", *DOWNLOADS):
        assert there.get(path).status_code == 404


def test_the_edition_and_the_home_page_lead_to_the_result(published, reader):
    assert 'href="/participatory-budget/2026/results"' in reader.get("/").text
    assert 'href="/participatory-budget/2026/results"' in reader.browser.get("/").text
    assert 'href="/participatory-budget/2026/results"' in reader.get("/projects/1").text


def test_a_project_taken_out_says_why_in_the_readers_language(closed, in_city, run_tasks, site):
    with in_city("paris"):
        edition = arranging.edition_of()
        projects.exclude(edition.id, 3, {"fr": "Retiré", "en": "Withdrawn by its author"})
    run_tasks()
    with in_city("paris"):
        arranging.published(arranging.edition_of())
    page = Voter(site, None).get("/results").text
    texts = {number: text for number, _votes, text in rows_of(page)}
    assert "Taken out of the count: Withdrawn by its author" in texts[3]
    assert [number for number, _votes, _text in rows_of(page)][4] == 3


def test_the_turnout_is_drawn_day_by_day_and_told_in_words(in_city, cast, finish, reader, frozen):
    frozen("2026-11-01T10:00")
    with in_city("paris"):
        arranging.opened(arranging.approval())
    cast([[1]] * 12)
    frozen("2026-11-03T10:00")
    cast([[2]] * 10, prefix="late")
    frozen("2026-11-05T10:00")
    finish()
    page = reader.get("/results").text
    assert "Turnout over time" in page
    assert '<svg class="chart"' in page
    assert "22 people voted online in 2 days." in page
    assert re.search(r"November 3, 2026</th><td[^>]*>10</td><td[^>]*>22</td>", page)


def test_a_small_turnout_is_not_drawn(published, reader):
    assert "Turnout over time" not in reader.get("/results").text


def test_the_page_of_a_large_result_asks_a_bounded_number_of_questions(
    in_city, cast, finish, reader, count_queries
):
    with in_city("paris"):
        arranging.opened(arranging.approval(per_category=90))
    cast([[1, 91]])
    finish()
    reader.get("/results")
    with count_queries() as asked:
        page = reader.get("/results")
    assert len(rows_of(page.text)) == 180
    assert len(asked) <= 12, asked


@pytest.fixture
def imported(in_city, run_tasks):
    """An edition with its ballots and the list of the city, read from a file and counted."""

    def make(selected, *, note=None):
        file = io.BytesIO()
        listed = tuple(
            PbProject(str(100 + place), place, cost * 100, f"Ötlet {place}", votes=votes, selected=won)
            for place, (cost, votes, won) in enumerate(zip((60, 50, 40), (3, 2, 1), selected, strict=True), 1)
        )
        header = PbHeader(100 * 100, 3, listed, begins=date(2024, 8, 21), ends=date(2024, 10, 7))
        write(file, header, anonymous([(1, 2, 3), (1, 2), (1,)]))
        file.seek(0)
        with in_city("budapest"):
            edition = importing.import_pb(file, importing.ImportTexts("2024"))
            edition.source, edition.result_note = {"en": "Pabulib"}, note or {}
            counting.start_again(edition.id)
        run_tasks()
        with in_city("budapest"):
            arranging.published(arranging.edition_of("2024"))

    return make


def test_an_imported_result_is_compared_with_the_citys_own_list(imported, site):
    imported((1, 0, 1))
    page = Voter(site, None, city="budapest", edition="2024").get("/results").text
    assert "This count funds exactly the projects that the city announced." in page
    assert "Pabulib" in page
    assert "Turnout over time" not in page


def test_projects_that_differ_from_the_citys_own_list_are_named_and_explained(imported, site):
    imported((1, 1, 0), note={"en": "Paper ballots are missing."})
    page = Voter(site, None, city="budapest", edition="2024").get("/results").text
    assert "2 projects are not the same:" in page
    assert re.search(r"Ötlet 2.*: on the city's list, not funded here", page.replace("&#39;", "'"))
    assert re.search(r"Ötlet 3.*: funded here, not on the city's list", page.replace("&#39;", "'"))
    assert "Paper ballots are missing." in page


def test_an_imported_edition_has_no_receipts_and_its_files_verify(imported, site):
    imported((1, 0, 1))
    reader = Voter(site, None, city="budapest", edition="2024")
    assert reader.get("/receipt").status_code == 404
    assert "/receipt" not in reader.get("/results").text
    pb, protocol = (reader.get(f"/results/{name}") for name in ("ballots.pb", "protocol.json"))
    assert verify(io.BytesIO(pb.data), json.loads(protocol.data)).agrees
    assert b"date_begin;21.08.2024\ndate_end;07.10.2024\n" in pb.data


def test_a_knapsack_result_has_one_table_for_its_one_budget(in_city, cast, finish, reader):
    with in_city("paris"):
        arranging.opened(arranging.knapsack())
    cast([[1, 3], [1, 4], [3, 4]])
    finish()
    page = reader.get("/results").text
    assert "Votes per project" in page
    assert "Projects got their money by their votes" in page
    assert [number for number, _votes, _text in rows_of(page)] == [4, 3, 1, 2, 5]
    assert b"max_sum_cost;100" in reader.get("/results/ballots.pb").data
    assert b"rule;greedy\n" in reader.get("/results/ballots.pb").data


def test_a_vote_without_ballots_has_a_result_without_winners(in_city, finish, reader):
    with in_city("paris"):
        arranging.opened(arranging.knapsack())
    finish()
    page = reader.get("/results").text
    assert "<b>0</b><span>voters" in page
    assert "<b>0</b><span>winning projects" in page
    pb, protocol = (reader.get(f"/results/{name}") for name in ("ballots.pb", "protocol.json"))
    assert verify(io.BytesIO(pb.data), json.loads(protocol.data)).agrees


def test_a_vote_closes_by_the_clock_and_is_counted_without_anybody(in_city, cast, run_tasks, reader, frozen):
    with in_city("paris"):
        closes = arranging.opened(arranging.approval()).closes_at
        assert casting.turnout(arranging.edition_of()) == 0
    cast()
    frozen(closes + timedelta(seconds=1))
    done = run_tasks()
    assert "participatory_budget.close" in done
    assert "participatory_budget.count" in done
    assert "The result will be published soon" in reader.get("/results").text
    assert now() > closes


def test_a_vote_by_equal_shares_is_counted_explained_and_can_be_checked(in_city, cast, finish, reader):
    with in_city("paris"):
        edition = arranging.approval()
        edition.method = Method.EQUAL_SHARES
        arranging.opened(edition)
    cast()
    finish()
    page = reader.get("/results").text
    texts = {number: text for number, _votes, text in rows_of(page)}
    assert "Every category has its own money, shared out equally among those who voted there" in page
    assert "All shares were raised by hundredths" in page
    assert "Funded: its supporters paid for it together, at most €20 each." in texts[3]
    assert "Not funded: its supporters had" in texts[5]
    protocol = json.loads(reader.get("/results/protocol.json").data)
    ballots = reader.get("/results/ballots.pb").data
    assert b"rule;equalshares/add1u\n" in ballots
    assert verify(io.BytesIO(ballots), protocol).agrees
