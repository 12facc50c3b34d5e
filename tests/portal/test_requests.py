from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.web.requests import CityRequest, RequestStatus, arranged, clean_reference
from modules.participatory_budget.services import editions
from modules.participatory_budget.tests import arranging
from tests.portal.conftest import EN

START = datetime(2026, 1, 1, tzinfo=UTC)
requests = st.builds(
    lambda number, status, hours: CityRequest(
        f"Request {number}", status, "", START + timedelta(hours=hours), f"/r/{number}"
    ),
    st.integers(0, 10_000),
    st.sampled_from(RequestStatus),
    st.integers(0, 500),
)


@given(st.lists(requests, max_size=30))
def test_each_request_stands_in_one_part_the_newest_first(found):
    listed = arranged(found)
    parts = [listed.waiting, listed.open, listed.closed]
    assert sorted(r.url for part in parts for r in part) == sorted(r.url for r in found)
    assert all(r.status is RequestStatus.WAITING for r in listed.waiting)
    assert all(list(part) == sorted(part, key=lambda r: r.at, reverse=True) for part in parts)
    assert listed.number == len(found)


def test_references_are_read_as_people_type_them():
    assert clean_reference(" ab 12-cd\n") == "AB12-CD"


def test_whoever_is_not_signed_in_signs_in_first(visitor):
    assert visitor.get("/my-requests").location.startswith("/sign-in?next=/my-requests")


def test_an_empty_list_suggests_services(resident):
    page = resident.get("/my-requests", headers=EN)
    assert "You have not asked for anything yet" in page.text
    assert page.text.count("card__link") == 2
    assert page.headers["Cache-Control"] == "no-store"


def test_a_ballot_is_among_the_requests_and_its_choices_are_not(resident, in_city):
    with in_city():
        edition = arranging.opened(arranging.approval())
        arranging.cast(edition, [(arranging.person("resident@paris.example"), (1, 6))])
    page = resident.get("/my-requests", headers=EN).text
    assert "Your ballot: Participatory budget 2026" in page
    assert "You can change it until" in page
    assert "Green city" not in page
    with in_city():
        arranging.closed(arranging.edition_of())
    assert "being counted" in resident.get("/my-requests", headers=EN).text


def test_who_has_not_voted_has_no_ballot(site, in_city):
    with in_city():
        arranging.opened(arranging.approval())
    assert "Your ballot" not in site(role="resident").get("/my-requests", headers=EN).text


def test_the_status_of_a_request_is_two_clicks_from_home(resident):
    assert 'href="/my-requests"' in resident.get("/").text


def test_the_list_asks_a_bounded_number_of_questions(resident, in_city, count_queries):
    with in_city():
        for year in range(2020, 2026):
            arranging.opened(arranging.approval(str(year), per_category=1))
    resident.get("/my-requests")
    with count_queries() as asked:
        resident.get("/my-requests")
    assert len(asked) <= 4, asked


def test_steps_of_an_edition_are_work_of_those_who_prepare_it(site, in_city, frozen):
    frozen("2026-05-01T10:00")
    with in_city():
        edition = arranging.approval()
        edition.opens_at = datetime(2026, 5, 10, 10, tzinfo=UTC)
        edition.closes_at = datetime(2026, 5, 20, 10, tzinfo=UTC)
        editions.show(edition.id)
        number = edition.id
    page = site(role="editor").get("/admin/", headers=EN).text
    assert "Prepare the vote: Participatory budget 2026" in page
    assert "May 10, 2026" in page
    assert "Prepare the vote" not in site(role="viewer").get("/admin/", headers=EN).text
    with in_city():
        editions.fix_ballot(number)
    assert "Prepare the vote" not in site(role="editor").get("/admin/", headers=EN).text
