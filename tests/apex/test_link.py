import re

from tenants.models import CityState, SignupState

RADIO = re.compile(r'type="radio" name="choose" value="([^"]+)"')


def test_opening_the_link_changes_nothing_before_the_button(apex, ask, mailed_link, signups, city_row):
    ask()
    page = apex.get(mailed_link())
    assert page.status_code == 200
    assert "Set up Szentendre" in page.text
    assert "szentendre.parvis.localhost" in page.text
    assert signups()[0].state is SignupState.REQUESTED
    assert city_row("szentendre") is None


def test_the_button_reserves_the_address_at_once(confirmed, city_row, signups):
    assert confirmed().startswith("/setting-up/")
    assert city_row("szentendre").state is CityState.PROVISIONING
    assert signups()[0].state is SignupState.CONFIRMED


def test_the_link_works_on_another_device(site, ask, mailed_link):
    ask()
    phone = site("")
    assert phone.get(mailed_link()).status_code == 200
    assert phone.post(mailed_link()).status_code == 303


def test_pressed_twice_the_button_makes_one_city(apex, ask, mailed_link, run_tasks, signups):
    ask()
    link = mailed_link()
    assert [apex.post(link).status_code for _press in range(2)] == [303, 303]
    city_id = signups()[0].city_id
    assert run_tasks().count("platform.provision") == 1
    assert signups()[0].city_id == city_id


def test_the_link_leads_on_once_it_has_been_used(apex, confirmed, mailed_link):
    page = confirmed()
    assert apex.get(mailed_link()).location == page


def test_a_link_works_for_a_day(apex, ask, mailed_link, frozen):
    frozen("2026-11-22T10:00")
    ask()
    link = mailed_link()
    frozen("2026-11-23T09:59")
    assert apex.get(link).status_code == 200
    frozen("2026-11-23T10:01")
    assert apex.get(link).status_code == 404
    answer = apex.post(link)
    assert answer.status_code == 404
    assert "no longer works" in answer.text
    assert 'href="/start"' in answer.text


def test_a_made_up_link_does_nothing(apex):
    for secret in ("x", "A" * 43, "%00"):
        assert apex.get(f"/start/link/{secret}").status_code == 404
        assert apex.post(f"/start/link/{secret}").status_code == 404
        assert apex.get(f"/setting-up/{secret}").status_code == 404
        assert apex.post(f"/setting-up/{secret}/again").status_code == 404
        assert apex.get(f"/setting-up/{secret}/console").status_code == 404


def test_the_first_to_confirm_gets_the_address(apex, ask, mailed_link, confirmed, city_row):
    ask(city_name="Szentendre", email="late@example.org")
    late = mailed_link("late@example.org")
    confirmed()
    city = city_row("szentendre")
    page = apex.get(late)
    assert page.status_code == 200
    assert "already taken" in page.text
    assert len(RADIO.findall(page.text)) == 3
    refused = apex.post(late)
    assert refused.status_code == 409
    assert city_row("szentendre").id == city.id


def test_who_comes_second_chooses_another_address_and_types_nothing_again(
    apex, ask, mailed_link, confirmed, city_row, signups
):
    ask(city_name="Szentendre város", slug="szentendre", email="late@example.org")
    late = mailed_link("late@example.org")
    confirmed()
    offered = RADIO.findall(apex.post(late).text)
    assert apex.post(late, data={"choose": offered[0]}).status_code == 303
    row = city_row(offered[0])
    assert row.name == "Szentendre város"
    assert {s.email: s.slug for s in signups()}["late@example.org"] == offered[0]


def test_who_comes_second_may_type_an_address(apex, ask, mailed_link, confirmed, city_row):
    ask(slug="szentendre", email="late@example.org")
    late = mailed_link("late@example.org")
    confirmed()
    taken = apex.post(late, data={"slug": "paris"})
    assert taken.status_code == 422
    assert "already taken" in taken.text
    assert apex.post(late, data={"slug": "x" * 64}).status_code == 422
    assert apex.post(late, data={"slug": "szentendre-most"}).status_code == 303
    assert city_row("szentendre-most") is not None


def test_a_taken_address_never_shows_the_other_city(apex, site, confirmed, ask):
    answer = ask(slug="paris", city_name="Budapest")
    assert "Paris" not in answer.text.replace("paris", "")
    assert site("paris").get("/").status_code == 200


def test_a_confirmed_address_counts_as_taken_before_its_city_is_made(confirmed, ask):
    confirmed()
    assert ask(email="other@example.org").status_code == 422
