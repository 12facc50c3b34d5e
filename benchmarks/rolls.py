"""What it takes to take in a list of residents as large as a capital's electoral roll: time, and memory of the process.

`python -m benchmarks.rolls --people 2700000`; needs room for about 600 MB of database and 120 MB of list.
"""

import argparse
import random
import resource
import time
from pathlib import Path

from app.accounts.rolls.importing import Wish, take_in
from app.accounts.rolls.normal import Field
from app.accounts.rolls.reading import Columns
from app.core.clock import now
from app.core.context import serving
from app.core.db import db, end_transaction
from app.core.patience import patient
from app.factory import create_app
from app.registry import modules
from benchmarks.servers import servers
from tenants import resolve, schema, setup
from tenants.models import CityRecord, CityState

SMALL, USUAL = 100_000, 2_700_000
CITY = "benchmark"
NAMES = (
    "Szabó",
    "Kovács",
    "Nagy",
    "Tóth",
    "Lefèvre",
    "Müller",
    "Łuczak",
    "O'Neill",
    "de la Fuente",
    "Özdemir",
)


def write_list(path: Path, people: int) -> None:
    """Write a list with different people, the larger part of it in letters that have to be brought to one form."""
    chance = random.Random(2026)
    with path.open("w", encoding="utf-8") as file:
        file.write("no;nom;prénom;né le;cp\n")
        for number in range(1, people + 1):
            born = f"{chance.randint(1, 28):02}/{chance.randint(1, 12):02}/{chance.randint(1930, 2008)}"
            file.write(f"{number:08};{chance.choice(NAMES)};Anna Mária;{born};75{chance.randint(1, 20):03}\n")


def main() -> None:
    """Write a list, take it in, replace it, and print what that took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=USUAL)
    parser.add_argument("--small", action="store_true")
    asked = parser.parse_args()
    people = SMALL if asked.small else asked.people
    with servers() as found:
        path = found.folder / "list.csv"
        write_list(path, people)
        print(f"{people} people, {path.stat().st_size / 1e6:.0f} MB")
        app = create_app()
        with app.app_context():
            setup.prepare(lambda _line: None)
            schema.create(f"c_{CITY}", modules())
            db.session.add(_record())
            resolve.change()
            end_transaction(keep=True)
            _measure(path)


def _measure(path: Path) -> None:
    fields = {Field.NUMBER: "no", Field.FAMILY_NAME: "nom", Field.BIRTH_DATE: "né le", Field.POSTCODE: "cp"}
    wish = Wish("List", Columns(fields), {"lives_in_city": "yes"})
    print("| | seconds | people a second | memory at most, MB |\n|---|--:|--:|--:|")
    before = _memory()
    started = time.monotonic()
    with serving(resolve.city_by_slug(CITY)), patient():
        with path.open("rb") as stream:
            report = take_in(stream, wish)
        end_transaction(keep=True)
        took = time.monotonic() - started
        print(f"| taken in | {took:.1f} | {report.entered / took:.0f} | {before} before, {_memory()} after |")
        size = db.session.execute(db.text("SELECT pg_total_relation_size('roll_entry')")).scalar_one()
        print(f"\nTable and index: {size / 1e6:.0f} MB, {size / report.entered:.0f} bytes a person.")


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _record() -> CityRecord:
    return CityRecord(
        id=CITY,
        slug=CITY,
        name="Benchmark",
        state=CityState.LIVE,
        published=True,
        languages=["en"],
        time_zone="UTC",
        currency="EUR",
        brand="#14387f",
        hero="skyline",
        tagline={},
        contact_email="",
        created_at=now(),
    )


if __name__ == "__main__":
    main()
