"""Look the deployment over: rights that lead out of a city, schemas and roles without a city, revisions, keys.

Nothing is changed. Reads the system catalogs as a whole, which takes seconds with thousands of cities.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from flask import current_app
from sqlalchemy import Connection, text

from app.core.config import Config
from tenants import doors, owner
from tenants.migrate import status, survey

LOCKS_NEEDED = 256
OLDEST_SERVER = 160000
MOST_NAMED = 10


class Weight(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be, and what to do about it."""

    weight: Weight
    what: str
    remedy: str


Check = Callable[[Connection, Config], Iterator[Finding]]


def examine() -> list[Finding]:
    """Return everything that is not as it should be; nothing when all is well."""
    config: Config = current_app.config["PARVIS"]
    with owner.transaction() as connection:
        found = [finding for check in CHECKS for finding in check(connection, config)]
    return found + list(_revisions())


def _doors(connection: Connection, config: Config) -> Iterator[Finding]:
    """Yield the rights that everybody has and nobody should."""
    for door in doors.still_open(connection):
        yield Finding(
            Weight.WARNING,
            f"everybody has a right that would let a flawed query take another city's role: {door.what}",
            f"as a superuser, once: {door.by_hand(str(config.database.username))}",
        )
    statement = text("SELECT has_database_privilege('public', current_database(), 'TEMPORARY')")
    if connection.scalar(statement):
        yield Finding(
            Weight.ERROR, "everybody may make temporary tables, which would hide a city's", "parvis setup"
        )


def _logins(connection: Connection, config: Config) -> Iterator[Finding]:
    """Yield what is wrong with the logins of requests and of the platform."""
    facts = text(
        "SELECT rolsuper, rolinherit, rolcreaterole, rolbypassrls,"
        " EXISTS (SELECT 1 FROM pg_shdepend WHERE refobjid = r.oid AND deptype = 'o') AS owns"
        " FROM pg_roles r WHERE rolname = :name"
    )
    for url in (config.web_database, config.platform_database):
        if url.username == config.database.username:
            yield Finding(
                Weight.WARNING, f"{url.username} is the owner's login, too", "take a login of its own"
            )
            continue
        found = connection.execute(facts, {"name": url.username}).first()
        if found is None:
            yield Finding(Weight.ERROR, f"the login {url.username} is missing", "parvis setup")
        elif any(found):
            marks = [name for name, is_so in found._asdict().items() if is_so]
            yield Finding(
                Weight.ERROR, f"the login {url.username} may too much: {', '.join(marks)}", "take it away"
            )


def _strangers(connection: Connection, config: Config) -> Iterator[Finding]:
    """Yield cities without a place in the database, and places without a city."""
    for what, statement, remedy in (
        ("cities without a schema", _NO_SCHEMA, "restore them from a backup, or erase them"),
        ("cities without a role of their own that requests may take", _NO_ROLE, "restore role and grants"),
        (
            "cities whose role may not use its schema",
            _NO_USAGE,
            "GRANT USAGE ON SCHEMA … TO the role of its name",
        ),
        ("schemas without a city", _LOST_SCHEMA, "look what is in them; DROP SCHEMA … CASCADE"),
        ("roles without a city", _LOST_ROLE, "DROP OWNED BY …; DROP ROLE …"),
        (
            "schemas that others than their city and the owner may use",
            _SHARED,
            "REVOKE ALL ON SCHEMA … FROM …",
        ),
        ("tables without a primary key", _NO_KEY, "give them one; a cluster needs it"),
        ("tables of a city that are not the owner's", _NOT_OURS, "ALTER TABLE … OWNER TO the owner"),
    ):
        names = list(connection.scalars(text(statement), {"web": config.web_database.username}))
        if names:
            more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
            yield Finding(Weight.ERROR, f"{what}: {', '.join(names[:MOST_NAMED])}{more}", remedy)


def _server(connection: Connection, _config: Config) -> Iterator[Finding]:
    """Yield settings of the server that thousands of cities do not go with."""
    if int(connection.scalar(text("SHOW server_version_num")) or 0) < OLDEST_SERVER:
        yield Finding(Weight.ERROR, "this PostgreSQL is older than 16", "take a newer one")
    locks = int(connection.scalar(text("SHOW max_locks_per_transaction")) or 0)
    if locks < LOCKS_NEEDED:
        what = f"max_locks_per_transaction is {locks}: a city with many modules cannot be dropped"
        yield Finding(Weight.WARNING, what, f"set it to {LOCKS_NEEDED} and restart PostgreSQL")


def _revisions() -> Iterator[Finding]:
    """Yield what the platform's copy says of revisions, and where the cities themselves say something else."""
    with owner.connect(owner.address()) as connection:
        found = survey.survey(connection, check=True)
        failures = status.read(connection).failures
    if found.pending:
        yield Finding(Weight.ERROR, f"cities that are not up to date: {len(found.pending)}", "parvis migrate")
    if found.corrected:
        names = ", ".join(city.slug for city in found.corrected[:MOST_NAMED])
        yield Finding(
            Weight.WARNING,
            f"cities of which the platform's copy has the wrong revisions: {names}",
            "parvis migrate --check",
        )
    if found.unknown:
        names = ", ".join(city.slug for city in found.unknown[:MOST_NAMED])
        what = f"cities with revisions that this version does not know: {names}"
        yield Finding(Weight.WARNING, what, "install the version or the module that made them")
    for city in failures[:MOST_NAMED]:
        yield Finding(
            Weight.ERROR,
            f"{city.slug} could not be migrated: {city.error}",
            f"parvis migrate --city {city.slug}",
        )


_NO_SCHEMA = """
SELECT c.slug FROM platform.city c LEFT JOIN pg_namespace n ON n.nspname = 'c_' || c.id
WHERE n.oid IS NULL AND c.state <> 'provisioning' ORDER BY 1
"""
_NO_ROLE = """
SELECT c.slug
FROM pg_namespace n JOIN platform.city c ON n.nspname = 'c_' || c.id
WHERE NOT EXISTS (
  SELECT 1 FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid
  WHERE r.rolname = n.nspname AND m.member = (SELECT oid FROM pg_roles WHERE rolname = :web)
    AND m.set_option AND NOT m.inherit_option
) ORDER BY 1
"""
_NO_USAGE = """
SELECT c.slug
FROM pg_namespace n JOIN platform.city c ON n.nspname = 'c_' || c.id JOIN pg_roles r ON r.rolname = n.nspname
WHERE NOT has_schema_privilege(r.oid, n.oid, 'USAGE') ORDER BY 1
"""
_LOST_SCHEMA = r"""
SELECT n.nspname FROM pg_namespace n LEFT JOIN platform.city c ON n.nspname = 'c_' || c.id
WHERE n.nspname LIKE 'c\_%' AND c.id IS NULL ORDER BY 1
"""
_LOST_ROLE = r"""
SELECT r.rolname FROM pg_roles r JOIN pg_auth_members m ON m.roleid = r.oid
LEFT JOIN platform.city c ON r.rolname = 'c_' || c.id
WHERE m.member = (SELECT oid FROM pg_roles WHERE rolname = :web) AND r.rolname LIKE 'c\_%' AND c.id IS NULL ORDER BY 1
"""
_SHARED = """
SELECT DISTINCT n.nspname
FROM pg_namespace n JOIN platform.city c ON n.nspname = 'c_' || c.id,
  aclexplode(n.nspacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
WHERE a.grantee <> n.nspowner AND r.rolname IS DISTINCT FROM n.nspname ORDER BY 1
"""
_NO_KEY = """
SELECT n.nspname || '.' || t.relname
FROM pg_namespace n JOIN platform.city c ON n.nspname = 'c_' || c.id
JOIN pg_class t ON t.relnamespace = n.oid AND t.relkind IN ('r', 'p')
WHERE NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conrelid = t.oid AND k.contype = 'p') ORDER BY 1
"""
_NOT_OURS = """
SELECT n.nspname || '.' || t.relname
FROM pg_namespace n JOIN platform.city c ON n.nspname = 'c_' || c.id
JOIN pg_class t ON t.relnamespace = n.oid AND t.relkind IN ('r', 'p')
WHERE t.relowner <> (SELECT oid FROM pg_roles WHERE rolname = current_user) ORDER BY 1
"""
CHECKS: tuple[Check, ...] = (_doors, _logins, _strangers, _server)
