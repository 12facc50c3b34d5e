import pytest

JUNK = [
    "nope.parvis.localhost",
    "nope.parvis.localhost:8000",
    "a.paris.parvis.localhost",
    "paris.parvis.localhost.evil.example",
    "parvis.localhost.evil.example",
    "evilparvis.localhost",
    "paris",
    "127.0.0.1",
    "[::1]:8000",
    "paris..parvis.localhost",
    ".parvis.localhost",
    "-.parvis.localhost",
    "PARIS%00.parvis.localhost",
    "'; drop table city; --",
    "x" * 300 + ".parvis.localhost",
    "paris.parvis.localhost@evil.example",
    "pa ris.parvis.localhost",
    "пари.parvis.localhost",
]


@pytest.mark.parametrize("host", JUNK)
@pytest.mark.parametrize("path", ["/", "/start", "/admin/", "/sign-in"])
def test_a_host_that_is_nobody_s_shows_no_site(apex, host, path):
    answer = apex.get(path, headers={"Host": host.encode().decode("latin-1")})
    assert answer.status_code in (400, 404)
    assert "Create my city" not in answer.text


@pytest.mark.parametrize("host", ["PARVIS.LOCALHOST", "parvis.localhost.", "parvis.localhost:1"])
def test_the_apex_is_known_however_it_is_written(apex, host):
    assert apex.get("/", headers={"Host": host}).status_code == 200


def test_the_page_of_an_unknown_host_looks_like_ours_and_leads_to_us(site):
    nowhere = site("nowhere")
    page = nowhere.get("/", headers={"Accept-Language": "en"})
    assert page.status_code == 404
    assert "There is no city at this address" in page.text
    for path in ("/", "/catalogue", "/start", "/#cities"):
        assert f'href="http://parvis.localhost:8000{path}"' in page.text
    assert 'href="/"' not in page.text
    assert 'action="/' not in page.text
    assert nowhere.get("/static/parvis.css").status_code == 200
    assert nowhere.get("/theme.css").status_code == 200
    assert nowhere.get("/favicon.svg").status_code == 200


def test_nothing_but_the_look_is_served_to_an_unknown_host(site):
    nowhere = site("nowhere")
    for path in ("/start", "/catalogue", "/dev/mail", "/prefs", "/files/x", "/skyline.svg"):
        assert nowhere.get(path).status_code == 404
    assert nowhere.post("/start", data={"city_name": "x"}).status_code == 404


def test_an_error_page_of_the_platform_says_what_happened(apex):
    page = apex.get("/nothing-here").text
    assert "<h1>There is no such page</h1>" in page
    assert "Error 404" in page


def test_a_city_that_is_being_made_does_not_answer_yet(confirmed, site):
    confirmed()
    assert site("szentendre").get("/").status_code == 404
