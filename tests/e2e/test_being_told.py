import re

import pytest
from playwright.sync_api import expect

from tests.e2e.steps import follow_the_mail, in_menu

pytestmark = pytest.mark.browser

# From the first page of the back office to the message on its way, and from the mail to silence.
MOST_TO_SEND, MOST_TO_STOP = 3, 2


def test_a_message_takes_two_people_and_whoever_gets_it_stops_the_next_with_one_press(
    new_city, person, scripts
):
    city = new_city("Tellham", modules=["news"])
    resident = person(scripts=scripts, city=city, role="resident")
    chooses_mail_at_once(resident, city)
    writer = person(scripts=scripts, city=city, role="administrator")
    writes_a_message(writer, city, "The bridge is closed")
    sends_it(person(scripts=scripts, city=city, role="editor"), city, "The bridge is closed")
    reader = person(scripts=scripts)
    follow_the_mail(reader, f"resident@{city}.example", "/unsubscribe/")
    before = reader.presses
    reader.sees("Stop these messages")
    reader.finds_nothing_wrong()
    reader.press("Stop them")
    reader.reads("You get no more of these")
    reader.finds_nothing_wrong()
    assert reader.presses - before < MOST_TO_STOP
    resident.open(city, "/account/notifications")
    expect(resident.page.get_by_label("News: Mail")).to_have_value("off")


def chooses_mail_at_once(resident, city):
    resident.open(city, "/account")
    resident.follow("Notifications")
    resident.sees("Notifications")
    resident.page.get_by_label("News: Mail").select_option(label="At once")
    resident.press("Save my choice")
    resident.reads(re.compile("^Your choice is saved"))
    resident.finds_nothing_wrong()


def writes_a_message(writer, city, subject):
    writer.open(city, "/admin/")
    in_menu(writer, "Messages")
    writer.activate(writer.page.locator("summary").filter(has_text="Who may send alone"))
    writer.type("One person alone may write to at most", "0")
    writer.press("Save")
    writer.reads("The limit is saved.")
    writer.follow("Write a message", within=writer.page.locator(".empty"))
    writer.press("Save and look at it")
    writer.reads(re.compile("^Write the subject"))
    writer.finds_nothing_wrong()
    writer.page.locator("[name=subject-en]").fill(subject)
    writer.page.locator("[name=text-en]").fill("Until Friday.")
    writer.press("Save and look at it")
    writer.sees(subject)
    writer.finds_nothing_wrong()
    writer.press("Ask somebody else to send it")
    writer.reads("The message waits for somebody else to read and send it.")


def sends_it(colleague, city, subject):
    colleague.open(city, "/admin/")
    colleague.sees("Today")
    colleague.finds_nothing_wrong()
    before = colleague.presses
    colleague.follow(re.compile(subject))
    colleague.finds_nothing_wrong()
    colleague.press("Send to 1 person")
    colleague.reads("The message goes to 1 person.")
    assert colleague.presses - before <= MOST_TO_SEND
