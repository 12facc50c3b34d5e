import pytest

from app.registry import modules
from app.testing.contract import QUESTIONS


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.__name__)
@pytest.mark.parametrize("name", list(modules()))
def test_every_module_keeps_the_contract(app, name, question):
    question(app, modules()[name])
