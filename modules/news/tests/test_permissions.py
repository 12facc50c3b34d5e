import pytest

READ, WRITE = "read", "write"
PAGES = [
    ("GET", "/admin/news/", READ),
    ("GET", "/admin/news/{id}", READ),
    ("GET", "/admin/news/new", WRITE),
    ("POST", "/admin/news/new", WRITE),
    ("GET", "/admin/news/{id}/edit", WRITE),
    ("POST", "/admin/news/{id}/edit", WRITE),
    ("POST", "/admin/news/{id}/publish", WRITE),
    ("POST", "/admin/news/{id}/withdraw", WRITE),
    ("GET", "/admin/news/{id}/delete", WRITE),
    ("POST", "/admin/news/{id}/delete", WRITE),
]
MAY = {"resident": set(), "viewer": {READ}, "editor": {READ, WRITE}, "administrator": {READ, WRITE}}


@pytest.mark.parametrize("role", MAY)
@pytest.mark.parametrize(("method", "address", "need"), PAGES)
def test_each_role_gets_what_its_permissions_say(site, editor, write, role, method, address, need):
    article_id = write(editor, "Place", published="withdraw" in address)
    browser = site("paris", role=role, email=f"somebody-{role}@paris.example")
    answer = browser.open(
        address.format(id=article_id), method=method, data={"title-fr": "Autre"} if method == "POST" else None
    )
    assert (answer.status_code == 403) == (need not in MAY[role])
    assert answer.status_code in (200, 303, 403, 409)


@pytest.mark.parametrize(("method", "address", "need"), PAGES)
def test_whoever_is_not_signed_in_is_sent_to_sign_in(visitor, editor, write, method, address, need):
    article_id = write(editor, "Place")
    answer = visitor.open(address.format(id=article_id), method=method)
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in?next=")


def test_a_viewer_is_offered_nothing_she_may_not_do(site, editor, write):
    article_id = write(editor, "Place")
    viewer = site("paris", role="viewer")
    for address in ("/admin/news/", f"/admin/news/{article_id}"):
        page = viewer.get(address).text
        assert "Place" in page
        for act in ("/new", "/edit", "/publish", "/withdraw", "/delete"):
            assert f'{act}"' not in page


def test_an_article_cannot_be_changed_by_following_a_link(editor, visitor, write):
    article_id = write(editor, "Place", published=False)
    for act in ("publish", "withdraw"):
        assert editor.get(f"/admin/news/{article_id}/{act}").status_code == 405
    editor.get(f"/admin/news/{article_id}/delete")
    assert editor.get(f"/admin/news/{article_id}").status_code == 200


def test_a_form_without_its_token_changes_nothing(app, editor, write):
    article_id = write(editor, "Place", published=False)
    app.config["WTF_CSRF_ENABLED"] = True
    assert editor.post(f"/admin/news/{article_id}/publish").status_code == 403
    assert editor.post("/admin/news/new", data={"title-fr": "Autre"}).status_code == 403
