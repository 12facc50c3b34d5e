import pytest
from sqlalchemy import select

from app.accounts.models import Account, Role
from app.accounts.services import create_confirmed
from app.core.errors import NotFound
from app.web.paging import asked_page, paged

PEOPLE = select(Account).order_by(Account.email)


@pytest.fixture
def seven(in_city):
    with in_city("paris"):
        for number in range(7):
            create_confirmed(f"{number}@paris.example", "", role=Role.RESIDENT, language="fr")


def test_pages_share_a_list_without_gap_or_overlap(in_city, seven):
    with in_city("paris"):
        pages = [paged(PEOPLE, number=number, per_page=3) for number in (1, 2, 3)]
        assert [len(page.items) for page in pages] == [3, 3, 1]
        assert [a.email[0] for page in pages for a in page.items] == list("0123456")
        assert {(page.pages, page.total) for page in pages} == {(3, 7)}


def test_an_empty_list_has_one_page(in_city):
    with in_city("paris"):
        page = paged(PEOPLE, number=1, per_page=3)
        assert (list(page.items), page.pages, page.total) == ([], 1, 0)


@pytest.mark.parametrize("number", [0, -1, 4, 10**30])
def test_a_page_beyond_the_list_is_not_found(in_city, seven, number):
    with in_city("paris"), pytest.raises(NotFound):
        paged(PEOPLE, number=number, per_page=3)


@pytest.mark.parametrize(
    ("query", "number"), [("", 1), ("?page=4", 4), ("?page=x", 1), ("?page=", 1), ("?page=-2", -2)]
)
def test_the_address_says_which_page(app, query, number):
    with app.test_request_context(f"/news/{query}"):
        assert asked_page() == number


def test_the_address_of_another_page_keeps_the_filters(app, in_city, seven):
    with in_city("paris"):
        page = paged(PEOPLE, number=1, per_page=3)
    with app.test_request_context(
        "/admin/news/?status=draft&page=2", base_url="http://paris.parvis.localhost:8000"
    ):
        assert page.url(3) == "/admin/news/?status=draft&page=3"
        assert page.url(1) == "/admin/news/?status=draft"
