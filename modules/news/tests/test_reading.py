from .conftest import picture_of, upload

ENGLISH = {"Accept-Language": "en"}
FRENCH = {"Accept-Language": "fr"}


def test_a_published_article_is_in_the_list_and_has_a_page(visitor, editor, write):
    article_id = write(editor, "L'été au parc", summary_fr="Trois soirs.", body_fr="Le **premier** soir.")
    shown = visitor.get("/news/")
    assert "L&#39;été au parc" in shown.text
    assert "Trois soirs." in shown.text
    assert f'href="/news/{article_id}-l-ete-au-parc"' in shown.text

    page = visitor.get(f"/news/{article_id}-l-ete-au-parc")
    assert page.status_code == 200
    assert "<strong>premier</strong>" in page.text


def test_a_draft_does_not_exist_for_residents(visitor, editor, write):
    write(editor, "Visible")
    draft = write(editor, "Secret", published=False)
    assert visitor.get(f"/news/{draft}-secret").status_code == 404
    for address in ("/news/", "/news/feed.atom", "/"):
        assert "Secret" not in visitor.get(address).text
    assert "Visible" in visitor.get("/news/").text
    assert "Visible" in visitor.get("/news/feed.atom").text


def test_a_withdrawn_article_is_gone_until_it_is_published_again(visitor, editor, write):
    article_id = write(editor, "Travaux")
    editor.post(f"/admin/news/{article_id}/withdraw")
    assert visitor.get(f"/news/{article_id}-travaux").status_code == 404
    editor.post(f"/admin/news/{article_id}/publish")
    assert visitor.get(f"/news/{article_id}-travaux").status_code == 200


def test_an_article_that_was_never_written_is_not_found(visitor):
    assert visitor.get("/news/018f2b5e-7b11-7c3a-9d52-1f1a2b3c4d5e-x").status_code == 404
    assert visitor.get("/news/12-x").status_code == 404


def test_a_wrong_address_leads_to_the_right_one(visitor, editor, write):
    article_id = write(editor, "Nouvelle place")
    for wrong in (f"/news/{article_id}", f"/news/{article_id}-old-title"):
        answer = visitor.get(wrong)
        assert answer.status_code == 301
        assert answer.location == f"/news/{article_id}-nouvelle-place"
        assert answer.headers["Cache-Control"] == "no-cache"


def test_the_address_follows_the_readers_language(visitor, editor, write):
    article_id = write(editor, "Nouvelle place", title_en="New square")
    answer = visitor.get(f"/news/{article_id}-nouvelle-place", headers=ENGLISH)
    assert answer.location == f"/news/{article_id}-new-square"


def test_a_text_that_is_not_translated_is_marked(visitor, editor, write):
    article_id = write(editor, "Nouvelle place", body_fr="Bonjour")
    page = visitor.get(f"/news/{article_id}-nouvelle-place", headers=ENGLISH).text
    assert '<span lang="fr">Nouvelle place</span>' in page
    assert page.count("This text is in French") == 1
    assert '<div class="prose" lang="fr">' in page
    assert "This text is in French" in visitor.get("/news/", headers=ENGLISH).text
    assert "This text is in" not in visitor.get("/news/", headers=FRENCH).text


def test_a_text_whose_body_alone_is_not_translated_is_marked_there(visitor, editor, write):
    article_id = write(editor, "Nouvelle place", title_en="New square", body_fr="Bonjour")
    page = visitor.get(f"/news/{article_id}-new-square", headers=ENGLISH).text
    assert "New square</h1>" in page
    assert page.count("This text is in French") == 1
    assert '<div class="prose" lang="fr">' in page


def test_an_article_is_not_a_mixture_of_languages(visitor, editor, write):
    write(editor, "Nouvelle place", summary_fr="Des arbres.", summary_en="Trees.")
    page = visitor.get("/news/", headers=ENGLISH).text
    assert "Des arbres." in page
    assert "Trees." not in page


def test_nothing_that_is_typed_becomes_markup(visitor, editor, write):
    article_id = write(
        editor,
        "<script>alert(1)</script>",
        summary_fr="<img src=x onerror=alert(2)>",
        body_fr="<iframe src=//x></iframe> [a](javascript:alert(3)) ![b](https://x.example/b.png)",
    )
    for address in ("/news/", f"/news/{article_id}-script-alert-1-script"):
        page = visitor.get(address)
        assert page.status_code == 200
        assert "alert(1)" in page.text
        for bad in ("<script>alert", "<img src=x", "<iframe", 'href="javascript', 'src="https://x.example'):
            assert bad not in page.text


def test_a_picture_is_described_on_the_article_and_silent_in_the_list(visitor, editor, write):
    article_id = write(editor, "Place", picture=upload(size=(60, 40)))
    page = visitor.get(f"/news/{article_id}-place")
    assert 'alt="Une place avec des arbres" width="60" height="40"' in page.text
    assert visitor.get(picture_of(page)).mimetype == "image/webp"
    assert 'alt=""' in visitor.get("/news/").text


def test_other_sites_can_show_an_article(visitor, editor, write):
    article_id = write(editor, "Place", summary_fr="Des arbres.", picture=upload())
    page = visitor.get(f"/news/{article_id}-place").text
    base = "http://paris.parvis.localhost:8000"
    assert f'<link rel="canonical" href="{base}/news/{article_id}-place">' in page
    assert '<meta property="og:title" content="Place">' in page
    assert '<meta property="og:description" content="Des arbres.">' in page
    assert f'<meta property="og:image" content="{base}/files/' in page


def test_the_list_has_pages_with_real_addresses(visitor, editor, write):
    for number in range(12):
        write(editor, f"Article {number:02}")
    first, second = visitor.get("/news/"), visitor.get("/news/?page=2")
    assert "Article 11" in first.text
    assert "Article 01" not in first.text
    assert 'href="/news/?page=2"' in first.text
    assert "Article 01" in second.text
    assert 'href="/news/"' in second.text
    for address in ("/news/?page=3", "/news/?page=0", "/news/?page=-1"):
        assert visitor.get(address).status_code == 404
    assert visitor.get("/news/?page=x").status_code == 200


def test_a_city_without_news_says_so(visitor):
    assert "No news yet" in visitor.get("/news/", headers=ENGLISH).text


def test_the_newest_three_are_on_the_home_page(visitor, editor, write):
    for number in range(4):
        write(editor, f"Article {number}")
    page = visitor.get("/").text
    assert all(f"Article {number}" in page for number in (3, 2, 1))
    assert "Article 0" not in page


def test_a_long_list_asks_the_database_no_more_than_a_short_one(visitor, editor, write, count_queries):
    write(editor, "First", picture=upload())
    with count_queries() as short:
        visitor.get("/news/")
    for number in range(30):
        write(editor, f"Article {number}")
    with count_queries() as long:
        assert "Article 29" in visitor.get("/news/").text
    assert len(long) == len(short) <= 5


def test_a_city_sets_how_many_articles_a_page_has(visitor, staff, editor, write):
    for number in range(4):
        write(editor, f"Article {number}")
    assert staff.post("/admin/modules/news", data={"per_page": "3"}).status_code == 303
    page = visitor.get("/news/").text
    assert "Article 1" in page
    assert "Article 0" not in page
    assert "Article 0" in visitor.get("/news/?page=2").text


def test_switching_the_module_off_says_what_residents_lose_and_takes_it_away(visitor, staff, editor, write):
    article_id = write(editor, "Nouvelle place")
    write(editor, "Autre")
    write(editor, "Brouillon", published=False)
    addresses = ("/news/", "/news/feed.atom", f"/news/{article_id}-nouvelle-place")
    assert [visitor.get(address).status_code for address in addresses] == [200, 200, 200]

    question = staff.get("/admin/modules/news/off", headers=ENGLISH).text
    assert "Residents can read 2 articles." in question
    staff.post("/admin/modules/news/switch", data={"on": "0", "confirmed": "1"})
    assert [visitor.get(address).status_code for address in addresses] == [404, 404, 404]
    assert editor.get("/admin/news/").status_code == 404
    assert "Nouvelle place" not in visitor.get("/").text

    staff.post("/admin/modules/news/switch", data={"on": "1"})
    assert [visitor.get(address).status_code for address in addresses] == [200, 200, 200]
