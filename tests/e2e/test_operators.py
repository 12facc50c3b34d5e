import pyotp
import pytest

from app.accounts.operators import people
from app.core.db import end_transaction
from tests.e2e.inspection import PHONE
from tests.e2e.test_pages_axe import Walk

pytestmark = pytest.mark.browser


@pytest.fixture
def link(deployment):
    """The path of the link for a new operator."""
    with deployment.app.app_context():
        _operator, secret = people.add("ada@platform.example", "Ada Byron")
        end_transaction(keep=True)
    return f"/operators/join/{secret}"


def test_an_operator_comes_in_looks_around_and_visits_a_city(deployment, person, inspector, link):
    deployment.make_city("agen", "Agen", modules=["news"])
    # The walk inspects each kind of page once.
    ada = person(closely=False)
    page, troubles = ada.page, []

    def look(where):
        troubles.extend(f"{where}: {trouble}" for trouble in inspector.look(page, PHONE))

    ada.open("", link)
    look("password")
    page.get_by_label("Password").fill("velvet-otter-lantern-94")
    page.get_by_role("button", name="Continue").click()
    key = page.locator("#key").inner_text().replace(" ", "")
    look("authenticator")
    page.get_by_label("Code from the app").fill(pyotp.TOTP(key).now())
    page.get_by_role("button", name="Confirm").click()
    page.get_by_text("They are shown this once.").wait_for()
    look("recovery codes")
    page.get_by_role("link", name="I have put them away").click()
    page.get_by_role("heading", name="Cities").wait_for()

    walk = Walk(deployment, lambda seen: inspector.look(seen, PHONE))
    walk.go(ada, deployment.url(path="/operators/"))
    assert len(walk.pages) > 12
    assert walk.troubles + troubles == []

    ada.open("", "/operators/?q=agen")
    page.get_by_role("link", name="Agen").click()
    page.get_by_role("link", name="Visit the city").click()
    page.get_by_label("Why do you visit the city?").fill("Ticket 4711: look at the news")
    page.get_by_role("button", name="Begin the visit").click()
    banner = page.get_by_text("You are visiting Agen as operator until")
    banner.wait_for()
    look("visit")
    page.get_by_role("button", name="Leave").click()
    page.get_by_role("heading", name="The visit is over").wait_for()
    page.get_by_role("link", name="Back to the operators' console").click()
    page.get_by_role("heading", name="Cities").wait_for()
    assert troubles == []
