"""The way to another service and back: what left must be what comes home (state, PKCE, nonce, issuer).

Verifier and nonce are made from the state, which only this browser's cookie and the service know, and the deployment's
key: the cookie gives neither away, and nothing has to be kept here.
"""

import logging
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any
from urllib.parse import urlencode

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from flask import session, url_for
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app.accounts import sessions
from app.accounts.models import AccountSession
from app.accounts.oidc import service
from app.accounts.oidc.service import Service, Unusable
from app.accounts.policy import Provider
from app.accounts.services import clean_email
from app.core import sealing
from app.core.clock import now
from app.core.context import current_city
from app.core.errors import Invalid
from app.core.i18n import gettext as _
from app.core.ids import keyed_hash, new_secret

log = logging.getLogger("parvis.sign_in")
LIFETIME_SECONDS = 15 * 60
LEEWAY_SECONDS = 60
LONGEST_SUBJECT = 255
_AWAY = "service"
_HINT = "id token of a session"


@dataclass(frozen=True, slots=True)
class Away:
    """What this browser remembers while its reader is at the other service."""

    provider: str
    state: str
    back: str
    links: bool
    """Whether somebody who is signed in wants the service linked to her account."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody is, as a service says and has signed; its address is one that the service has verified."""

    issuer: str
    subject: str
    email: str
    name: str
    id_token: str


def leave(provider: Provider, *, back: str, links: bool = False) -> str:
    """Return the address at the service to send the browser to; raises Unusable."""
    found = _asked(provider)
    state = new_secret()
    session[_AWAY] = [provider.id, state, back, links, int(now().timestamp())]
    return str(
        prepare_grant_uri(
            found.authorization,
            client_id=provider.client_id,
            response_type="code",
            redirect_uri=_back(provider),
            scope="openid email profile",
            state=state,
            nonce=_derived("nonce", state),
            code_challenge=create_s256_code_challenge(_derived("verifier", state)),
            code_challenge_method="S256",
        )
    )


def came_back(provider_id: str, state: str) -> Away:
    """Return what this browser left with; raises Invalid when it did not leave for this service, or too long ago."""
    kept = session.pop(_AWAY, None)
    if kept is None or kept[4] + LIFETIME_SECONDS < now().timestamp():
        raise Invalid(_("This took too long, or was begun in another browser. Sign in again."))
    away = Away(*kept[:4])
    if away.provider != provider_id or not compare_digest(away.state.encode(), state.encode()):
        log.warning("an answer of a sign-in service does not belong to what was asked")
        raise Invalid(_("This took too long, or was begun in another browser. Sign in again."))
    return away


def person(provider: Provider, away: Away, answer: Mapping[str, str]) -> Person:
    """Return who the service says came back; raises Invalid for anything that is not in order."""
    found = _asked(provider)
    named = answer.get("iss")
    if (named is None and found.names_itself) or (named is not None and named != found.issuer):
        raise _refuse("issuer of the answer")
    if answer.get("error") or not answer.get("code"):
        raise Invalid(_("Signing in there was not finished. Try again, or sign in another way."))
    tokens = service.redeem(
        found, provider, code=answer["code"], verifier=_derived("verifier", away.state), back=_back(provider)
    )
    raw, access = tokens.get("id_token"), tokens.get("access_token")
    if not isinstance(raw, str):
        raise _refuse("no id token")
    claims = _claims(found, provider, raw, nonce=_derived("nonce", away.state), access=access)
    told = dict(claims)
    if "email" not in told and found.userinfo and isinstance(access, str):
        told |= _more(found, access, subject=str(told["sub"]))
    return _person(found, told, raw)


def seal_hint(provider_id: str, id_token: str) -> str:
    """Return an id token as the session keeps it, to name the sign-in when it is ended over there."""
    return sealing.seal(_HINT, provider_id.encode(), id_token)


def hint_of(held: AccountSession) -> str | None:
    """Return the id token that a session keeps, or None."""
    return sealing.unseal(_HINT, held.provider.encode(), held.logout_hint)


def farewell(provider: Provider, hint: str | None) -> str:
    """Return the address at the service that ends the sign-in there, too; empty when it has none or does not answer."""
    try:
        found = _asked(provider)
    except Unusable:
        return ""
    if not found.end_session:
        return ""
    home = url_for("front", _external=True)
    values = {"client_id": provider.client_id, "post_logout_redirect_uri": home}
    query = values | ({"id_token_hint": hint} if hint else {})
    joint = "&" if "?" in found.end_session else "?"
    return f"{found.end_session}{joint}{urlencode(query)}"


def _asked(provider: Provider) -> Service:
    # Nothing is held in the database while another server takes its time.
    sessions.let_go()
    return service.discover(provider.issuer)


def _claims(found: Service, provider: Provider, raw: str, *, nonce: str, access: object) -> Mapping[str, Any]:
    try:
        keys = KeySet.import_key_set(dict(service.keys_of(found)))  # type: ignore[arg-type]
        token = jwt.decode(raw, keys, algorithms=list(found.algorithms))
        wanted = {
            "iss": {"essential": True, "value": found.issuer},
            "aud": {"essential": True, "value": provider.client_id},
            "sub": {"essential": True},
            "exp": {"essential": True},
            "nonce": {"essential": True, "value": nonce},
        }
        params = {"client_id": provider.client_id, "nonce": nonce, "access_token": access}
        claims = CodeIDToken(token.claims, token.header, wanted, params)
        claims.validate(now=int(now().timestamp()), leeway=LEEWAY_SECONDS)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise _refuse(type(error).__name__) from error
    return dict(claims)


def _more(found: Service, access: str, *, subject: str) -> Mapping[str, Any]:
    told = service.profile(found, access)
    if told.get("sub") != subject:
        raise _refuse("subject of the profile")
    return {key: told[key] for key in ("email", "email_verified", "name") if key in told}


def _person(found: Service, told: Mapping[str, Any], raw: str) -> Person:
    subject = told.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise _refuse("subject")
    # Some services write it as a word; nothing else that looks like a yes is one.
    if told.get("email_verified") is not True and told.get("email_verified") != "true":
        raise Invalid(
            _("The other service has not verified your e-mail address. Verify it there, then try again.")
        )
    name = told.get("name")
    return Person(
        issuer=found.issuer,
        subject=subject,
        email=clean_email(str(told.get("email", ""))),
        name=name if isinstance(name, str) else "",
        id_token=raw,
    )


def _back(provider: Provider) -> str:
    return url_for("portal_sign_in.service_back", provider_id=provider.id, _external=True)


def _derived(purpose: str, state: str) -> str:
    made = keyed_hash(f"sign-in service {purpose}", current_city().id.encode(), state.encode())
    return urlsafe_b64encode(made).rstrip(b"=").decode()


def _refuse(why: str) -> Unusable:
    log.warning("an answer of a sign-in service was refused: %s", why)
    return service.unusable()
