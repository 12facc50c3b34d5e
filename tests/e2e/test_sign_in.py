"""Signing in as people do it: with a passkey, with an app, with the keyboard, with scripts and without."""

import re

import pyotp
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def plug_in(one):
    """Give a browser an authenticator; returns how to ask what it holds."""
    session = one.page.context.new_cdp_session(one.page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return lambda: session.send("WebAuthn.getCredentials", made)["credentials"]


def test_a_passkey_is_made_and_signs_in_and_is_removed(new_city, person):
    city = new_city("Keyham")
    ines = person(city=city, role="resident")
    holds = plug_in(ines)
    ines.open(city, "/account")
    ines.follow("Sign-in and security")
    ines.sees("Sign-in and security")
    ines.finds_nothing_wrong()
    ines.follow("Add a passkey")
    ines.sees("Add a passkey")
    ines.finds_nothing_wrong()
    ines.type("Name of the passkey (optional)", "my laptop")
    ines.press("Make the passkey")
    ines.reads("The passkey “my laptop” is ready.")
    assert [each["rpId"] for each in holds()] == [ines.host]
    assert holds()[0]["isResidentCredential"]
    ines.finds_nothing_wrong()

    ines.open(city, "/account")
    ines.press("Sign out")
    ines.open(city, "/sign-in?next=/account")
    ines.finds_nothing_wrong()
    ines.press("Sign in with a passkey")
    ines.sees("My account")
    assert holds()[0]["signCount"] >= 1

    ines.follow("Sign-in and security")
    ines.page.get_by_role("link", name=re.compile("Change.*my laptop")).click()
    ines.sees("my laptop")
    ines.finds_nothing_wrong()
    ines.press("Remove this passkey")
    ines.reads("The passkey “my laptop” is removed.")


def test_who_gives_up_at_the_authenticator_reads_what_to_do(new_city, person):
    city = new_city("Nokey")
    ines = person()
    session = ines.page.context.new_cdp_session(ines.page)
    session.send("WebAuthn.enable")
    refuses = {**AUTHENTICATOR, "isUserVerified": False}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": refuses})
    ines.open(city, "/sign-in")
    ines.press("Sign in with a passkey")
    ines.reads("No passkey was used. Try again, or use another way.")
    expect(ines.page.get_by_role("button", name="Sign in with a passkey")).to_be_enabled()


def test_an_app_is_set_up_and_asked_for_with_the_keyboard_alone(new_city, person, scripts):
    city = new_city("Appley")
    ines = person(scripts=scripts, city=city, role="resident")
    ines.open(city, "/account/security")
    ines.page.get_by_role("link", name="Set up an authenticator app").press("Enter")
    ines.sees("Set up your authenticator app")
    ines.finds_nothing_wrong()
    key = ines.page.locator("#key").inner_text().replace(" ", "")
    ines.type("Code", pyotp.TOTP(key).now())
    ines.page.keyboard.press("Enter")
    ines.sees("Your recovery codes")
    ines.finds_nothing_wrong()
    paper = ines.page.locator("#codes").inner_text().split()
    assert len(paper) == 10
    ines.page.get_by_role("link", name="I have put them away").press("Enter")
    ines.reads("10 recovery codes are left")
    ines.page.get_by_role("link", name="Remove the app").press("Enter")
    ines.sees("Sign in without codes?")
    ines.finds_nothing_wrong()


def test_without_scripts_no_button_for_passkeys_is_there(new_city, person):
    city = new_city("Plainton")
    ines = person(scripts=False)
    ines.open(city, "/sign-in")
    ines.sees("Sign in")
    expect(ines.page.get_by_role("button", name="Mail me a link")).to_be_visible()
    expect(ines.page.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)
    ines.finds_nothing_wrong()


def test_an_administrator_decides_and_colleagues_set_a_factor_up(new_city, person, scripts):
    city = new_city("Factorby")
    claire = person(scripts=scripts, city=city, role="administrator")
    claire.open(city, "/admin/settings")
    claire.follow("Choose the ways to sign in")
    claire.sees("Sign-in")
    claire.finds_nothing_wrong()
    claire.page.get_by_label("Staff need a second factor from").fill("2026-01-01")
    claire.press("Save settings")
    claire.sees("Sign-in and security")
    claire.reads("Set up a second factor to go on working.")
    claire.finds_nothing_wrong()
    claire.open(city, "/admin/")
    claire.sees("Sign-in and security")


def test_confirming_keeps_what_was_typed(new_city, person, deployment, scripts):
    city = new_city("Surely")
    ines = person(scripts=scripts, city=city, role="resident")
    ines.open(city, "/account/security/email")
    ines.sees("Change your e-mail address")
    ines.finds_nothing_wrong()
    ines.type("E-mail address", "new@example.org")
    with deployment.arrange(city):
        from sqlalchemy import update

        from app.accounts.models import AccountSession
        from app.core.db import db

        db.session.execute(update(AccountSession).values(proved_at=None))
    ines.press("Mail me the link")
    ines.sees("Is it you?")
    ines.reads("What you have typed is kept.")
    ines.finds_nothing_wrong()
    ines.press("Mail me a code")
    ines.reads("It works for ten minutes.")
    ines.finds_nothing_wrong()
