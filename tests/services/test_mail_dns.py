import pytest

from app.services.mail_dns import Said, dkim, dmarc, findings, spf


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ((), Said.ABSENT),
        (("google-site-verification=x",), Said.ABSENT),
        (("v=spf1 include:_spf.example.net -all",), Said.GOOD),
        (("v=spf1 mx ~all", "other"), Said.GOOD),
        (("v=spf1 redirect=_spf.example.net",), Said.GOOD),
        (("v=spf1 mx ?all",), Said.WEAK),
        (("v=spf1 mx",), Said.WEAK),
        (("v=spf1 +all",), Said.BAD),
        (("v=spf1 mx -all", "v=spf1 a -all"), Said.BAD),
        (("v=spf10 -all",), Said.ABSENT),
    ],
)
def test_who_may_send_for_a_domain(records, said):
    assert spf(records)[1] is said


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ((), Said.ABSENT),
        (("v=DKIM1; k=rsa; p=MIGfMA0GCSq",), Said.GOOD),
        (("k=rsa; p=MIGf MA0GCSq",), Said.GOOD),
        (("v=DKIM1; t=y; p=MIGfMA0",), Said.WEAK),
        (("v=DKIM1; p=",), Said.BAD),
        (("v=DKIM2; p=MIGf",), Said.BAD),
        (("hello",), Said.BAD),
    ],
)
def test_how_mails_are_signed(records, said):
    assert dkim(records)[1] is said


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ((), Said.ABSENT),
        (("v=DMARC1; p=reject; rua=mailto:x@example.org",), Said.GOOD),
        (("v=DMARC1; p=none",), Said.WEAK),
        (("v=DMARC1; rua=mailto:x@example.org",), Said.BAD),
        (("v=DMARC1; p=reject", "v=DMARC1; p=none"), Said.BAD),
    ],
)
def test_what_receivers_should_do(records, said):
    assert dmarc(records)[1] is said


def test_where_nobody_answers_nothing_is_known(app):
    with app.app_context():
        found = findings("hello@paris.example", "s1")
    assert [(each.kind, each.name) for each in found] == [
        ("SPF", "paris.example"),
        ("DKIM", "s1._domainkey.paris.example"),
        ("DMARC", "_dmarc.paris.example"),
    ]
    assert {each.said for each in found} == {Said.UNKNOWN}
