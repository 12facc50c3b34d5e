import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.models import Account
from app.core import audit
from app.core.db import db
from modules.participatory_budget.models import Ballot, Draft, RollEntry
from modules.participatory_budget.tests import arranging
from tests.apex.operators.conftest import EMAIL

START = datetime(2026, 11, 22, 13, 30, tzinfo=UTC)
REASON = "Ticket 4711: the mayor cannot publish an article"
BANNER = "You are visiting Paris as operator until"


@pytest.fixture
def ask(operator):
    """Send the form that asks for a visit."""

    def send(reason=REASON, minutes=15, city="testparis", **more):
        data = {"reason": reason, "minutes": str(minutes), **more}
        return operator.post(f"/operators/cities/{city}/visit", data=data)

    return send


@pytest.fixture
def way_in(operator, ask):
    """The path of the way into paris."""

    def lead(**wish):
        ready = operator.get(ask(**wish).location)
        enter = re.search(r'content="0;url=([^"]+)"', ready.text)[1]
        answer = operator.get(enter)
        assert answer.status_code == 303
        return answer.location.removeprefix("http://paris.parvis.localhost:8000")

    return lead


@pytest.fixture
def inside(site, way_in):
    """A browser in which the operator is in paris."""

    def enter(**wish):
        browser = site("paris")
        browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        answer = browser.get(way_in(**wish))
        assert (answer.status_code, answer.location) == (303, "/admin/")
        return browser

    return enter


@pytest.fixture
def log(in_city):
    """Read the audit log of paris, oldest first: (action, kind of actor, name, details)."""

    def read():
        with in_city():
            return [(e.action, e.actor_kind, e.actor_name, dict(e.details)) for e in audit.latest()][::-1]

    return read


def test_a_visit_needs_a_reason_and_a_time_limit(operator, ask, log):
    for wrong in ({"reason": "because"}, {"reason": "   short    x "}, {"reason": ""}, {"minutes": 600}):
        answer = ask(**wrong)
        assert answer.status_code == 422, wrong
    assert "Say in at least 10 characters" in ask(reason="because").text
    assert "because</textarea>" in ask(reason="because").text
    assert log() == []


def test_the_operator_sees_the_back_office_and_a_banner_on_every_page(inside, frozen):
    frozen(START)
    browser = inside(minutes=60)
    for path in ("/", "/admin/", "/admin/modules/", "/news/", "/participatory-budget/", "/privacy"):
        page = browser.get(path)
        assert page.status_code == 200, path
        # 14:30 UTC, as the clocks of Paris show it.
        assert f"{BANNER} 3:30" in page.text.replace(" ", " "), path
        assert 'action="/visit/leave"' in page.text


def test_people_of_the_city_see_no_banner(inside, site):
    inside()
    assert BANNER not in site("paris").get("/", headers={"Accept-Language": "en"}).text


def test_everything_done_is_in_the_citys_audit_log_under_the_operators_name(inside, log, site):
    browser = inside()
    browser.post("/admin/modules/news/switch", data={"on": "0"})
    browser.post("/prefs", data={"theme": "dark"})
    browser.post("/visit/leave")
    told = log()
    assert [(action, kind, name) for action, kind, name, _details in told] == [
        ("visits.began", "operator", "Ada Byron"),
        ("modules.switched_off", "operator", "Ada Byron"),
        ("visits.ended", "operator", "Ada Byron"),
    ]
    assert told[0][3] == {"reason": REASON, "minutes": 15}

    page = site("paris", role="administrator").get("/admin/audit", headers={"Accept-Language": "en"}).text
    for words in (
        "Began a visit as operator of the platform",
        f"Reason: {REASON}",
        "Minutes: 15",
        "Ada Byron, operator of the platform",
        "Ended the visit",
    ):
        assert words in page


def test_a_form_that_writes_no_entry_of_its_own_gets_one(app, inside, log):
    browser = inside()
    answer = browser.post("/admin/news/preview", data={"title-fr": "Essai"})
    if answer.status_code >= 400:
        answer = browser.post("/admin/branding/preview", data={"brand": "#14387f"})
    assert answer.status_code < 400
    assert log()[-1][0] == "visits.acted"
    assert log()[-1][3]["page"].startswith("/admin/")


def test_a_visit_ends_when_its_time_is_over(inside, log, frozen, run_tasks, app):
    frozen(START)
    browser = inside(minutes=15)
    frozen(START + timedelta(minutes=14, seconds=59))
    assert browser.get("/admin/").status_code == 200
    frozen(START + timedelta(minutes=15))
    assert browser.get("/admin/").status_code == 302
    assert BANNER not in browser.get("/").text
    end_visits(app)
    end_visits(app)
    assert [action for action, *_rest in log()] == ["visits.began", "visits.ended"]


def test_leaving_ends_the_visit_and_shows_the_way_back(inside, log):
    browser = inside()
    answer = browser.post("/visit/leave")
    page = browser.get(answer.location).text
    assert 'href="http://parvis.localhost:8000/operators/"' in page
    assert browser.get("/admin/").status_code == 302
    assert log()[-1][0] == "visits.ended"


def test_the_way_in_works_once_for_two_minutes_of_use_and_in_its_city_alone(site, way_in):
    path = way_in()
    assert site("budapest").get(path).status_code == 404
    assert site("").get(path).status_code == 404
    assert site("paris").get(path).status_code == 303
    second = site("paris")
    assert second.get(path).status_code == 404
    assert second.get("/admin/").status_code == 302


def test_neither_can_the_cookie_stand_for_the_way_in_nor_the_way_in_for_the_cookie(site, inside, way_in):
    browser = inside()
    with browser.session_transaction(base_url="http://paris.parvis.localhost:8000") as cookie:
        held = cookie["_user_id"]
    assert site("paris").get(f"/visit/{held}").status_code == 404
    path = way_in(reason="Another reason to come")
    other = site("paris")
    with other.session_transaction(base_url="http://paris.parvis.localhost:8000") as cookie:
        cookie["_user_id"] = f"visit:{path.removeprefix('/visit/')}"
    assert other.get("/admin/").status_code == 302


def test_the_cookie_of_a_visit_is_nothing_in_another_city(site, inside):
    browser = inside()
    with browser.session_transaction(base_url="http://paris.parvis.localhost:8000") as cookie:
        held = dict(cookie)
    other = site("budapest")
    with other.session_transaction(base_url="http://budapest.parvis.localhost:8000") as cookie:
        cookie.update(held)
    assert other.get("/admin/").status_code == 302


def test_the_operator_is_no_person_of_the_city(inside, in_city):
    browser = inside()
    for path in ("/admin/", "/admin/staff/", "/admin/news/", "/admin/participatory-budget/", "/"):
        assert browser.get(path).status_code == 200, path
    with in_city():
        assert db.session.scalar(select(func.count()).select_from(Account)) == 0


def test_every_page_of_staff_can_be_seen_without_being_a_person(app, inside):
    browser = inside()
    pages = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/admin") and "GET" in rule.methods and not rule.arguments
    ]
    assert len(pages) > 12
    for path in pages:
        answer = browser.get(path)
        assert answer.status_code < 500, path
        assert not (answer.location or "").startswith("/sign-in"), path


def test_an_operator_cannot_do_what_residents_do(inside):
    browser = inside()
    for path in ("/account", "/account/password"):
        answer = browser.get(path)
        assert answer.status_code == 403, path
        assert "An operator on a visit has none" in answer.text
    assert browser.get("/sign-in").status_code == 303
    assert browser.get("/sign-up").status_code == 303


def test_an_operator_changes_nobodys_power(inside, site, in_city):
    site("paris", role="editor")
    browser = inside()
    page = browser.get("/admin/staff/").text
    assert "Editor" in page
    assert "Change role" not in page
    assert "Invite staff" not in page
    with in_city():
        ident = db.session.scalar(select(Account.id))
    for path in ("/admin/staff/invite", f"/admin/staff/{ident}/role", f"/admin/staff/{ident}/remove"):
        for answer in (browser.get(path), browser.post(path, data={"role": "administrator"})):
            assert answer.status_code == 403, path
            assert "An operator on a visit cannot do it" in answer.text


def test_one_who_is_locked_out_leaves_every_city_at_once(app, inside, shell, log, run_tasks):
    browser = inside()
    shell("operator", "disable", EMAIL)
    assert browser.get("/admin/").status_code == 302
    run_tasks()
    assert log()[-1][:2] == ("visits.ended", "operator")


def test_signing_out_of_the_console_ends_the_visits(operator, inside, log):
    browser = inside()
    operator.post("/operators/sign-out")
    assert browser.get("/admin/").status_code == 302
    assert log()[-1][0] == "visits.ended"


def test_going_in_again_shuts_the_first_browser_out(operator, inside, site):
    first = inside()
    overview = operator.get("/operators/").text
    assert "You are visiting Paris until" in overview
    ready = re.search(r'href="(/operators/visits/[0-9a-f-]+)"', overview)[1]
    way = operator.get(
        re.search(r'href="(/operators/visits/[^"]+/enter)"', operator.get(ready).text)[1]
    ).location
    second = site("paris")
    assert second.get(way.removeprefix("http://paris.parvis.localhost:8000")).status_code == 303
    assert second.get("/admin/").status_code == 200
    assert first.get("/admin/").status_code == 302


def test_nobody_enters_by_anothers_visit(apex, operator, ask, link, join):
    ready = ask().location
    ident = re.search(r"/visits/([0-9a-f-]+)", ready)[1]
    other = apex()
    join(other, link("grace@platform.example", "Grace Hopper"))
    assert other.get(f"/operators/visits/{ident}").status_code == 404
    assert other.get(f"/operators/visits/{ident}/enter").status_code == 404


def test_a_visit_asks_for_a_fresh_code_after_ten_minutes(request, frozen, log):
    frozen(START)
    operator, ask = request.getfixturevalue("operator"), request.getfixturevalue("ask")
    frozen(START + timedelta(minutes=10))
    answer = ask(minutes=30)
    assert answer.status_code == 422
    assert "Enter the code that the app shows now" in answer.text
    assert f"{REASON}</textarea>" in answer.text
    assert re.search(r'value="30"[^>]* checked', answer.text)
    assert "This code is not right" in ask(code="000000").text
    assert log() == []
    assert ask(code=operator.phone.code()).status_code == 303
    assert ask(minutes=60).status_code == 303


def test_a_suspended_city_can_be_visited_and_one_that_is_to_be_erased_cannot(operator, ask, inside, site):
    operator.post("/operators/cities/testparis/suspend", data={"reason": "Fermé pour travaux."})
    assert site("paris").get("/").status_code == 503
    browser = inside()
    assert browser.get("/admin/").status_code == 200
    operator.post("/operators/cities/testparis/erase", data={"typed": "paris", "reason": "Contract ended."})
    assert "can no longer be visited" in ask().text


def test_someone_who_was_signed_in_here_before_is_signed_out(site, way_in):
    browser = site("paris", role="resident")
    browser.get(way_in())
    assert browser.get("/account").status_code == 403
    browser.post("/visit/leave")
    assert browser.get("/account").status_code == 302


def test_an_operator_cannot_vote(inside, in_city):
    with in_city():
        arranging.opened(arranging.approval())
    browser = inside()
    vote = "/participatory-budget/2026/vote"
    assert browser.get("/participatory-budget/2026/").status_code == 200
    paper = {"project": ["1"], "seen_version": "0", "key": "k" * 30}
    for path, data in ((f"{vote}/choose", {"project": "1", "add": "1"}), (f"{vote}/check", paper)):
        assert browser.post(path, data=data).status_code == 403, path
    assert browser.get(vote).status_code in (403, 404, 308)
    with in_city():
        for kind in (RollEntry, Ballot, Draft):
            assert db.session.scalar(select(func.count()).select_from(kind)) == 0


def end_visits(app):
    from app.accounts.operators import visits
    from app.core.db import end_transaction

    with app.app_context():
        visits.end_over()
        end_transaction(keep=True)
