import re
from datetime import UTC, datetime
from uuid import UUID

import pytest

from app.accounts import services, staffing
from app.accounts.models import Account, Role
from app.core.db import db
from app.core.districts import add_districts
from app.web.work import QUEUES, WorkCount, WorkItem, WorkQueue

DESK = {"name-fr": "Accueil", "permissions": ["news.view", "participatory_budget.view"]}


@pytest.fixture
def made(admin):
    """The address of a role of the city."""
    assert admin.post("/admin/staff/roles/new", data=DESK).status_code == 303
    return re.search(r'href="(/admin/staff/roles/[0-9a-f-]{36})"', admin.get("/admin/staff/roles/").text)[1]


@pytest.fixture
def ines(in_city):
    with in_city():
        return services.create_confirmed("ines@paris.example", "Ines", role=Role.VIEWER, language="fr").id


def role_of(made):
    return made.rpartition("/")[2]


def test_a_role_is_made_from_a_built_in_one_and_given_with_limits(admin, english, ines, made, in_city):
    page = admin.get("/admin/staff/roles/new?from=editor").text
    assert re.search(r'value="news.manage" checked', page)
    assert "console.staff" not in page
    with in_city():
        add_districts([("11", {"fr": "Popincourt"})])
    answer = admin.post(f"/admin/staff/{ines}/role", data={"role": role_of(made), "modules": ["news"]})
    assert answer.status_code == 303
    page = admin.get(f"/admin/staff/{ines}").text
    assert "Accueil" in page
    assert "only in News" in page
    assert "See drafts of articles" in page
    assert "See editions" not in page

    browser = english(role="resident", email="ines@paris.example")
    assert browser.get("/admin/").status_code == 200
    assert browser.get("/admin/news/").status_code == 200
    assert browser.get("/admin/news/new").status_code == 403
    refused = browser.get("/admin/participatory-budget/")
    assert refused.status_code == 403
    assert "Your role does not include Participatory budget" in refused.text
    menu = browser.get("/admin/").text
    assert 'href="/admin/news/"' in menu
    assert 'href="/admin/participatory-budget/"' not in menu
    assert 'href="/admin/"' in browser.get("/").text


def test_a_second_role_is_added_and_taken_away_again(admin, ines, made):
    page = f"/admin/staff/{ines}"
    assert admin.post(f"{page}/roles/add", data={"role": role_of(made)}).status_code == 303
    shown = admin.get(page).text
    ends = re.findall(rf'action="({page}/roles/[^"]+/end)"', shown)
    assert len(ends) == 2
    assert f"{page}/roles/main/end" in ends
    assert "takes the place of all of them" in admin.get(f"{page}/role").text
    assert admin.post(f"{page}/roles/main/end").status_code == 303
    assert admin.post(f"{page}/roles/{UUID(int=1)}/end").status_code == 404
    left = admin.get(page).text
    assert "/end" not in left
    assert "Accueil" in left
    assert "Role: viewer; Accueil → Accueil" in admin.get("/admin/audit").text


def test_changing_a_role_says_first_who_is_touched(admin, ines, made):
    admin.post(f"/admin/staff/{ines}/role", data={"role": role_of(made)})
    changed = {"name-fr": "Accueil", "permissions": ["news.view", "news.manage"]}
    page = admin.post(made, data=changed).text
    assert "It touches 1 person, at once." in page
    assert "News: Write, publish and delete articles" in page
    assert "Participatory budget: See editions" in page
    assert "Ines" in page
    assert "See editions" in admin.get(f"/admin/staff/{ines}").text
    assert 'value="news.manage" checked' in admin.post(made, data={**changed, "change": "1"}).text
    assert admin.post(made, data={**changed, "confirmed": "1"}).status_code == 303
    assert "Write, publish" in admin.get(f"/admin/staff/{ines}").text


def test_deleting_a_role_says_who_loses_it(admin, english, ines, made):
    admin.post(f"/admin/staff/{ines}/role", data={"role": role_of(made)})
    browser = english(role="resident", email="ines@paris.example")
    assert browser.get("/admin/").status_code == 200
    page = admin.get(f"{made}/delete").text
    assert "1 person loses it." in page
    assert admin.post(f"{made}/delete", data={"holders": "0"}).status_code == 409
    assert admin.post(f"{made}/delete", data={"holders": "1"}).status_code == 303
    assert browser.get("/admin/").status_code == 403
    assert admin.get(made).status_code == 404


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name-fr": "", "permissions": ["news.view"]}, "Write the name"),
        ({"name-fr": "Accueil"}, "Tick at least one thing"),
        ({"name-fr": "Accueil", "permissions": ["console.staff"]}, "is not a valid choice"),
        (DESK, "There is a role called Accueil."),
    ],
)
def test_a_role_that_cannot_be_made_keeps_what_was_typed(admin, made, typed, said):
    answer = admin.post("/admin/staff/roles/new", data=typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{typed["name-fr"]}"' in answer.text


def test_people_are_found_by_name_and_role(admin, ines, made):
    admin.post(f"/admin/staff/{ines}/role", data={"role": role_of(made), "modules": ["news"]})

    def found(query):
        return re.findall(
            r'<div class="small muted">([^<]+@[^<]+)</div>', admin.get(f"/admin/staff/?{query}").text
        )

    assert found("q=INES") == ["ines@paris.example"]
    assert found("q=%25") == []
    assert found(f"role={role_of(made)}") == ["ines@paris.example"]
    assert found("role=administrator") == ["administrator@paris.example"]
    assert found("role=nonsense") == []


def test_four_presses_invite_somebody_with_limits(admin, mails, in_city):
    assert "/admin/staff/" in admin.get("/admin/").text
    assert "/admin/staff/invite" in admin.get("/admin/staff/").text
    wanted = {"emails": "anna@paris.example", "role": "editor", "modules": ["news"], "ends_on": "2999-01-01"}
    page = admin.post("/admin/staff/invite", data=wanted).text
    assert "only in News; until January 1, 2999" in page
    sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    assert admin.post("/admin/staff/invite", data=sent).status_code == 303
    assert [mail["recipient"] for mail in mails()] == ["anna@paris.example"]
    with in_city():
        held = staffing.given_to(services.find("anna@paris.example"))
        assert [(one.preset, one.modules) for one in held] == [(Role.EDITOR, ("news",))]


def test_an_invitation_is_taken_back_in_one_press(admin, mails, site):
    admin.post(
        "/admin/staff/invite", data={"emails": "anna@paris.example", "role": "editor", "confirmed": "1"}
    )
    link = re.search(r"http://[^/\s]+(/\S+)", mails()[0]["text"])[1]
    assert site().get(link).status_code == 200
    back = re.search(r'action="(/admin/staff/[0-9a-f-]+/withdraw)"', admin.get("/admin/staff/").text)[1]
    assert admin.post(back).status_code == 303
    assert site().get(link).status_code == 410
    assert "anna@paris.example" not in admin.get("/admin/staff/").text.partition("<table")[2]
    assert admin.post(back).status_code == 404


def test_an_invitation_that_is_over_says_so_and_is_sent_again(english, mails, frozen):
    frozen("2026-11-22T10:00")
    admin = english(role="administrator")
    admin.post(
        "/admin/staff/invite", data={"emails": "anna@paris.example", "role": "editor", "confirmed": "1"}
    )
    assert "Invited</span>" in admin.get("/admin/staff/").text
    frozen("2026-11-30T10:00")
    admin = english(role="administrator")
    page = admin.get("/admin/staff/").text
    assert "Invitation is over</span>" in page
    again = re.search(r'action="(/admin/staff/[0-9a-f-]+/invite)"', page)[1]
    assert admin.post(again).status_code == 303
    assert "Invited</span>" in admin.get("/admin/staff/").text
    assert len(mails()) == 2


@pytest.fixture
def petitions(monkeypatch):
    """Some work that people have: petitions to answer."""
    answered_by = {}

    def hand_over(old, new):
        mine = [name for name, who in answered_by.items() if who == old]
        answered_by.update(dict.fromkeys(mine, new))
        return len(mine)

    def items(person, most):
        mine = [name for name, who in sorted(answered_by.items()) if who == person]
        since = datetime(2026, 11, 22, tzinfo=UTC)
        return [WorkItem(n, n, f"/admin/{n}", "waiting", since, assigned_to=person) for n in mine][:most]

    queue = WorkQueue(
        "platform",
        "petitions",
        "Petitions",
        "console.manage",
        lambda person: WorkCount(mine=len(items(person, 50))),
        items,
        hand_over=hand_over,
    )
    monkeypatch.setitem(QUEUES, queue.name, queue)
    return answered_by


def test_whoever_leaves_hands_over_what_she_has_open(admin, ines, petitions, in_city):
    with in_city():
        boss = services.find("administrator@paris.example").id
    petitions.update({"bridge": ines, "school": ines, "park": boss})
    page = admin.get(f"/admin/staff/{ines}/remove").text
    assert "What Ines has open" in page
    assert "bridge" in page
    assert "park" not in page
    assert admin.post(f"/admin/staff/{ines}/remove", data={"to": ""}).status_code == 422
    assert admin.post(f"/admin/staff/{ines}/remove", data={"to": str(ines)}).status_code == 422
    assert petitions["bridge"] == ines
    assert admin.post(f"/admin/staff/{ines}/remove", data={"to": str(boss)}).status_code == 303
    assert set(petitions.values()) == {boss}
    assert "2 things were handed over." in admin.get("/admin/staff/").text
    with in_city():
        assert not db.session.get(Account, ines).is_staff


def test_the_address_of_a_page_tells_who_may_open_it_and_why(admin, ines, in_city):
    page = admin.get("/admin/staff/access?address=http://paris.parvis.localhost:8000/admin/news/new").text
    may, _middle, may_not = page.partition("Who may not")
    assert "Administrator" in may
    assert "Ines" not in may.partition("Who may</caption>")[2]
    assert "no role includes “Write, publish and delete articles”" in may_not
    with in_city():
        staffing.set_roles(ines, [staffing.Given(Role.EDITOR, modules=("participatory_budget",))])
    page = admin.get("/admin/staff/access?address=/admin/news/new").text
    assert "Editor (only in Participatory budget) does not reach here" in page
    page = admin.get("/admin/staff/access?address=/admin/staff/invite").text
    assert "only administrators without limits may" in page
    assert "Operators of the platform may not" in page
    for address in ("/admin/nowhere", "/account", "nonsense"):
        said = admin.get(f"/admin/staff/access?address={address}").text
        assert "No page of the back office has this address." in said


def test_what_the_explainer_says_is_what_happens(admin, english, ines, app):
    browser = english(role="viewer", email="ines@paris.example")
    pages = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/admin/") and not rule.arguments and "GET" in rule.methods
    ]
    assert len(pages) > 20
    for path in pages:
        said = admin.get(f"/admin/staff/access?address={path}").text
        told = "Ines" in said.partition("Who may</caption>")[2].partition("Who may not</caption>")[0]
        assert told == (browser.get(path).status_code != 403), path


def test_a_permission_tells_who_has_it(admin, ines):
    page = admin.get("/admin/staff/access").text
    assert 'href="/admin/staff/access?permission=news.view"' in page
    page = admin.get("/admin/staff/access?permission=news.view").text
    assert "Ines" in page.partition("Who may not</caption>")[0]


def test_limited_people_cost_one_question_more_and_others_none(admin, english, ines, in_city, count_queries):
    def asked(browser, path="/admin/news/"):
        browser.get(path)
        with count_queries() as asked:
            assert browser.get(path).status_code == 200
        return len(asked)

    plain = english(role="viewer", email="plain@paris.example")
    before = asked(plain)
    with in_city():
        staffing.set_roles(ines, [staffing.Given(Role.VIEWER, modules=("news",))])
    limited = english(role="resident", email="ines@paris.example")
    assert asked(limited) == before + 1
