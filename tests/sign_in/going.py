"""The way of a browser to another service and back."""

from urllib.parse import parse_qs, urlencode, urlsplit

from tests.sign_in.conftest import EN

HERE = "http://paris.parvis.localhost:8000"


def leave(browser, ident, back=""):
    page = browser.post(f"/sign-in/with/{ident}", data={"next": back}, headers=EN)
    assert page.status_code == 200, page.text
    return page.headers["Refresh"].removeprefix("0; url=")


def come(browser, ident, service, back="", change=lambda url: url):
    target = change(service.authorize(leave(browser, ident, back)))
    assert target.startswith(f"{HERE}/sign-in/with/{ident}/back?")
    return browser.get(target.removeprefix(HERE), headers=EN)


def replaced(name, value):
    def change(url):
        parts = urlsplit(url)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()} | {name: value}
        return parts._replace(query=urlencode({k: v for k, v in query.items() if v is not None})).geturl()

    return change
