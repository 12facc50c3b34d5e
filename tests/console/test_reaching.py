import json
import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from app.accounts import roles_own, services, staffing
from app.accounts.models import Role
from app.accounts.staffing import Given
from app.core.audit import latest
from app.core.context import current_city
from app.core.sealing import seal
from app.core.settings import store, stored
from app.services.city_mail import own_server, way_of
from app.services.city_push import signer_of
from app.services.city_sms import provider_of
from app.services.mail import Mail
from devstack.services.process import free_port
from tests.certificates import certificate

PROVIDER = {
    "address": "https://93.184.215.14/messages",
    "authorization": "Bearer s3cret-key",
    "body": '{"to": "{to}", "text": "{text}"}',
}


class Server:
    """A mail server that knows one name and password."""

    def __init__(self):
        self.taken = []

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802  aiosmtpd's name
        self.taken.append(envelope)
        return "250 taken"


def knows(_server, _session, _envelope, _mechanism, login):
    return AuthResult(success=login.login == b"paris" and login.password == b"tulip-7", handled=True)


@pytest.fixture
def mail_server(app, tmp_path, monkeypatch):
    """A server with STARTTLS on this machine, whose certificate the machine trusts."""
    pem = certificate("localhost", tmp_path / "pair.pem")
    (tmp_path / "trusted.pem").write_text(pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "trusted.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "pair.pem")
    server = Server()
    options = {
        "tls_context": context,
        "require_starttls": True,
        "authenticator": knows,
        "auth_required": True,
    }
    port = free_port()
    controller = Controller(server, hostname="127.0.0.1", port=port, **options)
    controller.start()
    usual = app.config["PARVIS"]
    app.config["PARVIS"] = replace(usual, outbound_allow=(f"localhost:{port}",))
    server.port = port
    yield server
    app.config["PARVIS"] = usual
    controller.stop()


def typed(server, **changed):
    return {
        "sender": "Bonjour@Ville.Example",
        "host": "localhost",
        "security": "smtp",
        "port": str(server.port),
        "user": "paris",
        "password": "tulip-7",
        "selector": "",
        **changed,
    }


def test_a_city_sends_through_its_own_server(admin, in_city, mail_server):
    assert admin.post("/admin/reaching/mail", data=typed(mail_server)).status_code == 303
    assert "bonjour@ville.example" in admin.get("/admin/reaching").text
    with in_city():
        way = way_of(current_city())
        assert (way.sender, way.own) == ("bonjour@ville.example", True)
        way.door.send(
            Mail("ada@example.org", way.sender_name, way.sender, "Hello", "Text", "<p>Text</p>", "fr")
        )
        assert "tulip" not in json.dumps(dict(stored("platform.mail")))
    with in_city("budapest"):
        assert own_server(current_city()) is None
        assert not way_of(current_city()).own
    [envelope] = mail_server.taken
    assert envelope.mail_from == "bonjour@ville.example"


def test_a_wrong_password_is_said_and_nothing_is_kept(admin, in_city, mail_server):
    answer = admin.post("/admin/reaching/mail", data=typed(mail_server, password="rose-8"))
    assert answer.status_code == 422
    assert "did not let us in" in answer.text
    assert "bonjour@ville.example" in answer.text.lower()
    assert "rose-8" not in answer.text
    with in_city():
        assert own_server(current_city()) is None


def test_the_password_stays_when_none_is_typed_and_goes_with_the_server(admin, in_city, mail_server):
    admin.post("/admin/reaching/mail", data=typed(mail_server))
    assert (
        admin.post("/admin/reaching/mail", data=typed(mail_server, password="", selector="s1")).status_code
        == 303
    )
    with in_city():
        assert own_server(current_city()).password == "tulip-7"
    assert "s1._domainkey.ville.example" in admin.get("/admin/reaching/mail/dns").text
    assert admin.post("/admin/reaching/mail/remove").status_code == 303
    with in_city():
        assert own_server(current_city()) is None


@pytest.mark.parametrize("host", ["127.0.0.1", "169.254.169.254", "10.0.0.5"])
def test_a_server_inside_is_refused(admin, mail_server, host):
    answer = admin.post("/admin/reaching/mail", data=typed(mail_server, host=host, port=""))
    assert answer.status_code == 422
    assert "not on the open internet" in answer.text


def test_a_provider_of_text_messages_is_kept_with_its_key_sealed(admin, in_city):
    assert admin.post("/admin/reaching/sms", data=PROVIDER).status_code == 303
    page = admin.get("/admin/reaching/sms").text
    assert "93.184.215.14" in page
    assert "s3cret" not in page + admin.get("/admin/audit").text
    with in_city():
        assert provider_of(current_city()).authorization == "Bearer s3cret-key"
        assert "s3cret" not in json.dumps(dict(stored("platform.sms")))
    assert admin.post("/admin/reaching/sms/remove").status_code == 303
    with in_city():
        assert provider_of(current_city()) is None


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"address": "https://10.1.2.3/"}, "not on the open internet"),
        ({"address": "http://93.184.215.14/"}, "begin with https"),
        ({"body": "to={to}"}, "not JSON"),
        ({"body": '{"to": "{to}"}'}, "where the message goes"),
    ],
)
def test_a_provider_that_cannot_work_is_refused(admin, changed, said):
    answer = admin.post("/admin/reaching/sms", data={**PROVIDER, **changed})
    assert answer.status_code == 422
    assert said in answer.text


def test_notices_in_browsers_are_switched_and_the_key_stays(admin, in_city):
    admin.post("/admin/reaching/push", data={"on": "1"})
    with in_city():
        key = signer_of(current_city()).public_key
    admin.post("/admin/reaching/push", data={"on": "0"})
    with in_city():
        assert signer_of(current_city()) is None
    admin.post("/admin/reaching/push", data={"on": "1"})
    with in_city():
        assert signer_of(current_city()).public_key == key


def test_editors_do_not_choose_the_ways(site):
    assert site("paris", role="editor").get("/admin/reaching").status_code == 403


def test_whoever_only_manages_settings_does_not_choose_the_server_of_sign_in_links(
    site, admin, in_city, mail_server
):
    with in_city():
        ines = services.create_confirmed("ines@paris.example", "Ines", role=Role.RESIDENT, language="en")
        role = roles_own.make_role({"en": "Settings"}, ["console.manage"])
        staffing.set_roles(ines.id, [Given(role_id=role.id)])
    clerk = site("paris", role="resident", email="ines@paris.example")
    assert clerk.get("/admin/reaching").status_code == 200
    assert "/admin/reaching/mail" not in clerk.get("/admin/reaching").text
    assert clerk.post("/admin/reaching/mail", data=typed(mail_server)).status_code == 403
    assert clerk.post("/admin/reaching/mail/remove").status_code == 403
    assert "/admin/reaching/mail" in admin.get("/admin/reaching").text


def test_a_stolen_cookie_does_not_choose_the_server(admin, in_city, mail_server, frozen):
    frozen(datetime.now(UTC) + timedelta(minutes=11))
    asked = admin.post("/admin/reaching/mail", data=typed(mail_server), headers={"Accept-Language": "en"})
    assert "Is it you?" in asked.text
    with in_city():
        assert own_server(current_city()) is None


def test_the_password_that_is_kept_goes_to_no_other_server_and_no_other_name(admin, in_city, mail_server):
    admin.post("/admin/reaching/mail", data=typed(mail_server))
    for changed in ({"host": "93.184.215.14"}, {"user": "thief"}):
        answer = admin.post("/admin/reaching/mail", data=typed(mail_server, password="", **changed))
        assert answer.status_code == 422
        assert "Remplissez" in answer.text or "Fill this in." in answer.text
    admin.post("/admin/reaching/sms", data=PROVIDER)
    admin.post(
        "/admin/reaching/sms", data={**PROVIDER, "address": "https://93.184.215.15/", "authorization": ""}
    )
    with in_city():
        assert own_server(current_city()).user == "paris"
        assert provider_of(current_city()).authorization == ""


def test_a_key_in_the_address_of_a_provider_is_not_in_the_audit_log(admin, in_city):
    address = f"{PROVIDER['address']}/{'Ab1' * 20}?key=s3cret"
    assert admin.post("/admin/reaching/sms", data={**PROVIDER, "address": address}).status_code == 303
    with in_city():
        [entry] = latest(1)
        assert entry.details == {"server": "93.184.215.14"}


def test_a_city_restored_under_another_key_sends_through_the_platforms_server(admin, in_city, mail_server):
    admin.post("/admin/reaching/mail", data=typed(mail_server))
    with in_city():
        store("platform.mail", {**stored("platform.mail"), "password": seal("elsewhere", b"", "tulip-7")})
    with in_city():
        assert own_server(current_city()) is None
        assert not way_of(current_city()).own
