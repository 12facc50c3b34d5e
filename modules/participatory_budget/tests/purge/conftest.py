"""A vote in every way: with accounts, codes, at a polling place, on paper; changed, taken back, left as a draft."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import pytest
from sqlalchemy import Connection, select, text

from app.core import redis
from app.sdk import db
from modules.participatory_budget.models import PaperSlip, PersonKey, RollEntry
from modules.participatory_budget.rules.ways import Access, Way, write_access
from modules.participatory_budget.services import closing, persons, voters
from modules.participatory_budget.services.codes import letters
from tenants import schema

from .. import arranging
from ..clerk import Clerk, words
from ..voter import Voter
from .joins import Known
from .traces import Reader, Row, files_of, keys_of, lines_of, rows_of

CODE = re.compile(r"\b([2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4})\b")
SCHEMA = "c_testparis"
PREFIX = f"{SCHEMA}.participatory_budget_"
DEMO = ("Nagy", "Dóra", "1984-03-27")
SLIPS = [("Kovács", name, "1970-05-06") for name in ("Ada", "Bea", "Cleo", "Dora", "Ena", "Flo")]


def chosen_by(number: int) -> tuple[int, ...]:
    """Return what somebody chooses: nobody else chooses the same."""
    green, streets = divmod(number, 5)
    return (1 + green % 5, 6 + green % 5, 11 + streets, 16 + green, 26 + streets)


class Undone(Exception):
    """Ends a transaction of which nothing is kept."""


@dataclass
class World:
    """The people of a vote, and how to read all that is kept of it."""

    app: object
    site: object
    in_city: object
    run_tasks: object
    mails: object
    log: object
    people: list[Known] = field(default_factory=list)
    drawn: int = 0
    codes: dict[str, str] = field(default_factory=dict)

    def next_choice(self) -> tuple[int, ...]:
        """Return a choice of five projects that nobody has made yet."""
        self.drawn += 1
        return chosen_by(self.drawn)

    def knows(self, name: str, chosen, *values: str) -> None:
        """Remember somebody with what she is known by."""
        self.people.append(Known(name, frozenset(one for one in values if one), chosen))

    def browser(self, number: int, email: str | None = None) -> Voter:
        """Return a browser with a network address of its own."""
        person = Voter(self.site, email)
        person.browser.environ_base["REMOTE_ADDR"] = f"198.51.{number}.7"
        return person

    def roll(self) -> set[str]:
        """Return the names on the roll."""
        with self.in_city("paris"):
            return {bytes(name).hex() for name in db.session.scalars(select(RollEntry.voter))}

    def reader(self) -> Reader:
        """Return who reads what is kept, with all that people are known by as words to look for."""
        with self.in_city("paris"):
            projects = arranging.edition_of().projects
            titles = {project.title["en"]: project.number for project in projects}
            ids = {str(project.id): project.number for project in projects}
        known = {
            value.partition(" ")[2] for one in self.people for value in one.values if value[:5] == "word "
        }
        return Reader(titles, ids, frozenset(known))

    def database(self) -> list[Row]:
        """Return all rows of all tables, as they are committed."""
        with self.app.app_context(), schema.owner_transaction() as connection:
            return list(rows_of(connection, self.reader()))

    @contextmanager
    def undone(self) -> Iterator[Connection]:
        """Open a transaction of the owner of the tables in the city; nothing that is done in it is kept."""
        with self.app.app_context(), suppress(Undone), schema.owner_transaction() as connection:
            connection.execute(text(f"SET LOCAL search_path TO {SCHEMA}, public"))
            yield connection
            raise Undone

    def beside(self) -> list[Row]:
        """Return what lies in Redis, in files and in the log."""
        reader = self.reader()
        with self.app.app_context():
            kept = list(keys_of(redis.client(), reader))
        return [*kept, *files_of(self.app.config["PARVIS"].files_dir, reader), *lines_of(self.log, reader)]

    def mailed(self) -> list[Row]:
        """Return the mails that were handed over."""
        return [
            Row(
                f"mail:{number}",
                frozenset(value for cell in one.values() for value in self.reader().values(cell)),
            )
            for number, one in enumerate(self.mails())
        ]

    def close(self) -> None:
        """Close the vote and do all the work that follows."""
        with self.in_city("paris"):
            closing.close_now(arranging.edition_of().id)
        self.run_tasks()


@pytest.fixture
def world(app, site, in_city, run_tasks, mails, caplog):
    """A vote that is still open, in which all ballots lie in the box."""
    caplog.set_level(logging.DEBUG)
    made = World(app, site, in_city, run_tasks, mails, caplog.records)
    with in_city("paris"):
        edition = arranging.approval(each=3, per_category=15)
        edition.voting_ways = write_access(Access(tuple(way for way in Way if way is not Way.SMS)))
        arranging.opened(edition)
    _on_paper(made)
    _with_accounts(made)
    _with_mailed_codes(made)
    _with_letters(made)
    _at_polling_place(made)
    return made


def _with_accounts(world):
    for number in range(1, 9):
        email = f"anna-{number}@paris.example"
        anna, chosen = world.browser(number, email), world.next_choice()
        anna.choose(chosen[:2] if number != 5 else chosen)
        if number != 5:
            # The check takes a whole ballot; the fifth stops before she confirms.
            world.codes[email] = _confirm(anna, chosen)
        if number == 2:
            chosen = world.next_choice()
            assert anna.post("/vote/change").status_code == 303
            world.codes[email] = _confirm(anna, chosen)
        if number == 3:
            page = anna.get("/vote/withdraw").text
            seen = re.search(r'name="seen_version" value="(\d+)"', page)[1]
            assert anna.post("/vote/withdraw", {"seen_version": seen}).status_code == 303
            del world.codes[email]
        with world.in_city("paris"):
            account = arranging.person(email)
            name = voters.voter_of(arranging.edition_of(), account).hex()
            known = (
                f"bytes {account.id.hex}",
                f"bytes {name}",
                f"word {email}",
                f"word {account.name.lower()}",
            )
        cast = chosen if number not in (3, 5) else None
        world.knows(email, cast, *known, f"word 198.51.{number}.7")


def _confirm(person, chosen):
    paper = person.paper()
    paper["project"] = list(chosen)
    answer = person.confirm(paper)
    assert answer.status_code == 303, words(answer)
    return person.code()


def _with_mailed_codes(world):
    for number in range(11, 15):
        address = f"eva-{number}@mail.example"
        before, eva = world.roll(), world.browser(number)
        assert eva.post("/vote/code/mail", {"address": address}).status_code == 303
        mail = [one for one in world.mails() if one["recipient"] == address][-1]
        code = CODE.search(mail["text"])[1]
        assert eva.post("/vote/code", {"code": code}).status_code == 303
        chosen = world.next_choice()
        eva.choose(chosen[:1])
        world.codes[address] = _confirm(eva, chosen)
        (name,) = world.roll() - before
        known = (f"bytes {name}", f"word {address}", f"word {code.lower()}", f"word 198.51.{number}.7")
        world.knows(address, chosen, *known)


def _with_letters(world):
    with world.in_city("paris"):
        edition = arranging.edition_of()
        pair = sorted(persons.readings("Zsófia Kiss"))[0]
        key = persons.identity_key(edition, pair, "1990-01-02").value
        _batch, made = letters.make(edition, "Letters", [letters.Line(identity=key), *[letters.Line()] * 3])
        printed = [one.code for one in made]
    # The last one is never used.
    for number, code in enumerate(printed[:3], start=21):
        before, zsofi = world.roll(), world.browser(number)
        assert zsofi.post("/vote/letter", {"code": code}).status_code == 303
        chosen = world.next_choice()
        zsofi.choose(chosen[:1])
        world.codes[code] = _confirm(zsofi, chosen)
        (name,) = world.roll() - before
        known = (f"bytes {name}", f"word {code.lower()}", f"word 198.51.{number}.7")
        world.knows(f"letter {number}", chosen, *known)


def _clerk(world, name, role="editor"):
    person = Clerk(world.site, role=role, email=f"{name}@paris.example")
    with world.in_city("paris"):
        person.home = f"{person.home}/{arranging.edition_of().id}"
    return person


def _at_polling_place(world):
    boss, officer = _clerk(world, "boss", "administrator"), _clerk(world, "officer")
    place = boss.post("/stations", {"name": "Town hall"}).location
    path = place[place.index("/stations/") :]
    ids = re.findall(r'name="officer" value="([^"]+)"[^>]*><span>([^<]*)', boss.get(path).text)
    boss.post(f"{path}/officers", {"officer": [ident for ident, name in ids if "officer" in name.lower()]})
    officer.post(f"{path}/journal", {"act": "open"})
    typed = dict(zip(("family_name", "given_name", "birth_date"), DEMO, strict=True))
    answer = officer.post(f"{path}/desk", {**typed, "act": "screen"})
    code = CODE.search(words(answer))[1]
    before, tablet, chosen = world.roll(), world.browser(31), world.next_choice()
    assert tablet.post("/vote/booth", {"code": code}).status_code == 303
    tablet.choose(chosen[:1])
    world.codes["booth"] = _confirm(tablet, chosen)
    (name,) = world.roll() - before
    world.knows("booth", chosen, f"bytes {name}", f"word {code.lower()}", "word nagy dóra", "word dóra nagy")


def _on_paper(world):
    office = _clerk(world, "office")
    made = office.post("/paper/new", {"station": "", "kind": "envelopes", "district": "", "printed": "20"})
    path = made.location[made.location.index("/paper/") :]
    for person in SLIPS:
        typed = dict(zip(("family_name", "given_name", "birth_date"), person, strict=True))
        assert office.post(f"{path}/slips", typed).status_code == 303
    assert office.post(f"{path}/open", {"declared": len(SLIPS), "knowingly": "y"}).status_code == 303
    papers = [world.next_choice() for _slip in SLIPS]
    for clerk in (_clerk(world, "one"), _clerk(world, "two")):
        for serial, chosen in enumerate(papers, start=1):
            marks = " ".join(str(number) for number in chosen)
            assert clerk.post(f"{path}/key", {"serial": serial, "marks": marks}).status_code == 303
        assert clerk.post(f"{path}/finish").status_code == 303
    with world.in_city("paris"):
        rows = db.session.execute(
            select(PaperSlip.voter, PersonKey.key)
            .outerjoin(PersonKey, PersonKey.voter == PaperSlip.voter)
            .order_by(PaperSlip.number)
        ).all()
    for (family, given, born), chosen in zip(SLIPS, papers, strict=True):
        mine = {
            bytes(cell).hex()
            for row in rows
            for cell in row
            if cell and _is_of(row, rows, SLIPS.index((family, given, born)))
        }
        known = [f"bytes {value}" for value in mine]
        world.knows(
            f"paper {given}",
            chosen,
            *known,
            f"word {family} {given}".lower(),
            f"word {given} {family}".lower(),
        )
    boss = _clerk(world, "boss", "administrator")
    world.finish_paper = lambda: boss.post("/paper/finish")


def _is_of(row, rows, place):
    order = list(dict.fromkeys(one[0] for one in rows))
    return row[0] == order[place]
