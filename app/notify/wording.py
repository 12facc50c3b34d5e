"""The words of messages: from templates, in the person's language, when they are sent or read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import css_inline
from flask import current_app, render_template
from flask_babel import force_locale

from app.core.context import current_city
from app.core.i18n import gettext as _
from app.notify import kinds
from app.notify.kinds import Kind

CHOICES = "/account/notifications"
INBOX = "/account/inbox"
DIGEST = "platform.digest"
# Stands for the link that is another in each copy of a mail to very many people.
_HERE = "https://unsubscribe.invalid/"


@dataclass(frozen=True, slots=True)
class Page:
    """One message in one language; what differs from person to person is filled in last."""

    title: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes messages and keeps what it wrote: very many people get the same one."""

    written: dict[str, Page] = field(default_factory=dict)

    def write(
        self, kind: Kind, words: Mapping[str, object], link: str, language: str, unsubscribe_url: str
    ) -> Page:
        """Return a message as one person gets it."""
        key = json.dumps([kind.name, words, link, language, bool(unsubscribe_url)], default=str)
        if key not in self.written:
            self.written[key] = _write(kind, words, link, language, _HERE if unsubscribe_url else "")
        page = self.written[key]
        return Page(
            page.title,
            page.text.replace(_HERE, unsubscribe_url),
            page.html.replace(_HERE, unsubscribe_url),
        )


def _write(kind: Kind, words: Mapping[str, object], link: str, language: str, unsubscribe_url: str) -> Page:
    with force_locale(language):
        values = {
            **words,
            "link": complete(link),
            "language": language,
            "why": why(kind),
            "choices_url": complete(CHOICES),
            "unsubscribe_url": unsubscribe_url,
        }
        text = render_template(f"{kind.template}.txt", **values)
        html = css_inline.inline(render_template(f"{kind.template}.html", **values))
    title, _newline, body = text.strip().partition("\n")
    return Page(title.strip()[:300], body.strip() + "\n", html)


def title_of(kind: Kind, words: Mapping[str, object], frame: Mapping[str, object]) -> str:
    """Return the one line that the inbox shows, in the reader's language; `frame` is what every template gets."""
    template = current_app.jinja_env.get_template(f"{kind.template}.txt")
    context = template.new_context({**frame, **words})
    return " ".join("".join(template.blocks["subject"](context)).split())


def frame() -> dict[str, object]:
    """Return what every template gets, for many titles."""
    values: dict[str, object] = {}
    current_app.update_template_context(values)
    return values


def complete(path: str) -> str:
    """Return the whole address of a page of the city; empty for none."""
    return current_app.config["PARVIS"].url(current_city().host, path) if path else ""


def why(kind: Kind) -> str:
    """Return why somebody gets this."""
    if kind.required:
        return _(
            "You get this because it concerns your account or something that you did. It cannot be switched off."
        )
    if kind.name == DIGEST:
        return _("You get this because you chose to hear of these topics in one mail.")
    topic = kinds.said(kinds.topic_of(kind).label)
    return _("You get this because you hear of “%(topic)s”.", topic=topic)
