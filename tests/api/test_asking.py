"""How requests are read and answered: formats, faults, limits, tags."""

import re
from dataclasses import replace

import pytest

from tests.api.test_tokens import ARTICLE, problem


@pytest.fixture
def writer(program):
    return program(["news.manage", "news.view"])


def test_what_cannot_be_used_is_pointed_at(writer):
    sent = {"title": {"fr": "x" * 161, "de": "Titel"}, "colour": 1}
    found = problem(writer.post("news/articles", json=sent), 422)
    assert {"#/title/fr", "#/title/de", "#/colour"} == {fault["pointer"] for fault in found["errors"]}


def test_the_words_of_a_problem_are_the_readers(writer):
    answer = writer.post("news/articles", json={}, headers={"Accept-Language": "fr"})
    assert problem(answer, 422)["title"] != problem(writer.post("news/articles", json={}), 422)["title"]


def test_a_service_says_what_is_missing(writer):
    found = problem(writer.post("news/articles", json={"title": {"en": "Title"}}), 422)
    assert "title" in found["detail"]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"title=x", "application/x-www-form-urlencoded", 415),
        (b"{}", "text/plain", 415),
        (b" " * 1_100_000, "application/json", 413),
        (b'{"title": {"fr": "a\\u0000b"}}', "application/json", 422),
        (b'{"title": {"fr": "\\ud800"}}', "application/json", 422),
        (b"[]", "application/json", 422),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(writer, body, kind, status):
    problem(writer.post("news/articles", data=body, content_type=kind), status)


def test_an_answer_in_another_format_is_not_promised(program):
    problem(program().get("city", headers={"Accept": "application/xml"}), 406)
    assert program().get("city", headers={"Accept": "text/html, */*;q=0.1"}).status_code == 200


def test_a_method_that_is_not_there_names_those_that_are(program):
    answer = program().delete("city")
    problem(answer, 405)
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "limit=1&limit=2", "colour=red"])
def test_a_parameter_that_cannot_be_used_is_named(program, query):
    found = problem(program().get(f"news/articles?{query}"), 422)
    assert found["errors"][0]["parameter"] == query.partition("=")[0]


def test_a_parameter_of_an_endpoint_without_any_is_named(program):
    assert problem(program().get("city?x=1"), 422)["errors"][0]["parameter"] == "x"


def test_what_has_not_changed_is_not_sent_again(program, write):
    ident = write()
    first = program().get(f"news/articles/{ident}")
    again = program().get(f"news/articles/{ident}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_what_has_changed_meanwhile_is_not_overwritten(writer, write):
    ident = write()
    seen = writer.get(f"news/articles/{ident}").headers["ETag"]
    first = writer.put(f"news/articles/{ident}", json={"title": {"fr": "Une"}}, headers={"If-Match": seen})
    assert (first.status_code, first.json["title"]) == (200, {"fr": "Une"})
    late = {"json": {"title": {"fr": "Deux"}}, "headers": {"If-Match": seen}}
    problem(writer.put(f"news/articles/{ident}", **late), 412)
    problem(writer.delete(f"news/articles/{ident}", headers={"If-Match": seen}), 412)
    assert writer.get(f"news/articles/{ident}").json["title"] == {"fr": "Une"}
    now = {"If-Match": first.headers["ETag"]}
    assert writer.delete(f"news/articles/{ident}", headers=now).status_code == 204
    problem(writer.get(f"news/articles/{ident}"), 404)


def test_drafts_are_for_those_who_may_see_them(program, writer, write):
    ident = write(publish=False)
    problem(program().get(f"news/articles/{ident}"), 404)
    problem(program().get("news/articles?status=draft"), 401)
    problem(program(["audit.read"]).get("news/articles?status=draft"), 403)
    assert [a["id"] for a in writer.get("news/articles?status=draft").json["items"]] == [ident]
    assert writer.put(f"news/articles/{ident}/publication").json["status"] == "published"
    problem(writer.put(f"news/articles/{ident}/publication"), 409)
    assert program().get(f"news/articles/{ident}").status_code == 200
    assert writer.delete(f"news/articles/{ident}/publication").status_code == 204
    problem(program().get(f"news/articles/{ident}"), 404)


def test_pages_of_other_sites_read_what_everybody_reads_and_nothing_with_a_token(program, writer):
    origin = {"Origin": "https://elsewhere.example"}
    assert program().get("city", headers=origin).headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in writer.get("city", headers=origin).headers
    asked = program().ask("OPTIONS", "audit", headers={**origin, "Access-Control-Request-Method": "GET"})
    assert "Access-Control-Allow-Origin" not in asked.headers
    problem(writer.post("news/articles", json=ARTICLE, headers=origin), 403)


def test_how_much_is_left_is_said_until_nothing_is(app, program):
    usual = app.config["PARVIS"]
    app.config["PARVIS"] = replace(usual, api_rate="2/minute", api_public_rate="1/minute")
    try:
        ours, another, nobody = program(["audit.read"]), program(["audit.read"]), program()
        first = ours.get("city")
        assert first.headers["RateLimit-Policy"] == '"token";q=2;w=60'
        assert re.fullmatch(r'"token";r=1;t=\d+', first.headers["RateLimit"])
        assert ours.get("city").status_code == 200
        refused = ours.get("city")
        problem(refused, 429)
        assert 0 < int(refused.headers["Retry-After"]) <= 60
        assert another.get("city").status_code == 200
        assert nobody.get("city").status_code == 200
        problem(nobody.get("city"), 429)
    finally:
        app.config["PARVIS"] = usual


def test_a_failure_tells_a_reference_and_nothing_of_the_inside(app, program, monkeypatch):
    app.config["PROPAGATE_FAILURES"] = False
    monkeypatch.setitem(app.view_functions, "news_rest.articles", lambda: 1 / 0)
    found = problem(program().get("news/articles"), 500)
    assert found["reference"]
    assert "ZeroDivision" not in str(found)


def test_a_module_that_is_off_is_absent(app, program, write):
    from app.registry import modules
    from app.testing.contract.addresses import switched_off

    ident = write()
    ours = program("all")
    with switched_off(app, modules()["news"]):
        problem(ours.get(f"news/articles/{ident}"), 404)
        problem(ours.post("news/articles", json=ARTICLE), 404)
        described = ours.get("openapi.json")
        assert "news" not in described.text
        assert "news" not in [each["name"] for each in ours.get("modules").json["items"]]
        assert "news" not in ours.get("/api/").text.partition("<main")[2].lower()
    assert ours.get(f"news/articles/{ident}").status_code == 200
