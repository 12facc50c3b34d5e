import json
import re

import pytest
from click.testing import CliRunner

from app.cli import main


@pytest.fixture
def reference(app, site, monkeypatch):
    """What a resident reads on the error page."""

    def fail():
        raise RuntimeError("lea@example.org")

    monkeypatch.setitem(app.view_functions, "portal_about.accessibility", fail)
    app.config["PROPAGATE_FAILURES"] = False
    page = site("paris").get("/accessibility").get_data(as_text=True)
    return re.search(r"<strong>([0-9A-Z]{3}-[0-9A-Z]{4})</strong>", page)[1]


def test_an_operator_finds_an_error_by_what_was_read_out(operator, reference):
    said = reference.lower().replace("-", " ")
    found = operator.get("/operators/failures", query_string={"reference": said})
    assert found.status_code == 302
    page = operator.get(found.location).text
    assert "RuntimeError" in page
    assert "portal_about.accessibility" in page
    assert "Paris" in page
    assert "lea@" not in page
    listed = operator.get("/operators/failures").text
    assert reference in listed


@pytest.mark.parametrize(("said", "words"), [("K7M-AAAA", "no reference"), ("nonsense", "no reference")])
def test_a_slip_is_told_from_an_error_that_is_not_kept(operator, said, words):
    answer = operator.get("/operators/failures", query_string={"reference": said})
    assert answer.status_code == 422
    assert words in answer.text
    assert said in answer.text
    assert operator.get(f"/operators/failures/{said}").status_code == 404


def test_nobody_else_sees_errors(apex, staff, reference):
    assert apex().get("/operators/failures").status_code == 302
    assert apex().get(f"/operators/failures/{reference}").status_code == 302
    assert staff.get("/operators/failures").status_code == 404


def test_the_shell_shows_an_error_and_lists_them(app, reference):
    def run(*words, status=0):
        result = CliRunner().invoke(main, ["errors", *words], obj=lambda: app)
        assert result.exit_code == status, result.output
        return result.output

    shown = json.loads(run("show", reference, "--json"))
    assert (shown["kind"], shown["city"], shown["count"]) == ("RuntimeError", "testparis", 1)
    assert [line["reference"] for line in json.loads(run("list", "--json"))] == [reference]
    assert "test_failures.py" in run("show", reference.lower())
    assert reference in run("list")
    assert "there is no error" in run("show", "K7M-AAAA", status=1)
