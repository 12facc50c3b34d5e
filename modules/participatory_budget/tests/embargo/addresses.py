"""Every address that can be read, filled in for one edition, and what its answer says without what is drawn anew."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask
from werkzeug.routing import AnyConverter, Rule

NOT_READ = ("static", "logout", "sign_out", "callback", "authenticator")
_DRAWN = (
    # Drawn for each answer: the policy's nonce, what forms carry against forgery and a second click, the log's number.
    re.compile(r"nonce[-=]\W?[\w+/=-]{8,}"),
    re.compile(r'(?<=name="csrf_token" value=")[^"]+'),
    re.compile(r'(?<=name="key" value=")[^"]+'),
    re.compile(r"(?<=csrf-token\" content=\")[^\"]+"),
    re.compile(r"X-Request-ID: \S+", re.IGNORECASE),
    re.compile(r"(?<=Set-Cookie: __Host-parvis=)[^;]+"),
)
_LINK = re.compile(r'(?:href|src|hx-get)="(/[^"#]+)"')


def addresses(app: Flask, values: Mapping[str, Iterable[object]]) -> list[str]:
    """Return every address that answers to GET, with these values for the parameters of that name."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    wanted = [rule for rule in rules if not any(word in str(rule.endpoint) for word in NOT_READ)]
    found = {path for rule in wanted for path in _filled(rule, values)}
    return sorted(path for path in found if not any(word in path for word in NOT_READ))


def _filled(rule: Rule, values: Mapping[str, Iterable[object]]) -> Iterator[str]:
    names = sorted(rule._converters)
    columns = [
        sorted(converter.items)
        if isinstance(converter, AnyConverter)
        else list(values.get(name, [UUID(int=1)]))
        for name in names
        for converter in [rule._converters[name]]
    ]
    for row in product(*columns):
        built = rule.build(dict(zip(names, row, strict=True)))
        if built is not None:
            yield built[1]


def said(answer: object) -> str:
    """Return status, headers and body of an answer, without what is drawn anew each time."""
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers)  # type: ignore[attr-defined]
    text = f"{answer.status}\n{headers}\n\n{answer.data.decode('latin-1')}"  # type: ignore[attr-defined]
    for drawn in _DRAWN:
        text = drawn.sub("…", text)
    return text


def links(answer: object, within: str) -> set[str]:
    """Return the addresses with a query that a page leads to, in a part of the site."""
    if answer.mimetype != "text/html":  # type: ignore[attr-defined]
        return set()
    found = {link.replace("&amp;", "&") for link in _LINK.findall(answer.text)}  # type: ignore[attr-defined]
    return {link for link in found if within in urlsplit(link).path and urlsplit(link).query}
