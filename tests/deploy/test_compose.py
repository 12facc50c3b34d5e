"""What compose.yaml promises to operators."""

import re

import pytest
import yaml

from app.core.jobs import Lane
from app.core.quotas import USUAL
from devstack.checkout import ROOT
from worker.celery_app import RELAY

COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
TEXT = (ROOT / "compose.yaml").read_text()
SERVICES = COMPOSE["services"]
OURS = ("setup", "web", "worker", "worker-prompt", "beat")
REFERENCE = re.compile(r"\$\{(\w+)([^}]*)\}")


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_service_that_keeps_running_tells_its_health(name: str) -> None:
    service = SERVICES[name]
    if service.get("restart") == "no":
        assert service["command"] == ["parvis", "setup"]
        return
    assert service["healthcheck"]["test"]
    assert {"interval", "timeout", "retries"} <= service["healthcheck"].keys()


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_service_is_confined(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service


@pytest.mark.parametrize("name", sorted(set(SERVICES) - set(OURS)))
def test_foreign_images_are_pinned_to_a_minor_version(name: str) -> None:
    assert re.search(r":v?\d+\.\d+$", SERVICES[name]["image"])


def test_there_is_no_default_password_and_no_default_secret() -> None:
    references = REFERENCE.findall(TEXT)
    secrets = {name for name, _ in references if re.search("PASSWORD|SECRET|MAIL(?!S)|DOMAIN", name)}
    assert secrets >= {"POSTGRES_PASSWORD", "DATABASE_PASSWORD", "VALKEY_PASSWORD", "SECRET_KEY", "MAIL_URL"}
    for name, rest in references:
        if name in secrets:
            assert rest.startswith(":?"), f"{name} has to be required"


def test_the_example_lists_every_required_variable_without_a_value() -> None:
    example = (ROOT / ".env.example").read_text()
    listed = re.findall(r"^(\w+)=(.*)$", example, re.MULTILINE)
    required = {name for name, rest in REFERENCE.findall(TEXT) if rest.startswith(":?")}
    assert {name for name, _ in listed} == required
    assert all(value == "" for _, value in listed)


def test_nothing_starts_before_the_tables_are_up_to_date() -> None:
    for name in ("web", "worker", "worker-prompt", "beat"):
        assert SERVICES[name]["depends_on"]["setup"]["condition"] == "service_completed_successfully"
    assert SERVICES["setup"]["depends_on"]["postgres"]["condition"] == "service_healthy"


def test_only_the_proxy_can_be_reached_from_outside() -> None:
    published = {name for name, service in SERVICES.items() if service.get("ports")}
    assert published == {"caddy", "mailpit"}
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["mailpit"]["ports"])
    assert SERVICES["mailpit"]["profiles"] == ["dev"]
    assert COMPOSE["networks"]["inside"]["internal"] is True
    for name in ("postgres", "valkey"):
        assert SERVICES[name]["networks"] == ["inside"]


def test_the_broker_keeps_what_it_was_given() -> None:
    command = SERVICES["valkey"]["command"]
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command
    assert "valkey:/data" in SERVICES["valkey"]["volumes"]


def test_the_database_lies_where_the_image_keeps_it() -> None:
    assert "postgres:/var/lib/postgresql" in SERVICES["postgres"]["volumes"]
    assert "--locale-provider=builtin" in SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"]


def test_every_file_that_is_mounted_exists() -> None:
    for service in SERVICES.values():
        for volume in service.get("volumes", ()):
            if volume.startswith("./"):
                assert (ROOT / volume.split(":")[0]).exists()


def test_a_worker_is_kept_for_what_somebody_waits_for() -> None:
    queues = SERVICES["worker-prompt"]["command"].split("-Q ")[1].split()[0].split(",")
    assert queues == [RELAY, Lane.PROMPT.queue]
    assert "-Q" not in SERVICES["worker"]["command"]


def test_quotas_are_those_of_the_product_unless_others_are_given() -> None:
    environment = SERVICES["web"]["environment"]
    told = {each: environment[f"QUOTA_{each.upper()}"].split(":-")[1].rstrip("}") for each in USUAL}
    assert told == {each: str(number) for each, number in USUAL.items()}
