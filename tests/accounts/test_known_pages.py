import pytest

from app.accounts.rolls import codes

PAGE = "/account/known"
TYPED = {"family_name": "López García", "given_name": "José", "birth_date": "1984-02-03", "postcode": "75011"}


@pytest.fixture
def jose(english):
    return english(role="resident", email="jose@paris.example")


def test_a_resident_tells_the_city_and_asks_for_a_check(jose, with_districts):
    assert "11th" in jose.get(f"{PAGE}/district").text
    assert jose.post(f"{PAGE}/district", data={"value": "11"}).status_code == 303
    page = jose.get(PAGE).text
    assert "11th" in page
    assert "said by you" in page
    assert jose.post(f"{PAGE}/district/check").status_code == 303
    assert "You have asked for a check" in jose.get(PAGE).text
    assert jose.post(f"{PAGE}/district/forget").status_code == 303
    assert "11th" not in jose.get(PAGE).text


@pytest.mark.parametrize(
    ("attribute", "value"),
    [("district", "13"), ("birth_date", "3/2/84"), ("school", " "), ("lives_in_city", "")],
)
def test_what_cannot_be_is_refused_beside_the_field(jose, with_districts, attribute, value):
    page = jose.post(f"{PAGE}/{attribute}", data={"value": value})
    assert page.status_code == 422
    assert 'aria-invalid="true"' in page.text or "error-summary" in page.text


def test_an_attribute_that_the_city_does_not_use_is_not_there(jose):
    assert jose.get(f"{PAGE}/shoe_size").status_code == 404


def test_a_resident_finds_herself_on_the_list(jose, a_list):
    path = f"{PAGE}/list/{a_list}"
    assert "Find myself on the list" in jose.get(PAGE).text
    page = jose.post(path, data={**TYPED, "postcode": "75012"})
    assert page.status_code == 422
    assert "Nobody on the list fits" in page.text
    assert "López García" in page.text
    assert jose.post(path, data=TYPED).status_code == 303
    page = jose.get(PAGE).text
    assert "February 3, 1984" in page
    assert "on a list of residents" in page


def test_the_list_cannot_be_guessed(jose, english, a_list):
    path = f"{PAGE}/list/{a_list}"
    for day in range(1, 6):
        assert jose.post(path, data={**TYPED, "birth_date": f"1999-01-0{day}"}).status_code == 422
    assert jose.post(path, data=TYPED).status_code == 429
    other = english(role="resident", email="other@paris.example")
    assert other.post(path, data=TYPED).status_code == 303


def test_a_code_from_the_letter_works_once(jose, english, in_city, with_districts):
    with in_city():
        _batch, made = codes.make("Letters", 2, {"district": "12"})
    assert made[0] in jose.get(f"{PAGE}?code={made[0]}").text
    assert jose.post(f"{PAGE}/code", data={"code": made[0]}).status_code == 303
    assert "by a code from a letter" in jose.get(PAGE).text
    other = english(role="resident", email="other@paris.example")
    page = other.post(f"{PAGE}/code", data={"code": made[0]})
    assert page.status_code == 422
    assert "has been used already" in page.text


def test_a_list_of_another_city_is_not_there(english, a_list):
    budapest = english("budapest", role="resident", email="jose@paris.example")
    assert budapest.get(f"{PAGE}/list/{a_list}").status_code == 404


def test_the_page_asks_a_bounded_number_of_questions(jose, a_list, count_queries):
    jose.get(PAGE)
    with count_queries() as asked:
        assert jose.get(PAGE).status_code == 200
    assert len(asked) <= 9


def test_a_batch_of_codes_is_no_list(jose, in_city, with_districts):
    with in_city():
        batch, _made = codes.make("Letters", 1, {"district": "12"})
        ident = batch.id
    assert jose.get(f"{PAGE}/list/{ident}").status_code == 404
    assert jose.post(f"{PAGE}/list/{ident}", data={"code": "x"}).status_code == 404
