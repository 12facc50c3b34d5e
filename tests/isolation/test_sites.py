import io

import pytest
from PIL import Image
from sqlalchemy import select

from app.accounts.models import AccountSession
from app.core.db import db
from app.services.files import store_image
from tenants import resolve, toggles


def test_a_session_of_one_city_is_nothing_in_another(site, app):
    here = site("paris", role="administrator")
    assert here.get("/admin/").status_code == 200
    cookie = here.get_cookie("__Host-parvis", domain="paris.parvis.localhost")
    there = site("budapest")
    there.set_cookie("__Host-parvis", cookie.value, domain="budapest.parvis.localhost")
    answer = there.get("/admin/")
    assert answer.status_code == 302
    assert "/sign-in" in answer.location


def test_sessions_lie_in_the_city_they_are_for(site, in_city):
    site("paris", role="resident")
    with in_city("budapest"):
        assert db.session.scalars(select(AccountSession)).all() == []


def test_a_picture_of_one_city_is_not_served_by_another(site, in_city):
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "PNG")
    picture.seek(0)
    with in_city("paris"):
        name = store_image(picture)
    assert site("paris").get(f"/files/{name}").status_code == 200
    assert site("budapest").get(f"/files/{name}").status_code == 404


def test_switching_a_module_off_in_one_city_leaves_the_other_alone(site, in_city):
    with in_city("paris"):
        toggles.switch_off(resolve.city_by_slug("paris"), ["news"])
    assert site("paris").get("/news/").status_code == 404
    assert site("budapest").get("/news/").status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "paris.parvis.localhost.evil.example", "..", "paris..parvis.localhost", "x" * 300],
)
def test_a_host_that_is_no_citys_serves_no_city(app, host):
    answer = app.test_client().get("/", headers={"Host": host})
    assert answer.status_code in (400, 404)
    assert "Paris" not in answer.text


def test_limits_count_for_each_city_alone(site):
    for _ in range(40):
        last = site("paris").post("/sign-in", data={"email": "a@example.org", "password": "wrong password"})
    assert last.status_code == 429
    other = site("budapest").post("/sign-in", data={"email": "a@example.org", "password": "wrong password"})
    assert other.status_code != 429
