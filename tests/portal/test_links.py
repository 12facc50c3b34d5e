import re

import pytest

from app.accounts import services, staffing
from app.accounts.models import Account, Role
from app.core.db import db
from tests.portal.conftest import EN, PASSWORD

NEW = {"name": "Otto Weiss", "email": "otto@example.org"}


def signed_in(browser):
    return browser.get("/account").status_code == 200


def account_of(in_city, email):
    with in_city():
        found = db.session.query(Account).filter_by(email=email).one_or_none()
        return found and (found.name, found.confirmed_at is not None, found.password_hash is not None)


def test_a_new_resident_confirms_her_address_and_is_signed_in(visitor, link_in, in_city):
    answer = visitor.post("/sign-up", data={**NEW, "password": PASSWORD}, headers=EN)
    assert (answer.status_code, answer.location) == (303, "/sign-in/check-mail")
    assert "otto@example.org" in visitor.get(answer.location, headers=EN).text
    path = link_in()
    assert account_of(in_city, "otto@example.org") == ("Otto Weiss", False, False)
    assert visitor.post(path).location == "/"
    assert signed_in(visitor)
    assert account_of(in_city, "otto@example.org") == ("Otto Weiss", True, True)


def test_the_password_of_the_sign_up_works_after_the_confirmation(site, sign_in, link_in):
    browser = site()
    browser.post("/sign-up", data={**NEW, "password": PASSWORD}, headers=EN)
    browser.post(link_in())
    assert sign_in(site(), "otto@example.org").status_code == 303


def test_who_signs_up_without_a_password_signs_in_by_mail(site, link_in, in_city):
    browser = site()
    browser.post("/sign-up", data=NEW)
    browser.post(link_in())
    assert account_of(in_city, "otto@example.org") == ("Otto Weiss", True, False)
    again = site()
    again.post("/sign-in/link", data={"email": "otto@example.org"})
    again.post(link_in())
    assert signed_in(again)


def test_a_password_that_somebody_else_typed_never_opens_the_account(site, sign_in, link_in):
    stranger, owner = site(), site()
    stranger.post("/sign-up", data={**NEW, "password": PASSWORD})
    path = link_in()
    assert 'name="password"' in owner.get(path).text
    owner.post(path)
    assert signed_in(owner)
    assert sign_in(stranger, "otto@example.org").status_code == 422


def test_who_confirms_elsewhere_may_choose_the_password_there(site, sign_in, link_in):
    site().post("/sign-up", data={**NEW, "password": PASSWORD})
    site().post(link_in(), data={"password": "another quiet lantern"})
    assert sign_in(site(), "otto@example.org", "another quiet lantern").status_code == 303


def test_the_mail_of_a_sign_up_repeats_nothing_that_a_stranger_typed(visitor, mails):
    visitor.post("/sign-up", data={**NEW, "name": "WIN MONEY at evil.example"}, headers=EN)
    mail = mails()[-1]
    assert "/sign-in/link/" in mail["text"]
    assert "WIN" not in mail["text"] + mail["html"] + mail["subject"]


def test_opening_a_link_does_not_use_it_up(site, known, link_in):
    known()
    browser, scanner = site(), site()
    browser.post("/sign-in/link", data={"email": "ines@example.org"})
    path = link_in()
    for _ in range(3):
        assert scanner.get(path).status_code == 200
        assert scanner.head(path).status_code == 200
    assert not signed_in(scanner)
    assert browser.post(path).status_code == 303
    assert signed_in(browser)


def test_a_link_works_once(site, known, link_in):
    known()
    site().post("/sign-in/link", data={"email": "ines@example.org"})
    path = link_in()
    first, second = site(), site()
    assert first.post(path).status_code == 303
    again = second.post(path, headers=EN)
    assert again.status_code == 410
    assert not signed_in(second)
    assert 'action="/sign-in/link"' in again.text


def test_a_link_that_is_over_offers_a_new_one(visitor, known, link_in):
    known()
    page = visitor.get("/sign-in/link/never-was", headers=EN)
    assert page.status_code == 410
    assert "Mail me a new link" in page.text
    visitor.post("/sign-in/link", data={"email": "ines@example.org"})
    assert visitor.get(link_in()).status_code == 200


def test_who_opens_a_used_link_while_signed_in_is_told_so(visitor, known, link_in):
    known()
    visitor.post("/sign-in/link", data={"email": "ines@example.org"})
    path = link_in()
    visitor.post(path)
    page = visitor.get(path, headers=EN)
    assert page.status_code == 410
    assert "you are signed in as ines@example.org" in page.text


def test_asking_anew_does_not_end_the_link_that_is_already_in_the_mail(visitor, known, link_in):
    known()
    visitor.post("/sign-in/link", data={"email": "ines@example.org"})
    first = link_in()
    visitor.post("/sign-in/link", data={"email": "ines@example.org"})
    second = link_in()
    assert first != second
    assert visitor.post(first).status_code == 303
    assert visitor.get(second).status_code == 410, "using one link ends the others"


@pytest.mark.parametrize(
    ("path", "minutes"), [("/sign-in/link", 30), ("/sign-in/forgotten", 60), ("/sign-up", 24 * 60)]
)
def test_links_end_with_their_time(path, minutes, visitor, known, link_in, frozen):
    from datetime import UTC, datetime, timedelta

    start = datetime(2026, 11, 22, 10, tzinfo=UTC)
    frozen(start)
    email = NEW["email"] if path == "/sign-up" else known()
    visitor.post(path, data={"name": "A", "email": email})
    link = link_in()
    frozen(start + timedelta(minutes=minutes))
    assert visitor.get(link).status_code == 200
    frozen(start + timedelta(minutes=minutes, seconds=1))
    assert visitor.get(link).status_code == 410
    assert visitor.post(link).status_code == 410


def test_a_link_of_one_city_is_nothing_in_another(site, known, link_in):
    known()
    site().post("/sign-in/link", data={"email": "ines@example.org"})
    assert site("budapest").get(link_in()).status_code == 410


def test_a_forgotten_password_is_chosen_anew_and_every_session_ends(site, known, sign_in, link_in, mails):
    known()
    elsewhere, browser = site(), site()
    sign_in(elsewhere)
    assert signed_in(elsewhere)
    browser.post("/sign-in/forgotten", data={"email": "ines@example.org"})
    path = link_in()
    weak = browser.post(path, data={"password": "password1234"}, headers=EN)
    assert weak.status_code == 422
    assert "known from a leak" in weak.text
    assert browser.post(path, data={"password": "another quiet lantern"}).status_code == 303
    assert signed_in(browser)
    assert not signed_in(elsewhere)
    assert sign_in(site(), password=PASSWORD).status_code == 422
    assert sign_in(site(), password="another quiet lantern").status_code == 303
    assert "Your password for Paris was changed" in [m["subject"] for m in mails()]


def test_an_invited_colleague_chooses_name_and_password_and_lands_in_the_back_office(
    site, in_city, link_in, sign_in
):
    with in_city():
        staffing.invite("malik@paris.example", Role.EDITOR)
    browser = site()
    path = link_in()
    assert "Welcome to the team of Paris" in browser.get(path, headers=EN).text
    assert browser.post(path, data={"name": "Malik", "password": ""}).status_code == 422
    answer = browser.post(path, data={"name": "Malik Benali", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/admin/")
    assert account_of(in_city, "malik@paris.example") == ("Malik Benali", True, True)
    assert sign_in(site(), "malik@paris.example").location == "/admin/"


def test_an_invitation_that_was_taken_back_no_longer_works(site, in_city, link_in):
    with in_city():
        staffing.invite("malik@paris.example", Role.EDITOR)
    path = link_in()
    assert site().get(path).status_code == 200
    with in_city():
        staffing.change_role(services.find("malik@paris.example").id, Role.RESIDENT)
    assert site().get(path).status_code == 410


def test_every_mail_has_a_subject_a_text_and_the_same_link_in_both_parts(site, known, mails, in_city):
    known()
    site().post("/sign-in/link", data={"email": "ines@example.org"})
    site().post("/sign-in/forgotten", data={"email": "ines@example.org"})
    site().post("/sign-up", data={"name": "A", "email": "ines@example.org"})
    site().post("/sign-up", data=NEW)
    with in_city():
        staffing.invite("malik@paris.example", Role.EDITOR)
        services.set_password(services.find("ines@example.org"), "another quiet lantern")
    sent = mails()
    assert len({m["subject"] for m in sent}) == 6
    for mail in sent:
        links = re.findall(r"http://paris\.parvis\.localhost:8000/sign-in/[\w/-]+", mail["text"])
        assert len(links) == 1, mail["text"]
        assert f'href="{links[0]}"' in mail["html"]
        assert "\n\n\n" not in mail["text"]
        assert mail["text"][0] not in " \n"
