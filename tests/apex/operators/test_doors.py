import re
from uuid import uuid4

import pytest

from app.accounts.operators.sessions import COOKIE
from app.core.db import end_transaction
from tests.apex.operators.conftest import PASSWORD

FILLED = {"city_id": "testparis", "name": "abc", "path": "x", "filename": "x"}
ACTS = {"visit", "suspend", "resume", "rename", "migrate", "export", "copy", "erase", "keep"}


def routes(app, door=False):
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/operators"):
            continue
        if rule.endpoint.startswith("operators_door.") is not door:
            continue
        path = re.sub(
            r"<(?:([^:<>]+)(?:\([^)]*\))?:)?(\w+)>",
            lambda hole: str(uuid4()) if hole[1] == "uuid" else FILLED.get(hole[2], "secret"),
            rule.rule,
        )
        for method in sorted(rule.methods & {"GET", "POST"}):
            yield method, path


def test_every_page_behind_the_door_sends_strangers_to_the_door(app, apex, link, site):
    seen = list(routes(app))
    assert len(seen) > 25
    assert {path.rpartition("/")[2] for _method, path in seen} >= ACTS
    half_way = apex()
    half_way.post(link(), data={"password": PASSWORD})
    staff = site("paris", role="administrator")
    with staff.session_transaction(base_url="http://paris.parvis.localhost:8000") as cookie:
        held = dict(cookie)
    of_a_city = apex()
    with of_a_city.session_transaction(base_url="http://parvis.localhost:8000") as cookie:
        cookie.update(held)
    for browser in (apex(), half_way, of_a_city):
        for method, path in seen:
            answer = browser.open(path, method=method)
            assert answer.status_code == 302, (method, path)
            assert answer.location.startswith("/operators/sign-in"), (method, path)


def test_every_route_under_operators_is_the_doors_or_behind_it(app):
    owners = {
        rule.endpoint.partition(".")[0] for rule in app.url_map.iter_rules() if "/operators" in rule.rule
    }
    assert owners == {"operators", "operators_door"}
    doors = {path for _method, path in routes(app, door=True)}
    assert doors == {
        "/operators/sign-in",
        "/operators/join/secret",
        "/operators/join/secret/authenticator",
        "/operators/join/secret/qr.svg",
    }


def test_no_page_of_the_console_is_on_a_citys_host(app, operator, site):
    for browser in (site("paris"), site("paris", role="administrator"), operator):
        browser.host = "paris.parvis.localhost"
        for door in (False, True):
            for method, path in routes(app, door=door):
                assert browser.open(path, method=method).status_code == 404, (method, path)


def test_an_operator_is_nobody_in_a_city(operator, site):
    held = operator.get_cookie(COOKIE, domain="parvis.localhost").value
    browser = site("paris")
    browser.set_cookie(COOKIE, held, domain="paris.parvis.localhost", secure=True)
    assert browser.get("/admin/").status_code == 302


def test_nothing_is_kept_by_caches_or_found_by_search_engines(app, operator):
    pages = ["/operators/sign-in", "/operators/", "/operators/cities/testparis", "/operators/journal"]
    for path in pages:
        answer = operator.get(path)
        assert answer.headers["Cache-Control"] == "no-store", path
        assert "noindex" in answer.headers["X-Robots-Tag"], path
        assert answer.headers["Referrer-Policy"] == "same-origin", path
    assert operator.get("/operators/").text.count('name="robots" content="noindex"') == 1


def test_forms_need_their_token_and_their_own_origin(app, operator):
    app.config["WTF_CSRF_ENABLED"] = True
    posts = [path for method, path in (*routes(app), *routes(app, door=True)) if method == "POST"]
    assert len(posts) > 12
    for path in posts:
        assert operator.post(path).status_code == 403, path
    app.config["WTF_CSRF_ENABLED"] = False
    foreign = {"Origin": "http://paris.parvis.localhost:8000"}
    for path in posts:
        assert operator.post(path, headers=foreign).status_code == 403, path


@pytest.mark.parametrize("how", ["htmx", "full"])
def test_a_page_whose_session_is_over_leads_to_the_door(apex, how):
    headers = {"HX-Request": "true"} if how == "htmx" else {}
    answer = apex().get("/operators/cities/testparis/operations", headers=headers)
    if how == "htmx":
        assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/operators/sign-in")
    else:
        assert answer.location == "/operators/sign-in?next=/operators/cities/testparis/operations"


def test_no_link_of_the_console_is_dead(app, operator):
    to_see, seen = {"/operators/"}, set()
    while to_see:
        path = to_see.pop()
        seen.add(path)
        answer = operator.get(path)
        assert answer.status_code in (200, 303), (path, answer.status_code)
        found = {
            link.replace("&amp;", "&") for link in re.findall(r'href="(/operators/[^"#]*)"', answer.text)
        }
        to_see |= {link for link in found if "lang=" not in link} - seen
    with app.app_context():
        end_transaction(keep=False)
    assert len(seen) > 10
