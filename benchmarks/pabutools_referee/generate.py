"""Make the small elections of `fixtures/`, and ask the referee about them: `python -m … .generate --venv FOLDER`.

They are ours from the first to the last number, with as many ties as real votes never have: few voters, few prices.
"""

import argparse
import json
import random
from decimal import Decimal
from pathlib import Path

from modules.participatory_budget.rules.pabulib.parts import PbBallot, PbHeader, PbProject, VoteType
from modules.participatory_budget.rules.pabulib.writer import write

from .compare import referee_on
from .environment import python_in

FIXTURES = Path(__file__).parent / "fixtures"
FILES = 16
PRICES = (1200_00, 900_50, 600_00, 600_00, 400_00, 300_00)


def make(number: int) -> Path:
    """Write one election; the same number always gives the same file."""
    chance = random.Random(number)
    projects = [chance.choice(PRICES) for _ in range(chance.randint(5, 14))]
    points = number % 3 == 2
    kind = VoteType.CUMULATIVE if points else VoteType.APPROVAL
    ballots = [
        _ballot(chance, voter, len(projects), points=points) for voter in range(1, chance.randint(5, 12))
    ]
    header = PbHeader(
        budget=sum(projects) * chance.choice((2, 3, 4)) // 8 // 100 * 100,
        num_votes=len(ballots),
        projects=tuple(PbProject(f"P{place}", place, cost) for place, cost in enumerate(projects, start=1)),
        vote_type=kind,
        meta={
            "description": f"Made election {number}",
            "country": "Nowhere",
            "unit": "Nowhere",
            "instance": str(number),
            "rule": "greedy",
        },
    )
    path = FIXTURES / f"made_{number:02}.pb"
    with path.open("wb") as stream:
        write(stream, header, ballots)
    return path


def _ballot(chance: random.Random, voter: int, projects: int, *, points: bool) -> PbBallot:
    chosen = tuple(chance.sample(range(1, projects + 1), chance.randint(1, min(4, projects))))
    given = tuple(Decimal(chance.randint(1, 4)) for _ in chosen) if points else ()
    return PbBallot(str(voter), chosen, given)


def main() -> None:
    """Make the elections and write down what the referee says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--venv", type=Path, default=Path(__file__).parent / ".venv")
    python = python_in(parser.parse_args().venv)
    FIXTURES.mkdir(exist_ok=True)
    said = [
        {name: line[name] for name in ("file", "rule", "ties", "winners")}
        for path in map(make, range(FILES))
        for line in referee_on(path, python, 60)
    ]
    text = "[\n" + ",\n".join(json.dumps(line) for line in said) + "\n]\n"
    (FIXTURES / "outcomes.json").write_text(text, encoding="utf-8")
    print(f"{FILES} elections, {len(said)} outcomes")


if __name__ == "__main__":
    main()
