"""What holds for every address that the application has, now and later: a new one is in here by itself."""

import re

from app.web.security import csrf
from tests.security.walking import UNSAFE, addresses

# Whoever adds an exemption says why a page of another site cannot make a browser do something through it.
NO_TOKEN_NEEDED = {
    "portal_unsubscribe.stop": "RFC 8058: mail programs send it; the address itself is the secret and only ends mails.",
    "api.": "Programs send a token of theirs; a cookie opens nothing here.",
    "_rest.": "Programs send a token of theirs; a cookie opens nothing here.",
}
OPEN_TO_OTHERS = {"api.description": "What the API offers is public; tools of other sites read it."}
WRITES_ON_PURPOSE = {
    "arrival.arrive": "leads the first administrator in; the address is a secret that works once.",
    "visits.arrive": "leads an operator in; the address is a secret that works once.",
    "portal_sign_in.service_back": "the way back from an identity provider; bound to the browser by state and nonce.",
}
# When somebody was last there, what a session that has ended leaves, how large a city was found, an export's entry in
# the log: notes about reading, nothing that anybody asked for.
NOTED = re.compile(
    r"UPDATE (account_session|platform\.operator_session|api_token|rest_token) SET seen_at|INSERT INTO audit_entry|"
    r"DELETE FROM (account_session|platform\.operator_session)|(INSERT INTO|UPDATE) platform\.measure",
    re.IGNORECASE,
)
INLINE = re.compile(
    r"<script(?![^>]*\ssrc=)[^>]*>|<style|\sstyle=[\"']|\son[a-z]+=[\"']|=\"\s*javascript:", re.IGNORECASE
)
LURES = ("next", "back", "url", "to", "target", "return", "continue", "redirect", "goto", "from")
EVIL = (
    "https://evil.example/x",
    "//evil.example/x",
    "/\\evil.example",
    "javascript:alert(1)//evil.example",
    "https:evil.example",
)
AWAY = re.compile(r"(?i)\s*(?:(?:[a-z]+:)?[/\\]{2}(?!([a-z-]+\.)?parvis\.localhost)|javascript:|https?:[^/])")
REFERRERS = ("strict-origin-when-cross-origin", "same-origin", "no-referrer")


def test_every_answer_is_protected_leads_nowhere_else_and_changes_nothing(app, everybody, count_queries):
    """One walk for what each address is asked: hundreds of pages, drawn once."""
    seen, complaints = 0, []
    for address in addresses(app):
        if "GET" not in address.methods:
            continue
        for place, (who, browser) in enumerate(everybody.items()):
            lure = EVIL[(place + seen) % len(EVIL)]
            with count_queries() as asked:
                answer = browser.get(address.path, query_string=dict.fromkeys(LURES, lure))
            found = [
                *unprotected(address, answer),
                *inline(answer),
                *leading_away(answer),
                *(changes(asked) if address.endpoint not in WRITES_ON_PURPOSE else ()),
            ]
            complaints += [f"{address} as {who} ({answer.status_code}): {one}" for one in found]
            seen += 1
    assert not complaints
    assert seen > 500


def unprotected(address, answer):
    headers, policy = answer.headers, answer.headers.get("Content-Security-Policy", "")
    wanted = {
        "it failed": answer.status_code < 500 or answer.status_code == 503,
        "unsafe policy": "unsafe" not in policy,
        "no policy": "default-src 'self'" in policy or "default-src 'none'" in policy,
        "can be framed": "frame-ancestors 'none'" in policy or "sandbox" in policy,
        "sniffing": headers.get("X-Content-Type-Options") == "nosniff",
        "opener": headers.get("Cross-Origin-Opener-Policy") == "same-origin",
        "resource": headers.get("Cross-Origin-Resource-Policy") == "same-origin"
        or address.endpoint in OPEN_TO_OTHERS,
        "referrer": headers.get("Referrer-Policy") in REFERRERS,
        "other sites may read": "Access-Control-Allow-Origin" not in headers
        or address.endpoint in OPEN_TO_OTHERS,
        "tells the framework": "X-Powered-By" not in headers,
        "no kind": not answer.data or bool(answer.content_type),
        "no charset": not answer.mimetype.startswith("text/")
        or "charset=utf-8" in answer.content_type.lower(),
    }
    if "default-src 'self'" in policy:
        for part in ("object-src 'none'", "base-uri 'none'", "form-action 'self'"):
            wanted[part] = part in policy
    return [what for what, is_right in wanted.items() if not is_right]


def inline(answer):
    found = INLINE.search(answer.get_data(as_text=True)) if answer.mimetype == "text/html" else None
    return [f"inline code: {found[0]}"] if found else []


def leading_away(answer):
    leads = [answer.headers.get("Location", "")]
    if answer.mimetype == "text/html":
        text = answer.get_data(as_text=True)
        leads += [
            lead
            for lead in re.findall(r"(?:href|action|src|formaction|hx-get|hx-post)=\"([^\"]*)\"", text)
            if "evil" in lead
        ]
    return [f"leads to {lead}" for lead in leads if AWAY.match(lead)]


def changes(asked):
    written = [q.strip() for q in asked if re.match(r"\s*(INSERT|UPDATE|DELETE)\b", q)]
    return [f"writes: {q[:120]}" for q in written if not NOTED.match(q)]


def test_every_unsafe_request_needs_a_token(app, everybody):
    app.config["WTF_CSRF_ENABLED"] = True
    refused = 0
    for address in addresses(app):
        for method in set(address.methods) & set(UNSAFE):
            exempt = next((name for name in NO_TOKEN_NEEDED if name in address.endpoint), None)
            for who, browser in everybody.items():
                answer = browser.open(address.path, method=method, data={"sure": "y", "name": "x"})
                where = f"{method} {address} as {who}: {answer.status_code}"
                if exempt is None:
                    assert answer.status_code in (403, 404), where
                    refused += answer.status_code == 403
                elif exempt in ("api.", "_rest."):
                    assert answer.status_code in (401, 404), where
    assert refused > 200
    assert everybody["administrator"].get("/account").status_code == 200


def test_every_exemption_has_a_reason_and_no_reason_is_stale(app):
    exempt = {*csrf._exempt_views, *(f"{name}." for name in csrf._exempt_blueprints)}
    assert exempt
    endpoints = [address.endpoint for address in addresses(app) if set(address.methods) & set(UNSAFE)]
    free = [
        endpoint
        for endpoint in endpoints
        if view_name(app, endpoint) in csrf._exempt_views
        or endpoint.rpartition(".")[0] in {str(getattr(b, "name", b)) for b in csrf._exempt_blueprints}
    ]
    for endpoint in free:
        assert any(name in endpoint for name in NO_TOKEN_NEEDED), f"{endpoint} needs no token: say why"
    for name in NO_TOKEN_NEEDED:
        assert any(name in endpoint for endpoint in free), f"nothing is exempt for {name}"


def view_name(app, endpoint):
    view = app.view_functions[endpoint]
    return f"{view.__module__}.{view.__name__}"


def test_requests_on_the_wire_are_not_of_unknown_methods(app, everybody):
    for method in ("TRACE", "TRACK", "CONNECT", "PROPFIND"):
        for browser in (everybody["visitor"], everybody["administrator"]):
            assert browser.open("/", method=method).status_code in (403, 405)
