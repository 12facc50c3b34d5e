def test_the_first_language_of_the_city_is_spoken_to_who_asks_for_none(site):
    assert '<html lang="fr"' in site("paris").get("/").text
    assert '<html lang="hu"' in site("budapest").get("/").text


def test_the_browsers_language_is_spoken_when_the_city_has_it(visitor):
    assert '<html lang="es"' in visitor.get("/", headers={"Accept-Language": "es-MX,de;q=0.5"}).text
    assert '<html lang="fr"' in visitor.get("/", headers={"Accept-Language": "de"}).text


def test_a_chosen_language_is_remembered_and_leaves_the_address(visitor):
    answer = visitor.get("/privacy?lang=hu&part=2")
    assert answer.location == "/privacy?part=2"
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("__Host-parvis-language="))
    assert "__Host-parvis-language=hu" in cookie
    assert all(flag in cookie for flag in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"))
    assert '<html lang="hu"' in visitor.get("/", headers={"Accept-Language": "es"}).text


def test_a_language_the_city_does_not_have_is_not_remembered(visitor):
    answer = visitor.get("/?lang=de")
    assert "__Host-parvis-language" not in str(answer.headers.getlist("Set-Cookie"))
    assert '<html lang="fr"' in visitor.get("/").text


def test_the_language_is_chosen_for_one_city(site):
    here = site("paris")
    here.get("/?lang=hu")
    assert '<html lang="hu"' in here.get("/").text
    assert here.get_cookie("__Host-parvis-language", domain="budapest.parvis.localhost") is None


def test_a_chosen_look_is_remembered(visitor):
    assert "data-theme" not in visitor.get("/").text
    answer = visitor.post("/prefs", data={"theme": "dark", "next": "/privacy"})
    assert (answer.status_code, answer.location) == (303, "/privacy")
    assert 'data-theme="dark"' in visitor.get("/").text
    visitor.post("/prefs", data={"theme": "auto"})
    assert "data-theme" not in visitor.get("/").text


def test_an_unknown_look_is_not_remembered(visitor):
    visitor.post("/prefs", data={"theme": 'x" onload="'})
    assert "data-theme" not in visitor.get("/").text
    visitor.set_cookie("__Host-parvis-theme", 'x" onload="', domain=visitor.host)
    assert "onload" not in visitor.get("/").text
