"""What is said to an idea: answers, corrections, what waits, what is reported, who is told."""

import re
from datetime import timedelta

import pytest

from app.sdk import now
from modules.participatory_budget.models import IdeaComment, IdeaReport
from modules.participatory_budget.rules.ideas.states import CommentState
from modules.participatory_budget.services.ideas import commenting

from .. import arranging
from .author import hidden, words

pytestmark = pytest.mark.usefixtures("taking")


@pytest.fixture
def number(anna):
    return anna.hand_in()


def stored(in_city):
    with in_city("paris"):
        rows = arranging.db.session.query(IdeaComment).order_by(IdeaComment.written_at).all()
        return [(one.text, one.state, one.parent_id) for one in rows]


def ident(in_city, text):
    with in_city("paris"):
        return arranging.db.session.query(IdeaComment).filter_by(text=text).one().id


def test_a_comment_and_the_answer_to_it_are_shown(anna, ben, number, in_city, visitor):
    assert ben.comment(number, "Good for the children.").status_code == 303
    first = ident(in_city, "Good for the children.")
    assert anna.comment(number, "Thank you, Ben.", answers=str(first)).status_code == 303
    second = ident(in_city, "Thank you, Ben.")
    assert ben.comment(number, "You are welcome.", answers=str(second)).status_code == 303
    page = words(visitor.get(f"/participatory-budget/2026/ideas/{number}", headers={"Accept-Language": "en"}))
    assert "3 comments" in page
    assert (
        page.index("Good for the children.") < page.index("Thank you, Ben.") < page.index("You are welcome.")
    )
    assert [parent for _text, _state, parent in stored(in_city)] == [None, first, first]


def test_what_looks_like_a_program_waits_and_its_author_alone_sees_it(ben, author, number, in_city):
    newcomer = author("new@paris.example", young=True)
    answer = newcomer.comment(number, "Cheap pills here https://pills.example.shop now")
    assert answer.status_code == 303
    assert stored(in_city)[0][1] is CommentState.WAITING
    assert "Cheap pills" in newcomer.get(f"/ideas/{number}").text
    assert "Only you see it" in newcomer.get(f"/ideas/{number}").text
    assert "Shade" in ben.get(f"/ideas/{number}").text
    assert "Cheap pills" not in ben.get(f"/ideas/{number}").text


def test_a_field_that_nobody_sees_tells_a_program(ben, number, in_city):
    ben.comment(number, "I like it very much", homepage="https://example.org")
    assert stored(in_city) == [("I like it very much", CommentState.WAITING, None)]


def test_a_form_without_its_seal_counts_as_sent_at_once(ben, number, in_city):
    ben.post(f"/ideas/{number}/comments", {"text": "I like it very much", "stamp": "ffffffffff.0000"})
    with in_city("paris"):
        [comment] = arranging.db.session.query(IdeaComment).all()
        assert comment.doubts == ["too_fast"]
        assert comment.state is CommentState.VISIBLE


def test_the_same_words_again_from_a_fast_hand_wait(ben, number, in_city):
    ben.comment(number, "Vote for my idea number 7!")
    ben.comment(number, "Vote for my idea number 7!")
    assert [state for _text, state, _parent in stored(in_city)] == [
        CommentState.VISIBLE,
        CommentState.WAITING,
    ]


def test_an_empty_comment_is_refused_with_the_page(ben, number):
    answer = ben.comment(number, "   ")
    assert answer.status_code == 422
    assert "Write something first." in words(answer)


def test_a_comment_can_be_corrected_for_a_quarter_of_an_hour(ben, anna, number, in_city, frozen):
    moment = now()
    ben.comment(number, "Good for the childen.")
    comment = ident(in_city, "Good for the childen.")
    page = ben.get(f"/ideas/{number}/comments/{comment}")
    sent = {**hidden(page), "text": "Good for the children."}
    assert anna.post(f"/ideas/{number}/comments/{comment}", sent).status_code == 404
    assert ben.post(f"/ideas/{number}/comments/{comment}", sent).status_code == 303
    assert "Good for the children." in anna.get(f"/ideas/{number}").text
    frozen(moment + timedelta(minutes=16))
    late = ben.post(f"/ideas/{number}/comments/{comment}", {**sent, "text": "Bad for the children."})
    assert late.status_code == 409
    assert "Bad for the children." in late.text


def test_who_takes_a_comment_back_leaves_the_answers(ben, anna, number, in_city):
    ben.comment(number, "A mistake of mine.")
    first = ident(in_city, "A mistake of mine.")
    anna.comment(number, "No, you are right.", answers=str(first))
    assert ben.post(f"/ideas/{number}/comments/{first}/remove").status_code == 303
    page = words(anna.get(f"/ideas/{number}"))
    assert "A mistake of mine." not in page
    assert "has taken this comment back" in page
    assert "No, you are right." in page
    with in_city("paris"):
        assert {one.author_name for one in arranging.db.session.query(IdeaComment)} == {"", "Anna"}


def test_a_report_counts_once_for_each_person(ben, number, in_city):
    page = ben.get(f"/ideas/{number}/report")
    assert page.status_code == 200
    assert ben.post(f"/ideas/{number}/report", {}).status_code == 422
    for _again in range(2):
        assert ben.post(f"/ideas/{number}/report", {"reason": "spam", "note": "An advert"}).status_code == 303
    with in_city("paris"):
        assert [one.note for one in arranging.db.session.query(IdeaReport)] == ["An advert"]


def test_authors_and_followers_hear_of_a_comment_and_its_writer_does_not(
    anna, ben, number, author, run_tasks
):
    carl = author("carl@paris.example")
    subject = hidden_subject(carl, number)
    carl.browser.post("/account/notifications/follow", data={"subject": subject, "follow": "1"})
    ben.comment(number, "Good for the children.")
    run_tasks()
    heard = [who for who in (anna, ben, carl) if "Somebody commented" in in_inbox(who)]
    assert heard == [anna, carl]


def test_nothing_is_said_where_the_city_does_not_want_it(ben, number, collecting):
    collecting(takes_comments=False)
    assert "Send the comment" not in ben.get(f"/ideas/{number}").text
    assert ben.post(f"/ideas/{number}/comments", {"text": "Still here"}).status_code == 409


def hidden_subject(who, number) -> str:
    return re.search(r'name="subject" value="([^"]+)"', who.get(f"/ideas/{number}").text)[1]


def in_inbox(who) -> str:
    return who.browser.get("/account/inbox", headers={"Accept-Language": "en"}).text


def test_nobody_reads_a_hidden_comment_through_the_pages_about_it(anna, ben, author, number, in_city):
    ben.comment(number, "Mr Smith lives at 12 Rose Street.")
    kept = ident(in_city, "Mr Smith lives at 12 Rose Street.")
    pages = [f"/ideas/{number}/comments/{kept}", f"/ideas/{number}/comments/{kept}/report"]
    assert [anna.get(path).status_code for path in pages] == [404, 200]
    with in_city("paris"):
        commenting.hide(kept, {"en": "An address of somebody"})
    for reader in (anna, author("cleo@paris.example")):
        for path in (*pages, f"/ideas/{number}"):
            assert "Rose Street" not in reader.get(path).text
    assert "Rose Street" in ben.get(f"/ideas/{number}").text
