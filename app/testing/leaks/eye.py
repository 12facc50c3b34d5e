"""Looking into answers, and at what a request has left behind."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.testing.leaks.ears import Ears
from app.testing.leaks.filling import Twin
from app.testing.leaks.keeping import Keeper
from app.testing.leaks.reading import Unreadable, digest, is_download, words_of
from app.testing.leaks.report import Report, Seen
from app.testing.leaks.routes import Fill, Route, where
from app.testing.leaks.twins import Person, Twins, do_work

LONG_ENOUGH = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    route: Route
    method: str
    path: str
    person: Person
    sent: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.path} ({self.route.endpoint})"


@dataclass(slots=True)
class Eye:
    """Knows the other city by its words, its ids and its files, and complains wherever it sees them."""

    twins: Twins
    keeper: Keeper
    report: Report
    ears: Ears = field(default_factory=Ears)
    ids: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)

    def learn(self, fills: Iterable[Fill]) -> None:
        """Learn which ids and which files the other city alone has."""
        for fill in fills:
            shared = {str(v) for values in (*fill.both, *fill.only_here) for v in values.values()}
            theirs = {str(v) for values in fill.only_there for v in values.values()}
            self.ids |= {one for one in theirs - shared if len(one) >= LONG_ENOUGH}
        self.files = self._digests(self.twins.there) - self._digests(self.twins.here)

    def look_into(self, answer: Any, asked: Asked) -> None:
        """Complain of whatever of the other city an answer holds, and keep what kind of answer it was."""
        words, there = self.words(answer, asked.route), self.twins.there
        self.report.seen.append(seen(answer, asked, own=self.twins.here.mark.lower() in words))
        if digest(answer) in self.files:
            self.report.complain(f"{asked} shows {asked.person.name} a file of {there.slug}.")
        if self.is_reviewed(f"shows {asked.route.endpoint}", asked.route):
            return
        given = f"{asked.path} {asked.sent}".lower()
        for word in (there.mark.lower(), there.id):
            if word in words and word not in asked.path.lower():
                found = f"words of {there.slug}: …{_around(words, word)}…"
                self.report.complain(f"{asked} shows {asked.person.name} {found}.")
        strange = next((one for one in self.ids if one.lower() in words and one.lower() not in given), None)
        if strange is not None:
            found = f"{strange}, which only {there.slug} has"
            self.report.complain(f"{asked} shows {asked.person.name} {found}.")

    def words(self, answer: Any, route: Route) -> str:
        """Return all that an answer says; complains of a body that cannot be read."""
        try:
            return words_of(self.twins.app, answer)
        except Unreadable as kind:
            self.report.complain(
                f"{route.endpoint} answers with {kind}, which nobody can look into:"
                " teach app/testing/leaks/reading.py to unpack it."
            )
            return ""

    def must_be_unknown(self, answer: Any, asked: Asked) -> None:
        """Complain of an answer to an id that only the other city has."""
        subject = f"answers strangers {asked.route.endpoint}"
        if answer.status_code == 200 and not self.is_reviewed(subject, asked.route):
            self.report.complain(
                f"{asked} answers {asked.person.name} with 200 although only {self.twins.there.slug} has it;"
                f' if that is right, write review("{subject}", why) into {where(asked.route.owner)}.'
            )

    def check(self, route: Route, method: str, *, working: bool = False) -> None:
        """Do the work that was asked for, see whether the other city is as it was, put everything back."""
        failed = do_work(self.twins.app) if working else []
        self.ears.read_mails(self.twins.app)
        now = self.keeper.look()
        what = f"{method} {route.rule.rule} ({route.endpoint}), asked for in {self.twins.here.slug},"
        if not self.is_reviewed(f"changes {route.endpoint}", route):
            for thing in now.of_there:
                self.report.complain(f"{what} changes {thing}.")
        for line in failed:
            self.report.complain(f"{what} asked for work that failed: {line}.")
        self.keeper.restore(now, all_keys=working)

    def is_reviewed(self, subject: str, route: Route) -> bool:
        """Tell whether the owner of an address has said why this is right."""
        return self.twins.fillings[route.owner].is_reviewed(subject)

    def _digests(self, twin: Twin) -> set[str]:
        folder: Path = self.twins.app.config["PARVIS"].files_dir / twin.id
        found = (path for path in folder.rglob("*") if path.is_file())
        return {hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def seen(answer: Any, asked: Asked, *, own: bool) -> Seen:
    """Return what is kept of an answer."""
    return Seen(
        asked.route.endpoint,
        asked.method,
        asked.path,
        asked.person.name,
        answer.status_code,
        tuple(answer.headers),
        own,
        is_download(answer),
        digest(answer),
        asked.person.host,
    )


def _around(words: str, word: str) -> str:
    at = words.index(word)
    return " ".join(words[max(0, at - 30) : at + 60].split())
