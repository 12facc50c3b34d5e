"""Everything that the description promises is tried, by requests that it allows and requests that it does not."""

import logging
import threading
from collections import Counter
from copy import deepcopy
from dataclasses import replace

import pytest
from schemathesis import openapi
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import NonFatalError, ScenarioFinished
from werkzeug.serving import make_server

from app.web.webhooks import keeping, sending
from modules.participatory_budget.tests import arranging

HOST = "paris.parvis.localhost:8000"
SEED = 20261122
EXAMPLES = 5
# What rules of the city refuse although the description cannot say so (a title in its first language), and what
# depends on when it was sent (a tag, a key).
REFUSED = ["400", "401", "403", "404", "405", "406", "409", "412", "415", "422"]
ALSO_RIGHT = ["2xx", "401", "403", "404", "409", "412", "422"]


@pytest.fixture
def city(app, in_city, write):
    """A city with content of every kind, and no limit to how often it is asked."""
    usual = app.config["PARVIS"]
    app.config["PARVIS"] = replace(usual, api_rate="1000000/minute", api_public_rate="1000000/minute")
    write("Library")
    write("Draft", publish=False)
    with in_city():
        arranging.opened(arranging.approval("2026", per_category=2))
    with in_city():
        arranging.closed(arranging.opened(arranging.approval("2025", per_category=2)))
    yield app
    app.config["PARVIS"] = usual


@pytest.fixture
def address(city):
    """Where the city is served, over real connections; the tool names its host in every request."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, city, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def described(city, address, in_city, program, write):
    """The description, with examples of what is there: by chance alone nobody finds an article."""
    with in_city():
        webhook, _secret = keeping.add("Receiver", "http://127.0.0.1:9/", ["city.module_switched"])
        known = {"webhook_id": str(webhook.id), "delivery_id": str(sending.test(webhook).id)}
    known |= {"article_id": write("Library"), "slug": "2026", "number": 1}
    found = program().get("openapi.json").json
    for path in found["paths"].values():
        for operation in path.values():
            for parameter in operation["parameters"]:
                if parameter["in"] == "path":
                    parameter["example"] = known[parameter["name"]]
    schemas = found["components"]["schemas"]
    sent = {"name": "New", "url": "http://127.0.0.1:9/", "events": ["city.module_switched"]}
    schemas["ArticleSent"]["example"], schemas["WebhookSent"]["example"] = {"title": {"fr": "Nouveau"}}, sent
    return found


def tried(address, described, token=""):
    """Return the methods that were answered with each status and what each check complains of."""
    config = SchemathesisConfig.from_dict(
        {
            "seed": SEED,
            "base-url": address,
            "generation": {
                "max-examples": EXAMPLES,
                "deterministic": True,
                "database": "none",
                "no-shrink": True,
            },
            "checks": {
                "positive_data_acceptance": {"expected-statuses": ALSO_RIGHT},
                "negative_data_rejection": {"expected-statuses": REFUSED},
            },
            "headers": {"Host": HOST} | ({"Authorization": f"Bearer {token}"} if token else {}),
        }
    )
    schema = openapi.from_dict(deepcopy(described), config=config)
    answered, complaints = Counter(), []
    for event in from_schema(schema).execute():
        if isinstance(event, NonFatalError):
            complaints.append(str(event.info))
        if isinstance(event, ScenarioFinished):
            for seen in event.recorder.interactions.values():
                answered[seen.request.method, seen.response.status_code if seen.response else None] += 1
            for checks in event.recorder.checks.values():
                complaints += [
                    f"{event.label}: {check.name}: {check.failure_info.failure}\n{check.failure_info.code_sample}"
                    for check in checks
                    if check.failure_info is not None
                ]
    return answered, complaints


def test_the_description_keeps_its_word_to_programs_without_a_token(address, described):
    answered, complaints = tried(address, described)
    assert not complaints, "\n\n".join(complaints[:20])
    assert answered["GET", 200] > 20
    assert answered["POST", 401] > 20
    assert not {status for method, status in answered if method != "GET" and status in (200, 201, 204)} - {
        200
    }


def test_the_description_keeps_its_word_to_a_program_that_may_do_everything(address, described, program):
    answered, complaints = tried(address, described, program("all").token)
    assert not complaints, "\n\n".join(complaints[:20])
    for done in (("GET", 200), ("POST", 201), ("POST", 202), ("PUT", 200), ("DELETE", 204)):
        assert answered[done], f"nothing was answered {done}, so nothing is proved"
