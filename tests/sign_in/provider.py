"""A service that speaks OpenID Connect, on a port of this machine; it can be told to misbehave."""

import json
import secrets
import threading
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

# Made once: a key takes longer to make than a test to run.
OWN, STRANGE = (RSAKey.generate_key(2048, {"kid": "one"}) for _ in range(2))
CLIENT, SECRET = "parvis of paris", "s3cret: & more"


@dataclass
class Service:
    """What the service is and whom it knows; tests change it."""

    issuer: str
    keys: KeySet = field(default_factory=lambda: KeySet([OWN]))
    person: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    """In place of the right ones in the next id token; None leaves one out."""
    metadata: dict[str, Any] = field(default_factory=dict)
    sign_with: str = "RS256"
    down: bool = False
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def describe(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/me",
            "end_session_endpoint": f"{self.issuer}/end",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            "authorization_response_iss_parameter_supported": True,
            **self.metadata,
        }

    def authorize(self, url: str) -> str:
        """Do what the person's browser does there; returns where it is sent back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?" + urlencode(
            {"code": code, "state": asked["state"], "iss": self.issuer}
        )

    def redeem(self, sent: dict[str, str], basic: str) -> dict[str, Any] | None:
        asked = self.codes.pop(sent["code"], None)
        name, _colon, secret = b64decode(basic.removeprefix("Basic ")).decode().partition(":")
        verifier = urlsafe_b64encode(sha256(sent["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        if asked is None or verifier != asked["code_challenge"]:
            return None
        if (unquote_plus(name), unquote_plus(secret)) != (CLIENT, SECRET):
            return None
        assert sent["redirect_uri"] == asked["redirect_uri"]
        return {"access_token": "at", "token_type": "Bearer", "id_token": self.id_token(asked["nonce"])}

    def id_token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            **self.person,
            **self.claims,
        }
        said = {name: value for name, value in claims.items() if value is not None}
        if self.sign_with == "none":
            head = urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
            return f"{head}.{urlsafe_b64encode(json.dumps(said).encode()).rstrip(b'=').decode()}."
        if self.sign_with == "HS256":
            return jwt.encode({"alg": "HS256"}, said, OctKey.import_key(SECRET), algorithms=["HS256"])
        key = STRANGE if self.sign_with == "stranger" else self.keys.keys[0]
        return jwt.encode({"alg": "RS256", "kid": "one"}, said, key, algorithms=["RS256"])


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        service: Service = self.server.service  # type: ignore[attr-defined]
        service.asked.append(self.path)
        pages = {
            "/.well-known/openid-configuration": service.describe,
            "/keys": lambda: service.keys.as_dict(private=False),
            "/me": lambda: service.person,
        }
        self._answer(None if service.down else pages.get(self.path, lambda: None)())

    def do_POST(self) -> None:
        service: Service = self.server.service  # type: ignore[attr-defined]
        service.asked.append(self.path)
        raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
        sent = {name: values[0] for name, values in parse_qs(raw).items()}
        self._answer(service.redeem(sent, self.headers.get("Authorization", "")))

    def _answer(self, said: object) -> None:
        body = json.dumps(said).encode()
        self.send_response(200 if said is not None else 400)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        pass


@contextmanager
def running() -> Iterator[Service]:
    """Run a service while the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.service = Service(f"http://127.0.0.1:{server.server_port}")  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.service  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()
