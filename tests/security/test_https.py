"""What is added where the deployment speaks HTTPS."""

import pytest

from tests.security.walking import addresses


def ask(https_app, host, path, **options):
    client = https_app.test_client(use_cookies=False)
    return client.get(path, base_url=f"https://{host}", **options)


def test_every_answer_is_for_https_alone_and_every_cookie_for_its_host(app, https_app):
    """One walk for both: each address is asked once, cities' and the platform's in turn."""
    seen = set()
    for place, address in enumerate(addresses(https_app)):
        if "GET" not in address.methods:
            continue
        host = ("paris.parvis.localhost", "parvis.localhost")[place % 2]
        answer = ask(https_app, host, address.path, query_string={"lang": "hu"})
        said = answer.headers["Strict-Transport-Security"]
        assert said == "max-age=31536000; includeSubDomains", str(address)
        for cookie in answer.headers.getlist("Set-Cookie"):
            seen.add(cookie.partition("=")[0])
            parts = {part.strip().lower() for part in cookie.split(";")[1:]}
            assert {"secure", "httponly", "path=/"} <= parts, cookie
            assert {"samesite=lax", "samesite=strict"} & parts, cookie
            assert not [part for part in parts if part.startswith("domain")], cookie
            assert len(cookie) < 4096
    assert seen
    assert [name for name in seen if not name.startswith("__Host-")] == []


@pytest.mark.parametrize(
    "path", ["/", "/sign-in", "/static/parvis.css", "/nothing", "/healthz", "/theme.css"]
)
def test_files_errors_and_probes_say_so_as_well(app, https_app, path):
    assert (
        "max-age=31536000"
        in ask(https_app, "paris.parvis.localhost", path).headers["Strict-Transport-Security"]
    )


def test_the_cookie_that_signs_in_has_the_host_prefix(app):
    assert app.config["SESSION_COOKIE_NAME"].startswith("__Host-")
