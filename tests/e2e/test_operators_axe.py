import pytest

from app.core.clock import now
from app.core.db import db, end_transaction
from app.core.ids import new_secret, secret_hash
from tenants import failures
from tenants.models import Signup, SignupState
from tests.deployment import eventually
from tests.e2e import operating
from tests.e2e.walk import Walk

pytestmark = pytest.mark.browser

# Files, and the way into a city.
NO_PAGES = {"operators.export_file", "operators.certificate_file", "operators.enter"}
REASON = ("--reason", "The contract has ended.")


@pytest.fixture
def cities(deployment, new_city):
    """Cities of every state: live, suspended, closing and erased."""
    names = ("Dunford", "Elmham", "Farndale", "Garston")
    live, suspended, closing, erased = (new_city(name) for name in names)
    idents = [ident_of(deployment, slug) for slug in (live, suspended, closing)]
    operating.shell(deployment, "city", "suspend", suspended, *REASON)
    operating.shell(deployment, "city", "erase", closing, *REASON)
    at_once = ("--now", "--confirm", erased, "--without-export")
    operating.shell(deployment, "city", "erase", erased, *at_once, *REASON)
    return live, *idents


def ident_of(deployment, slug):
    with deployment.look(slug) as city:
        return city.id


@pytest.fixture
def waiting(deployment):
    """A sign-up that waits for an operator."""
    with deployment.app.app_context():
        db.session.add(
            Signup(
                token_hash=secret_hash(new_secret()),
                state=SignupState.WAITING,
                city_name="Hartwell",
                slug="hartwell",
                email="mayor@hartwell.example",
                language="en",
                created_at=now(),
                expires_at=now(),
            )
        )
        end_transaction(keep=True)


@pytest.fixture
def failed(deployment):
    """An error that nobody foresaw."""
    with deployment.app.test_request_context(base_url=deployment.url()):
        try:
            raise LookupError("unforeseen")
        except LookupError as error:
            failures.record(error, "portal.home")


def test_the_operators_console_is_accessible_and_fits(deployment, cities, waiting, failed, person, inspector):
    city, live, suspended, closing = cities
    operator = person(closely=False)
    operating.come_in(operator, deployment, "edsger@platform.example", "Edsger Dijkstra")
    operating.go_to(operator, city, "Dunford")
    operator.follow("Export")
    operator.press("Export")
    eventually(lambda: operator.page.get_by_role("link", name="Download").count(), what="the export")
    operating.begin_a_visit(operator, "Dunford")

    walk = Walk(deployment, inspector.look_from_all_sides, part="operators.")
    walk.known |= NO_PAGES
    acts = (f"{suspended}/resume", f"{closing}/keep", f"{live}/operations")
    starts = ("", f"cities/{live}", f"cities/{suspended}", *(f"cities/{act}" for act in acts))
    walk.go(operator, *(deployment.url(path=f"/operators/{path}") for path in starts))
    assert walk.troubles == []
    rules = deployment.app.url_map.iter_rules()
    all_of_them = {rule.endpoint for rule in rules if rule.methods and "GET" in rule.methods}
    behind_the_door = {endpoint for endpoint in all_of_them if endpoint.startswith("operators.")}
    assert behind_the_door - walk.kinds == NO_PAGES
