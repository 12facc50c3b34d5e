import re


def listed(page):
    return re.findall(r'data-label="Code">([^<]+)<', page)


def test_many_districts_are_added_at_once_and_edited(admin):
    page = admin.get("/admin/settings").text
    assert "/admin/settings/districts" in page
    assert (
        admin.post("/admin/settings/districts", data={"lines": "10, Enclos\n\n11,Popincourt"}).status_code
        == 303
    )
    page = admin.get("/admin/settings/districts").text
    assert listed(page) == ["10", "11"]
    assert admin.post("/admin/settings/districts/11", data={"name-fr": "Roquette"}).status_code == 303
    assert admin.post("/admin/settings/districts/11/move", data={"up": "1"}).status_code == 303
    page = admin.get("/admin/settings/districts").text
    assert listed(page) == ["11", "10"]
    assert "Roquette" in page
    assert "Nothing in the city needs" in admin.get("/admin/settings/districts/10/remove").text
    assert admin.post("/admin/settings/districts/10/remove").status_code == 303
    assert listed(admin.get("/admin/settings/districts").text) == ["11"]
    log = admin.get("/admin/audit").text
    assert "Renamed a district" in log
    assert "Popincourt → Roquette" in log


def test_what_was_typed_is_kept_when_a_line_is_wrong(admin):
    answer = admin.post("/admin/settings/districts", data={"lines": "10, Enclos\né, Hors"})
    assert answer.status_code == 422
    assert "é: a code is of letters" in answer.text
    assert "10, Enclos\né, Hors</textarea>" in answer.text
    assert listed(admin.get("/admin/settings/districts").text) == []


def test_editors_leave_the_districts_alone(english):
    editor = english(role="editor")
    assert editor.get("/admin/settings/districts").status_code == 403
    assert editor.post("/admin/settings/districts", data={"lines": "10, Enclos"}).status_code == 403
