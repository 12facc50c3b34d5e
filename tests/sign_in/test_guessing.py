"""Guessing is slow, and nobody can keep another out by it."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.waits import Growing
from tests.sign_in.conftest import EN, PASSWORD, is_in

CLAIRE = "claire@example.org"
WRONG = {"email": CLAIRE, "password": "not the right one"}


def from_network(address):
    return {"environ_base": {"REMOTE_ADDR": address}, "headers": EN}


@pytest.fixture
def quick(monkeypatch):
    """Compare without the slow hash: a thousand of them would take minutes; which ones are compared is counted."""
    from app.accounts import passwords

    compared = []
    monkeypatch.setattr(
        passwords, "matches", lambda stored, password: bool(compared.append(stored)) or password == PASSWORD
    )
    return compared


def test_a_thousand_tries_from_elsewhere_keep_claire_neither_out_of_her_browser_nor_from_the_mail(
    site, known, sign_in, link_in, quick
):
    known(CLAIRE)
    home = site()
    assert sign_in(home, CLAIRE).status_code == 303
    home.post("/sign-out")
    statuses = []
    attacker = site()
    for n in range(1000):
        answer = attacker.post("/sign-in", data=WRONG, **from_network(f"192.0.{n // 250}.{n % 250}"))
        statuses.append(answer.status_code)
    assert set(statuses) == {422, 429}
    assert len(quick) <= 60, "a botnet is slowed: few of its tries are even compared"
    assert sign_in(home, CLAIRE).status_code == 303, "from the browser that she has used before"
    assert is_in(home)
    new = site()
    new.post("/sign-in/link", data={"email": CLAIRE}, **from_network("198.51.100.7"))
    assert new.post(link_in()).status_code == 303, "by mail from anywhere"


def test_the_refusal_is_the_same_for_an_address_that_nobody_has(site, known, quick):
    known(CLAIRE)
    pages = []
    for address in (CLAIRE, "nobody@example.org"):
        browser = site()
        for _ in range(11):
            answer = browser.post(
                "/sign-in",
                data={"email": address, "password": "not the right one"},
                **from_network("192.0.2.1"),
            )
        page = re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text)
        pages.append((answer.status_code, page.replace(address, "@")))
    assert pages[0][0] == 429
    assert pages[0] == pages[1]
    assert "Mail me a link" in pages[0][1], "the way past it is on the page"


def test_tries_from_the_same_network_do_not_count_for_a_browser_that_is_known(site, known, sign_in, quick):
    known(CLAIRE)
    home, stranger = site(), site()
    sign_in(home, CLAIRE)
    home.post("/sign-out")
    codes = [stranger.post("/sign-in", data=WRONG, headers=EN).status_code for _ in range(12)]
    assert codes[-1] == 429
    assert sign_in(home, CLAIRE).status_code == 303


def test_a_known_browser_has_a_limit_of_its_own(site, known, sign_in, quick):
    known(CLAIRE)
    home = site()
    sign_in(home, CLAIRE)
    home.post("/sign-out")
    codes = [home.post("/sign-in", data=WRONG, headers=EN).status_code for _ in range(12)]
    assert codes == [422] * 10 + [429] * 2


def test_the_mark_of_a_known_browser_is_its_citys_and_its_addresss_own(app, site, known, sign_in, in_city):
    from app.accounts import known as browsers

    known(CLAIRE)
    home = site()
    sign_in(home, CLAIRE)
    cookie = home.get_cookie(browsers.COOKIE, domain=home.host).value
    assert "claire" not in cookie
    for slug, address, is_known in (
        ("paris", CLAIRE, True),
        ("paris", "otto@example.org", False),
        ("budapest", CLAIRE, False),
    ):
        with in_city(slug):
            from flask import request

            request.cookies = {browsers.COOKIE: cookie}
            assert bool(browsers.name_for(address)) is is_known
            request.cookies = {browsers.COOKIE: cookie[:-1] + "~x.y"}
            assert not browsers.name_for(address)


def test_waits_grow_and_end(visitor, known, quick, frozen):
    frozen("2026-11-22T10:00")
    known(CLAIRE)
    moments = [(0, 422)] * 10 + [
        (0, 429),
        (59, 429),
        (61, 422),
        (62, 429),
        (179, 429),
        (182, 422),
        (183, 429),
    ]
    for second, status in moments:
        frozen(f"2026-11-22T10:{second // 60:02}:{second % 60:02}")
        assert visitor.post("/sign-in", data=WRONG, headers=EN).status_code == status, second


def test_the_right_password_forgives_the_wrong_ones(visitor, known, quick, sign_in):
    known(CLAIRE)
    for _ in range(3):
        for _ in range(8):
            assert visitor.post("/sign-in", data=WRONG, headers=EN).status_code == 422
        assert sign_in(visitor, CLAIRE).status_code == 303
        visitor.post("/sign-out")


@given(st.integers(0, 10_000))
def test_a_wait_never_shrinks_and_never_passes_the_longest(tries):
    growing = Growing(5, first=timedelta(seconds=30), longest=timedelta(minutes=15))
    assert growing.after(tries) <= growing.after(tries + 1) <= growing.longest
    assert (growing.after(tries) == timedelta()) is (tries < 5)


def test_a_password_is_hashed_anew_when_the_costs_have_changed(site, known, sign_in, in_city, monkeypatch):
    from argon2 import PasswordHasher

    from app.accounts import passwords, services

    known()
    with in_city():
        before = services.find("ines@example.org").password_hash
    sign_in(site())
    with in_city():
        assert services.find("ines@example.org").password_hash == before
    monkeypatch.setattr(
        passwords, "_hasher", PasswordHasher(time_cost=3, memory_cost=19 * 1024, parallelism=1)
    )
    assert sign_in(site()).status_code == 303
    with in_city():
        after = services.find("ines@example.org").password_hash
    assert after != before
    assert "t=3" in after
    assert sign_in(site()).status_code == 303
