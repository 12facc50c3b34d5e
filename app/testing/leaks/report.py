"""What the suite has seen and what it complains of, each complaint a sentence that says what to do."""

from collections import Counter
from dataclasses import dataclass, field

DOORS = ("/sign-in?next=", "/operators/sign-in")


@dataclass(frozen=True, slots=True)
class Seen:
    """One answer, without its body."""

    endpoint: str
    method: str
    path: str
    who: str
    status: int
    headers: tuple[tuple[str, str], ...]
    own: bool
    """Whether words of the city asked for were in it: an error page proves nothing."""
    download: bool
    digest: str
    host: str

    @property
    def succeeded(self) -> bool:
        """Tell whether the address did what it is for, rather than send somebody away to sign in."""
        to = " ".join(self.header("Location"))
        return self.status < 400 and not any(door in to for door in DOORS)

    def header(self, name: str) -> list[str]:
        """Return the values of a header."""
        return [value for key, value in self.headers if key.lower() == name.lower()]


@dataclass(slots=True)
class Report:
    """All of it; `complaints` are in order and without repetitions."""

    seen: list[Seen] = field(default_factory=list)
    theirs: list[Seen] = field(default_factory=list)
    """What the other city's own people were answered."""
    complaints: list[str] = field(default_factory=list)
    tasks: Counter[str] = field(default_factory=Counter)
    refusals: list[str] = field(default_factory=list)
    forms_sent: int = 0

    def complain(self, sentence: str) -> None:
        """Write down a complaint, once."""
        if sentence not in self.complaints:
            self.complaints.append(sentence)

    def answered(self, method: str | None = None) -> set[tuple[str, str]]:
        """Return the (endpoint, method) pairs that have done what they are for at least once."""
        return {(s.endpoint, s.method) for s in self.seen if s.succeeded and method in (None, s.method)}

    def asked(self) -> set[tuple[str, str]]:
        """Return the (endpoint, method) pairs that were asked for at all."""
        return {(s.endpoint, s.method) for s in self.seen}
