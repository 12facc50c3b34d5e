"""The pages about notifications: choices, inbox, log, following, and stopping without signing in."""

import re
from uuid import uuid4

import pytest

from app.core.context import current_city
from app.notify import choices, unsubscribing
from app.notify.choices import Quiet
from app.notify.inbox import MANY
from app.notify.telling import notify
from app.notify.unsubscribing import EVERYTHING, Stop
from modules.news import services
from modules.news.rules import Draft
from tests.notify.conftest import RECEIPT, REQUEST
from tests.notify.people import me

EN = {"Accept-Language": "en"}
PAGE = "/account/notifications"
CHOICE = {
    "requests-mail": "weekly",
    "followed-mail": "off",
    "news-mail": "daily",
    "news-inbox": "at_once",
    "quiet_from": "22",
    "quiet_until": "7",
}


def path_in(mail):
    return re.search(r"<http://[^/]+(/unsubscribe/[^>]+)>", mail["headers"]["List-Unsubscribe"])[1]


def selected(page):
    cells = re.findall(r'<select class="select" id="[^"]+" name="([a-z]+-[a-z]+)">(.*?)</select>', page)
    chosen = {name: re.findall(r'<option selected value="([^"]*)"', options) for name, options in cells}
    return {name: found[0] for name, found in chosen.items() if found and "district" not in name}


def test_the_page_shows_what_holds_and_keeps_what_is_chosen(resident, in_city):
    first = selected(resident.get(PAGE, headers=EN).text)
    assert first == {
        "requests-mail": "at_once",
        "followed-mail": "daily",
        "news-mail": "off",
        "news-inbox": "off",
    }
    assert resident.post(PAGE, data=CHOICE).status_code == 303
    page = resident.get(PAGE, headers=EN).text
    assert selected(page) == {k: v for k, v in CHOICE.items() if "-" in k}
    with in_city():
        chosen = choices.of(me())
    assert (chosen.quiet, chosen.topics["requests"]) == (Quiet(22, 7), {"mail": "weekly"})


def test_a_choice_that_does_not_exist_is_refused_and_nothing_is_lost(resident):
    answer = resident.post(PAGE, data={**CHOICE, "news-mail": "hourly"}, headers=EN)
    assert answer.status_code == 422
    assert selected(answer.text)["requests-mail"] == "weekly"


def test_receipts_cannot_be_chosen_away(resident, in_city):
    resident.post(PAGE, data={**CHOICE, "account-mail": "off"})
    with in_city():
        assert "account" not in choices.of(me()).topics


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/sent", "/account/inbox"])
def test_visitors_are_sent_to_sign_in_first(visitor, path):
    assert visitor.get(path).status_code == 302


def test_the_inbox_leads_to_the_thing_and_knows_what_was_read(resident, in_city):
    with in_city():
        notify(REQUEST, me(), "lamp", link="/news/", what="Lamp <b>")
    page = resident.get("/account/inbox", headers=EN).text
    assert "About Lamp &lt;b&gt;" in page
    assert "1 thing is new." in page
    path = re.search(r'action="(/account/inbox/[0-9a-f-]+/open)"', page)[1]
    assert resident.get(path).status_code == 405
    answer = resident.post(path)
    assert (answer.status_code, answer.location) == (303, "/news/")
    page = resident.get("/account/inbox", headers=EN).text
    assert "About Lamp &lt;b&gt;" in page
    assert "is new." not in page


def test_nobody_opens_another_persons_message(site, resident, in_city):
    with in_city():
        notify(REQUEST, me(), "lamp", what="Lamp")
    path = re.search(r'action="(/account/inbox/[0-9a-f-]+/open)"', resident.get("/account/inbox").text)
    assert (
        path is None or site("paris", role="resident", email="x@example.org").post(path[1]).status_code == 404
    )


def test_everything_is_marked_as_read_at_once_and_older_ones_are_on_another_page(resident, in_city):
    with in_city():
        for number in range(25):
            notify(REQUEST, me(), f"lamp {number}", what=f"Lamp {number:02}")
    page = resident.get("/account/inbox", headers=EN).text
    assert page.count("About Lamp") // page.count("About Lamp 24") == 20
    older = re.search(r'href="(/account/inbox\?before=[^"]+)"', page)[1]
    rest = resident.get(older, headers=EN).text
    assert "About Lamp 04" in rest
    assert "About Lamp 05" not in rest
    resident.post("/account/inbox/read")
    assert "are new." not in resident.get("/account/inbox", headers=EN).text


def test_the_bell_tells_how_many_are_new_with_one_question(resident, visitor, in_city, count_queries):
    resident.get("/contact")
    with count_queries() as before:
        resident.get("/contact")
    with in_city():
        for number in range(3):
            notify(REQUEST, me(), f"lamp {number}", what="Lamp")
    with count_queries() as after:
        page = resident.get("/contact", headers=EN).text
    assert "3 new messages" in page
    assert len(after) == len(before)
    assert sum("FROM notification" in statement for statement in after) == 1
    with count_queries() as asked:
        assert "new messages" not in visitor.get("/contact", headers=EN).text
    assert not [statement for statement in asked if "notification" in statement]
    assert MANY == 99


def test_the_log_says_what_was_sent_and_not_what_it_said(resident, in_city, run_tasks):
    with in_city():
        notify(RECEIPT, me(), "vote", what="SECRET WORDS")
    run_tasks()
    page = resident.get(f"{PAGE}/sent", headers=EN).text
    assert RECEIPT in page
    assert "Handed over" in page
    assert "SECRET WORDS" not in page


def test_pages_ask_the_database_a_bounded_number_of_questions(resident, in_city, count_queries):
    def cost(path):
        with count_queries() as asked:
            assert resident.get(path).status_code == 200
        return len(asked)

    paths = (PAGE, f"{PAGE}/sent", "/account/inbox")
    before = [cost(path) for path in paths]
    with in_city():
        for number in range(15):
            notify(REQUEST, me(), f"lamp {number}", what="Lamp")
    assert [cost(path) for path in paths] == before


def test_one_click_in_the_mail_stops_a_topic_without_signing_in(person, in_city, mails, visitor):
    ines = person()
    with in_city():
        notify(REQUEST, ines, "lamp 1", what="Lamp")
    path = path_in(mails()[-1])
    assert "ines" not in path
    page = visitor.get(path, headers=EN).text
    assert "My requests" in page
    with in_city():
        assert choices.of(ines).topics == {}
    done = visitor.post(path, data={"List-Unsubscribe": "One-Click"}, headers=EN)
    assert done.status_code == 200
    assert "You get no more of these" in done.text
    with in_city():
        notify(REQUEST, ines, "lamp 2", what="Lamp")
    assert len(mails()) == 1


def test_the_mail_program_needs_no_token_of_a_form_and_every_other_form_does(
    app, person, in_city, mails, visitor
):
    ines = person()
    with in_city():
        notify(REQUEST, ines, "lamp 1", what="Lamp")
    path = path_in(mails()[-1])
    app.config["WTF_CSRF_ENABLED"] = True
    assert visitor.post("/sign-in", data={"email": "a@example.org"}).status_code == 403
    assert visitor.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200


def test_a_browser_may_name_where_the_button_was_pressed(person, in_city, visitor):
    ines = person()
    with in_city():
        path = unsubscribing.path_of(Stop(ines, "requests", "mail"))
    # Without a referrer the browser calls the origin of a form "null", which is refused as another site's.
    assert visitor.get(path).headers["Referrer-Policy"] == "same-origin"
    assert visitor.post(path, headers={"Origin": "null"}).status_code == 403


def test_a_digest_stops_everything_that_can_be_stopped(person, in_city, visitor):
    ines = person()
    with in_city():
        path = unsubscribing.path_of(Stop(ines, EVERYTHING, "mail"))
    assert visitor.post(path).status_code == 200
    with in_city():
        stopped = choices.of(ines).topics
    assert {ways["mail"] for ways in stopped.values()} == {"off"}
    assert stopped.keys() >= {"requests", "followed", "news"}
    assert "account" not in stopped


def test_a_forged_token_and_one_of_another_city_stop_nothing(person, in_city, site):
    ines = person()
    with in_city():
        path = unsubscribing.path_of(Stop(ines, "requests", "mail"))
        assert current_city().slug == "paris"
    for address in (f"{path[:-4]}AAAA", "/unsubscribe/x", f"/unsubscribe/{ines}"):
        assert site("paris").post(address).status_code == 404
        assert site("paris").get(address).status_code == 404
    assert site("budapest").post(path).status_code == 404
    with in_city():
        assert choices.of(ines).topics == {}


def test_who_is_gone_can_be_stopped_without_a_word(in_city, visitor, person):
    with in_city():
        path = unsubscribing.path_of(Stop(uuid4(), "requests", "mail"))
    assert visitor.post(path).status_code == 200


def test_news_are_announced_to_who_asked_for_them(resident, in_city, mails):
    resident.post(PAGE, data={**CHOICE, "news-mail": "at_once", "quiet_from": ""})
    with in_city():
        title, body = {"fr": "Une place neuve"}, {"fr": "Venez."}
        services.publish(services.create(Draft(title, {}, body)).id)
    assert [mail["subject"] for mail in mails()] == ["Une place neuve"]
