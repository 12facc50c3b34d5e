import re
from datetime import UTC, datetime, timedelta

import pytest

from app.accounts.operators.sessions import COOKIE
from tests.apex.operators.conftest import EMAIL, PASSWORD

START = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
WRONG = "Address, password and code do not fit together"


@pytest.fixture
def later(frozen):
    """Set the clock to so long after the start."""
    return lambda **times: frozen(START + timedelta(**times))


@pytest.fixture
def enrolled(later, apex, link, join):
    """Ada's phone and recovery codes, an hour before now."""
    later(hours=-1)
    found = join(apex(), link())
    later()
    return found


@pytest.fixture
def phone(enrolled):
    return enrolled[0]


def test_address_password_and_code_together_open_the_door(apex, phone, sign_in):
    browser = apex()
    answer = sign_in(browser, phone.code())
    assert (answer.status_code, answer.location) == (303, "/operators/")
    assert "Cities" in browser.get("/operators/").text


def test_whatever_is_wrong_the_answer_is_the_same(apex, phone, sign_in):
    for wrong in (
        {"password": "another-otter-lantern-94"},
        {"email": "nobody@platform.example"},
        {"code": "000000"},
        {"code": "x"},
    ):
        browser = apex()
        answer = sign_in(browser, **{"code": phone.code(), **wrong})
        assert answer.status_code == 422, wrong
        assert WRONG in answer.text
        assert COOKIE not in answer.headers.get("Set-Cookie", "")
        assert browser.get("/operators/").status_code == 302


def test_nothing_but_the_typed_address_tells_one_refusal_from_another(apex, phone, sign_in):
    answers = [
        sign_in(apex(), "000000", email=email, password=password).text
        for email, password in ((EMAIL, PASSWORD), (EMAIL, "wrong-wrong-1"), ("x@y.example", PASSWORD))
    ]
    plain = [re.sub(r'value="[^"]*"', "", text) for text in answers]
    assert plain[0] == plain[1] == plain[2]
    assert WRONG in plain[0]


def test_a_code_works_once(apex, phone, sign_in, later):
    code = phone.code()
    assert sign_in(apex(), code).status_code == 303
    assert sign_in(apex(), code).status_code == 422
    later(seconds=30)
    assert sign_in(apex(), code).status_code == 422
    assert sign_in(apex(), phone.code()).status_code == 303


def test_an_older_code_is_refused_once_a_newer_one_was_used(apex, phone, sign_in, later):
    older = phone.code()
    later(seconds=30)
    assert sign_in(apex(), phone.code()).status_code == 303
    assert sign_in(apex(), older).status_code == 422


def test_clocks_may_differ_by_half_a_minute(apex, phone, sign_in, later):
    for minute, (seconds, status) in enumerate(((-60, 422), (-30, 303), (30, 303), (60, 422)), start=1):
        later(minutes=3 * minute, seconds=seconds)
        code = phone.code()
        later(minutes=3 * minute)
        assert sign_in(apex(), code).status_code == status, seconds


def test_a_recovery_code_works_once_and_is_written_down(apex, enrolled, sign_in):
    _phone, codes = enrolled
    browser = apex()
    assert sign_in(browser, codes[3].upper().replace("-", " ")).status_code == 303
    assert sign_in(apex(), codes[3]).status_code == 422
    assert "Used a recovery code" in browser.get("/operators/journal").text
    assert re.search(r"Recovery codes left</dt><dd>9<", browser.get("/operators/me").text)


def test_a_right_code_with_a_wrong_password_is_not_used_up(apex, phone, sign_in):
    assert sign_in(apex(), phone.code(), password="wrong-wrong-1").status_code == 422
    assert sign_in(apex(), phone.code()).status_code == 303


def test_refused_sign_ins_of_operators_are_written_down_and_those_of_strangers_are_not(
    apex, phone, sign_in, run_tasks, later
):
    sign_in(apex(), "000000")
    sign_in(apex(), "000000", password="wrong-wrong-1")
    sign_in(apex(), "000000", email="stranger@example.org")
    run_tasks()
    browser = apex()
    sign_in(browser, phone.code())
    page = browser.get("/operators/journal").text
    rows = [row for row in page.split("<tr>") if "A sign-in was refused" in row and "<time" in row]
    assert len(rows) == 2
    assert sum("With the right password: Yes" in row for row in rows) == 1
    assert "stranger" not in page


def test_guessing_is_slowed_down_for_a_guesser_and_not_for_the_operator(apex, phone, sign_in):
    guesser = apex()
    statuses = [sign_in(guesser, "000000").status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]
    assert sign_in(guesser, phone.code()).status_code == 429
    elsewhere = apex()
    elsewhere.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert sign_in(elsewhere, phone.code()).status_code == 303


def test_the_cookie_is_for_this_host_alone_and_no_script_reads_it(apex, phone, sign_in):
    cookie = next(
        c for c in sign_in(apex(), phone.code()).headers.getlist("Set-Cookie") if c.startswith(COOKIE)
    )
    assert COOKIE.startswith("__Host-")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=28800"):
        assert part in cookie
    assert "Domain=" not in cookie


def test_a_session_that_was_there_before_is_replaced(apex, phone, sign_in):
    browser = apex()
    browser.set_cookie(COOKIE, "planted", domain="parvis.localhost", secure=True)
    sign_in(browser, phone.code())
    held = browser.get_cookie(COOKIE, domain="parvis.localhost").value
    assert len(held) == 43
    assert browser.get("/operators/").status_code == 200
    planted = apex()
    planted.set_cookie(COOKIE, "planted", domain="parvis.localhost", secure=True)
    assert planted.get("/operators/").status_code == 302


def test_a_session_ends_after_half_an_hour_of_silence_and_after_eight_hours(apex, phone, sign_in, later):
    browser = apex()
    sign_in(browser, phone.code())
    later(minutes=29)
    assert browser.get("/operators/").status_code == 200
    later(minutes=58)
    assert browser.get("/operators/").status_code == 200
    later(minutes=89)
    assert browser.get("/operators/").status_code == 302

    sign_in(browser, phone.code())
    for minute in range(89, 89 + 480, 20):
        later(minutes=minute)
        assert browser.get("/operators/me").status_code == 200
    later(minutes=89 + 480)
    assert browser.get("/operators/me").status_code == 302


def test_the_way_back_leads_behind_the_door_and_nowhere_else(apex, phone, sign_in, later):
    browser = apex()
    asked = browser.get("/operators/cities/testparis?x=1")
    assert asked.location == "/operators/sign-in?next=/operators/cities/testparis?x%3D1"
    for minute, (wish, goes) in enumerate(
        (
            ("/operators/cities/testparis", "/operators/cities/testparis"),
            ("https://evil.example/", "/operators/"),
            ("//evil.example/operators/", "/operators/"),
            ("/operators/\\evil.example", "/operators/"),
            ("/operators/sign-in", "/operators/"),
            ("/start", "/operators/"),
        )
    ):
        later(minutes=minute)
        assert sign_in(apex(), phone.code(), next=wish).location == goes


def test_signing_out_ends_the_session_for_good(apex, phone, sign_in):
    browser = apex()
    sign_in(browser, phone.code())
    held = browser.get_cookie(COOKIE, domain="parvis.localhost").value
    assert browser.post("/operators/sign-out").location == "/operators/sign-in"
    browser.set_cookie(COOKIE, held, domain="parvis.localhost", secure=True)
    assert browser.get("/operators/").status_code == 302


def test_sessions_are_listed_and_can_be_ended(apex, phone, sign_in, later):
    here, there = apex(), apex()
    there.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (X11; Linux) Firefox/140.0"
    sign_in(there, phone.code())
    later(minutes=1)
    sign_in(here, phone.code())
    page = here.get("/operators/me").text
    assert "Firefox, Linux" in page
    assert (
        here.post(re.search(r'action="(/operators/me/sessions/[0-9a-f]+/end)"', page)[1]).status_code == 303
    )
    assert there.get("/operators/").status_code == 302
    assert here.get("/operators/").status_code == 200


def test_an_operator_who_is_locked_out_is_out_at_once(apex, phone, sign_in, shell):
    browser = apex()
    sign_in(browser, phone.code())
    assert shell("operator", "disable", EMAIL)["state"] == "disabled"
    assert browser.get("/operators/").status_code == 302
    assert sign_in(apex(), phone.code()).status_code == 422


def test_another_password_and_new_recovery_codes_need_a_fresh_code(apex, enrolled, sign_in, later):
    phone, codes = enrolled
    browser = apex()
    sign_in(browser, phone.code())
    later(minutes=11)
    new = "marble-heron-thimble-27"
    answer = browser.post("/operators/me/password", data={"password": new})
    assert answer.status_code == 422
    assert "Enter the code that the app shows now" in answer.text
    assert (
        browser.post("/operators/me/password", data={"password": new, "code": phone.code()}).status_code
        == 303
    )
    page = browser.post("/operators/me/recovery-codes").text
    fresh = re.search(r'id="codes">([^<]+)<', page)[1].split()
    later(minutes=12)
    assert sign_in(apex(), phone.code()).status_code == 422
    assert sign_in(apex(), codes[0], password=new).status_code == 422
    assert sign_in(apex(), fresh[0], password=new).status_code == 303


def test_five_wrong_codes_in_a_row_end_the_session(apex, phone, sign_in, later):
    browser = apex()
    sign_in(browser, phone.code())
    later(minutes=11)
    send = lambda: browser.post("/operators/me/recovery-codes", data={"code": "000000"})  # noqa: E731
    assert [send().status_code for _ in range(5)] == [422, 422, 422, 422, 302]
    assert browser.get("/operators/").status_code == 302
