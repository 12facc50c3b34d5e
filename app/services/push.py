"""Web push: messages to browsers, encrypted for each (RFC 8291) and signed by the city (VAPID, RFC 8292)."""

import base64
import json
from dataclasses import dataclass
from urllib.parse import urlsplit

import http_ece
import httpx
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02

from app.core.clock import now
from app.services import outbound
from app.services.refusals import Refused

LONGEST = 3000
"""Bytes; with what encryption adds, a push service takes 4096 (RFC 8030, 7.2)."""
KEPT_SECONDS = 24 * 3600
TOKEN_SECONDS = 12 * 3600
GONE = frozenset({404, 410})


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where one browser listens, and its keys as it gave them (base64url)."""

    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: a city's private key (base64url of 32 bytes) and the address to write to about its messages."""

    private_key: str
    contact: str

    @property
    def public_key(self) -> str:
        """Return what browsers are given to subscribe with."""
        return public_key(self.private_key)


def new_private_key() -> str:
    """Return a fresh key on P-256."""
    key = ec.generate_private_key(ec.SECP256R1())
    return _text(key.private_numbers().private_value.to_bytes(32, "big"))


def public_key(private_key: str) -> str:
    """Return the public key that belongs to a private one, uncompressed, in base64url."""
    point = (
        _key(private_key)
        .public_key()
        .public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    )
    return _text(point)


def check_subscription(subscription: Subscription) -> None:
    """Raise ValueError for keys that no browser gives; the address is looked at when it is used."""
    point = _bytes(subscription.p256dh)
    if urlsplit(subscription.endpoint).scheme != "https" or len(_bytes(subscription.auth)) != 16:
        raise ValueError("no subscription of a browser")
    ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)


def push(subscription: Subscription, signer: Signer, message: dict[str, str], *, topic: str = "") -> None:
    """Send one message; raises OSError when it could not be sent now, Refused when the push service says why.

    A later message of the same `topic` takes the place of one that was not shown yet.
    """
    headers = {
        **_vapid(signer).sign(_claims(subscription.endpoint, signer.contact)),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(KEPT_SECONDS),
        "Urgency": "normal",
        **({"Topic": topic} if topic else {}),
    }
    try:
        with outbound.client() as client:
            answer = client.post(
                subscription.endpoint, content=encrypted(subscription, message), headers=headers
            )
    except httpx.HTTPError as error:
        raise OSError(f"the push service could not be reached: {type(error).__name__}") from error
    if not answer.is_success:
        raise Refused(answer.status_code, answer.reason_phrase, for_good=answer.status_code in GONE)


def encrypted(subscription: Subscription, message: dict[str, str]) -> bytes:
    """Return a message that only the browser of this subscription can read; raises ValueError for a long one."""
    content = json.dumps(message, ensure_ascii=False).encode()
    if len(content) > LONGEST:
        raise ValueError(f"a message of {len(content)} bytes is too long for a push service")
    sealed: bytes = http_ece.encrypt(
        content,
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=_bytes(subscription.p256dh),
        auth_secret=_bytes(subscription.auth),
        version="aes128gcm",
    )
    return sealed


def _claims(endpoint: str, contact: str) -> dict[str, str | int]:
    parts = urlsplit(endpoint)
    expires = int(now().timestamp()) + TOKEN_SECONDS
    return {"aud": f"{parts.scheme}://{parts.netloc}", "exp": expires, "sub": contact}


def _vapid(signer: Signer) -> Vapid02:
    return Vapid02(_key(signer.private_key))


def _key(private_key: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(_bytes(private_key), "big"), ec.SECP256R1())


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
