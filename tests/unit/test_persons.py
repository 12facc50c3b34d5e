import pytest

from app.testing.persons import Answer, Person, Unexpected, forms_of

PAGE = """
<form action="/search"><input name="q" value="tree"></form>
<form action="/idea" method="post" id="idea" enctype="multipart/form-data">
  <input type="hidden" name="csrf_token" value="abc">
  <input name="title" value="A &amp; B"><textarea name="text">
Long
text</textarea>
  <select name="district"><option value="">Whole city</option><option value="11" selected>11th</option></select>
  <select name="theme"><option value="green">Green</option><option value="play">Play</option></select>
  <input type="checkbox" name="agree" value="y"><input type="checkbox" name="tell" checked>
  <input type="radio" name="grade" value="1"><input type="radio" name="grade" value="2" checked>
  <input type="file" name="photo"><input type="submit" name="go" value="Go">
  <button name="step" value="back">Back</button><button type="button" name="map">Map</button>
  <button name="step" value="next"><span>Go</span> on</button>
</form>
<input form="idea" name="outside" value="x">
"""


def test_a_form_sends_what_a_browser_would():
    _search, idea = forms_of(PAGE)
    assert idea.method == "post"
    assert idea.is_multipart
    assert idea.fields == [
        ("csrf_token", "abc"),
        ("title", "A & B"),
        ("text", "Long\ntext"),
        ("district", "11"),
        ("theme", "green"),
        ("tell", "on"),
        ("grade", "2"),
        ("outside", "x"),
    ]
    assert [words for _name, _value, words in idea.buttons] == ["Back", "Go on"]


def test_answers_stand_in_place_of_what_was_there():
    form = forms_of(PAGE)[1]
    assert ("title", "C") in form.filled({"title": "C"})
    assert ("title", "A & B") not in form.filled({"title": "C"})
    assert [one for one in form.filled({"agree": ["y", "z"]}) if one[0] == "agree"] == [
        ("agree", "y"),
        ("agree", "z"),
    ]
    assert "tell" not in dict(form.filled({"tell": None}))


class Town:
    """Answers with one page, and with where a form leads."""

    def __init__(self):
        self.sent = []

    def __call__(self, method, path, body, headers):
        self.sent.append((method, path, body.decode()))
        if method == "POST":
            return Answer(303, "", {"location": "/thanks"})
        return Answer(200, PAGE if path == "/" else "<p>Thank you</p>", {})


def test_a_person_presses_a_button_and_arrives_where_it_leads():
    town = Town()
    anna = Person(town)
    anna.open("/")
    assert anna.send({"title": "Bench"}, button="Go on").words == "Thank you"
    assert anna.path == "/thanks"
    method, path, body = town.sent[1]
    assert (method, path) == ("POST", "/idea")
    assert body.endswith("outside=x&title=Bench&step=next")


def test_a_form_that_is_not_there_is_said_with_the_page():
    anna = Person(Town())
    anna.open("/")
    with pytest.raises(Unexpected, match="no form"):
        anna.send({"salary": "1"})
