import pytest

from tests.portal.conftest import EN, PASSWORD


def tries(browser, path, data, number, **more):
    return [browser.post(path, data=data, headers=EN, **more).status_code for _ in range(number)]


def from_network(address):
    return {"environ_base": {"REMOTE_ADDR": address}}


def test_the_eleventh_try_of_a_password_in_a_quarter_of_an_hour_is_refused(visitor, known, frozen):
    known()
    wrong = {"email": "ines@example.org", "password": "not the right one"}
    assert tries(visitor, "/sign-in", wrong, 11) == [422] * 10 + [429]


def test_the_right_password_is_refused_too_once_the_limit_is_reached(visitor, known):
    known()
    tries(visitor, "/sign-in", {"email": "ines@example.org", "password": "not the right one"}, 11)
    assert tries(visitor, "/sign-in", {"email": "INES@example.org ", "password": PASSWORD}, 1) == [429]


def test_nobody_can_lock_another_out(site, known):
    known()
    wrong = {"email": "ines@example.org", "password": "not the right one"}
    assert tries(site(), "/sign-in", wrong, 11, **from_network("192.0.2.7"))[-1] == 429
    right = {"email": "ines@example.org", "password": PASSWORD}
    assert tries(site(), "/sign-in", right, 1, **from_network("198.51.100.1")) == [303]


def test_one_subscriber_of_ipv6_counts_as_one(site, known):
    known()
    wrong = {"email": "ines@example.org", "password": "not the right one"}
    codes = [
        tries(site(), "/sign-in", wrong, 1, **from_network(f"2001:db8:1:2::{n:x}"))[0] for n in range(11)
    ]
    assert codes[-1] == 429
    assert tries(site(), "/sign-in", wrong, 1, **from_network("2001:db8:1:3::1")) == [422]


@pytest.mark.parametrize("path", ["/sign-in/link", "/sign-in/forgotten", "/sign-up"])
@pytest.mark.parametrize("email", ["ines@example.org", "nobody@example.org"])
def test_the_sixth_mail_in_an_hour_is_refused_whether_or_not_the_address_is_known(
    path, email, visitor, known
):
    known("ines@example.org")
    assert tries(visitor, path, {"name": "A", "email": email}, 6) == [303] * 5 + [429]


def test_no_more_than_the_allowed_mails_are_sent(visitor, known, mails):
    known()
    tries(visitor, "/sign-in/link", {"email": "ines@example.org"}, 8)
    assert len(mails()) == 5


def test_another_city_counts_for_itself(site, known):
    for slug in ("paris", "budapest"):
        known(slug=slug)
    tries(site(), "/sign-in/link", {"email": "ines@example.org"}, 6)
    assert tries(site("budapest"), "/sign-in/link", {"email": "ines@example.org"}, 1) == [303]


def test_the_page_of_a_refusal_says_what_to_do(visitor):
    for _ in range(6):
        page = visitor.post("/sign-in/link", data={"email": "ines@example.org"}, headers=EN)
    assert page.status_code == 429
    assert "Wait a little, then try again." in page.text


def test_guessing_the_present_password_of_an_open_account_is_limited(visitor, known, sign_in):
    known()
    sign_in(visitor)
    wrong = {"current": "not the right one", "new": "another quiet lantern"}
    assert tries(visitor, "/account/password", wrong, 11) == [422] * 10 + [429]
