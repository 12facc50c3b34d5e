def test_an_unknown_city_gets_a_friendly_page(site):
    answer = site("nowhere").get("/")
    assert answer.status_code == 404
    assert "<h1>" in answer.text


def test_each_city_answers_on_its_own_host(site):
    assert site("paris").get("/").status_code == 200
    assert site("").get("/").status_code == 200
    assert site("paris", role="administrator").get("/healthz").status_code == 200
