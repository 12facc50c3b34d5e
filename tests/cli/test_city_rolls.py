import json

import pytest
from click.testing import CliRunner

from app.accounts.rolls import services as rolls
from app.accounts.rolls.normal import Field
from app.cli import main

LIST = "no;cp\n4711;75011\n4712;75012\n"


@pytest.fixture
def take_in(app, tmp_path):
    def call(text=LIST, *more, city="paris"):
        file = tmp_path / "list.csv"
        file.write_text(text)
        wish = [
            "--title",
            "Voters",
            "--column",
            "number=no",
            "--column",
            "postcode=cp",
            "--proves",
            "lives_in_city=yes",
        ]
        arguments = ["city", "take-in-list", city, str(file), *wish, *more]
        return CliRunner().invoke(main, arguments, obj=lambda: app)

    return call


def test_a_list_is_taken_in_from_the_shell(take_in, in_city):
    found = take_in(LIST, "--json")
    assert found.exit_code == 0, found.output
    told = json.loads(found.output)
    assert (told["people"], told["left_out"]) == (2, 0)
    with in_city():
        assert [one.entries for one in rolls.rolls()] == [2]
        assert rolls.rolls()[0].fields == [Field.NUMBER, Field.POSTCODE]
    with in_city("budapest"):
        assert rolls.rolls() == []


def test_lines_that_cannot_be_used_are_named_and_nothing_is_kept(take_in, in_city):
    found = take_in(LIST + ";75011\n")
    assert found.exit_code == 1
    assert "line 4: number cannot be read" in found.output
    with in_city():
        assert rolls.rolls() == []
    assert take_in(LIST + ";75011\n", "--leave-out-wrong").exit_code == 0


def test_what_cannot_be_is_said_in_a_sentence(take_in):
    assert "there is no live city" in take_in(city="nowhere").output
    assert "write FIELD=NAME" in take_in(LIST, "--column", "eyes=no").output
