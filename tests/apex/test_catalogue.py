from app.apex.facts import owner_name
from app.apex.readme import html_of
from app.registry import modules


def test_the_catalogue_lists_every_module(apex):
    page = apex.get("/catalogue").text
    for module in modules().values():
        assert module.title in page
        assert f"/catalogue/{module.path}" in page


def test_the_catalogue_is_filtered_by_words_and_category(apex):
    assert "/catalogue/participatory-budget" not in apex.get("/catalogue?q=articles").text
    page = apex.get("/catalogue?category=Information").text
    assert "/catalogue/news" in page
    assert "/catalogue/participatory-budget" not in page


def test_a_filter_that_fits_nothing_can_be_cleared(apex):
    page = apex.get("/catalogue?q=zeppelin").text
    assert "No module fits" in page
    assert 'href="/catalogue"' in page


def test_a_module_s_page_says_what_the_manifest_says(apex):
    module = modules()["participatory_budget"]
    page = apex.get("/catalogue/participatory-budget").text
    assert module.version in page
    assert "City of Budapest" in page
    for permission in module.permissions:
        assert permission.label in page
    for setting in module.settings:
        assert setting.label in page
    assert "http://paris.parvis.localhost:8000/" in page


def test_an_unknown_module_is_not_there(apex):
    assert apex.get("/catalogue/participatory_budget").status_code == 404
    assert apex.get("/catalogue/nothing").status_code == 404


def test_the_catalogue_asks_little_of_the_database(apex, count_queries):
    apex.get("/catalogue")
    with count_queries() as asked:
        apex.get("/catalogue")
        apex.get("/catalogue/news")
    assert len(asked) <= 4


def test_a_readme_leaves_its_title_to_the_page():
    assert html_of("# News\n\nWords.\n\n## Privacy\n\nMore.") == (
        "<p>Words.</p>\n<h2>Privacy</h2>\n<p>More.</p>\n"
    )


def test_a_readme_cannot_bring_markup_pictures_or_relative_links():
    html = html_of(
        "Hi <script>x</script> ![p](http://e.example/p.png) [a](../secret) [b](https://e.example/)"
    )
    assert "<script" not in html
    assert "<img" not in html
    assert "../secret" not in html
    assert 'href="https://e.example/"' in html
    assert "javascript" not in html_of("[x](javascript:alert(1))").replace("(javascript:alert(1))", "")


def test_a_table_of_a_readme_has_no_empty_heading():
    html = html_of("| Setting | |\n|---|---|\n| `days` | how long |")
    assert '<table class="table">' in html
    assert "<th>Setting</th>\n<td></td>" in html


def test_a_maintainer_is_written_as_people_do():
    assert owner_name("city-of-paris") == "City of Paris"
