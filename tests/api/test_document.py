"""The description is one of OpenAPI 3.1, complete, and of nothing that is not there."""

import re

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from app.web.rest.endpoints import ENDPOINTS, scopes_for
from app.web.rest.problems import KINDS


@pytest.fixture
def described(program):
    return program().get("openapi.json").json


def test_it_is_valid(described):
    assert list(OpenAPIV31SpecValidator(described).iter_errors()) == []


def test_every_endpoint_is_in_it_under_a_name_of_its_own(app, described):
    named = [operation["operationId"] for path in described["paths"].values() for operation in path.values()]
    assert sorted(named) == sorted(ENDPOINTS)
    rules = {rule.endpoint for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")}
    assert rules - {"api.description"} == set(ENDPOINTS)


def test_every_type_that_is_named_is_described(described):
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', str(described).replace("'", '"')))
    assert named <= set(described["components"]["schemas"])
    assert named


def test_an_endpoint_that_changes_something_needs_a_scope_that_exists(app):
    from app.registry import modules

    known = scopes_for(frozenset(modules()))
    for each in ENDPOINTS.values():
        assert each.reads or each.scope, each.name
        assert {each.scope, *each.may} - {None} <= set(known), each.name


def test_every_refusal_that_is_described_has_a_kind_of_its_own(described):
    for path in described["paths"].values():
        for operation in path.values():
            refused = {int(status) for status in operation["responses"] if status >= "4"}
            assert refused <= set(KINDS)


def test_no_schema_of_an_answer_to_everybody_holds_anything_of_a_person(described):
    personal = re.compile(r"email|phone|birth|account|password|street", re.I)
    public = {
        each.returns.__name__ for each in ENDPOINTS.values() if each.is_public and each.returns is not None
    }
    fields = {
        f"{name}.{field}"
        for name in public
        for field in described["components"]["schemas"][name].get("properties", {})
        if personal.search(field)
    }
    assert fields == {"City.contact_email"}
