"""Who may do what on the pages for staff, and that cities do not see each other."""

import pytest

from . import arranging
from .clerk import PAGES, Clerk, words

LOOK, SET_UP, DECIDE = "look", "set up", "decide"
RESULT = "{edition}/result"
MAY = {
    "resident": set(),
    "viewer": {LOOK},
    "editor": {LOOK, SET_UP},
    "administrator": {LOOK, SET_UP, DECIDE},
}
GETS = {
    "/": LOOK,
    "{edition}/": LOOK,
    "{edition}/board": LOOK,
    "{edition}/projects": LOOK,
    RESULT: DECIDE,
    "/new": SET_UP,
    "/import": SET_UP,
    "{edition}/texts": SET_UP,
    "{edition}/money": SET_UP,
    "{edition}/ballot": SET_UP,
    "{edition}/dates": SET_UP,
    "{edition}/categories": SET_UP,
    "{edition}/categories/{category}": SET_UP,
    "{edition}/districts": SET_UP,
    "{edition}/projects/new": SET_UP,
    "{edition}/projects/1": SET_UP,
    "{edition}/projects/1/remove": SET_UP,
    "{edition}/projects/1/exclude": DECIDE,
    "{edition}/delete": SET_UP,
    "{edition}/extend": DECIDE,
    **{f"{{edition}}/{step}": DECIDE for step in
       ("show", "hide", "fix", "release", "open", "close", "count", "publish")},
}  # fmt: skip
POSTS = {
    **{path: need for path, need in GETS.items() if need is not LOOK and path != RESULT},
    "{edition}/categories/{category}/move": SET_UP,
    "{edition}/categories/{category}/remove": SET_UP,
    "{edition}/projects/1/include": DECIDE,
}
PAGES_AND_NEEDS = [("GET", *one) for one in GETS.items()] + [("POST", *one) for one in POSTS.items()]


@pytest.fixture
def address(in_city):
    """Return an address in an edition of paris with a category and projects."""
    with in_city("paris"):
        made = arranging.approval()
        places = {"edition": f"/{made.id}", "category": made.categories[0].id}
    return lambda path: PAGES + path.format(**places)


@pytest.mark.parametrize("role", MAY)
def test_each_role_gets_what_its_permissions_say(site, address, role):
    browser = site("paris", role=role, email=f"{role}@paris.example")
    for method, path, need in PAGES_AND_NEEDS:
        status = browser.open(address(path), method=method).status_code
        assert (status == 403) == (need not in MAY[role]), f"{method} {path}: {status}"


def test_whoever_is_not_signed_in_is_sent_to_sign_in(visitor, address):
    for method, path, _need in PAGES_AND_NEEDS:
        answer = visitor.open(address(path), method=method)
        assert answer.status_code == 302, path
        assert answer.location.startswith("/sign-in?next="), path


def test_staff_of_another_city_find_nothing(site, address):
    stranger = site("budapest", role="administrator")
    assert stranger.get(PAGES + "/").status_code == 200
    for method, path, _need in PAGES_AND_NEEDS:
        if "{edition}" in path:
            assert stranger.open(address(path), method=method).status_code == 404, path


def test_an_edition_of_one_city_is_on_no_list_of_another(site, address):
    assert "Participatory budget 2026" in Clerk(site).words()
    other = Clerk(site, city="budapest")
    assert "No edition yet" in other.words()
    other.create()
    other.home = PAGES
    assert "Budget 2026" in other.words()
    assert "Budget 2026" not in Clerk(site).words().replace("budget 2026", "")


def test_a_viewer_is_offered_nothing_she_may_not_do(site, address, in_city):
    viewer = Clerk(site, role="viewer")
    with in_city("paris"):
        viewer.home += f"/{arranging.edition_of().id}"
    for path in ("/", "/projects"):
        page = viewer.get(path)
        assert page.status_code == 200
        for act in ("texts", "money", "new", "delete", "show", "open", "projects/1", "districts"):
            assert f"{viewer.home}/{act}" not in page.text, f"{act} on {path}"
    viewer.home = PAGES
    assert "New edition" not in viewer.words()
    assert "Import a .pb file" not in viewer.words()


def test_an_editor_prepares_and_is_told_that_others_open(site, frozen):
    frozen("2026-11-22T10:00")
    editor = Clerk(site, role="editor")
    editor.prepare()
    page = editor.words()
    assert "Open voting now" not in page
    assert "Opening, closing, counting and publishing need a role with that right." in page
    assert "Delete this draft" in page
    assert editor.post("/open").status_code == 403


def test_a_form_without_its_token_changes_nothing(app, site, frozen):
    frozen("2026-11-22T10:00")
    clerk = Clerk(site)
    clerk.prepare()
    app.config["WTF_CSRF_ENABLED"] = True
    for path in ("/open", "/texts", "/delete"):
        assert clerk.post(path, {"title-fr": "x"}).status_code == 403
    app.config["WTF_CSRF_ENABLED"] = False
    assert "Draft" in clerk.words()


def test_a_project_number_or_category_that_is_not_there_is_not_found(site, frozen):
    frozen("2026-11-22T10:00")
    clerk = Clerk(site)
    clerk.prepare()
    nobody = "0190163d-8694-739b-aea5-966c26f8ad90"
    for path in ("/projects/99", "/projects/99/exclude", f"/categories/{nobody}"):
        assert clerk.get(path).status_code == 404
    clerk.home = f"{PAGES}/{nobody}"
    assert clerk.get("/").status_code == 404
    assert "There is no such edition." in words(clerk.get("/"))
