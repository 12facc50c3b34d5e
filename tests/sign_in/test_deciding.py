"""What a city decides in its console."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.policy import Audience, Policy, Provider
from app.accounts.ways import Means, can_come_in
from tests.sign_in.authenticator import Authenticator
from tests.sign_in.conftest import EN, SECURITY, is_in
from tests.sign_in.test_passkeys import ORIGIN, add, enter

TODAY = datetime.now(UTC).date().isoformat()
SETTINGS = "/admin/settings/sign-in"
USUAL = {
    "password": "y",
    "link": "y",
    "passkey": "y",
    "resident_days": "30",
    "resident_idle_days": "30",
    "staff_hours": "12",
    "staff_idle_minutes": "120",
}


def save(browser, *without, **values):
    sent = {name: value for name, value in {**USUAL, **values}.items() if name not in without}
    return browser.post(SETTINGS, data=sent, headers=EN)


@pytest.fixture
def claire(site, known, sign_in):
    """Claire, the only administrator, signed in with her password."""
    known("claire@example.org", role="administrator")
    browser = site()
    sign_in(browser, email="claire@example.org")
    return browser


def test_ways_that_are_not_offered_are_gone_at_once(claire, visitor, known):
    known()
    assert save(claire, "password").status_code == 303
    page = visitor.get("/sign-in", headers=EN).text
    assert 'type="password"' not in page
    assert "Mail me a link" in page
    right = {"email": "ines@example.org", "password": "tulip-canal-7 brass"}
    assert visitor.post("/sign-in", data=right).status_code == 403
    assert visitor.post("/sign-in/forgotten", data=right).status_code == 403
    assert 'type="password"' not in visitor.get("/sign-up").text
    assert save(claire, "link").status_code == 303
    assert visitor.post("/sign-in/link", data=right).status_code == 403
    assert "Mail me a link" not in visitor.get("/sign-in", headers=EN).text


def test_the_last_way_of_every_administrator_stays(claire):
    answer = save(claire, "password", "link")
    assert answer.status_code == 409
    assert "No administrator could sign in any more." in answer.text
    assert save(claire, "password", "link", "passkey").status_code == 409


def test_with_a_passkey_of_an_administrator_mail_and_password_may_go_and_the_passkey_stays(claire, site):
    key, _answer = add(claire, Authenticator(ORIGIN))
    assert save(claire, "password", "link").status_code == 303
    path = next(p.split('"')[0] for p in claire.get(SECURITY).text.split('href="') if "/passkeys/0" in p[:40])
    refused = claire.post(f"{path}/remove", headers=EN)
    assert refused.status_code == 409
    assert "This is your only way to sign in." in refused.text
    browser = site()
    assert enter(browser, key).status_code == 303
    assert is_in(browser)


def test_sign_up_is_closed_where_neither_password_nor_mail_opens(claire, visitor):
    add(claire, Authenticator(ORIGIN))
    save(claire, "password", "link")
    assert visitor.get("/sign-up").location == "/sign-in"


def test_sessions_that_are_open_get_shorter_with_the_rule(claire, site, known, sign_in, frozen):
    frozen("2026-11-22T10:00")
    known()
    ines = site()
    sign_in(ines)
    sign_in(claire, email="claire@example.org")
    assert save(claire, resident_days="1", staff_hours="4", staff_idle_minutes="15").status_code == 303
    frozen("2026-11-22T10:14")
    assert claire.get("/admin/").status_code == 200
    frozen("2026-11-22T10:30")
    assert claire.get("/admin/").status_code == 302
    frozen("2026-11-23T09:59")
    assert is_in(ines)
    frozen("2026-11-23T10:00")
    assert not is_in(ines)


def test_staff_without_a_second_factor_set_one_up_before_anything_else(
    claire, site, known, sign_in, app_of, frozen
):
    known("malik@example.org", role="editor")
    malik = site()
    sign_in(malik, email="malik@example.org")
    assert malik.get("/admin/").status_code == 200
    assert save(claire, staff_factor_from=TODAY).status_code == 303
    for path in ("/admin/", "/admin/news/", "/", "/account"):
        assert malik.get(path).location == SECURITY, path
    assert malik.post("/account", data={"name": "X", "language": "fr"}).location == SECURITY
    page = malik.get(SECURITY, headers=EN).text
    assert "Set up a second factor to go on working." in page
    app_of(malik)
    assert malik.get("/admin/").status_code == 200
    assert sign_in(site(), email="malik@example.org").location == "/sign-in/second"


def test_residents_are_left_to_themselves(claire, site, known, sign_in):
    save(claire, staff_factor_from=TODAY)
    known()
    ines = site()
    sign_in(ines)
    assert is_in(ines)


def test_until_the_day_staff_are_only_told(site, known, sign_in, decide, frozen):
    frozen("2026-11-22T10:00")
    known(role="editor")
    decide(staff_factor_from=date(2026, 12, 1))
    editor = site()
    assert sign_in(editor).location == "/admin/"
    assert "December 1, 2026" in editor.get(SECURITY, headers=EN).text
    frozen("2026-12-01T00:30")
    sign_in(editor)
    assert editor.get("/admin/").location == SECURITY


def test_a_session_from_before_the_rule_shows_the_factor_that_is_there(
    site, known, sign_in, decide, app_of, frozen
):
    frozen("2026-11-22T10:00")
    known(role="editor")
    other, first = site(), site()
    sign_in(other)
    sign_in(first)
    totp, _paper = app_of(first)
    decide(staff_factor_from=date(2026, 1, 1))
    frozen("2026-11-22T10:02")
    assert first.get("/admin/").status_code == 200
    assert other.get("/admin/").location == "/account/confirm?next=/admin/"
    assert other.get(SECURITY).location.startswith("/account/confirm")
    other.post("/account/confirm", data={"confirm-code": totp.now(), "confirm-next": "/admin/"})
    assert other.get("/admin/").status_code == 200


def test_a_passkey_is_no_factor_where_the_city_takes_none(site, known, sign_in, decide):
    known(role="editor")
    editor = site()
    sign_in(editor)
    add(editor, Authenticator(ORIGIN))
    decide(staff_factor_from=date(2026, 1, 1), passkey=False)
    again = site()
    assert sign_in(again).location == "/admin/"
    assert again.get("/admin/").location == SECURITY


def test_a_first_password_is_told_to_the_owner(site, known, mails):
    known(password=None)
    ines = site("paris", role="resident", email="ines@example.org")
    assert ines.post("/account/password", data={"new": "another quiet lantern"}).status_code == 303
    assert "mot de passe a été choisi" in mails()[-1]["text"]


def test_an_administrator_takes_a_lost_factor_away(claire, site, known, sign_in, app_of, frozen, mails):
    known()
    ines = site()
    sign_in(ines)
    app_of(ines)
    answer = claire.post(f"{SETTINGS}/reset", data={"email": "ines@example.org"})
    assert answer.status_code == 303
    assert not is_in(ines)
    assert sign_in(site()).location == "/"
    assert any("An administrator took your authenticator app" in mail["text"] for mail in mails())
    again = claire.post(f"{SETTINGS}/reset", data={"email": "ines@example.org"}, headers=EN)
    assert again.status_code == 422
    assert "has no second factor" in again.text


def test_only_administrators_decide_and_only_when_fresh(site, claire, frozen):
    assert site(role="editor").get(SETTINGS).status_code == 403
    assert site().get(SETTINGS).location.startswith("/sign-in")
    frozen(datetime(2027, 1, 1, tzinfo=UTC))
    assert site(role="administrator", email="new@paris.example").get(SETTINGS).status_code == 200
    frozen(datetime(2027, 1, 1, 0, 11, tzinfo=UTC))


def test_what_makes_no_sense_is_refused_and_kept(claire):
    answer = save(claire, staff_factor_from="2099-01-01", staff_hours="9999")
    assert answer.status_code == 422
    assert 'value="2099-01-01"' in answer.text


def test_one_session_is_ended_by_its_owner_alone(site, known, sign_in):
    known()
    known("otto@example.org")
    desk, phone, otto = site(), site(), site()
    sign_in(desk)
    sign_in(phone)
    sign_in(otto, email="otto@example.org")
    page = desk.get(SECURITY).text
    path = next(p.split('"')[0] for p in page.split('action="') if "/sessions/" in p[:40])
    otto.post(path)
    assert is_in(phone)
    assert desk.post(path).status_code == 303
    assert not is_in(phone)
    assert is_in(desk)


ISSUER = "https://login.example.org"
means = st.builds(
    Means,
    st.frozensets(st.just(uuid4()), max_size=1),
    st.frozensets(
        st.tuples(
            st.sampled_from([ISSUER, "https://other.example"]), st.sampled_from([None, datetime.now(UTC)])
        ),
        max_size=2,
    ),
    st.booleans(),
)
provider = st.builds(
    Provider, st.just("id"), st.just("X"), st.just(ISSUER), st.just("c"),
    audience=st.sampled_from(list(Audience)), on=st.booleans(),
)  # fmt: skip
decided = st.builds(
    Policy, st.booleans(), st.booleans(), st.booleans(), st.lists(provider, max_size=1).map(tuple)
)


@given(means, decided)
def test_a_way_in_is_one_that_is_offered_and_that_the_person_has(has, offers):
    by_service = any(
        each.on
        and (each.issuer, True) in {(issuer, used is not None) for issuer, used in has.services}
        and each.audience in (Audience.EVERYBODY, Audience.STAFF if has.is_staff else Audience.RESIDENTS)
        for each in offers.providers
    )
    by_mailbox = offers.password or offers.link
    by_passkey = offers.passkey and bool(has.passkeys)
    assert can_come_in(has, offers) is bool(by_mailbox or by_passkey or by_service)
