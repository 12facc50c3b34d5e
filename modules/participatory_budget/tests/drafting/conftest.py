"""Feasible ideas, as the examination leaves them."""

import pytest

from modules.participatory_budget.tests.feasibility.conftest import (  # noqa: F401
    ANNA,
    BELA,
    clerk,
    departments,
    edition,
    idea_of,
    inbox,
    published,
)


@pytest.fixture
def feasible(clerk, published):  # noqa: F811
    """Publish ideas of Anna, find that they can be done for €1,000 each; returns the numbers."""

    def act(*titles, verdict="feasible", cost="1000", **more):
        last = published(*titles, **more)
        numbers = list(range(last - len(titles) + 1, last + 1))
        boss = clerk()
        boss.save("/feasibility/begin", {"number": numbers})
        for number in numbers:
            path = f"/feasibility/{number}"
            if cost:
                boss.save(path, {"act": "estimate", "cost": cost})
            boss.save(path, {"act": "accept"})
            boss.save(path, {"act": "complete"})
            boss.save(path, {"act": "decide", "verdict": verdict, "opinion-fr": "Possible."})
            boss.save(path, {"act": "publish"})
        return numbers

    return act
