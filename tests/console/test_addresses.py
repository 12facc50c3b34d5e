import re

import pytest

from app.accounts import roles_own, services, staffing
from app.accounts.models import Role
from app.accounts.staffing import Given
from app.console.addresses import MOST_FORMER
from app.console.domain_checks import check_domains
from app.core.db import db, end_transaction
from tenants import domains
from tenants.models import Domain

PAGE = "/admin/settings/addresses"
HOST = "services.ville.fr"


@pytest.fixture
def run_due(app, run_tasks):
    """Do what the schedule asks for now."""

    def run():
        with app.app_context():
            check_domains()
            end_transaction(keep=True)
        return run_tasks()

    return run


@pytest.fixture
def answer_for(dns):
    """Put the records that the page of a domain asks for into the DNS."""

    def enter(page, *, leads="192.0.2.10"):
        shown = re.findall(r"<code[^>]*>([^<]+)</code>", page)
        name, value = shown[:2]
        dns.put(name, "TXT", f'"{value}"')
        if leads:
            dns.put(HOST, "A", leads)
        return name, value

    return enter


def test_the_settings_lead_to_the_addresses(admin):
    assert f'href="{PAGE}"' in admin.get("/admin/settings").text
    page = admin.get(PAGE).text
    assert "paris.parvis.localhost" in page
    assert f'href="{PAGE}/change"' in page
    assert f'href="{PAGE}/add"' in page


def test_the_address_is_changed_by_whoever_types_the_present_one(admin, english):
    page = admin.get(f"{PAGE}/change").text
    assert "Everybody has to sign in again, you too." in page
    done = admin.post(f"{PAGE}/change", data={"slug": "Lutece", "typed": "paris"})
    assert done.status_code == 200
    assert "Your city is at lutece.parvis.localhost" in done.text
    onward = "http://lutece.parvis.localhost:8000/sign-in?next=/admin/settings/addresses"
    assert f'href="{onward}"' in done.text
    assert english().get("/contact").location == "http://lutece.parvis.localhost:8000/contact"
    there = english("lutece", role="administrator", email="second@lutece.example")
    assert "paris.parvis.localhost" in there.get(PAGE).text
    log = there.get("/admin/audit").text
    assert "Changed the name or the address of the city" in log
    assert "Address: paris → lutece" in log


@pytest.mark.parametrize(
    ("slug", "typed", "said"),
    [
        ("lutece", "", "Fill this in."),
        ("lutece", "Pariss", "This is not the present address. Type paris."),
        ("", "paris", "Fill this in."),
        ("x", "paris", "at least 3 characters"),
        ("www", "paris", "is kept for the platform"),
        ("budapest", "paris", "budapest.parvis.localhost is already taken."),
        ("paris", "paris", "This is the present address."),
    ],
)
def test_a_wrong_address_is_shown_again_with_what_was_typed(admin, english, slug, typed, said):
    answer = admin.post(f"{PAGE}/change", data={"slug": slug, "typed": typed})
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{slug}"' in answer.text
    assert english().get("/contact").status_code == 200


def test_other_addresses_are_offered_for_one_that_is_taken(admin):
    page = admin.post(f"{PAGE}/change", data={"slug": "budapest", "typed": "paris"}).text
    assert re.search(r"Free now: budapest-\w+, ", page)


def test_nobody_collects_addresses_by_changing_often(admin, english):
    present = "paris"
    for number in range(MOST_FORMER):
        admin.host = f"{present}.parvis.localhost"
        data = {"slug": f"lutece-{number}", "typed": present}
        with admin.session_transaction() as cookie:
            held = dict(cookie)
        assert admin.post(f"{PAGE}/change", data=data).status_code == 200
        present = f"lutece-{number}"
        admin.host = f"{present}.parvis.localhost"
        with admin.session_transaction() as cookie:
            cookie.update(held)
    refused = admin.post(f"{PAGE}/change", data={"slug": "one-more", "typed": present})
    assert refused.status_code == 422
    assert "Your city has had 10 other addresses." in refused.text
    assert (
        "Your city is at paris."
        in admin.post(f"{PAGE}/change", data={"slug": "paris", "typed": present}).text
    )


def test_the_whole_present_address_confirms_as_well(admin):
    data = {"slug": "lutece.parvis.localhost", "typed": "http://paris.parvis.localhost/"}
    assert "Your city is at lutece.parvis.localhost" in admin.post(f"{PAGE}/change", data=data).text


def test_from_a_pasted_address_to_the_main_one(admin, dns, answer_for, english):
    added = admin.post(f"{PAGE}/add", data={"host": f"https://{HOST.upper()}/start"})
    assert (added.status_code, added.location) == (303, f"{PAGE}/{HOST}")
    page = admin.get(added.location).text
    assert "Waiting for its proof" in page
    assert "Nobody has looked for the record yet." in page
    assert re.search(rf"<code[^>]*>_parvis\.{HOST}</code>", page)
    assert re.search(r"<code[^>]*>parvis-verify=[0-9a-f]{32}</code>", page)
    for value in ("192.0.2.10", "2001:db8::10", "parvis.example"):
        assert f">{value}</code>" in page

    admin.post(f"{PAGE}/{HOST}/check")
    assert (
        "The record was not found. Changes in the DNS can take up to 24 hours."
        in admin.get(added.location).text
    )
    dns.put(f"_parvis.{HOST}", "TXT", '"v=spf1 <-all>"')
    admin.post(f"{PAGE}/{HOST}/check")
    assert "Found instead: “v=spf1 &lt;-all&gt;”." in admin.get(added.location).text

    answer_for(page)
    assert admin.post(f"{PAGE}/{HOST}/check").status_code == 303
    page = admin.get(added.location).text
    assert "is proven. It leads to your city now." in page
    assert "The record was found." in page
    assert "The domain leads here." in page

    assert "sign in again" in admin.get(f"{PAGE}/{HOST}/main").text
    done = admin.post(f"{PAGE}/{HOST}/main")
    assert f"Your city is at {HOST}" in done.text
    assert english().get("/contact").location == f"http://{HOST}:8000/contact"


def test_whole_domains_are_led_here_by_numbers_and_names_below_by_a_name(admin, dns):
    admin.post(f"{PAGE}/add", data={"host": "ville.fr"})
    assert "CNAME" not in admin.get(f"{PAGE}/ville.fr").text
    admin.post(f"{PAGE}/add", data={"host": HOST})
    page = admin.get(f"{PAGE}/{HOST}").text
    assert page.index("CNAME") < page.index("does not allow a record of this kind") < page.index("AAAA")


def test_a_city_with_a_main_domain_gets_another_address_beside_it(admin, prove, english):
    prove(HOST, main=True)
    data = {"slug": "lutece", "typed": "paris"}
    done = admin.post(f"{PAGE}/change", data=data, headers={"Origin": "http://paris.parvis.localhost:8000"})
    assert f"Your city is at {HOST}" in done.text
    assert "Its address on this platform is lutece.parvis.localhost from now on." in done.text
    for former in ("paris", "lutece"):
        assert english(former).get("/contact").location == f"http://{HOST}:8000/contact"


def test_a_domain_that_leads_elsewhere_becomes_the_main_one_only_on_purpose(admin, answer_for):
    page = admin.get(admin.post(f"{PAGE}/add", data={"host": HOST}).location).text
    answer_for(page, leads="198.51.100.7")
    admin.post(f"{PAGE}/{HOST}/check")
    asked = admin.post(f"{PAGE}/{HOST}/main")
    assert asked.status_code == 409
    assert "The domain leads to 198.51.100.7, which is not here. Visitors would see an error." in asked.text
    assert admin.get(PAGE).status_code == 200
    assert "Your city is at" in admin.post(f"{PAGE}/{HOST}/main", data={"sure": "y"}).text


def test_whoever_only_manages_settings_does_not_choose_where_sign_in_links_lead(site, prove, in_city):
    prove(HOST)
    with in_city():
        ines = services.create_confirmed("ines@paris.example", "Ines", role=Role.RESIDENT, language="en")
        role = roles_own.make_role({"en": "Settings"}, ["console.manage"])
        staffing.set_roles(ines.id, [Given(role_id=role.id)])
    clerk = site("paris", role="resident", email="ines@paris.example")
    assert f"{HOST}/main" not in clerk.get(f"{PAGE}/{HOST}").text
    assert clerk.post(f"{PAGE}/{HOST}/main", data={"sure": "y"}).status_code == 403


def test_a_claim_becomes_no_main_address(admin, dns):
    admin.post(f"{PAGE}/add", data={"host": HOST})
    assert admin.get(f"{PAGE}/{HOST}/main").status_code == 409
    assert admin.post(f"{PAGE}/{HOST}/main", data={"sure": "y"}).status_code == 409
    assert admin.get(PAGE).status_code == 200


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter the domain, such as"),
        ("ville", "Enter the whole name with its ending"),
        ("192.0.2.7", "This is a number of a machine."),
        ("pa ris_x", "Enter the whole name with its ending"),
        ("b@d_.ville.fr", "This is no host name."),
        ("lutece.parvis.localhost", "are given out by the platform"),
    ],
)
def test_a_wrong_domain_is_shown_again(admin, typed, said):
    answer = admin.post(f"{PAGE}/add", data={"host": typed})
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{typed}"' in answer.text


def test_removing_asks_first_and_says_what_follows(admin, prove, app):
    prove(HOST)
    page = admin.get(f"{PAGE}/{HOST}/remove").text
    assert "Another city that can prove it may take it." in page
    assert HOST in admin.get(PAGE).text
    assert admin.post(f"{PAGE}/{HOST}/remove").location == PAGE
    assert f"{PAGE}/{HOST}" not in admin.get(PAGE).text
    with app.app_context():
        assert db.session.query(Domain).count() == 0


def test_without_its_main_domain_the_city_says_where_it_is(english, prove):
    prove(HOST, main=True)
    admin = english(role="administrator")
    with admin.session_transaction() as cookie:
        held = dict(cookie)
    admin.host = HOST
    with admin.session_transaction() as cookie:
        cookie.update(held)
    page = admin.get(f"{PAGE}/{HOST}/remove").text
    assert "name the address on this platform again" in page
    assert "Your city is at paris.parvis.localhost" in admin.post(f"{PAGE}/{HOST}/remove").text
    assert english().get("/contact").status_code == 200


def test_the_address_on_the_platform_becomes_the_main_one_again(english, prove):
    prove(HOST, main=True)
    admin = english(role="administrator")
    with admin.session_transaction() as cookie:
        held = dict(cookie)
    admin.host = HOST
    with admin.session_transaction() as cookie:
        cookie.update(held)
    assert "Make paris.parvis.localhost the main address" in admin.get(PAGE).text
    assert "Your city is at paris.parvis.localhost" in admin.post(f"{PAGE}/main-below").text
    assert english().get("/contact").status_code == 200


def test_domains_of_other_cities_are_not_there(admin, prove):
    prove("ville.hu", "budapest")
    for way in ("", "/main", "/remove"):
        assert admin.get(f"{PAGE}/ville.hu{way}").status_code == 404
    for way in ("/check", "/main", "/remove"):
        assert admin.post(f"{PAGE}/ville.hu{way}").status_code == 404


def test_checks_are_limited(admin, dns):
    admin.post(f"{PAGE}/add", data={"host": HOST})
    answers = [admin.post(f"{PAGE}/{HOST}/check").status_code for _ in range(31)]
    assert answers == [303] * 30 + [429]


def test_the_worker_finds_the_proof_and_tells_the_administrators(
    admin,
    english,
    dns,
    answer_for,
    mails,
    frozen,
    run_due,
):
    english(role="editor")
    page = admin.get(admin.post(f"{PAGE}/add", data={"host": HOST}).location).text
    answer_for(page)
    run_due()
    (mail,) = mails()
    assert mail["recipient"] == "administrator@paris.example"
    assert f"/admin/settings/addresses/{HOST}" in mail["text"]
    assert "http://paris.parvis.localhost:8000/admin/settings/addresses/" in mail["text"]
    assert "Leads to the main address" in admin.get(f"{PAGE}/{HOST}").text


def test_the_worker_warns_of_a_missing_proof_and_lets_go_after_a_week(
    english,
    in_town,
    dns,
    prove,
    mails,
    frozen,
    run_due,
):
    frozen("2026-11-01T10:00")
    prove(HOST)
    dns.take(f"_parvis.{HOST}")
    frozen("2026-12-01T10:00")
    english(role="administrator")
    run_due()
    run_due()
    (warned,) = mails()
    assert HOST in warned["subject"]
    frozen("2026-12-08T10:00")
    run_due()
    assert len(mails()) == 2
    with in_town("paris") as city:
        assert not domains.find(city.id, HOST).verified


def test_the_list_asks_the_database_as_much_for_ten_domains_as_for_one(admin, in_town, count_queries):
    def ask():
        admin.get(PAGE)
        with count_queries() as asked:
            assert admin.get(PAGE).status_code == 200
        return len(asked)

    with in_town("paris") as city:
        domains.add(city, "d0.ville.fr")
    one = ask()
    with in_town("paris") as city:
        for number in range(1, 10):
            domains.add(city, f"d{number}.ville.fr")
    assert ask() == one
