"""What residents read of a rule names that rule, whichever it is."""

import pytest

from modules.participatory_budget.rules.outcomes import Method
from modules.participatory_budget.services.explaining import vote_sentences
from modules.participatory_budget.tests import arranging

from . import papers


@pytest.mark.parametrize("has_envelopes", [False, True])
def test_every_way_of_counting_is_told_in_a_sentence_of_its_own(in_city, has_envelopes):
    with in_city("paris"):
        edition = arranging.approval() if has_envelopes else papers.judged()
        told = set()
        for method in Method:
            edition.method = method
            told.add(vote_sentences(edition)[1])
    assert len(told) == len(Method)
