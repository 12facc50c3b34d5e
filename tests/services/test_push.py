import base64
import json
from dataclasses import replace

import http_ece
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02

from app.services import push as door
from app.services.push import Signer, Subscription, check_subscription, encrypted, new_private_key
from app.services.refusals import Refused


def text(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class PrivateBrowser:
    """What a browser does with what it is sent (RFC 8291)."""

    def __init__(self, endpoint="https://push.example/1"):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = b"0123456789abcdef"
        point = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        self.subscription = Subscription(endpoint, text(point), text(self.auth))

    def read(self, content):
        return json.loads(
            http_ece.decrypt(content, private_key=self.key, auth_secret=self.auth, version="aes128gcm")
        )


SIGNER = Signer(new_private_key(), "mailto:hello@paris.example")


def test_only_the_browser_that_subscribed_reads_the_message():
    browser, other = PrivateBrowser(), PrivateBrowser()
    sealed = encrypted(browser.subscription, {"title": "Your place is free", "url": "/"})
    assert browser.read(sealed) == {"title": "Your place is free", "url": "/"}
    assert b"place" not in sealed
    with pytest.raises(http_ece.ECEException):
        other.read(sealed)


def test_the_push_service_gets_what_the_city_has_signed(provider):
    browser = PrivateBrowser(f"{provider.url}/p/1")
    door.push(browser.subscription, SIGNER, {"title": "Hello"}, topic="votes")
    [(path, headers, body)] = provider.got
    assert path == "/p/1"
    assert browser.read(body) == {"title": "Hello"}
    assert (headers["Content-Encoding"], headers["Topic"], headers["TTL"]) == ("aes128gcm", "votes", "86400")
    assert Vapid02.verify(headers["Authorization"])
    token = headers["Authorization"].partition("t=")[2].partition(",")[0]
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    assert claims["aud"] == provider.url
    assert claims["sub"] == "mailto:hello@paris.example"
    assert headers["Authorization"].endswith(f"k={SIGNER.public_key}")


@pytest.mark.parametrize(("code", "gone"), [(410, True), (404, True), (429, False), (500, False)])
def test_a_refusal_says_whether_the_browser_is_gone(provider, code, gone):
    provider.answer = code
    with pytest.raises(Refused) as refused:
        door.push(PrivateBrowser(provider.url).subscription, SIGNER, {"title": "Hello"})
    assert refused.value.for_good is gone


def test_a_subscription_that_no_browser_gives_is_refused():
    whole = PrivateBrowser().subscription
    check_subscription(whole)
    for wrong in (
        {"endpoint": "http://push.example"},
        {"auth": "short"},
        {"p256dh": text(b"\x04" + b"1" * 64)},
    ):
        with pytest.raises(ValueError):
            check_subscription(replace(whole, **wrong))


def test_a_message_that_no_push_service_takes_is_refused_here():
    with pytest.raises(ValueError, match="too long"):
        encrypted(PrivateBrowser().subscription, {"title": "x" * 3000})
