import io
import re

import pytest

from app.core.audit import latest

from .conftest import picture_of, upload

ENGLISH = {"Accept-Language": "en"}


def value_of(page, name):
    return re.search(rf'name="{name}"[^>]*value="([^"]*)"', page.text)[1]


def test_an_article_lives_from_draft_to_deletion(editor, visitor, write):
    article_id = write(editor, "Fête", published=False)
    home = f"/admin/news/{article_id}"
    assert "Draft" in editor.get(home, headers=ENGLISH).text
    for act, word in (("publish", "Published"), ("withdraw", "Withdrawn"), ("publish", "Published")):
        assert editor.post(f"{home}/{act}").location == home
        assert word in editor.get(home, headers=ENGLISH).text
    editor.post(f"{home}/delete")
    assert editor.get(home).status_code == 404
    assert visitor.get(f"/news/{article_id}-fete").status_code == 404


def test_deleting_asks_first(editor, visitor, write):
    article_id = write(editor, "Fête")
    question = editor.get(f"/admin/news/{article_id}/delete", headers=ENGLISH).text
    assert "Delete “Fête”?" in question
    assert "Residents can read this article now." in question
    assert visitor.get(f"/news/{article_id}-fete").status_code == 200


def test_looking_at_the_question_deletes_nothing(editor, write):
    article_id = write(editor, "Fête")
    assert editor.head(f"/admin/news/{article_id}/delete").status_code == 200
    assert editor.get(f"/admin/news/{article_id}").status_code == 200


def test_every_act_is_in_the_audit_log(editor, write, in_city):
    article_id = write(editor, "Fête")
    editor.post(f"/admin/news/{article_id}/edit", data={"title-fr": "Fêtes", "version": "1"})
    editor.post(f"/admin/news/{article_id}/withdraw")
    editor.post(f"/admin/news/{article_id}/delete")
    with in_city("paris"):
        entries = [e for e in latest() if e.subject == f"news:{article_id}"]
        assert [e.action.removeprefix("news.") for e in reversed(entries)] == [
            "created", "published", "changed", "withdrawn", "deleted",
        ]  # fmt: skip
        assert {e.actor_name for e in entries} == {"Editor"}
        assert entries[0].details == {"title": "Fêtes", "status": "withdrawn"}
        assert entries[2].details == {"title": "Fêtes", "parts": "title"}


def test_saving_without_a_change_is_no_change(editor, write, in_city):
    article_id = write(editor, "Fête")
    answer = editor.post(f"/admin/news/{article_id}/edit", data={"title-fr": "Fête ", "version": "1"})
    assert answer.status_code == 303
    with in_city("paris"):
        assert "news.changed" not in [entry.action for entry in latest()]


@pytest.mark.parametrize("act", ["publish", "withdraw"])
def test_what_is_done_already_cannot_be_done_again(editor, write, act):
    article_id = write(editor, "Fête")
    editor.post(f"/admin/news/{article_id}/{act}")
    assert editor.post(f"/admin/news/{article_id}/{act}").status_code == 409


def test_the_citys_first_language_needs_a_title(editor):
    answer = editor.post("/admin/news/new", data={"title-en": "Square", "body-hu": "Szöveg"}, headers=ENGLISH)
    assert answer.status_code == 422
    assert "Write the title (Français)." in answer.text
    assert 'value="Square"' in answer.text
    assert "Szöveg" in answer.text
    assert editor.post("/admin/news/new", data={"title-fr": " \n"}).status_code == 422


def test_a_text_that_is_too_long_is_refused_with_everything_kept(editor):
    answer = editor.post(
        "/admin/news/new", data={"title-fr": "Titre", "summary-es": "x" * 401}, headers=ENGLISH
    )
    assert answer.status_code == 422
    assert "Summary: use at most 400 characters (Español)." in answer.text
    assert "x" * 401 in answer.text


def test_texts_in_a_language_the_city_gave_up_stay(editor, visitor, write, offering):
    article_id = write(editor, "Place", title_es="Plaza")
    offering("paris", ("fr", "en"))
    editor.post(f"/admin/news/{article_id}/edit", data={"title-fr": "Place 2", "version": "1"})
    offering("paris", ("fr", "en", "hu", "es"))
    assert "Plaza" in visitor.get("/news/", headers={"Accept-Language": "es"}).text


def test_an_accepted_picture_is_kept_when_something_else_is_wrong(editor, visitor):
    wrong = editor.post("/admin/news/new", data={"picture": upload()}, headers=ENGLISH)
    assert wrong.status_code == 422
    assert "Say what the picture shows (Français)." in wrong.text
    kept = value_of(wrong, "kept_picture")
    assert picture_of(wrong) == f"/files/{kept}"

    right = editor.post(
        "/admin/news/new",
        data={"title-fr": "Place", "picture_alt-fr": "Des arbres", "kept_picture": kept},
    )
    assert picture_of(editor.get(right.location)) == f"/files/{kept}"


def test_a_picture_can_be_replaced_and_taken_away(editor, write):
    article_id = write(editor, "Place", picture=upload((200, 0, 0)))
    home = f"/admin/news/{article_id}"
    first = picture_of(editor.get(home))
    texts = {"title-fr": "Place", "picture_alt-fr": "Des arbres"}
    editor.post(
        f"{home}/edit",
        data={**texts, "version": "1", "kept_picture": first[7:], "picture": upload((0, 0, 200))},
    )
    second = picture_of(editor.get(home))
    assert second != first
    editor.post(
        f"{home}/edit", data={**texts, "version": "2", "kept_picture": second[7:], "remove_picture": "y"}
    )
    assert "/files/" not in editor.get(home).text


@pytest.mark.parametrize(
    "content",
    [
        b"<script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 50,
        upload()[0].getvalue()[:60],
        b"GIF89a",
        b"%PDF-1.7",
    ],
    ids=["script", "svg", "broken", "cut off", "head only", "pdf"],
)
def test_a_file_that_is_no_picture_is_refused_with_everything_kept(editor, content):
    answer = editor.post(
        "/admin/news/new",
        data={"title-fr": "Place", "body-en": "Typed text", "picture": (io.BytesIO(content), "x.png")},
        headers=ENGLISH,
    )
    assert answer.status_code == 422
    assert "This file is not a picture" in answer.text
    assert 'value="Place"' in answer.text
    assert "Typed text" in answer.text


def test_a_picture_that_is_too_large_is_refused_with_everything_kept(editor):
    large = (io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"\x00" * (11 * 1024 * 1024)), "x.png")
    answer = editor.post("/admin/news/new", data={"title-fr": "Place", "picture": large}, headers=ENGLISH)
    assert answer.status_code == 413
    assert "The picture is larger than 10 MB." in answer.text
    assert 'value="Place"' in answer.text


def test_an_upload_beyond_all_measure_is_refused(editor):
    huge = (io.BytesIO(b"\x00" * (50 * 1024 * 1024)), "x.png")
    answer = editor.post("/admin/news/new", data={"title-fr": "Place", "picture": huge})
    assert answer.status_code == 413
    assert "<h1>" in answer.text


@pytest.mark.parametrize("name", ["../../../etc/passwd", "a" * 40 + ".webp", "0" * 40 + ".webp", "\x00", "x"])
def test_a_picture_that_was_never_uploaded_is_forgotten(editor, name):
    answer = editor.post("/admin/news/new", data={"title-fr": "Place", "kept_picture": name})
    assert answer.status_code == 303
    assert "/files/" not in editor.get(answer.location).text


def test_a_preview_shows_the_text_and_saves_nothing(editor, visitor, write):
    article_id = write(editor, "Avant")
    answer = editor.post(
        f"/admin/news/{article_id}/edit",
        data={"title-fr": "Après", "body-fr": "## Quand\n\nDemain", "version": "1", "preview": "1"},
        headers={"Accept-Language": "fr"},
    )
    assert answer.status_code == 200
    assert "<h3>Quand</h3>" in answer.text
    assert 'value="Après"' in answer.text
    assert "Avant" in visitor.get("/news/").text


def test_staff_see_an_article_in_each_language(editor, write):
    article_id = write(editor, "Place", title_hu="Tér", published=False)
    page = editor.get(f"/admin/news/{article_id}?text=hu", headers=ENGLISH).text
    assert re.search(r'<div class="preview" lang="hu">.*<h2>Tér</h2>', page, re.DOTALL)
    assert editor.get(f"/admin/news/{article_id}?text=xx").status_code == 200


def test_two_people_cannot_overwrite_each_other_unknowingly(site, write, visitor):
    one, other = site("paris", role="editor"), site("paris", role="administrator")
    article_id = write(one, "Place", body_fr="Ancien")
    edit = f"/admin/news/{article_id}/edit"
    version = value_of(one.get(edit), "version")
    other.post(edit, data={"title-fr": "Place", "body-fr": "Texte de l'autre", "version": version})

    refused = one.post(
        edit, data={"title-fr": "Ma place", "body-fr": "Mon texte", "version": version}, headers=ENGLISH
    )
    assert refused.status_code == 409
    assert "Somebody else has saved this article while you were writing." in refused.text
    assert "Texte de l&#39;autre" in refused.text
    assert "Mon texte</textarea>" in refused.text
    assert 'value="Ma place"' in refused.text
    assert "Texte de l&#39;autre" in visitor.get(f"/news/{article_id}-place").text

    again = {"title-fr": "Ma place", "body-fr": "Mon texte", "version": value_of(refused, "version")}
    assert one.post(edit, data=again).status_code == 303
    assert "Mon texte" in visitor.get(f"/news/{article_id}-ma-place").text


def test_a_form_with_a_mistake_does_not_hide_a_conflict(site, write):
    one, other = site("paris", role="editor"), site("paris", role="administrator")
    article_id = write(one, "Place")
    edit = f"/admin/news/{article_id}/edit"
    other.post(edit, data={"title-fr": "Autre", "version": "1"})
    mistaken = one.post(edit, data={"title-fr": "", "version": "1"})
    assert mistaken.status_code == 422
    assert one.post(edit, data={"title-fr": "A", "version": value_of(mistaken, "version")}).status_code == 409


@pytest.mark.parametrize("version", ["", "0", "-1", "999999999999999999999", "2"])
def test_a_save_without_the_right_version_is_a_conflict(editor, write, version):
    article_id = write(editor, "Place")
    answer = editor.post(f"/admin/news/{article_id}/edit", data={"title-fr": "Autre", "version": version})
    assert answer.status_code == 409


def test_what_was_typed_for_a_deleted_article_can_be_saved_as_a_new_one(site, write):
    one, other = site("paris", role="editor"), site("paris", role="administrator")
    article_id = write(one, "Place")
    other.post(f"/admin/news/{article_id}/delete")
    refused = one.post(
        f"/admin/news/{article_id}/edit", data={"title-fr": "Ma place", "version": "1"}, headers=ENGLISH
    )
    assert refused.status_code == 409
    assert "Somebody has deleted this article" in refused.text
    assert 'action="/admin/news/new"' in refused.text
    assert 'value="Ma place"' in refused.text


def test_the_staff_list_has_a_tab_for_each_status(editor, write):
    write(editor, "Marché couvert")
    write(editor, "Pont neuf", published=False)
    everything, drafts = editor.get("/admin/news/").text, editor.get("/admin/news/?status=draft").text
    assert "Marché couvert" in everything
    assert "Pont neuf" in everything
    assert "Pont neuf" in drafts
    assert "Marché couvert" not in drafts
    assert editor.get("/admin/news/?status=nonsense").status_code == 200


def test_the_staff_list_asks_no_more_for_many_articles(editor, write, count_queries):
    write(editor, "Un")
    with count_queries() as short:
        editor.get("/admin/news/")
    for number in range(30):
        write(editor, f"Article {number}", published=False)
    with count_queries() as long:
        assert "Article 29" in editor.get("/admin/news/").text
    assert len(long) == len(short) <= 10
    assert "page=2" in editor.get("/admin/news/?status=draft").text
