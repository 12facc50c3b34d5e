"""When messages are tried again, and how they are signed."""

import base64
import hashlib
import hmac
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.webhooks import rules


def test_the_signature_is_the_one_of_the_specification():
    # The example of the Standard Webhooks specification and its libraries.
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'
    signed = rules.sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(st.binary(max_size=200), st.integers(0, 2**40))
def test_whoever_has_one_of_two_secrets_can_check_a_message(body, moment):
    secrets = [rules.new_secret(), rules.new_secret()]
    sent = rules.headers(secrets, "msg_1", moment, body)
    for secret in secrets:
        key = base64.b64decode(secret.removeprefix("whsec_"))
        digest = hmac.digest(key, b"msg_1." + str(moment).encode() + b"." + body, hashlib.sha256)
        assert f"v1,{base64.b64encode(digest).decode()}" in sent["webhook-signature"].split(" ")


@given(st.floats(0, 1, exclude_max=True))
def test_a_message_is_tried_for_three_days_and_more_and_more_rarely(chance):
    waits = [rules.pause(tries, chance) for tries in range(1, 10)]
    assert None not in waits
    assert rules.pause(10, chance) is None
    assert sorted(waits) == waits
    assert timedelta(days=3) < sum(waits, timedelta()) < timedelta(days=4)


@pytest.mark.parametrize(
    ("status", "taken"), [(200, True), (204, True), (301, False), (400, False), (500, False)]
)
def test_only_an_answer_of_success_says_that_a_message_has_arrived(status, taken):
    assert rules.is_taken(status) is taken


def test_an_answer_is_shortened_to_what_can_be_kept():
    assert rules.shortened(b"a\x00b\xff" + b"x" * 9000).startswith("a�b�x")
    assert len(rules.shortened(b"x" * 9000)) == rules.LONGEST_ANSWER
