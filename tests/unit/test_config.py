import pytest

from app.core.config import read

NEEDED = {"DATABASE_URL": "postgresql://owner@db/parvis", "REDIS_URL": "redis://cache/0"}


@pytest.mark.parametrize("missing", NEEDED)
def test_what_is_missing_is_named(missing):
    with pytest.raises(SystemExit, match=missing):
        read({key: value for key, value in NEEDED.items() if key != missing})


def test_two_narrower_logins_come_from_one_address():
    config = read({**NEEDED, "SECRET_KEY": "s"})
    assert (config.web_database.username, config.platform_database.username) == (
        "parvis_web",
        "parvis_platform",
    )
    assert config.web_database.password != config.platform_database.password
    assert config.web_database.host == "db"


def test_logins_can_be_named_instead():
    config = read({**NEEDED, "SECRET_KEY": "s", "WEB_DATABASE_URL": "postgresql://web:pw@pooler:6432/parvis"})
    assert (config.web_database.host, config.web_database.port) == ("pooler", 6432)


@pytest.mark.parametrize(
    "public", [{"PUBLIC_SCHEME": "https"}, {"BASE_DOMAIN": "parvis.example"}, {"BASE_DOMAIN": "notlocalhost"}]
)
def test_a_deployment_needs_a_secret_of_its_own(public):
    with pytest.raises(SystemExit, match="SECRET_KEY"):
        read({**NEEDED, **public})
    assert read({**NEEDED, **public, "SECRET_KEY": "s"}).secret_key == "s"


@pytest.mark.parametrize("base", ["parvis.localhost", "localhost"])
def test_development_needs_no_secret(base):
    assert read({**NEEDED, "BASE_DOMAIN": base}).on_this_machine


def test_addresses_carry_the_port_people_use():
    assert (
        read({**NEEDED, "PORT": "8001"}).url("paris.parvis.localhost", "/x")
        == "http://paris.parvis.localhost:8001/x"
    )
    assert (
        read({**NEEDED, "PUBLIC_SCHEME": "https", "SECRET_KEY": "s"}).url("paris.example")
        == "https://paris.example/"
    )


@pytest.mark.parametrize(("said", "pooled"), [("", False), ("transaction", True)])
def test_a_pooler_is_named_by_its_mode(said, pooled):
    assert read({**NEEDED, "SECRET_KEY": "s", "DATABASE_POOLER": said}).database_pooled is pooled


def test_a_pooler_of_a_mode_that_was_not_tried_is_refused():
    with pytest.raises(SystemExit, match="write transaction"):
        read({**NEEDED, "SECRET_KEY": "s", "DATABASE_POOLER": "session"})
