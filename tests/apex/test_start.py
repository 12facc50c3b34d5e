import re

import pytest
from sqlalchemy import text

from app.core.db import db
from tenants.models import SignupState

RADIO = re.compile(r'type="radio" name="choose" value="([^"]+)"')
TOKEN = re.compile(r'name="csrf_token" value="[^"]+"')


def requests(app):
    with app.app_context(), db.engines["platform"].connect() as connection:
        return connection.scalar(text("SELECT count(*) FROM platform.signup"))


def test_four_fields_and_a_mail_is_on_its_way(apex, ask, mails, signups):
    answer = ask()
    assert (answer.status_code, answer.location) == (303, "/start/check-mail")
    page = apex.get("/start/check-mail").text
    assert "mayor@szentendre.example" in page
    assert "szentendre.parvis.localhost" in page
    (mail,) = mails()
    assert mail["subject"] == "Set up Szentendre"
    assert "szentendre.parvis.localhost" in mail["text"]
    (signup,) = signups()
    assert (signup.slug, signup.language, signup.state) == ("szentendre", "hu", SignupState.REQUESTED)


def test_the_address_is_made_from_the_name_when_left_empty(ask, signups):
    ask(city_name="Székesfehérvár")
    assert signups()[0].slug == "szekesfehervar"


def test_a_name_in_any_script_is_kept(ask, mails, signups):
    assert ask(city_name="東京都", slug="tokyo").status_code == 303
    assert signups()[0].city_name == "東京都"
    assert mails()[0]["subject"] == "Set up 東京都"


def test_a_name_without_latin_letters_needs_an_address(ask):
    answer = ask(city_name="東京都")
    assert answer.status_code == 422
    assert "Enter a web address" in answer.text


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("a" * 64, "at most 40 characters; this one has 64"),
        ("ab", "at least 3 characters"),
        ("-abc", "begin with a letter"),
        ("a_b_c", "letters from a to z"),
        ("x..y", "letters from a to z"),
        ("www", "www.parvis.localhost is kept for the platform"),
        ("admin", "kept for the platform"),
        ("paris", "paris.parvis.localhost is already taken"),
        ("PARIS.parvis.localhost", "already taken"),
    ],
)
def test_an_address_that_cannot_be_had_is_explained(ask, typed, message):
    answer = ask(slug=typed)
    assert answer.status_code == 422
    assert message in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "<title>Error: " in answer.text


@pytest.mark.parametrize("typed", ["www", "paris", "a" * 64, "Szent Endre"])
def test_three_free_addresses_are_offered_and_each_can_be_had(apex, ask, typed):
    offered = RADIO.findall(ask(slug=typed).text)
    assert len(offered) == 3
    for slug in offered:
        assert "is free" in apex.get("/start/address", query_string={"slug": slug}).text


def test_what_is_offered_is_never_taken(ask, confirmed, mailed_link):
    first = RADIO.findall(ask(slug="paris", language="fr").text)[0]
    assert first == "paris-ville"
    confirmed(slug=first, email="other@example.org")
    assert first not in RADIO.findall(ask(slug="paris", language="fr").text)


def test_an_offered_address_can_be_chosen(ask, signups):
    assert ask(slug="paris", choose="paris-ville").status_code == 303
    assert signups()[0].slug == "paris-ville"


def test_everything_typed_is_kept_beside_a_mistake(ask):
    page = ask(city_name="Érd", slug="www", email="a@b", language="fr").text
    assert 'value="Érd"' in page
    assert 'value="www"' in page
    assert 'value="a@b"' in page
    assert '<option selected value="fr">' in page


@pytest.mark.parametrize(
    "email", ["", "x", "a@b", "two@a.example, three@b.example", "a b@c.example", "x" * 300 + "@a.example"]
)
def test_an_e_mail_address_has_to_look_like_one(app, ask, email):
    assert ask(email=email).status_code == 422
    assert requests(app) == 0


def test_a_throw_away_mail_address_is_as_good_as_any(ask):
    assert ask(email="someone@mailinator.com").status_code == 303


@pytest.mark.parametrize("field", ["city_name", "slug", "email", "language", "choose"])
@pytest.mark.parametrize(
    "junk",
    ["\x00", "a\x00b", "\ud7ff\u202e", "'; DROP TABLE city; --", "<script>alert(1)</script>", "x" * 5000],
)
def test_junk_is_refused_or_kept_as_text(ask, field, junk):
    answer = ask(**{field: junk})
    assert answer.status_code in (303, 422)
    assert "<script>alert" not in answer.text


def test_the_same_screen_for_known_and_unknown_addresses(app, apex, ask, confirmed, run_tasks, site):
    confirmed()
    run_tasks()
    browsers = {}
    for email in ("mayor@szentendre.example", "nobody@szentendre.example"):
        browser = site("")
        data = {"city_name": "Vác", "slug": "", "email": email, "language": "hu"}
        sent = browser.post("/start", data=data, headers={"Accept-Language": "en"})
        shown = browser.get("/start/check-mail", headers={"Accept-Language": "en"})
        page = TOKEN.sub("", shown.text.replace(email, "…"))
        browsers[email] = (sent.status_code, sent.location, page)
    assert len(set(browsers.values())) == 1


def test_asking_twice_mails_the_same_link(ask, mails, signups, mailed_link):
    ask()
    first = mailed_link()
    ask()
    assert mailed_link() == first
    assert len(mails()) == 2
    assert len(signups()) == 1


def test_a_mail_names_what_this_address_has_asked_for_and_has_already(ask, confirmed, mails, run_tasks):
    confirmed()
    run_tasks()
    ask(city_name="Vác")
    ask(city_name="Eger")
    (last,) = [mail["text"] for mail in mails() if mail["subject"] == "Set up Eger"]
    assert "You asked for this before:\nVác: http://parvis.localhost:8000/start/link/" in last
    assert "You have these sites already:\nSzentendre: http://szentendre.parvis.localhost:8000/" in last


def test_a_stranger_who_types_my_address_changes_nothing_of_what_i_asked_for(apex, ask, mailed_link):
    ask()
    mine = mailed_link()
    ask(city_name="Rude words", slug="szentendre")
    page = apex.get(mine).text
    assert "Set up Szentendre" in page
    assert "Rude words" not in page


def test_change_brings_back_what_was_typed(apex, ask):
    ask(language="fr")
    assert 'href="/start#email"' in apex.get("/start/check-mail").text
    page = apex.get("/start").text
    assert 'value="Szentendre"' in page
    assert 'value="szentendre"' in page
    assert 'value="mayor@szentendre.example"' in page
    assert '<option selected value="fr">' in page


def test_the_mail_page_without_a_wish_leads_to_the_form(apex):
    assert apex.get("/start/check-mail").location == "/start"
    assert apex.post("/start/check-mail").location == "/start"


def test_the_mail_is_sent_again_after_half_a_minute_not_before(apex, ask, mails, frozen):
    frozen("2026-11-22T10:00:00")
    ask()
    frozen("2026-11-22T10:00:29")
    answer = apex.post("/start/check-mail")
    assert answer.status_code == 429
    assert "Wait half a minute" in answer.text
    assert len(mails()) == 1
    frozen("2026-11-22T10:00:31")
    assert apex.post("/start/check-mail").status_code == 303
    assert "on its way again" in apex.get("/start/check-mail").text
    assert len(mails()) == 2
    assert apex.post("/start/check-mail").status_code == 429


def test_another_browser_cannot_have_more_mails_sent_to_the_same_address(apex, ask, site, mails):
    ask()
    other = site("")
    other.post(
        "/start", data={"city_name": "Vác", "slug": "", "email": "mayor@szentendre.example", "language": "hu"}
    )
    assert other.post("/start/check-mail").status_code == 429


def test_one_address_gets_six_mails_an_hour(ask, mails):
    answers = [ask(city_name=f"City {'abcdefgh'[n]}").status_code for n in range(8)]
    assert answers == [303] * 6 + [429] * 2
    assert len(mails()) == 6


def test_too_many_tries_keep_what_was_typed(ask):
    for n in range(6):
        ask(city_name=f"City {'abcdefgh'[n]}")
    page = ask(city_name="Last city").text
    assert "too often" in page
    assert 'value="Last city"' in page


def test_one_caller_starts_twenty_cities_an_hour(ask):
    answers = [ask(email=f"n{n}@example.org").status_code for n in range(21)]
    assert answers == [303] * 20 + [429]


def test_a_request_nobody_confirmed_holds_nothing(ask):
    assert ask().status_code == 303
    assert ask(email="other@example.org").status_code == 303


def test_the_address_is_checked_beside_the_field(apex):
    def said(**query):
        return apex.get("/start/address", query_string=query, headers={"HX-Request": "true"}).text

    assert "szentendre.parvis.localhost is free" in said(slug="szentendre")
    assert "already taken" in said(slug="paris", city_name="Paris")
    assert said(slug="") == ""
    filled = said(fill="1", city_name="Székesfehérvár")
    assert 'value="szekesfehervar"' in filled
    assert "szekesfehervar.parvis.localhost is free" in filled
    assert "<html" not in filled


def test_a_typed_address_is_not_replaced_by_a_suggestion(apex):
    query = {"fill": "1", "city_name": "Vác", "slug": "mine"}
    assert apex.get("/start/address", query_string=query).status_code == 204
    assert apex.get("/start/address?fill=1").status_code == 204


def test_the_form_needs_its_token(app, ask):
    app.config["WTF_CSRF_ENABLED"] = True
    assert ask().status_code == 403
    assert requests(app) == 0


def test_another_site_cannot_send_the_form(apex):
    data = {"city_name": "Vác", "slug": "", "email": "a@example.org", "language": "hu"}
    for headers in ({"Origin": "http://evil.parvis.localhost:8000"}, {"Sec-Fetch-Site": "same-site"}):
        assert apex.post("/start", data=data, headers=headers).status_code == 403
