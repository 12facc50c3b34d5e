import re
from datetime import timedelta

import pytest

from app.accounts.households import services
from app.accounts.households.models import ActingRight, Dependant
from app.accounts.households.rules import Area
from app.core.audit import latest
from app.core.clock import now
from app.core.context import current_actor
from app.core.db import db
from app.core.errors import Conflict, NotFound
from app.core.people import HOLDINGS
from modules.participatory_budget.services import drafts
from modules.participatory_budget.tests import arranging

from .conftest import somebody

HOME = "/account/household"
EMMA = {"name": "Emma", "born": "2016-05-01", "school": "École Voltaire"}


def add(browser, **more):
    return browser.post(f"{HOME}/child", data={**EMMA, **more})


def right_of(browser, name="act"):
    found = re.search(rf"{HOME}/([0-9a-f-]{{36}})/{name}", browser.get(HOME).text)
    assert found, f"nothing leads to {name}"
    return found[1]


def link_in(mail):
    found = re.search(r"http://[^/\s]+(/account/household/invited/[\w-]+)", mail["text"])
    assert found, mail["text"]
    return found[1]


@pytest.fixture
def anna(english):
    return english(role="resident", email="anna@paris.example")


@pytest.fixture
def ben(english):
    return english(role="resident", email="ben@paris.example")


def test_a_guardian_adds_a_child_and_acts_for_her_until_she_stops(anna):
    assert add(anna).status_code == 303
    assert "until April 30, 2034" in anna.get(HOME).text
    assert anna.post(f"{HOME}/{right_of(anna)}/act").status_code == 303
    page = anna.get("/")
    assert "You act for Emma" in page.text
    assert anna.post(f"{HOME}/stop").status_code == 303
    page = anna.get("/")
    assert page.status_code == 200
    assert "You act for Emma" not in page.text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " "}, "Enter the name"),
        ({"born": "tomorrow"}, "Enter a birth date"),
        ({"born": "2090-01-01"}, "a birth date that has been"),
        ({"born": "1990-01-01"}, "18 or older"),
    ],
)
def test_what_cannot_be_a_child_is_refused_and_nothing_typed_is_lost(anna, wrong, said):
    page = add(anna, **wrong)
    assert page.status_code == 422
    assert said in page.text
    assert "École Voltaire" in page.text


def test_nobody_else_can_act_for_the_child(anna, ben):
    add(anna)
    right = right_of(anna)
    for path in ("act", "end"):
        assert ben.post(f"{HOME}/{right}/{path}").status_code == 404
    assert ben.get(f"{HOME}/child/{right}").status_code == 404
    assert ben.get(f"{HOME}/child/{right}/guardian").status_code == 404
    assert "Emma" not in ben.get(HOME).text


def test_another_guardian_is_invited_by_mail_and_accepts_once(anna, ben, mails, english):
    add(anna)
    right = right_of(anna)
    assert anna.post(f"{HOME}/child/{right}/guardian", data={"email": "ben@paris.example"}).status_code == 303
    link = link_in(mails()[-1])
    assert "Emma" not in mails()[-1]["text"]
    assert anna.post(link, data={"answer": "yes"}).status_code == 409
    assert "guardian of Emma" in ben.get(link).text
    assert ben.post(link, data={"answer": "yes"}).status_code == 303
    assert "Emma" in ben.get(HOME).text
    stranger = english(role="resident", email="eve@paris.example")
    assert stranger.get(link).status_code == 404
    assert stranger.post(link, data={"answer": "yes"}).status_code == 404


def test_a_guardian_cannot_end_another_and_the_child_stays_as_long_as_there_is_one(anna, ben, mails, in_city):
    add(anna)
    anna.post(f"{HOME}/child/{right_of(anna)}/guardian", data={"email": "ben@paris.example"})
    ben.post(link_in(mails()[-1]), data={"answer": "yes"})
    mine, hers = right_of(ben), right_of(anna)
    assert anna.post(f"{HOME}/{mine}/end").status_code == 404
    assert anna.post(f"{HOME}/{hers}/end").status_code == 303
    with in_city():
        services.forget_unneeded()
        assert db.session.query(Dependant).count() == 1
    assert ben.post(f"{HOME}/{mine}/act").status_code == 303


def test_a_helper_does_what_was_agreed_and_is_ended_at_once(anna, ben, mails):
    wish = {"email": "ben@paris.example", "areas": ["book"], "ends_on": "2099-01-01"}
    assert anna.post(f"{HOME}/helper", data=wish).status_code == 303
    assert ben.post(link_in(mails()[-1]), data={"answer": "yes"}).status_code == 303
    assert "Book rooms and appointments" in ben.get(HOME).text
    ben.post(f"{HOME}/{right_of(ben)}/act")
    assert "You act for Anna" in ben.get("/").text
    assert anna.post(f"{HOME}/{right_of(anna, 'end')}/end").status_code == 303
    page = ben.get("/")
    assert page.status_code == 200
    assert "You act for Emma" not in page.text


def test_an_invitation_that_is_declined_leaves_nothing_of_the_address(anna, ben, mails, in_city):
    anna.post(f"{HOME}/helper", data={"email": "ben@paris.example", "areas": ["book"]})
    assert ben.post(link_in(mails()[-1]), data={"answer": "no"}).status_code == 303
    with in_city():
        right = db.session.query(ActingRight).one()
        assert (right.invited_email, right.secret_hash, right.helper_id) == ("", None, None)


def test_an_invitation_ends_after_two_weeks(anna, ben, mails, frozen, in_city):
    anna.post(f"{HOME}/helper", data={"email": "ben@paris.example", "areas": ["book"]})
    link = link_in(mails()[-1])
    frozen(now() + timedelta(days=15))
    with in_city():
        with pytest.raises(NotFound):
            services.invitation(link.rpartition("/")[2])
        assert HOLDINGS["platform.household"].retain(now()) == 1


def test_whoever_has_no_account_is_helped_once_staff_have_seen_the_paper(anna, in_city):
    assert anna.post(f"{HOME}/person", data={"name": "Grandma", "areas": ["request"]}).status_code == 303
    assert "Waits for the signed paper" in anna.get(HOME).text
    with in_city():
        waiting = services.to_confirm()
        assert [one.name for one in waiting] == ["Grandma"]
        ident = waiting[0].id
    assert anna.post(f"{HOME}/{ident}/act").status_code == 404
    with in_city():
        services.confirm(ident)
        assert latest(1)[0].action == "people.acting_confirmed"
    assert anna.post(f"{HOME}/{ident}/act").status_code == 303
    assert "You act for Grandma" in anna.get("/").text


def test_nobody_votes_for_somebody_else(anna):
    add(anna)
    anna.post(f"{HOME}/{right_of(anna)}/act")
    for path in ("choose", "check", "change", "keep"):
        page = anna.post(f"/participatory-budget/2026/vote/{path}")
        assert page.status_code == 403
        assert "can only be done for oneself" in page.text


def test_a_deleted_account_takes_its_children_along(anna, in_city):
    add(anna)
    with in_city():
        account = somebody("anna@paris.example", "Anna")
        told = list(HOLDINGS["platform.household"].collect(account.id))
        assert (told[0]["acts_for"], told[0]["school"]) == ("Emma", "École Voltaire")
        HOLDINGS["platform.household"].erase(account.id)
        assert db.session.query(Dependant).count() == 0


def test_the_page_asks_as_much_for_ten_children_as_for_one(anna, count_queries):
    add(anna)
    anna.get(HOME)
    with count_queries() as one:
        assert anna.get(HOME).status_code == 200
    for number in range(9):
        add(anna, name=f"Child {number}")
    with count_queries() as ten:
        assert "Child 8" in anna.get(HOME).text
    assert len(ten) == len(one)


def test_one_person_acts_for_a_limited_number(in_city, monkeypatch):
    monkeypatch.setattr(services, "MOST_PEOPLE", 1)
    with in_city():
        anna = somebody()
        services.add_person(anna, name="A", areas=[Area.BOOK], ends_on=None)
        with pytest.raises(Conflict):
            services.add_person(anna, name="B", areas=[Area.BOOK], ends_on=None)


@pytest.fixture
def booking(app, monkeypatch):
    """Let a page that only oneself can use be used for others in one area, as a module would declare it."""
    view = app.view_functions["participatory_budget_public.change"]

    def declare(area):
        monkeypatch.setitem(view.__dict__, "for_others", area)

    return declare


def test_a_module_opens_its_forms_for_others_area_by_area(anna, ben, mails, booking):
    anna.post(f"{HOME}/helper", data={"email": "ben@paris.example", "areas": ["book"]})
    ben.post(link_in(mails()[-1]), data={"answer": "yes"})
    ben.post(f"{HOME}/{right_of(ben)}/act")
    path = "/participatory-budget/2026/vote/change"
    assert "can only be done for oneself" in ben.post(path).text
    booking(Area.ENROL)
    page = ben.post(path)
    assert page.status_code == 403
    assert "has not asked you to do this" in page.text
    booking(Area.BOOK)
    assert ben.post(path).status_code == 404


def test_staff_act_for_nobody_in_the_back_office(english):
    admin = english(role="administrator")
    add(admin)
    admin.post(f"{HOME}/{right_of(admin)}/act")
    assert "You act for Emma" in admin.get("/").text
    page = admin.get("/admin/")
    assert page.status_code == 200
    assert "You act for Emma" not in page.text


def test_what_is_done_for_somebody_is_written_down_with_both_names(anna, booking, in_city, monkeypatch):
    add(anna)
    anna.post(f"{HOME}/{right_of(anna)}/act")
    booking(Area.BOOK)
    seen = []
    monkeypatch.setattr(drafts, "begin_draft", lambda *_who: seen.append(current_actor()))
    with in_city():
        arranging.opened(arranging.approval())
    assert anna.post("/participatory-budget/2026/vote/change").status_code == 303
    assert [(actor.name, actor.for_name) for actor in seen] == [("Anna", "Emma")]
    anna.post(f"{HOME}/stop")
    anna.post("/participatory-budget/2026/vote/change")
    assert [actor.for_name for actor in seen] == ["Emma", ""]
