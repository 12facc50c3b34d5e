import pytest

from tests.portal.conftest import EN, PASSWORD


def signed_in(browser):
    return browser.get("/account").status_code == 200


def test_address_and_password_sign_in_and_lead_to_the_front_page(visitor, known, sign_in):
    known()
    answer = sign_in(visitor)
    assert (answer.status_code, answer.location) == (303, "/")
    assert signed_in(visitor)


def test_the_address_may_be_typed_in_capitals_and_with_spaces(visitor, known, sign_in):
    known()
    assert sign_in(visitor, " Ines@Example.ORG ").status_code == 303


def test_staff_without_a_wish_go_to_the_back_office(visitor, known, sign_in):
    known(role="editor")
    assert sign_in(visitor).location == "/admin/"


def test_a_wrong_password_keeps_the_address_and_not_the_password(visitor, known, sign_in):
    known()
    answer = sign_in(visitor, password="not the right one")
    assert answer.status_code == 422
    assert 'value="ines@example.org"' in answer.text
    assert "not the right one" not in answer.text
    assert not signed_in(visitor)


def test_an_empty_form_says_what_is_missing(visitor):
    answer = visitor.post("/sign-in", data={}, headers=EN)
    assert answer.status_code == 422
    assert "Enter your e-mail address." in answer.text
    assert "Enter your password." in answer.text


@pytest.mark.parametrize("address", ["claire", "claire@", "@example.org", "a b@example.org", "x@y"])
def test_what_is_no_address_is_refused(visitor, address):
    assert visitor.post("/sign-in/link", data={"email": address}).status_code == 422
    assert visitor.post("/sign-in/forgotten", data={"email": address}).status_code == 422
    assert visitor.post("/sign-up", data={"name": "A", "email": address}).status_code == 422


def test_what_cannot_be_seen_is_taken_out_of_names_and_addresses(visitor, mails):
    answer = visitor.post("/sign-up", data={"name": "O\x00t\u202eto", "email": "ot\x00to@example.org"})
    assert answer.status_code == 303
    assert mails()[-1]["recipient"] == "otto@example.org"


def test_signing_in_gives_a_fresh_cookie_and_ends_the_session_that_was_there(site, known, sign_in):
    known()
    browser = site("paris", role="resident")
    before = browser.get_cookie("__Host-parvis", domain=browser.host).value
    browser.post("/sign-out")
    sign_in(browser)
    after = browser.get_cookie("__Host-parvis", domain=browser.host).value
    assert before != after
    thief = site("paris")
    thief.set_cookie("__Host-parvis", before, domain=thief.host)
    assert not signed_in(thief)


def test_a_session_that_was_planted_is_not_the_one_that_signs_in(site, known, sign_in):
    known()
    planter, victim = site("paris"), site("paris")
    planter.get("/sign-in")
    victim.set_cookie(
        "__Host-parvis", planter.get_cookie("__Host-parvis", domain=planter.host).value, domain=victim.host
    )
    sign_in(victim)
    assert signed_in(victim)
    assert not signed_in(planter)


def test_a_session_of_one_city_is_worth_nothing_in_another(site, known, sign_in):
    known()
    known(slug="budapest")
    here, there = site("paris"), site("budapest")
    sign_in(here)
    cookie = here.get_cookie("__Host-parvis", domain=here.host).value
    there.set_cookie("__Host-parvis", cookie, domain=there.host)
    assert signed_in(here)
    assert not signed_in(there)


def test_an_account_of_one_city_does_not_open_another(site, known, sign_in):
    known(slug="paris")
    assert sign_in(site("budapest")).status_code == 422


def test_the_cookie_belongs_to_this_very_host_and_to_no_script(visitor, known, sign_in):
    known()
    cookies = sign_in(visitor).headers.getlist("Set-Cookie")
    cookie = next(c for c in cookies if c.startswith("__Host-parvis="))
    flags = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"secure", "httponly", "path=/", "samesite=lax"} <= flags
    assert not any(flag.startswith("domain") for flag in flags)


def test_whoever_is_signed_in_is_not_asked_again(resident):
    answer = resident.get("/sign-in?next=/privacy")
    assert (answer.status_code, answer.location) == (303, "/privacy")


def test_signing_out_ends_the_session_itself(site, resident):
    cookie = resident.get_cookie("__Host-parvis", domain=resident.host).value
    assert signed_in(resident)
    answer = resident.post("/sign-out")
    assert (answer.status_code, answer.location) == (303, "/")
    thief = site("paris")
    thief.set_cookie("__Host-parvis", cookie, domain=thief.host)
    assert not signed_in(thief)


def test_nobody_is_signed_out_by_a_mere_link(resident):
    assert resident.get("/sign-out").status_code == 405
    assert signed_in(resident)


def test_a_session_of_a_resident_ends_after_thirty_days(visitor, known, sign_in, frozen):
    frozen("2026-11-01T10:00")
    known()
    sign_in(visitor)
    frozen("2026-11-30T10:00")
    assert signed_in(visitor)
    frozen("2026-12-01T09:59")
    assert signed_in(visitor)
    frozen("2026-12-01T10:00")
    assert not signed_in(visitor)


def test_a_session_of_staff_ends_after_two_hours_without_a_page_and_after_twelve_in_any_case(
    visitor, known, sign_in, frozen
):
    frozen("2026-11-02T08:00")
    known(role="editor")
    sign_in(visitor)
    for hour in (9, 11, 13, 15, 17, 19):
        frozen(f"2026-11-02T{hour:02}:00")
        assert signed_in(visitor), hour
    frozen("2026-11-02T20:00")
    assert not signed_in(visitor)
    sign_in(visitor)
    frozen("2026-11-02T22:01")
    assert not signed_in(visitor)


def test_pages_of_sign_in_stay_out_of_caches_and_are_not_told_to_other_sites(visitor):
    answer = visitor.get("/sign-in")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_staff_who_sign_in_are_written_into_the_audit_log(visitor, known, sign_in, in_city):
    known(role="editor")
    sign_in(visitor)
    from app.core.audit import latest

    with in_city():
        entry = latest(1)[0]
        assert (entry.action, entry.actor_kind, entry.actor_name) == ("accounts.signed_in", "staff", "Inès")


def test_a_form_sent_when_the_session_was_over_leads_back_to_its_page(visitor):
    page = f"http://{visitor.host}:8000/privacy?part=2"
    answer = visitor.post("/account/password", headers={"Referer": page})
    assert answer.location == "/sign-in?next=/privacy?part%3D2"


def test_a_part_of_a_page_that_needs_signing_in_turns_the_whole_page(visitor):
    answer = visitor.get(
        "/account", headers={"HX-Request": "true", "Referer": f"http://{visitor.host}:8000/"}
    )
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/sign-in?next=/"


def test_the_password_typed_here_is_the_one_that_counts(visitor, known, sign_in):
    known(password="Ａ full-width tulip")
    assert sign_in(visitor, password="A full-width tulip").status_code == 303
    assert PASSWORD != "A full-width tulip"
