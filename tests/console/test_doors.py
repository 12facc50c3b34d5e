"""Doors of the console besides those of the matrix (tests/matrix)."""

import re


def test_the_console_is_not_on_the_platforms_own_site(site):
    for path in ("/admin/", "/admin/modules/", "/admin/audit.csv"):
        assert site("").get(path).status_code == 404


def test_staff_of_one_city_are_nobody_in_another(admin, site):
    stranger = site("budapest")
    with admin.session_transaction(base_url="http://paris.parvis.localhost:8000") as cookie:
        held = dict(cookie)
    with stranger.session_transaction(base_url="http://budapest.parvis.localhost:8000") as cookie:
        cookie.update(held)
    assert stranger.get("/admin/").status_code == 302


def test_the_menu_offers_the_city_part_to_administrators_only(english):
    links = ("/admin/modules/", "/admin/branding", "/admin/staff/", "/admin/audit", "/admin/settings")
    page = english(role="administrator").get("/admin/").text
    assert all(f'href="{link}"' in page for link in links)
    page = english(role="editor").get("/admin/").text
    assert not any(f'href="{link}"' in page for link in links)


def test_no_link_of_the_console_is_dead(admin):
    to_see, seen = {"/admin/"}, set()
    while to_see:
        path = to_see.pop()
        seen.add(path)
        answer = admin.get(path, follow_redirects=True)
        assert answer.status_code == 200, path
        found = {link.replace("&amp;", "&") for link in re.findall(r'href="(/admin/[^"#]*)"', answer.text)}
        to_see |= {link for link in found if "lang=" not in link and "before=" not in link} - seen
    assert len(seen) > 15


def test_forms_need_their_token(app, admin):
    app.config["WTF_CSRF_ENABLED"] = True
    for path, data in (
        ("/admin/modules/news/switch", {"on": "0"}),
        ("/admin/branding/undo", {}),
        ("/admin/unpublish", {}),
        ("/admin/staff/invite", {"emails": "a@b.example", "role": "viewer", "confirmed": "1"}),
    ):
        assert admin.post(path, data=data).status_code == 403, path
    token = re.search(r'name="csrf_token" value="([^"]+)"', admin.get("/admin/modules/").text)[1]
    assert admin.post("/admin/modules/news/switch", data={"on": "0", "csrf_token": token}).status_code == 303
