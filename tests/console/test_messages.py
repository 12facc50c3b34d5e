import re

import pytest
from sqlalchemy import select

from app.accounts.messages.rules import may_release
from app.accounts.services import find
from app.core.clock import now
from app.core.db import db
from app.notify.models import Choice, Delivery

WORDS = {
    "subject-en": "The pool is open",
    "text-en": "From nine to five.\n\nBring a towel.",
    "subject-fr": "La piscine est ouverte",
    "text-fr": "De neuf à cinq.",
    "reach": "important",
    "people": "everybody",
    "language": "",
    "district": "",
}
EN = {"Accept-Language": "en"}


@pytest.fixture
def editor(site):
    return site("paris", role="editor")


def written(browser, **changed):
    answer = browser.post("/admin/messages/new", data={**WORDS, **changed})
    assert answer.status_code == 303, answer.text
    return answer.location


def mark_of(browser, address):
    return re.search(r'name="mark" value="(\w+)"', browser.get(address).text)[1]


def send(browser, address, mark=None):
    return browser.post(f"{address}/send", data={"mark": mark or mark_of(browser, address)}, headers=EN)


def test_a_message_reaches_everybody_in_their_language(editor, resident, mails):
    address = written(editor)
    page = editor.get(address, headers=EN).text
    assert "Send to 2 people" in page
    assert send(editor, address).status_code == 303
    told = {mail["recipient"]: mail for mail in mails()}
    assert set(told) == {"editor@paris.example", "resident@paris.example"}
    assert told["resident@paris.example"]["subject"] == "La piscine est ouverte"
    assert "De neuf à cinq." in told["resident@paris.example"]["text"]
    again = send(editor, address, "anything")
    assert again.status_code == 409


def test_it_is_tried_out_on_its_writer_alone(editor, resident, mails):
    address = written(editor)
    assert editor.post(f"{address}/try").status_code == 303
    assert [mail["recipient"] for mail in mails()] == ["editor@paris.example"]


def test_news_goes_to_those_who_chose_it(editor, resident, in_city, mails):
    with in_city():
        chosen = find("resident@paris.example").id
        db.session.add(Choice(account_id=chosen, topics={"news": {"mail": "at_once"}}, changed_at=now()))
    address = written(editor, reach="news")
    assert "Send to 1 person" in editor.get(address, headers=EN).text
    send(editor, address)
    assert [mail["recipient"] for mail in mails()] == ["resident@paris.example"]


def test_a_segment_is_people_of_one_language(editor, site, staff, resident):
    assert "Send to 3 people" in editor.get(written(editor), headers=EN).text
    assert "Send to 1 person" in editor.get(written(editor, people="residents"), headers=EN).text
    assert "Send to 0 people" in editor.get(written(editor, language="hu"), headers=EN).text


def test_many_people_need_a_second_pair_of_eyes(editor, staff, resident, in_city, run_tasks):
    assert staff.post("/admin/messages/limit", data={"most": "1"}).status_code == 303
    address = written(editor)
    page = editor.get(address, headers=EN).text
    assert "Ask somebody else" in page
    assert "/send" not in page
    mark = mark_of(staff, address)
    assert send(editor, address, mark).status_code == 403
    assert editor.post(f"{address}/ask").status_code == 303
    assert send(staff, address, mark).status_code == 303
    run_tasks()
    with in_city():
        assert len(db.session.scalars(select(Delivery)).all()) == 3


def test_what_was_changed_meanwhile_is_not_sent(editor, staff, in_city, run_tasks):
    address = written(editor)
    seen = mark_of(staff, address)
    editor.post(f"{address}/edit", data={**WORDS, "text-fr": "Autre chose."})
    answer = send(staff, address, seen)
    assert answer.status_code == 409
    assert "Read it again" in answer.text
    run_tasks()
    with in_city():
        assert db.session.scalars(select(Delivery)).all() == []


def test_nothing_typed_is_lost(editor):
    answer = editor.post("/admin/messages/new", data={**WORDS, "text-fr": ""}, headers=EN)
    assert answer.status_code == 422
    assert "Bring a towel." in answer.text


def test_a_draft_is_deleted_and_a_sent_one_stays(editor, resident):
    draft, sent = written(editor), written(editor)
    send(editor, sent)
    assert editor.post(f"{draft}/delete").status_code == 303
    assert editor.get(draft).status_code == 404
    assert editor.post(f"{sent}/delete").status_code == 409


def test_looking_at_the_question_deletes_nothing(editor):
    draft = written(editor)
    assert editor.head(f"{draft}/delete").status_code == 200
    assert editor.get(draft).status_code == 200


def test_residents_and_viewers_write_to_nobody(site, resident):
    assert resident.get("/admin/messages/").status_code == 403
    assert site("paris", role="viewer").get("/admin/messages/new").status_code == 403


@pytest.mark.parametrize(
    ("releaser", "recipients", "may"),
    [("writer", 500, True), ("writer", 501, False), ("other", 501, True), ("other", 1, True)],
)
def test_one_person_alone_writes_to_few(releaser, recipients, may):
    assert may_release(writer="writer", releaser=releaser, recipients=recipients, alone_up_to=500) is may
