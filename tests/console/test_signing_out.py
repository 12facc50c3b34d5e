import re

import pytest

from app.accounts.services import find


@pytest.fixture
def address_of(in_city):
    def of(email):
        with in_city():
            return f"/admin/people/{find(email).id}/sign-out"

    return of


def test_an_administrator_signs_a_person_out_everywhere(admin, site, address_of):
    telephone, computer = (site("paris", role="editor", email="malik@paris.example") for _twice in range(2))
    answer = admin.post(address_of("malik@paris.example"), headers={"Accept-Language": "en"})
    assert answer.status_code == 303
    for browser in (telephone, computer):
        assert "/sign-in" in browser.get("/admin/").location
    page = admin.get(answer.location, headers={"Accept-Language": "en"}).text
    assert re.search(r"2 devices are signed\s+out", page)
    assert (
        "Signed somebody out on all devices"
        in admin.get("/admin/audit", headers={"Accept-Language": "en"}).text
    )


def test_a_resident_is_signed_out_and_nobody_else(admin, resident, site, address_of):
    other = site("paris", role="resident", email="ada@paris.example")
    assert "people" in admin.post(address_of("resident@paris.example")).location
    assert resident.get("/account").status_code == 302
    assert other.get("/account").status_code == 200
    assert admin.get("/admin/").status_code == 200


def test_editors_sign_nobody_out(site, resident, address_of):
    assert site("paris", role="editor").post(address_of("resident@paris.example")).status_code == 403
    assert resident.get("/account").status_code == 200
