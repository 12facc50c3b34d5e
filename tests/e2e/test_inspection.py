"""The instruments themselves: what is wrong is seen."""

import pytest

pytestmark = pytest.mark.browser

SPOILT = """
() => {
  document.title = "";
  document.querySelector("main").innerHTML =
    '<h1>One</h1><h1>Two</h1><img src="/favicon.svg"><p id="wide">wide</p>';
  document.getElementById("wide").style.minWidth = "2000px";
}
"""


def test_a_spoilt_page_is_found_out(person, inspector):
    visitor = person()
    visitor.open("")
    visitor.finds_nothing_wrong()
    visitor.page.evaluate(SPOILT)
    found = "\n".join(inspector.look(visitor.page))
    for trouble in ("px too wide", "no title", "2 first headings", "image-alt"):
        assert trouble in found


def test_what_the_security_policy_refuses_is_noted(person):
    visitor = person()
    visitor.open("")
    visitor.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>')")
    visitor.page.wait_for_timeout(100)
    assert any("Content Security Policy" in trouble for trouble in visitor.troubles)
    visitor.troubles.clear()


def test_a_picture_that_is_not_there_is_noted(person):
    visitor = person()
    visitor.open("")
    with visitor.page.expect_response("**/nowhere.svg"):
        visitor.page.evaluate("new Image().src = '/nowhere.svg'")
    assert any("answered 404" in trouble for trouble in visitor.troubles)
    visitor.troubles.clear()
