"""Changing the address: the new one is proven, the old one is told."""

import pytest

from tests.sign_in.conftest import EN, PASSWORD, SECURITY, is_in

NEW = "ines.new@example.org"


@pytest.fixture
def ines(site, known, sign_in):
    known()
    browser = site()
    sign_in(browser)
    return browser


def ask(browser, address=NEW):
    return browser.post(f"{SECURITY}/email", data={"email": address}, headers=EN)


def test_the_link_in_the_mail_changes_it_and_the_old_address_is_told(ines, site, sign_in, link_in, mails):
    assert ask(ines).status_code == 303
    assert sign_in(site()).status_code == 303, "the old one works until then"
    ask(ines)
    path = link_in()
    assert ines.get(path).status_code == 200
    assert sign_in(site(), email=NEW).status_code == 422, "opening the link is not enough: mail programs do"
    assert ines.post(path).location == SECURITY
    assert sign_in(site(), email=NEW).status_code == 303
    assert sign_in(site()).status_code == 422
    told = mails()[-1]
    assert told["recipient"] == "ines@example.org"
    assert "The e-mail address of your account was changed" in told["text"]


def test_the_link_signs_nobody_in(ines, site, link_in):
    ask(ines)
    path, stranger = link_in(), site()
    assert stranger.post(path).location == "/sign-in"
    assert not is_in(stranger)


def test_the_link_works_once(ines, link_in):
    ask(ines)
    path = link_in()
    ines.post(path)
    assert ines.post(path).status_code == 410


def test_links_to_the_old_address_end(ines, site, link_in, mails):
    site().post("/sign-in/link", data={"email": "ines@example.org"})
    old = link_in()
    ask(ines)
    ines.post(link_in())
    assert site().post(old).status_code == 410


def test_an_address_that_is_taken_gets_another_mail_and_the_page_says_the_same(ines, known, mails):
    known("otto@example.org")
    free, taken = ask(ines, "free@example.org"), ask(ines, "otto@example.org")
    assert (free.status_code, free.location) == (taken.status_code, taken.location)
    assert "/sign-in/link/" not in mails()[-1]["text"]
    assert mails()[-1]["recipient"] == "otto@example.org"


def test_an_address_that_was_taken_meanwhile_is_refused(ines, known, link_in, site, sign_in):
    ask(ines)
    path = link_in()
    known(NEW)
    assert ines.post(path, headers=EN).status_code == 409
    assert sign_in(site()).status_code == 303


@pytest.mark.parametrize("address", ["no address", "ines@example.org"])
def test_what_is_no_new_address_is_refused_and_kept(ines, address):
    answer = ask(ines, address)
    assert answer.status_code == 422
    assert f'value="{address}"' in answer.text


def test_a_new_password_ends_the_link_that_somebody_else_asked_for(ines, site, sign_in, link_in):
    thief = site()
    sign_in(thief)
    ask(thief, "thief@example.org")
    path = link_in()
    chosen = "brouette 17 mauve lanterne"
    assert ines.post("/account/password", data={"current": PASSWORD, "new": chosen}).status_code == 303
    assert site().post(path).status_code == 410
    assert sign_in(site(), password=chosen).status_code == 303, "the address is still hers"
