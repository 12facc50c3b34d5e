"""What a module tells the isolation suite: content for two cities, and values for its addresses and tasks."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from app.registry import modules

PLATFORM = "platform"
PART = "tests.isolation"


@dataclass(slots=True)
class Twin:
    """One of the two cities while it is filled, with the words that are its own.

    Each filler runs four times. Twice with the same sequence of ids, so that both cities get the same ones under
    different words; then once more in each city, `alone`, for ids that the other city does not have.
    """

    slug: str
    id: str
    language: str
    alone: bool = False
    same_ids: bool = True
    """Switch this off around a service that writes ids of a city into a table that all cities share."""
    kept: dict[str, list[str]] = field(default_factory=dict)
    in_session: dict[str, object] = field(default_factory=dict)
    """What the browsers of this city carry in their cookie besides the sign-in."""
    on_apex: dict[str, object] = field(default_factory=dict)
    """What the cookie on the platform's own site holds of somebody who made this city."""
    secrets: dict[str, str] = field(default_factory=dict)
    """What signs somebody in who has no account here, by what to call her: an operator on a visit."""

    @property
    def schema(self) -> str:
        """Return the schema of the city."""
        return f"c_{self.id}"

    @property
    def mark(self) -> str:
        """Return the word by which this city's content is known wherever it turns up."""
        return f"CANARY-{self.slug.upper()}"

    def text(self, label: str) -> str:
        """Return words that only this city has."""
        return f"{self.mark} {label}"

    def texts(self, label: str) -> dict[str, str]:
        """Return a text in the city's first language and in English."""
        return {code: f"{self.mark} {label} {code}" for code in dict.fromkeys((self.language, "en"))}

    def email(self, name: str) -> str:
        """Return an address that only this city writes to."""
        return f"{self.key(name)}@{self.mark.lower()}.example"

    def key(self, name: str) -> str:
        """Return a name that both cities use, or one of its own when this city is filled alone."""
        return f"{name}-only-{self.slug}" if self.alone else name

    def keep(self, name: str, value: str) -> None:
        """Keep something that the database has only the hash of, for a provider of values."""
        self.kept.setdefault(name, []).append(value)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that a form sends."""

    content: bytes
    name: str


Filler = Callable[[Twin], None]
Provider = Callable[[Twin], Iterable[Any]]


@dataclass(slots=True)
class Filling:
    """What one owner, the platform or a module, brings to the suite."""

    fillers: list[Filler] = field(default_factory=list)
    finishers: list[Filler] = field(default_factory=list)
    providers: dict[tuple[str, tuple[str, ...]], Provider] = field(default_factory=dict)
    typed: dict[str, list[Mapping[str, object]]] = field(default_factory=dict)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    shell: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def content(self, fill: Filler) -> Filler:
        """Run `fill` in a transaction of each city; what it enqueues is done before the next filler runs."""
        self.fillers.append(fill)
        return fill

    def at_the_end(self, fill: Filler) -> Filler:
        """Run `fill` when every owner has filled in its content."""
        self.finishers.append(fill)
        return fill

    def values(self, *names: str, of: str = "") -> Callable[[Provider], Provider]:
        """Ask the function, inside a city, for the values of a parameter; for tuples where several belong together.

        `of` names one endpoint or task where the parameter means something else than usual.
        """

        def declare(provide: Provider) -> Provider:
            self.providers[of, names] = provide
            return provide

        return declare

    def answers(self, endpoint: str, /, **fields: object) -> None:
        """Fill the form of an endpoint with these values; needed where plausible ones are refused.

        A function in place of a value is asked for it, with the city.
        """
        self.typed.setdefault(endpoint, []).append(fields)

    def arrives_with(self, endpoint: str, headers: dict[str, str]) -> None:
        """Ask for an endpoint with these headers, where a browser sends some that it needs."""
        self.headers[endpoint] = headers

    def review(self, subject: str, reason: str) -> None:
        """Write down why something that the suite complains of is right; the complaint says how to call the subject.

        `*` stands for any words.
        """
        self.reasons[subject] = reason

    def is_reviewed(self, subject: str) -> bool:
        """Tell whether a reason is written down for this."""
        return any(fnmatchcase(subject, known) for known in self.reasons)

    def file(self, name: str, content: str) -> None:
        """Put a file into `{folder}` for commands that read one."""
        self.files[name] = content

    def command(self, name: str, *arguments: str) -> None:
        """Say how a command of the shell is called for the city that must not touch the other.

        `{city}` is its address, `{folder}` one for files; commands run in the order in which they are written down.
        """
        self.shell.append((name, arguments))


def fillings() -> dict[str, Filling | None]:
    """Return what each owner brings: the platform first, then every module; None where a module brings nothing."""
    from app.testing.leaks import platform

    found: dict[str, Filling | None] = {PLATFORM: platform.filling}
    for module in modules().values():
        try:
            part = module.load(PART)
        except ModuleNotFoundError:
            part = None
        found[module.name] = getattr(part, "filling", None)
    return found
