from tests.portal.conftest import EN, PASSWORD

FIREFOX = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
PHONE = {
    "User-Agent": "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Mobile Safari/537.36"
}


def enter(browser, password=PASSWORD, headers=EN):
    data = {"email": "ines@example.org", "password": password}
    return browser.post("/sign-in", data=data, headers={**EN, **headers})


def test_the_account_page_asks_for_signing_in(visitor):
    for path in ("/account", "/account/password"):
        assert visitor.get(path).location.startswith("/sign-in?next=")
    assert visitor.post("/account/sign-out-everywhere").status_code == 302


def test_a_new_name_and_language_are_kept(visitor, known):
    known()
    enter(visitor)
    answer = visitor.post("/account", data={"name": " Inès Da Costa ", "language": "hu"})
    assert (answer.status_code, answer.location) == (303, "/account?lang=hu")
    visitor.get(answer.location)
    page = visitor.get("/account").text
    assert 'value="Inès Da Costa"' in page
    assert '<html lang="hu"' in page


def test_mails_come_in_the_language_of_the_account(site, known, mails):
    known()
    browser = site()
    enter(browser)
    browser.post("/account", data={"name": "Inès", "language": "hu"})
    site().post("/sign-in/link", data={"email": "ines@example.org"}, headers=EN)
    assert mails()[-1]["language"] == "hu"


def test_a_language_that_the_city_does_not_speak_is_refused(visitor, known):
    known()
    enter(visitor)
    assert visitor.post("/account", data={"name": "Inès", "language": "de"}).status_code == 422
    assert visitor.post("/account", data={"name": "  ", "language": "hu"}).status_code == 422


def test_changing_the_password_keeps_this_browser_and_ends_the_others(site, known, mails):
    known()
    here, elsewhere = site(), site()
    enter(here)
    enter(elsewhere)
    answer = here.post("/account/password", data={"current": PASSWORD, "new": "another quiet lantern"})
    assert (answer.status_code, answer.location) == (303, "/account/security")
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302
    assert enter(site(), "another quiet lantern").status_code == 303
    assert mails()[-1]["subject"] == "Your password for Paris was changed"


def test_the_present_password_is_needed_for_a_new_one(visitor, known):
    known()
    enter(visitor)
    answer = visitor.post(
        "/account/password", data={"current": "not the right one", "new": "another quiet lantern"}, headers=EN
    )
    assert answer.status_code == 422
    assert "This is not your present password." in answer.text
    assert enter(visitor).status_code == 303


def test_a_weak_new_password_is_refused_and_changes_nothing(site, known):
    known()
    browser = site()
    enter(browser)
    for weak in ("short", "password1234", "ines-paris-2026"):
        answer = browser.post("/account/password", data={"current": PASSWORD, "new": weak})
        assert answer.status_code == 422
    assert enter(site()).status_code == 303


def test_who_signs_in_by_mail_may_choose_a_first_password(site, known, link_in):
    known(password=None)
    browser = site()
    browser.post("/sign-in/link", data={"email": "ines@example.org"})
    browser.post(link_in())
    assert 'name="current"' not in browser.get("/account").text
    assert browser.post("/account/password", data={"new": "another quiet lantern"}).status_code == 303
    assert enter(site(), "another quiet lantern").status_code == 303


def test_signed_in_browsers_are_listed_with_names_that_people_know(site, known, frozen):
    frozen("2026-11-22T10:00")
    known()
    desk, phone = site(), site()
    enter(desk, headers=FIREFOX)
    enter(phone, headers=PHONE)
    page = desk.get("/account/security", headers=EN).text
    assert "Firefox, Linux" in page
    assert "Chrome, Android" in page
    assert page.count("This device") == 1
    assert "November 22, 2026, 11:00" in page


def test_signing_out_everywhere_ends_every_session(site, known):
    known()
    browsers = [site(), site()]
    for browser in browsers:
        enter(browser)
    answer = browsers[0].post("/account/sign-out-everywhere")
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert [b.get("/account").status_code for b in browsers] == [302, 302]


def test_the_page_after_a_wrong_password_can_be_read_in_another_language(visitor, known):
    known()
    enter(visitor)
    assert visitor.get("/account/password?lang=hu").status_code in (302, 303)
    assert visitor.get("/account/password").status_code == 200


def test_the_account_page_asks_the_database_a_bounded_number_of_questions(site, known, count_queries):
    known()
    browser = site()
    for _ in range(3):
        enter(site())
    enter(browser)
    for path, questions in (("/account", 4), ("/account/security", 9)):
        with count_queries() as asked:
            assert browser.get(path).status_code == 200
        assert 0 < len(asked) <= questions, asked
