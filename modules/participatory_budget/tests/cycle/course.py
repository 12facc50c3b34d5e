"""One edition on its way: its pages, its people, and what the script knows of it."""

import random
import re
from collections import Counter

from app.testing.persons import Person

from .world import PUBLIC, STAFF, Say, Size, World

DAYS = {"later": "2999-12-31", "closes": "2999-11-30"}
EACH = 3
"""Projects that one voter can choose in a category."""


class Course:
    """What the acts share; `home` is the page of the edition for staff, `page` that for residents."""

    staff = STAFF
    page = f"{PUBLIC}/2026"
    paul_address = "paul@city.example"

    def __init__(self, world: World, size: Size, say: Say) -> None:
        self.world, self.size, self.say = world, size, say
        self.claire = world.person("claire@city.example", role="administrator")
        self.ines = world.person("ines@city.example", role="administrator")
        self.nora = world.person("nora@city.example", role="administrator")
        self.paul = world.person(self.paul_address, role="administrator")
        self.draw = random.Random(2026)
        self.home = ""
        self.by_category: dict[str, list[int]] = {}
        self.votes: Counter[int] = Counter()
        self.ballots = 0
        self.receipts: list[str] = []

    def at(self, who: Person, path: str) -> Person:
        """Let a member of staff open a page of the edition."""
        who.open(self.home + path)
        return who

    def take(self, who: Person, step: str) -> None:
        """Take a step after its page has asked."""
        self.at(who, f"/{step}").send(form=f"/{step}")

    def open_phase(self, part: str) -> None:
        """Open a phase at once."""
        self.at(self.claire, f"/phases/{part}/open").send(form="/open")

    def end_phase(self, part: str) -> None:
        """End a phase at once, and wait for what follows from it."""
        self.at(self.claire, f"/phases/{part}/end").send(form="/end")
        self.world.work()

    def resident(self, number: int, kind: str) -> Person:
        """Return one of the residents of a kind."""
        return self.world.person(f"{kind}{number}@people.example")

    def category(self, number: int) -> str:
        """Return the key of a category."""
        return ("green-city", "fair-city", "open-streets")[number % 3]

    def read_projects(self) -> None:
        """Read from the public pages which projects stand in which category."""
        stranger = self.world.stranger()
        for number in range(3):
            key = self.category(number)
            stranger.open(f"{self.page}/projects?category={key}")
            found = re.findall(rf'href="{self.page}/projects/(\d+)', stranger.answer.text)
            self.by_category[key] = sorted({int(one) for one in found})

    def choose(self) -> tuple[int, ...]:
        """Return what somebody chooses: up to three projects of each category, popular ones more often."""
        chosen: set[int] = set()
        for numbers in self.by_category.values():
            weights = [1 / (place + 1) ** 0.5 for place in range(len(numbers))]
            most = self.draw.randint(0, EACH)
            chosen |= set(self.draw.choices(numbers, weights, k=most)) if most else set()
        return tuple(sorted(chosen)) or (min(min(one) for one in self.by_category.values() if one),)

    def cast(self, chosen: tuple[int, ...], code: str) -> None:
        """Remember a ballot that must be counted."""
        self.votes.update(chosen)
        self.ballots += 1
        if code and len(self.receipts) < 20:
            self.receipts.append(code)

    def slip(self, number: int, clerk: Person) -> dict[str, object]:
        """Return what a clerk types from a signed slip: a name and a birth date of nobody else."""
        names = re.findall(r'name="([^"]*name[^"]*)"', clerk.answer.text)
        dates = re.findall(r'name="([^"]*(?:birth|date)[^"]*)"', clerk.answer.text)
        day = f"{1940 + number % 60}-{1 + number % 12:02}-{1 + number % 28:02}"
        return {
            **{one: f"Person {chr(97 + number % 26)}{number}" for one in names},
            **dict.fromkeys(dates, day),
        }

    def progress(self, done: int, of: int, what: str) -> None:
        """Say now and then how far it has come."""
        if done == of or done % 500 == 0:
            self.say(f"{done} of {of} {what}")
