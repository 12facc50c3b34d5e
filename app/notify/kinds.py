"""What people can be told: topics, which they choose about, and the kinds of message in each.

Modules declare theirs in their manifests, the platform's parts in code. Within one topic everything is told alike, so
that what the page of choices says is what happens.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from flask_babel import lazy_gettext as _l

from app.core.context import current_city
from app.core.i18n import gettext as _
from app.notify.rules import Rhythm
from app.registry import Topic, modules

INBOX = "inbox"
MAIL = "mail"
STANDARD = {
    topic.name: topic
    for topic in (
        Topic(
            "account",
            _l("Your account and receipts"),
            _l("Receipts, answers that the law asks for, and changes to your account."),
            {MAIL: Rhythm.AT_ONCE},
        ),
        Topic(
            "requests",
            _l("My requests"),
            _l("What becomes of what you asked for, reported or handed in."),
            {MAIL: Rhythm.AT_ONCE},
        ),
        Topic(
            "followed",
            _l("Votes and projects I follow"),
            _l("Dates and results of what you follow or took part in."),
            {MAIL: Rhythm.DAILY},
        ),
        Topic(
            "district", _l("My district"), _l("Works, meetings and plans in the districts you choose."), {}
        ),
        Topic("news", _l("News"), _l("New articles of the city."), {}),
    )
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of message: `<owner>.<name>`, where the owner is a module or `platform`."""

    name: str
    label: str
    """Lazily translated, or a text of the module's manifest."""
    topic: str
    required: bool = False
    """A receipt or something about security: it leaves at once and cannot be switched off."""

    @property
    def owner(self) -> str:
        """Return the module it belongs to; `platform` for the platform's own."""
        return self.name.partition(".")[0]

    @property
    def template(self) -> str:
        """Return where its words are, without the ending."""
        return f"notify/{self.name.replace('.', '/')}"


@dataclass(frozen=True, slots=True)
class Shown:
    """A topic as the page of choices shows it."""

    topic: Topic
    required: bool
    kinds: list[Kind] = field(default_factory=list)


_declared: dict[str, Kind] = {}


def declare(name: str, label: str, *, topic: str, required: bool = False) -> Kind:
    """Declare a kind of the platform's own: `platform.<name>`, with templates in `notify/platform/`."""
    if topic not in STANDARD:
        raise LookupError(f"no topic is called {topic}")
    kind = Kind(f"platform.{name}", label, topic, required)
    _declared[kind.name] = kind
    return kind


@cache
def _of_modules() -> dict[str, Kind]:
    return {
        f"{module.name}.{notice.name}": Kind(
            f"{module.name}.{notice.name}", notice.label, notice.topic, notice.required
        )
        for module in modules().values()
        for notice in module.notifications
    }


def forget_modules() -> None:
    """Read the manifests again; for tests and for packages installed meanwhile."""
    _of_modules.cache_clear()


def kind_of(name: str) -> Kind:
    """Return a declared kind; raises LookupError."""
    found = _declared.get(name) or _of_modules().get(name)
    if found is None:
        raise LookupError(f"nobody declared the notification {name}")
    return found


def is_on(kind: Kind) -> bool:
    """Tell whether the city being served has whatever sends it."""
    return kind.owner == "platform" or kind.owner in current_city().modules


def kinds_on() -> list[Kind]:
    """Return the kinds that the city being served has."""
    return [kind for kind in (*_declared.values(), *_of_modules().values()) if is_on(kind)]


def topic_of(kind: Kind) -> Topic:
    """Return what people choose about when they choose about this kind; raises LookupError."""
    return topic_named(kind.topic, kind.owner)


def topic_named(name: str, owner: str = "") -> Topic:
    """Return a topic, one of everybody's or one of a module's own (`<module>.<topic>`); raises LookupError."""
    if name in STANDARD:
        return STANDARD[name]
    module = modules().get(owner or name.partition(".")[0])
    for topic in module.topics if module else ():
        if topic.name == name:
            return topic
    raise LookupError(f"no topic is called {name}")


def topics_on() -> list[Shown]:
    """Return the topics about which somebody can be told something in the city being served."""
    kinds = kinds_on()
    names = [*STANDARD, *(kind.topic for kind in kinds if kind.topic not in STANDARD)]
    shown: list[Shown] = []
    for name in dict.fromkeys(names):
        own = [kind for kind in kinds if kind.topic == name]
        if own:
            shown.append(Shown(topic_of(own[0]), all(kind.required for kind in own), own))
    return shown


def usual(topic: Topic, channel: str) -> Rhythm:
    """Return how often a person is told who has not chosen."""
    return Rhythm(topic.usual.get(channel, Rhythm.OFF))


def is_asked_for(topic: Topic) -> bool:
    """Tell whether nobody is told about it who has not said so: then the inbox can be chosen, too."""
    return not topic.usual


def rhythm_of(topics: Mapping[str, Mapping[str, str]], kind: Kind, channel: str) -> Rhythm:
    """Return how often somebody is told, by what she chose."""
    topic = topic_of(kind)
    if kind.required and channel == MAIL:
        return Rhythm.AT_ONCE
    return Rhythm(topics.get(topic.name, {}).get(channel, usual(topic, channel)))


def said(label: str) -> str:
    """Return a label in the reader's language: a module's is a message of its catalog, ours translate themselves."""
    return _(label) if type(label) is str else str(label)
