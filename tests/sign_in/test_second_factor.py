import re

import pytest

from tests.sign_in.conftest import EN, PASSWORD, SECURITY, is_in

MORNING = "2026-11-22T10:00"


@pytest.fixture
def ines(site, known, sign_in, app_of, frozen):
    """Inès, signed in, with an app and ten codes on paper."""
    frozen(MORNING)
    known()
    browser = site()
    sign_in(browser)
    totp, paper = app_of(browser)
    return browser, totp, paper


def begin(browser, sign_in):
    answer = sign_in(browser)
    assert (answer.status_code, answer.location) == (303, "/sign-in/second")


def give(browser, code):
    return browser.post("/sign-in/second", data={"code": code}, headers=EN)


def test_the_picture_and_the_key_are_shown_and_ten_codes_once(ines, mails):
    browser, _totp, paper = ines
    assert len(paper) == len(set(paper)) == 10
    page = browser.get(SECURITY, headers=EN).text
    assert "10 recovery codes are left" in page
    assert not any(code in page for code in paper)
    assert "An authenticator app was set up" in mails()[-1]["text"]


def test_the_picture_holds_the_key(site, known, sign_in):
    known()
    browser = site()
    sign_in(browser)
    picture = browser.get(f"{SECURITY}/authenticator/qr.svg")
    assert picture.mimetype == "image/svg+xml"
    assert picture.data.startswith(b"<?xml")
    assert picture.headers["Cache-Control"] == "no-store"


def test_a_wrong_first_code_sets_nothing_up(site, known, sign_in):
    known()
    browser = site()
    sign_in(browser)
    browser.get(f"{SECURITY}/authenticator")
    answer = browser.post(f"{SECURITY}/authenticator", data={"code": "000000"}, headers=EN)
    assert answer.status_code == 422
    assert "This code is not right" in answer.text
    assert sign_in(site()).location == "/"


def test_password_and_code_sign_in_and_the_wish_is_kept(ines, site, sign_in, frozen):
    _browser, totp, _paper = ines
    frozen("2026-11-22T10:05")
    other = site()
    sign_in(other, next="/privacy")
    assert not is_in(other), "the password alone opens nothing"
    answer = give(other, totp.now())
    assert (answer.status_code, answer.location) == (303, "/privacy")
    assert is_in(other)


def test_a_code_works_once(ines, site, sign_in, frozen):
    _browser, totp, _paper = ines
    frozen("2026-11-22T10:05")
    code = totp.now()
    first, second = site(), site()
    begin(first, sign_in)
    begin(second, sign_in)
    assert give(first, code).status_code == 303
    assert give(second, code).status_code == 422
    assert not is_in(second)


def test_the_first_code_does_not_sign_in_a_second_time(ines, site, sign_in):
    _browser, totp, _paper = ines
    other = site()
    begin(other, sign_in)
    assert give(other, totp.now()).status_code == 422


def test_a_recovery_code_works_once_and_its_owner_is_told(ines, site, sign_in, mails):
    _browser, _totp, paper = ines
    other, third = site(), site()
    begin(other, sign_in)
    assert give(other, paper[0].upper().replace("-", " ")).status_code == 303
    assert any("Somebody used a recovery code" in mail["text"] for mail in mails())
    assert "9 recovery codes are left" in other.get(SECURITY, headers=EN).text
    begin(third, sign_in)
    assert give(third, paper[0]).status_code == 422


def test_a_link_by_mail_asks_for_the_code_as_well(ines, site, link_in, mails, frozen):
    assert mails()
    frozen("2026-11-22T10:05")
    other = site()
    other.post("/sign-in/link", data={"email": "ines@example.org"})
    assert other.post(link_in()).location == "/sign-in/second"
    assert not is_in(other)


def test_a_password_that_was_chosen_anew_asks_for_the_code_as_well(ines, site, link_in, mails, frozen):
    assert mails()
    frozen("2026-11-22T10:05")
    other = site()
    other.post("/sign-in/forgotten", data={"email": "ines@example.org"})
    assert other.post(link_in(), data={"password": "another quiet lantern"}).location == "/sign-in/second"


def test_half_a_sign_in_ends_after_ten_minutes(ines, site, sign_in, frozen):
    _browser, totp, _paper = ines
    frozen("2026-11-22T11:00")
    other = site()
    begin(other, sign_in)
    frozen("2026-11-22T11:11")
    assert give(other, totp.now()).location == "/sign-in"
    assert not is_in(other)


def test_half_a_sign_in_is_worthless_after_the_password_was_changed(ines, site, sign_in, frozen):
    browser, totp, _paper = ines
    frozen("2026-11-22T10:02")
    other = site()
    begin(other, sign_in)
    changed = browser.post("/account/password", data={"current": PASSWORD, "new": "another quiet lantern"})
    assert changed.status_code == 303
    assert give(other, totp.now()).location == "/sign-in"


def test_half_a_sign_in_of_one_city_is_worthless_in_another(ines, site, sign_in, known):
    known(slug="budapest")
    here, there = site(), site("budapest")
    begin(here, sign_in)
    cookie = here.get_cookie("__Host-parvis", domain=here.host).value
    there.set_cookie("__Host-parvis", cookie, domain=there.host)
    assert there.get("/sign-in/second").location == "/sign-in"


def test_guessing_codes_gets_slow(ines, site, sign_in):
    other = site()
    begin(other, sign_in)
    statuses = [give(other, f"{n:06}").status_code for n in range(8)]
    assert statuses == [422] * 6 + [429] * 2


def test_removing_the_app_needs_a_fresh_code(ines, site, sign_in, frozen, mails):
    browser, totp, _paper = ines
    frozen("2026-11-22T10:30")
    asked = browser.post(f"{SECURITY}/authenticator/remove", headers=EN)
    assert "Is it you?" in asked.text
    assert sign_in(site()).location == "/sign-in/second", "nothing was removed"
    wanted = {"confirm-next": f"{SECURITY}/authenticator/remove", "confirm-method": "POST"}
    assert browser.post("/account/confirm", data={"confirm-password": PASSWORD, **wanted}).status_code == 422
    on = browser.post("/account/confirm", data={"confirm-code": totp.now(), **wanted})
    assert (on.status_code, on.location) == (307, f"{SECURITY}/authenticator/remove")
    assert browser.post(on.location).status_code == 303
    assert any("The authenticator app was removed" in mail["text"] for mail in mails())
    assert sign_in(site()).location == "/"


def test_new_recovery_codes_end_the_old_ones(ines, site, sign_in):
    browser, _totp, paper = ines
    page = browser.post(f"{SECURITY}/recovery-codes", headers=EN)
    fresh = re.search(r'id="codes">([^<]+)<', page.text)[1].split()
    assert not set(fresh) & set(paper)
    other = site()
    begin(other, sign_in)
    assert give(other, paper[1]).status_code == 422
    assert give(other, fresh[1]).status_code == 303


def test_the_secret_is_sealed_in_the_database(ines, in_city):
    from app.accounts import services

    _browser, totp, paper = ines
    with in_city():
        kept = services.find("ines@example.org")
        assert totp.secret not in kept.totp_secret
        assert not set(paper) & set(kept.recovery_hashes)


def test_each_change_is_in_the_audit_log(ines, staff):
    log = staff.get("/admin/audit", headers=EN).text
    assert "Set up an authenticator app" in log
