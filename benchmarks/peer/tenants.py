"""Make the peer's database and as many tenants as wanted; the first by its own migrations, the others as copies."""

import os
import subprocess
import sys

import psycopg

from benchmarks.measuring import progress
from benchmarks.peer.town import rows as town
from benchmarks.servers import Servers
from benchmarks.services import NAMES, rows, write_apps
from devstack.checkout import ROOT
from devstack.services.cluster import OWNER

DATABASE = "peer"
FIRST = "t00000"


def prepare(servers: Servers, *, services: int = len(NAMES)) -> dict[str, str]:
    """Make the database, the registry and the first tenant; returns the environment of the peer's processes."""
    servers.postgres.ensure_database(DATABASE)
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join((str(write_apps(servers.folder)), str(ROOT))),
        "DJANGO_SETTINGS_MODULE": "benchmarks.peer.settings",
        "PEER_HOST": str(servers.postgres.socket_dir),
        "PEER_USER": OWNER,
        "PEER_SERVICES": str(services),
        "REDIS_URL": servers.valkey.url,
    }
    manage(environment, "migrate_schemas", "--shared")
    manage(environment, "create_tenant", *_facts(0), "--noinput")
    _fill(servers, 0, services)
    return environment


def manage(environment: dict[str, str], *words: str) -> None:
    """Run one of Django's commands; raises when it fails, with what it said."""
    command = [sys.executable, "-m", "benchmarks.peer.manage", *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(words)} failed:\n{done.stdout}{done.stderr}")


def make(servers: Servers, number: int, *, services: int = len(NAMES)) -> None:
    """Make tenants until there are `number`, by replaying the first one's tables and rows under other names."""
    script = dump(servers)
    with psycopg.connect(servers.plain_url(DATABASE), autocommit=True) as connection:
        found = connection.execute("SELECT count(*) FROM customers_client").fetchone()
        have = found[0] if found else 0
        for index in progress(range(have, number), number - have, "peer's tenants"):
            name = schema_of(index)
            copied = script.replace(FIRST, name).replace(name_of(0), name_of(index))
            connection.execute(f"{copied}\nRESET search_path;".encode())
            client = connection.execute(
                "INSERT INTO customers_client (schema_name, name) VALUES (%s, %s) RETURNING id",
                (name, name_of(index)),
            ).fetchone()
            connection.execute(
                "INSERT INTO customers_domain (domain, is_primary, tenant_id) VALUES (%s, true, %s)",
                (host_of(index), client[0] if client else None),
            )
        connection.execute("VACUUM ANALYZE customers_client, customers_domain")


def dump(servers: Servers) -> str:
    """Return the first tenant as statements."""
    where = ("-h", servers.postgres.socket_dir, "-U", OWNER, "-d", DATABASE)
    said = servers.postgres.programs.call(
        "pg_dump", *where, "-n", FIRST, "--inserts", "--no-owner", "--no-privileges"
    )
    if said.returncode:
        raise SystemExit(said.stderr)
    return "\n".join(line for line in said.stdout.splitlines() if not line.startswith("\\"))


def schema_of(index: int) -> str:
    """Return the schema of the tenant with this number."""
    return f"t{index:05}"


def name_of(index: int) -> str:
    """Return the name of the city with this number; the same in Parvis."""
    return f"City {index:05}"


def host_of(index: int) -> str:
    """Return the host of the city with this number; the same in Parvis."""
    return f"c{index:05}.parvis.localhost"


def _facts(index: int) -> tuple[str, ...]:
    return (
        f"--schema_name={schema_of(index)}",
        f"--name={name_of(index)}",
        f"--domain-domain={host_of(index)}",
        "--domain-is_primary=True",
    )


def _fill(servers: Servers, index: int, services: int) -> None:
    with psycopg.connect(servers.plain_url(DATABASE), autocommit=True) as connection:
        connection.execute(rows.fill(schema_of(index), name_of(index), NAMES[:services]).encode())
        connection.execute(town.fill(schema_of(index), name_of(index)).encode())
