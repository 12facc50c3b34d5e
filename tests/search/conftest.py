import re

import pytest

EN = {"Accept-Language": "en"}


@pytest.fixture
def article(site):
    """Write an article and return its id: `article("Titre", body="…", published=True)`."""

    def write(title, *, slug="paris", published=True, **texts):
        first = {"paris": "fr", "budapest": "hu"}[slug]
        editor = site(slug, role="editor")
        fields = {name.replace("_", "-"): words for name, words in texts.items()}
        answer = editor.post("/admin/news/new", data={f"title-{first}": title, **fields})
        assert answer.status_code == 303, answer.text
        article_id = answer.location.rpartition("/")[2]
        if published:
            assert editor.post(f"/admin/news/{article_id}/publish").status_code == 303
        return article_id

    return write


@pytest.fixture
def titles(visitor):
    """Search as a visitor of paris and return the titles found, without marks."""

    def find(words, browser=None, **headers):
        page = (browser or visitor).get("/search", query_string={"q": words}, headers=headers or None)
        assert page.status_code == 200
        found = re.findall(r'<a href="[^"]+"><strong[^>]*>(.*?)</strong></a>', page.text)
        return [re.sub(r"</?mark>", "", title) for title in found]

    return find
