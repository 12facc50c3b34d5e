"""Random votes, changes, withdrawals and moves by several voters at once; benchmarks/vote_sequences.py runs ten thousand."""

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modules.participatory_budget.services import closing

from . import arranging
from .ballots import papers
from .sequences import Kind, Model, Sequences, Step, acts, runs

VOTERS = 4
_slugs = count(1)


@pytest.fixture
def run_of(in_city, site, run_tasks):
    """Return a run over a vote of its own, with two districts and the whole city, two choices in each contest."""
    emails = [f"voter{number}@paris.example" for number in range(VOTERS)]
    for email in emails:
        site("paris", role="resident", email=email)

    def make():
        slug = f"run-{next(_slugs)}"
        with in_city("paris"):
            edition = arranging.knapsack(slug, costs=(60, 50, 40))
            edition.ballot_type, edition.max_choices = arranging.BallotType.APPROVAL, 2
            arranging.opened(papers.by_district(edition))
        return Sequences(
            lambda: in_city("paris"),
            lambda: arranging.edition_of(slug),
            lambda number, edition: arranging.voter(emails[number], edition),
            [Model() for _email in emails],
        )

    return make


@pytest.mark.slow
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(runs(VOTERS, least=0, most=6), st.lists(st.tuples(acts, acts), max_size=2))
def test_no_sequence_of_acts_breaks_a_quota_a_unique_ballot_or_secrecy(
    run_of, in_city, run_tasks, run, duels
):
    sequences = run_of()
    sequences.run(run)
    sequences.check_box()
    for number, pair in enumerate(duels):
        sequences.duel(number, pair)
    sequences.check_box()
    with in_city("paris"):
        closing.close_now(sequences.edition().id)
    run_tasks()
    sequences.check_sealed()


def test_the_model_notices_a_ballot_that_was_never_cast(run_of, in_city):
    sequences = run_of()
    sequences.run([[Step(Kind.VOTE, (1, 4), "north")], [], [], []])
    sequences.check_box()
    sequences.models[0].marks = {2: 1}
    with pytest.raises(AssertionError, match="voter 0"):
        sequences.check_box()
