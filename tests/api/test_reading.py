"""What everybody can read."""


def test_the_city_says_who_it_is(program):
    answer = program().get("city")
    assert answer.status_code == 200
    assert answer.json["languages"][0] == "fr"
    assert answer.json["currency"] == "EUR"


def test_what_is_not_there_is_a_problem(program):
    for path in ("nothing", "/api/nothing", "news/articles/0190163d-8694-739b-aea5-966c26f8ad90"):
        answer = program().get(path)
        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json"), path
        assert answer.json["status"] == 404


def test_the_description_holds_what_can_be_asked_for(program):
    answer = program().get("openapi.json")
    assert answer.json["openapi"].startswith("3.1")
    assert "/api/v1/news/articles/{article_id}" in answer.json["paths"]


def test_articles_can_be_read(program, write):
    ident = write("Library")
    assert [a["id"] for a in program().get("news/articles").json["items"]] == [ident]
    one = program().get(f"news/articles/{ident}")
    assert one.json["title"]["fr"] == "Library"
