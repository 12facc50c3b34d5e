"""What we ask of a service over the network: where its doors are, its keys, a token for a code."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from urllib.parse import quote_plus, urlsplit

import httpx

from app.accounts.policy import Provider
from app.core import sealing
from app.core.context import current_city
from app.core.errors import Invalid
from app.core.i18n import gettext as _
from app.services import outbound

WELL_KNOWN = "/.well-known/openid-configuration"
# What signs with a key that only the service has; never the client's own secret (HS…), never nothing (none).
ALGORITHMS = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"}
)
SECONDS = 10
KEPT_SECONDS, MOST_KEPT = 300, 500
_kept: dict[tuple[str, str], tuple[float, "Service"]] = {}


class Unusable(Invalid):
    """The service does not answer, or not as the standard wants it; the text says so to who signs in."""


@dataclass(frozen=True, slots=True)
class Service:
    """What a service says about itself (OpenID Connect Discovery 1.0)."""

    issuer: str
    authorization: str
    token: str
    keys: str
    userinfo: str = ""
    end_session: str = ""
    algorithms: tuple[str, ...] = ("RS256",)
    names_itself: bool = False
    """Whether each answer says from which service it comes (RFC 9207)."""
    takes_secret_in_body: bool = False


def discover(issuer: str, *, anew: bool = False) -> Service:
    """Return what the service says about itself, not older than five minutes; raises Unusable."""
    key, moment = (current_city().id, issuer), time.monotonic()
    found = _kept.get(key)
    if found is not None and found[0] > moment and not anew:
        return found[1]
    service = _read(issuer, _json("GET", f"{issuer.rstrip('/')}{WELL_KNOWN}"))
    while len(_kept) >= MOST_KEPT:
        _kept.pop(next(iter(_kept)))
    _kept[key] = moment + KEPT_SECONDS, service
    return service


def keys_of(service: Service) -> Mapping[str, Any]:
    """Return the keys with which the service signs now; raises Unusable."""
    return _json("GET", service.keys)


def redeem(service: Service, provider: Provider, *, code: str, verifier: str, back: str) -> Mapping[str, Any]:
    """Return the tokens that the service gives for a code; raises Unusable."""
    sent = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "code_verifier": verifier,
        "client_id": provider.client_id,
    }
    secret = sealing.unseal(SEALED, provider.id.encode(), provider.secret) or ""
    if not secret:
        return _json("POST", service.token, data=sent)
    if service.takes_secret_in_body:
        return _json("POST", service.token, data={**sent, "client_secret": secret})
    both = quote_plus(provider.client_id), quote_plus(secret)
    return _json("POST", service.token, data=sent, auth=httpx.BasicAuth(*both))


def profile(service: Service, access_token: str) -> Mapping[str, Any]:
    """Return what the service tells about the person beyond the token; raises Unusable."""
    return _json("GET", service.userinfo, headers={"Authorization": f"Bearer {access_token}"})


SEALED = "secret of a sign-in service"


def seal(provider_id: str, secret: str) -> str:
    """Return the secret of a service as the city's settings keep it."""
    return sealing.seal(SEALED, provider_id.encode(), secret) if secret else ""


def _json(method: str, url: str, **request: Any) -> Mapping[str, Any]:
    headers = {"Accept": "application/json", **request.pop("headers", {})}
    try:
        with outbound.client(timeout=SECONDS) as client:
            answer = client.request(method, url, headers=headers, **request)
            answer.raise_for_status()
            found = answer.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise unusable() from error
    if not isinstance(found, dict):
        raise unusable()
    return found


def _read(issuer: str, said: Mapping[str, Any]) -> Service:
    text = partial(_text, said)
    if text("issuer") != issuer:
        raise unusable()
    offered = said.get("id_token_signing_alg_values_supported", ["RS256"])
    methods = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    service = Service(
        issuer=issuer,
        authorization=text("authorization_endpoint"),
        token=text("token_endpoint"),
        keys=text("jwks_uri"),
        userinfo=text("userinfo_endpoint"),
        end_session=text("end_session_endpoint"),
        algorithms=tuple(each for each in offered if each in ALGORITHMS) if isinstance(offered, list) else (),
        names_itself=said.get("authorization_response_iss_parameter_supported") is True,
        takes_secret_in_body="client_secret_basic" not in methods and "client_secret_post" in methods,
    )
    doors = (service.authorization, service.token, service.keys)
    if not service.algorithms or not all(_is_safe(door, issuer) for door in doors):
        raise unusable()
    return service if _is_safe(service.end_session, issuer) else replace(service, end_session="")


def _is_safe(door: str, issuer: str) -> bool:
    """Tell whether browsers and we may be sent there: by TLS, unless the operator allowed the service without."""
    try:
        parts, own = urlsplit(door), urlsplit(issuer)
    except ValueError:
        return False
    plain = own.scheme == "http" and parts[:2] == own[:2]
    return bool(parts.netloc) and (parts.scheme == "https" or plain)


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name, "")
    return value if isinstance(value, str) else ""


def unusable() -> Unusable:
    """Return the refusal that tells nothing of what went wrong over there."""
    return Unusable(_("The other service did not answer as it should. Try again, or sign in another way."))
