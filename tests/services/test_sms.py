import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Invalid
from app.services.refusals import Refused
from app.services.sms import HttpDoor, ShownDoor, Sms, check_body, filled

BODY = '{"from": "Paris", "recipients": [{"msisdn": "{to}"}], "message": "Paris: {text}", "ref": "{id}"}'
SMS = Sms("+33612345678", "Your place is free.", "n1")


def test_a_provider_gets_its_own_document_with_the_message_in_it(provider):
    HttpDoor(f"{provider.url}/sms", BODY, "Bearer secret").send(SMS)
    [(path, headers, body)] = provider.got
    assert path == "/sms"
    assert headers["Authorization"] == "Bearer secret"
    assert json.loads(body) == {
        "from": "Paris",
        "recipients": [{"msisdn": "+33612345678"}],
        "message": "Paris: Your place is free.",
        "ref": "n1",
    }


@pytest.mark.parametrize(
    ("code", "for_good"), [(400, True), (422, True), (401, False), (429, False), (503, False)]
)
def test_a_refusal_says_whether_the_number_is_at_fault(provider, code, for_good):
    provider.answer = code
    with pytest.raises(Refused) as refused:
        HttpDoor(provider.url, BODY).send(SMS)
    assert refused.value.for_good is for_good


def test_a_provider_that_is_down_is_bad_luck(provider):
    provider.server_close()
    with pytest.raises(OSError, match="could not be reached") as error:
        HttpDoor(provider.url, BODY).send(SMS)
    assert not isinstance(error.value, Refused)


def test_an_address_of_the_inside_is_never_asked(app):
    with app.app_context(), pytest.raises(OSError, match="could not be reached"):
        HttpDoor("https://169.254.169.254/sms", BODY).send(SMS)


@pytest.mark.parametrize(
    "body", ["to={to}", "[]", '{"to": "{to}"}', '{"text": "{text}"}', '["{to}", "{text}"]']
)
def test_a_pattern_that_cannot_work_is_refused(app, body):
    with app.test_request_context(), pytest.raises(Invalid):
        check_body(body)
    with app.test_request_context():
        assert check_body(BODY) == BODY


@given(st.text(max_size=60))
def test_what_a_message_says_is_never_taken_for_a_mark_or_for_json(words):
    document = filled('{"to": "{to}", "all": "{text}|{to}|{id}"}', Sms("+361", words, "n2"))
    assert document == {"to": "+361", "all": f"{words}|+361|n2"}


def test_the_dev_stack_shows_messages_among_its_mails(tmp_path):
    ShownDoor(tmp_path).send(SMS)
    [shown] = [json.loads(path.read_text()) for path in tmp_path.glob("*.json")]
    assert (shown["recipient"], shown["text"]) == ("+33612345678", "Your place is free.")
