import io
from datetime import UTC, datetime, timedelta

import pytest

from app.core.db import db, end_transaction
from app.sdk import new_secret
from modules.participatory_budget.models import Edition, RollEntry
from modules.participatory_budget.rules.phases import Stage
from tenants import operations
from tenants.archive import shelf
from tenants.archive.opened import opened
from tenants.models import Operation, OperationState

PAGE = "/admin/settings/export"


def download_address(page):
    return next(part.split('"')[0] for part in page.text.split('href="') if ".zip" in part.split('"')[0])


def test_an_administrator_asks_for_an_export_and_fetches_it(app, staff, run_tasks, mails):
    assert PAGE in staff.get("/admin/settings").text
    assert "Préparer" in staff.get(PAGE).text or "Prepare" in staff.get(PAGE).text
    assert staff.post(PAGE).status_code == 303
    waiting = staff.get(PAGE)
    assert 'hx-trigger="every' in waiting.text
    assert ".zip" not in waiting.text
    assert staff.post(PAGE).status_code == 409

    run_tasks()

    page = staff.get(PAGE)
    assert 'hx-trigger="every' not in page.text
    answer = staff.get(download_address(page))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "attachment; filename=paris-" in answer.headers["Content-Disposition"]
    with opened(io.BytesIO(answer.data)) as archive:
        archive.verify()
        assert archive.manifest.city.address == "paris"
    (mail,) = mails()
    assert mail["recipient"] == "administrator@paris.example"
    assert "/admin/settings/export" in mail["text"]
    log = staff.get("/admin/audit/").text
    assert "city.export" not in log


def test_nobody_else_can_fetch_it(app, staff, site, run_tasks):
    staff.post(PAGE)
    run_tasks()
    address = download_address(staff.get(PAGE))

    assert staff.get(address).status_code == 200
    assert site("budapest", role="administrator").get(address).status_code == 404
    assert site("paris", role="editor").get(address).status_code == 403
    assert site("paris", role="resident").get(address).status_code == 403
    assert site("paris").get(address).status_code == 302


def test_what_operators_exported_is_not_the_citys_to_fetch(app, staff, run_tasks):
    with app.app_context():
        asked = operations.ask("export", "testparis")
        ident = asked.id
        end_transaction(keep=True)
    run_tasks()
    with app.app_context():
        assert db.session.get_one(Operation, ident).state is OperationState.DONE
    assert staff.get(f"{PAGE}/{ident}.zip").status_code == 404


def test_the_file_goes_after_a_week(app, site, staff, run_tasks, frozen):
    staff.post(PAGE)
    run_tasks()
    address = download_address(staff.get(PAGE))
    with app.app_context():
        (file,) = app.config["PARVIS"].exports_dir.glob("*.zip")
        assert shelf.forget_old() == 0

    frozen(datetime.now(UTC) + timedelta(days=7, minutes=1))
    assert site("paris", role="administrator").get(address).status_code == 404
    with app.app_context():
        assert shelf.forget_old() == 1
    assert not file.exists()


def test_a_stolen_cookie_fetches_no_export(staff, run_tasks, frozen):
    staff.post(PAGE)
    run_tasks()
    address = download_address(staff.get(PAGE))
    frozen(datetime.now(UTC) + timedelta(minutes=11))
    assert staff.get(address).location == f"/account/confirm?next={address}"


def test_a_new_export_replaces_the_one_before(app, staff, run_tasks):
    for _time in range(2):
        staff.post(PAGE)
        run_tasks()
    assert len(list(app.config["PARVIS"].exports_dir.glob("*.zip"))) == 1
    assert staff.get(download_address(staff.get(PAGE))).status_code == 200


@pytest.fixture
def open_vote(in_city):
    with in_city("paris"):
        edition = Edition(slug="spring", currency="EUR", slot_salt=b"s" * 32, created_at=datetime.now(UTC))
        db.session.add(edition)
        db.session.flush()
        db.session.add(RollEntry(edition_id=edition.id, voter=b"v" * 32))


def refusal(app, run_tasks):
    """Return why an export fails that was asked for past the page."""
    with app.app_context():
        operations.ask("city_export", "testparis", account=new_secret())
        end_transaction(keep=True)
    run_tasks()
    with app.app_context():
        (failed,) = operations.latest("testparis")
        assert failed.state is OperationState.FAILED
        return failed.error


def test_while_a_vote_is_open_nothing_can_be_exported(app, open_vote, staff, run_tasks):
    page = staff.get(PAGE)
    assert page.status_code == 200
    assert "<form" not in page.text.split('id="export"')[1].split("</main>")[0]
    assert staff.post(PAGE).status_code == 409

    assert "spring" in refusal(app, run_tasks)


@pytest.mark.parametrize("stage", [Stage.COUNTING, Stage.COUNTED])
def test_nothing_can_be_exported_until_a_result_is_published(app, in_city, staff, run_tasks, stage):
    with in_city("paris"):
        db.session.add(Edition(slug="spring", currency="EUR", stage=stage, created_at=datetime.now(UTC)))
    assert staff.post(PAGE).status_code == 409
    assert "not published yet: participatory_budget: vote spring" in refusal(app, run_tasks)

    with in_city("paris"):
        db.session.query(Edition).update({"stage": Stage.RESULTS})
    assert staff.post(PAGE).status_code == 303
    run_tasks()
    assert staff.get(download_address(staff.get(PAGE))).status_code == 200


def test_the_page_asks_the_database_little(app, staff, count_queries, run_tasks):
    staff.post(PAGE)
    run_tasks()
    with count_queries() as asked:
        assert staff.get(PAGE).status_code == 200
    assert len(asked) <= 12
