"""A published result is told in what was voted with: grades, points or votes."""

import html
import re

from modules.participatory_budget.rules.outcomes import Method
from modules.participatory_budget.tests.ballots import papers


def row_of(page, project):
    return re.search(rf'<tr id="result-{project}">.*?</tr>', page, re.DOTALL)[0]


def numbers_of(page, project):
    """Return what the row of a project says in its columns."""
    return dict(re.findall(r'<td class="num" data-label="([^"]+)">([^<]*)</td>', row_of(page, project)))


def bar_of(page, project):
    """Return how wide the parts of a project's bar are, in per cent."""
    return [float(width) for width in re.findall(r'<rect[^>]* width="([\d.]+)"', row_of(page, project))]


def words(page):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


JUDGED = [({1: 4, 2: 2}, ""), ({1: 4, 2: 2}, ""), ({1: 3, 2: 1}, ""), ({1: 1}, "")]


def test_judged_projects_have_their_majority_grade_and_a_bar_of_all_grades(decided):
    page = decided(papers.judged, JUDGED).get("/results").text
    assert numbers_of(page, 1) == {"Majority grade": "I like it"}
    assert bar_of(page, 1) == [50, 25, 0, 25]
    # Whoever gave no grade is counted with the lowest.
    assert numbers_of(page, 2) == {"Majority grade": "Not convinced"}
    assert bar_of(page, 2) == [0, 0, 50, 50]


def test_the_bars_have_a_legend_and_a_table_that_says_the_same(decided):
    page = decided(papers.judged, JUDGED).get("/results").text
    assert page.count('class="gkey"') == 4
    table = page[page.index("All grades in numbers") :]
    first = table[: table.index("</tr>", table.index("<tbody>"))]
    cells = re.findall(r'data-label="([^"]+)">([^<]+)</td>', first)
    assert cells == [
        ("I love it", "2 (50%)"),
        ("I like it", "1 (25%)"),
        ("Why not", "0 (0%)"),
        ("Not convinced", "1 (25%)"),
    ]


def test_it_is_told_how_equal_grades_were_told_apart(decided):
    page = words(decided(papers.judged, JUDGED).get("/results").text)
    assert "Of projects with the same grade those came first which more voters put above it" in page
    assert "Where all of this was equal: The cheaper one came first." in page
    assert "equal votes" not in page


def test_points_decide_the_order_and_the_bars_and_voters_stand_beside(decided):
    ballots = [({1: 6, 2: 4}, ""), ({2: 6, 3: 1}, ""), ({3: 1}, "")]
    page = decided(papers.points, ballots).get("/results").text
    assert numbers_of(page, 2) == {"Points": "10", "Voters": "2"}
    assert numbers_of(page, 3) == {"Points": "2", "Voters": "2"}
    assert (bar_of(page, 2), bar_of(page, 1), bar_of(page, 3)) == ([100], [60], [20])
    assert "Points per project" in page
    assert "Projects got their money by their points" in page


def test_the_frame_for_other_sites_draws_points_too(decided):
    page = decided(papers.points, [({1: 6, 2: 4}, ""), ({2: 6}, "")]).get("/embed/results?language=en").text
    assert re.findall(r'<td class="num">(\d+)</td>', page)[:2] == ["10", "6"]
    assert ">Points</th>" in page


def test_the_frame_for_other_sites_shows_grades_not_how_many_gave_one(decided):
    page = decided(papers.judged, JUDGED).get("/embed/results?language=en").text
    assert numbers_of(page, 1) == {"Majority grade": "I like it"}
    assert bar_of(page, 1) == [50, 25, 0, 25]
    assert page.count('class="gkey"') == 4


def test_a_ranking_is_counted_in_points(decided):
    page = decided(papers.ranked, [({1: 1, 2: 2}, ""), ({2: 1}, "")]).get("/results").text
    assert numbers_of(page, 2) == {"Points": "5", "Voters": "2"}
    assert numbers_of(page, 1) == {"Points": "3", "Voters": "1"}


def test_with_equal_shares_it_stands_what_one_voter_paid(decided):
    def shares():
        edition = papers.points()
        edition.method = Method.EQUAL_SHARES
        return edition

    page = decided(shares, [({1: 6}, ""), ({1: 6}, ""), ({5: 6}, "")]).get("/results").text
    assert numbers_of(page, 1) == {"Points": "12", "Voters": "2", "Paid by one voter at most": "€10"}
    assert numbers_of(page, 5)["Paid by one voter at most"] == "–"


def test_a_voter_of_two_contests_is_one_voter(decided):
    ballots = [({1: 4, 4: 4}, "north"), ({4: 3}, "north"), ({1: 2, 7: 4}, "south")]
    reader = decided(lambda: papers.by_district(papers.judged(number=3)), ballots)
    page = reader.get("/results").text
    assert "<b>3</b><span>voters" in page
    assert "The 3 ballots gave grades to projects." in page
    assert bar_of(page, 4) == [50, 50, 0, 0]
    assert reader.get("/results/protocol.json").json["contest"]["key"] == ""


def test_a_project_that_did_not_win_says_why_with_its_place_and_the_last_winner(published, reader):
    page = words(reader.get("/projects/5").text)
    assert "Why it did not win" in page
    assert "Green city: Place 2 of 5, with 3 votes." in page
    assert "Not funded: it costs €60 more than the €40 that was left when its turn came." in page
    assert "The last project that got money, Green city 1, had 1 vote and costs €20." in page


def test_a_project_that_won_leads_to_what_becomes_of_it(published, reader, run_tasks):
    run_tasks()
    page = reader.get("/projects/3").text
    assert "Why it won" in page
    assert "Funded; €40 was left after it." in page
    assert 'href="/participatory-budget/2026/realisation/3"' in page
    assert reader.get("/realisation/3").status_code == 200
    assert "/realisation/" not in reader.get("/projects/5").text


def test_before_the_publication_no_page_of_a_project_says_how_it_did(counted, reader):
    page = words(reader.get("/projects/3").text)
    assert "Green city 3" in page
    assert "Why it" not in page
    assert "Place" not in page
