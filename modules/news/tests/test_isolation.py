from .conftest import picture_of, upload


def test_an_article_of_one_city_is_nowhere_in_another(site, editor, write):
    article_id = write(editor, "Seulement à Paris", picture=upload())
    paris, budapest = site("paris"), site("budapest")
    page = paris.get(f"/news/{article_id}-seulement-a-paris")
    assert paris.get(picture_of(page)).status_code == 200

    assert budapest.get(f"/news/{article_id}-seulement-a-paris").status_code == 404
    assert budapest.get(f"/news/{article_id}").status_code == 404
    assert budapest.get(picture_of(page)).status_code == 404
    for address in ("/news/", "/news/feed.atom", "/"):
        answer = budapest.get(address)
        assert answer.status_code == 200
        assert "Seulement" not in answer.text


def test_staff_of_one_city_cannot_touch_another_citys_article(site, editor, write):
    article_id = write(editor, "Place")
    stranger = site("budapest", role="administrator")
    assert stranger.get("/admin/news/").status_code == 200
    home = f"/admin/news/{article_id}"
    assert stranger.get(home).status_code == 404
    assert stranger.get(f"{home}/edit").status_code == 404
    for act in ("publish", "withdraw", "delete"):
        assert stranger.post(f"{home}/{act}").status_code == 404
    assert site("paris").get(f"/news/{article_id}-place").status_code == 200


def test_a_picture_of_one_city_cannot_be_used_in_another(site, editor, write):
    article_id = write(editor, "Place", picture=upload())
    name = picture_of(editor.get(f"/admin/news/{article_id}")).removeprefix("/files/")
    stranger = site("budapest", role="editor")
    answer = stranger.post("/admin/news/new", data={"title-hu": "Tér", "kept_picture": name})
    assert answer.status_code == 303
    assert "/files/" not in stranger.get(answer.location).text


def test_both_cities_may_write_the_same(site, editor, write):
    write(editor, "Place", picture=upload())
    write(site("budapest", role="editor"), "Tér", picture=upload())
    assert "Place" in site("paris").get("/news/").text
    assert "Tér" in site("budapest").get("/news/").text
