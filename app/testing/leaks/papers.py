"""What can be sent to each address: the forms that its pages showed, filled in, and turned against the other city."""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from app.testing.leaks.filling import Upload
from app.testing.leaks.forms import Form, Pairs, forms_and_links
from app.testing.leaks.routes import Fill, Route
from app.testing.leaks.twins import Twins

LONG_ENOUGH = 8
MOST_ALIKE = 2


@dataclass(slots=True)
class Papers:
    """The forms and the links with a query that were seen, by the endpoint they lead to."""

    twins: Twins
    forms: dict[str, list[Form]] = field(default_factory=dict)
    links: dict[str, dict[str, str]] = field(default_factory=dict)

    def gather(self, page: str, html: str) -> None:
        """Take the forms and links of a page."""
        forms, links = forms_and_links(page, html)
        for form in forms:
            known = self.forms.setdefault(self._endpoint(form.path, "POST"), [])
            alike = [k for k in known if k.path == form.path and len(k.fields) == len(form.fields)]
            if len(alike) < MOST_ALIKE:
                known.append(form)
        for link in links:
            parts = urlsplit(link)
            if parts.query and not parts.netloc and "lang=" not in parts.query:
                kept = self.links.setdefault(self._endpoint(parts.path, "GET"), {})
                kept.setdefault(re.sub(r"=[^&]*", "", parts.query), link)

    def of(self, route: Route, path: str) -> Iterator[Pairs]:
        """Yield what can be sent: what its own form takes or a sister's, with what the owner wrote down; or nothing."""
        here = self.twins.here
        typed = [
            {name: value(here) if callable(value) else value for name, value in fields.items()}
            for fields in self.twins.fillings[route.owner].typed.get(route.endpoint, [])
        ]
        known = self.forms.get(route.endpoint, [])
        forms = [form for form in known if form.path == path] or known[:1]
        for data in (data for form in forms for data in form.filled(here)):
            for more in typed:
                yield [(name, value) for name, value in data if name not in more] + _pairs(more)
            yield data
        if not forms:
            yield from ([_pairs(more) for more in typed] or [[]])

    def swapped(self, fill: Fill, data: Pairs) -> Pairs:
        """Return the data with every id replaced by one that only the other city has, and more that names it."""
        here, there = self.twins.here, self.twins.there
        other = {here.id: there.id, here.slug: there.slug, here.schema: there.schema}
        for name, theirs in (fill.only_there[0] if fill.only_there else {}).items():
            ours = {str(values[name]) for values in (*fill.both, *fill.only_here)}
            other |= {one: str(theirs) for one in ours if len(one) >= LONG_ENOUGH}
        named = {name for name, _value in data}
        more: Pairs = [(name, value) for name, value in self.names.items() if name not in named]
        return [(name, other.get(str(value), value)) for name, value in data] + more

    @property
    def names(self) -> dict[str, str]:
        """Return the parameters by which a request could ask for another city than its host's."""
        there = self.twins.there
        return {
            "city": there.id,
            "city_id": there.id,
            "schema": there.schema,
            "slug": there.slug,
            "tenant": there.slug,
            "host": self._host,
        }

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers by which it could."""
        there = self.twins.there
        forwarded = ("X-Forwarded-Host", "X-Forwarded-Server", "X-Host", "X-Original-Host")
        return {
            **dict.fromkeys((*forwarded, "X-HTTP-Host-Override"), self._host),
            "Forwarded": f"host={self._host}",
            "Referer": f"http://{self._host}/",
            "X-City": there.id,
            "X-Tenant": there.slug,
            "X-Schema": there.schema,
        }

    @property
    def _host(self) -> str:
        return self.twins.person(self.twins.there, None).host

    def _endpoint(self, path: str, method: str) -> str:
        adapter = self.twins.app.url_map.bind(self.twins.person(self.twins.here, None).host)
        try:
            return str(adapter.match(path, method=method)[0])
        except (HTTPException, RequestRedirect):
            return ""


def grouped(data: Pairs) -> dict[str, list[Any]]:
    """Return the data as the test client takes it."""
    found: dict[str, list[Any]] = {}
    for name, value in data:
        sent = (io.BytesIO(value.content), value.name) if isinstance(value, Upload) else value
        found.setdefault(name, []).append(sent)
    return found


def _pairs(fields: Mapping[str, object]) -> Pairs:
    return [
        (name, one if isinstance(one, Upload) else str(one))
        for name, value in fields.items()
        for one in (value if isinstance(value, list | tuple) else [value])
    ]
