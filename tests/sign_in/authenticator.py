"""An authenticator in software: makes passkeys and signs with them as WebAuthn wants it, and as it does not."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def encode(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Authenticator:
    """One passkey; attributes can be changed to misbehave."""

    origin: str
    rp_id: str = ""
    verified: bool = True
    count: int = 0
    user: bytes = b""
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def make(self, asked: dict) -> str:
        """Answer navigator.credentials.create."""
        self.rp_id = self.rp_id or asked["rp"]["id"]
        self.user = decode(asked["user"]["id"])
        point = self.key.public_key().public_numbers()
        public = cbor2.dumps(
            {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        )
        data = self._data(ATTESTED) + bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(
            clientDataJSON=self._client(asked, "webauthn.create"), attestationObject=encode(attested)
        )

    def use(self, asked: dict) -> str:
        """Answer navigator.credentials.get."""
        self.count += 1
        client, data = self._client(asked, "webauthn.get"), self._data()
        signed = self.key.sign(data + hashlib.sha256(decode(client)).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            clientDataJSON=client,
            authenticatorData=encode(data),
            signature=encode(signed),
            userHandle=encode(self.user),
        )

    def _client(self, asked: dict, kind: str) -> str:
        said = {"type": kind, "challenge": asked["challenge"], "origin": self.origin, "crossOrigin": False}
        return encode(json.dumps(said).encode())

    def _data(self, flags: int = 0) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verified else 0)
        return hashlib.sha256(self.rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _answer(self, **response: str) -> str:
        return json.dumps(
            {"id": encode(self.id), "rawId": encode(self.id), "type": "public-key", "response": response}
        )
