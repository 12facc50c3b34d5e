"""How ideas are examined, set up by those who prepare editions."""

from modules.participatory_budget.tests.clerk import value_of, words

from .conftest import PARKS


def test_the_way_is_chosen_and_stands_on_the_page_of_the_edition(clerk):
    editor = clerk("editor")
    page = editor.get("/feasibility/rules")
    data = {"appeal_days": "7", "refusal_days": "0", "opinions": "y", "seen": value_of(page, "seen")}
    editor.save("/feasibility/rules", data)
    assert "departments → decision → appeal" in editor.words("/")
    late = editor.post("/feasibility/rules", data)
    assert late.status_code == 409
    wrong = editor.post("/feasibility/rules", {"appeal_days": "x", "refusal_days": "400"})
    assert wrong.status_code == 422
    assert 'value="x"' in wrong.text


def test_a_criterion_that_was_answered_stays(clerk, published, departments):
    from .test_cycle_pages import act, answer, begin

    published("Des arbres")
    boss = clerk()
    begin(boss, 1)
    act(boss, 1, "ask", departments=[str(departments["Parks"])])
    assert answer(clerk("editor", PARKS)).status_code == 303
    page = boss.get("/feasibility/criteria").text
    path = page[page.index("/feasibility/criteria/") :].split('"')[0]
    kept = boss.post(f"{path.split('?')[0]}/remove")
    assert kept.status_code == 409
    assert "Departments have answered this criterion already" in words(kept)


def test_only_people_of_the_city_answer_for_a_department(clerk):
    editor = clerk("editor")
    wrong = editor.post(
        "/feasibility/departments", {"name-fr": "Sport", "days": "10", "people": "nobody@else.example"}
    )
    assert wrong.status_code == 422
    assert "Nobody who works for the city has the address nobody@else.example." in words(wrong)
    assert "Sport" in wrong.text
    editor.save("/feasibility/departments", {"name-fr": "Sport", "days": "10", "people": PARKS})
    assert "Sport" in editor.words("/feasibility/departments")


def test_criteria_are_added_changed_and_removed(clerk):
    editor = clerk("editor")
    editor.save("/feasibility/criteria", {"name-fr": "Climat"})
    page = editor.get("/feasibility/criteria").text
    start = page.rindex("/feasibility/criteria/", 0, page.rindex("/remove"))
    path = page[start:].split('"')[0].removesuffix("/remove")
    editor.save(path, {"name-fr": "Climat et eau"})
    assert "Climat et eau" in editor.words("/feasibility/criteria")
    editor.save(f"{path}/remove", {})
    assert "Climat et eau" not in editor.words("/feasibility/criteria")
