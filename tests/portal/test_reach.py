import base64
import re

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.core.context import current_city
from app.services import city_push
from app.testing.telephones import telephones

EN = {"Accept-Language": "en"}


@pytest.fixture
def texts(app):
    """A city that sends text messages."""
    with telephones(app):
        yield


def give(resident, number):
    return resident.post("/account/reach/phone", data={"number": number}, headers=EN)


def code_of(mails):
    return re.search(r"\d{6}", mails()[-1]["text"])[0]


def test_a_number_counts_once_its_code_came_back(texts, resident, mails):
    assert give(resident, "06 12 34 56 78").status_code == 303
    assert mails()[-1]["recipient"] == "+33612345678"
    right = code_of(mails)
    wrong = "000000" if right != "000000" else "111111"
    refused = resident.post("/account/reach/phone/code", data={"code": wrong}, headers=EN)
    assert refused.status_code == 422
    assert "not the code" in refused.text
    assert (
        resident.post("/account/reach/phone/code", data={"code": f"{right[:3]} {right[3:]}"}).status_code
        == 303
    )
    page = resident.get("/account/reach", headers=EN).text
    assert "+33612345678" in page
    assert "Confirmed" in page
    resident.post("/account/reach/phone/remove")
    assert "+33612345678" not in resident.get("/account/reach").text


def test_a_code_is_good_for_ten_minutes_and_for_one_number(texts, site, mails, frozen):
    frozen("2026-11-22T10:00")
    resident = site("paris", role="resident")
    give(resident, "06 12 34 56 78")
    old = code_of(mails)
    frozen("2026-11-22T10:01")
    give(resident, "06 12 34 56 79")
    assert resident.post("/account/reach/phone/code", data={"code": old}).status_code == 422
    new = code_of(mails)
    frozen("2026-11-22T10:12")
    late = resident.post("/account/reach/phone/code", data={"code": new}, headers=EN)
    assert late.status_code == 422
    assert "no longer good" in late.text


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("12", "There is no such"),
        ("hello", "with its country"),
        ("01 42 76 40 40", "mobile"),
        ("", "Enter the number"),
    ],
)
def test_what_is_no_mobile_number_is_refused_and_kept_in_the_form(texts, resident, number, said):
    answer = give(resident, number)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{number}"' in answer.text


def test_codes_are_not_sent_without_end(texts, resident):
    assert [give(resident, "0612345678").status_code for _ in range(6)] == [303] * 5 + [429]


def browser_keys():
    point = ec.generate_private_key(ec.SECP256R1()).public_key()
    raw = point.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    texts = [base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in (raw, b"0123456789abcdef")]
    return {"endpoint": "https://push.example/1", "p256dh": texts[0], "auth": texts[1]}


@pytest.fixture
def pushes(in_city):
    with in_city():
        city_push.switch(current_city(), on=True)


def test_a_browser_is_kept_once_and_belongs_to_who_used_it_last(pushes, site):
    keys = browser_keys()
    ada, bob = (site("paris", role="resident", email=f"{name}@example.org") for name in ("ada", "bob"))
    for _twice in range(2):
        assert ada.post("/account/reach/browsers", data=keys).status_code == 303
    assert ada.get("/account/reach").text.count("/remove") == 1
    assert bob.post("/account/reach/browsers", data=keys).status_code == 303
    assert "/remove" not in ada.get("/account/reach").text
    [ident] = re.findall(r"/browsers/([0-9a-f-]+)/remove", bob.get("/account/reach").text)
    assert ada.post(f"/account/reach/browsers/{ident}/remove").status_code == 303
    assert ident in bob.get("/account/reach").text
    bob.post(f"/account/reach/browsers/{ident}/remove")
    assert ident not in bob.get("/account/reach").text


def test_what_is_no_browser_is_refused(pushes, resident):
    assert resident.post("/account/reach/browsers", data={**browser_keys(), "auth": "x"}).status_code == 422
    wrong = {**browser_keys(), "endpoint": "http://127.0.0.1/"}
    assert resident.post("/account/reach/browsers", data=wrong).status_code == 422
    for name, value in (("endpoint", f"https://push.example/{'x' * 1000}"), ("p256dh", "!" * 200)):
        odd = {**browser_keys(), name: value if name == "endpoint" else browser_keys()[name] + value}
        assert resident.post("/account/reach/browsers", data=odd).status_code == 422, name


def test_a_city_without_notices_takes_no_browser_and_offers_none(resident):
    assert resident.post("/account/reach/browsers", data=browser_keys()).status_code == 404
    assert "data-push-key" not in resident.get("/account/reach").text
    assert "by mail only" in resident.get("/account/reach", headers=EN).text
    assert "/account/reach" not in resident.get("/account").text


def test_the_script_that_shows_notices_is_the_whole_site_s(visitor):
    answer = visitor.get("/push-worker.js")
    assert answer.status_code == 200
    assert answer.mimetype == "text/javascript"
