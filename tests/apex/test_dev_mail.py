from dataclasses import replace
from uuid import uuid4

import pytest

from app.apex.dev_mail import as_paragraphs, shows_mail, with_links


def paths(apex):
    page = apex.get("/dev/mail").text
    return [part.split('"')[0] for part in page.split('href="')[1:] if part.startswith("/dev/mail/")]


def test_mails_are_listed_newest_first(apex, ask, run_tasks):
    assert "No mail yet" in apex.get("/dev/mail").text
    for name in ("Eger", "Vác"):
        ask(city_name=name)
        run_tasks()
    page = apex.get("/dev/mail").text
    assert page.index("Set up Vác") < page.index("Set up Eger")


def test_the_links_of_a_mail_can_be_followed(apex, ask, mailed_link):
    ask()
    link = mailed_link()
    (path,) = paths(apex)
    assert f'<a href="http://parvis.localhost:8000{link}">' in apex.get(path).text
    assert apex.get(link).status_code == 200


def test_a_mail_as_it_was_sent_is_shut_off(apex, ask, run_tasks):
    ask()
    run_tasks()
    (path,) = paths(apex)
    answer = apex.get(f"{path}/html")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "/start/link/" in answer.text


def test_an_unknown_mail_is_not_there(apex, ask, run_tasks):
    ask()
    run_tasks()
    for path in (f"/dev/mail/{uuid4()}", "/dev/mail/..", "/dev/mail/x", "/dev/mail/%2e%2e%2fenvironment"):
        assert apex.get(path).status_code == 404


@pytest.mark.parametrize(
    "change", [{"mail_url": "smtp://mail.example"}, {"mail_url": "null:"}, {"scheme": "https"}]
)
def test_no_real_deployment_shows_mails(app, apex, ask, run_tasks, change):
    ask()
    run_tasks()
    (path,) = paths(apex)
    kept = app.config["PARVIS"]
    app.config["PARVIS"] = replace(kept, **change)
    try:
        for address in ("/dev/mail", path, f"{path}/html"):
            assert apex.get(address).status_code == 404
    finally:
        app.config["PARVIS"] = kept


def test_a_deployment_that_others_can_reach_shows_no_mails(app):
    kept = app.config["PARVIS"]
    with app.app_context():
        assert shows_mail()
        app.config["PARVIS"] = replace(kept, base_domain="parvis.example")
        shown = shows_mail()
    app.config["PARVIS"] = kept
    assert not shown


def test_only_addresses_become_links():
    html = with_links("<b>See</b> http://a.example/x?y=1&z=2. (http://b.example) javascript:alert(1)")
    assert html == (
        '&lt;b&gt;See&lt;/b&gt; <a href="http://a.example/x?y=1&amp;z=2">http://a.example/x?y=1&amp;z=2</a>. '
        '(<a href="http://b.example">http://b.example</a>) javascript:alert(1)'
    )


def test_the_lines_of_a_mail_stay_lines():
    assert as_paragraphs("Hello <you>,\n\nOpen:\nhttp://a.example\n") == (
        '<p>Hello &lt;you&gt;,</p><p>Open:<br><a href="http://a.example">http://a.example</a></p>'
    )
