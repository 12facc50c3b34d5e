"""What operators do: come in by the shell's link with an authenticator, find a city, act on it."""

import json
from collections.abc import Sequence

import pyotp
from click.testing import CliRunner

from app.cli import main
from tests.deployment import Deployment
from tests.e2e.person import Person

PASSWORD = "velvet-otter-lantern-94"
REASON = "The mayor asked on the telephone for another contact address."


def shell(deployment: Deployment, *words: str) -> dict[str, str]:
    """Run `parvis …` and return what it prints for programs."""
    result = CliRunner().invoke(main, [*words, "--json"], obj=lambda: deployment.app)
    assert result.exit_code == 0, result.output
    told: dict[str, str] = json.loads(result.stdout)
    return told


def come_in(operator: Person, deployment: Deployment, email: str, name: str) -> Sequence[str]:
    """Go from the link that the shell prints to the overview of all cities; returns the recovery codes."""
    operator.page.goto(shell(deployment, "operator", "add", email, "--name", name)["link"])
    operator.sees(f"Welcome, {name}")
    operator.finds_nothing_wrong()
    operator.type("Password", PASSWORD)
    operator.press("Continue")
    operator.sees("Set up your authenticator app")
    operator.finds_nothing_wrong()
    key = operator.page.locator("#key").inner_text().replace(" ", "")
    operator.type("Code from the app", pyotp.TOTP(key).now())
    operator.press("Confirm")
    operator.sees("Your recovery codes")
    operator.finds_nothing_wrong()
    codes = operator.page.locator("#codes").inner_text().split()
    operator.follow("I have put them away")
    operator.sees("Cities")
    return codes


def sign_in(operator: Person, email: str, code: str) -> None:
    """Come in again with address, password and code."""
    operator.sees("Operators: sign in")
    operator.finds_nothing_wrong()
    operator.type("E-mail address", email)
    operator.type("Password", PASSWORD)
    operator.type("Code", code)
    operator.press("Sign in")
    operator.sees("Cities")


def go_to(operator: Person, slug: str, name: str) -> None:
    """Find a city in the overview and open its page."""
    operator.open("", "/operators/")
    operator.type("Name, address or id", slug)
    operator.press("Filter")
    operator.follow(name, within=operator.page.get_by_role("table"))
    operator.sees(name)


def begin_a_visit(operator: Person, name: str) -> None:
    """Say why, and arrive in the back office of the city whose page is open."""
    operator.follow("Visit the city")
    operator.sees(f"Visit {name}")
    operator.type("Why do you visit the city?", REASON)
    operator.press("Begin the visit")
    operator.sees("Today")
    operator.reads(f"You are visiting {name} as operator")
    # The page leads on by itself, to a host whose style sheet is not there yet.
    operator.page.wait_for_load_state()
