"""What the deployment is told through its environment, read once and typed."""

import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import URL, make_url

from app.core.quotas import USUAL, Resource

DEVELOPMENT_SECRET = "development only; a deployment sets SECRET_KEY"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one deployment.

    `database` is the owner's login (creates roles and schemas); `web_database` and `platform_database`
    are the two narrower logins that requests and tasks use. `backup_days` is for how long backups are kept, as far as
    the operator has said; `queue_length` is how many tasks of a lane may wait in the broker, `statement_seconds` how
    long the database may work on one statement of a page. `web_threads` is how many requests a web process serves at
    a time, `quotas` what each city may use. A connection to PostgreSQL is replaced when it has served
    `cities_per_connection`. Mails that come back are sent to `mail_bounces`, where there is such a
    mailbox; `sms_url` is a folder for text messages of cities without a provider, in the dev stack.

    Cities point domains of their own to `public_addresses` or `cname_target`; `dns_servers` (`address` or `address:port`)
    say whether they did, the machine's own when there are none. With `database_pooled` the two narrower logins reach
    the database through a pooler that gives a server process to each transaction anew. `outbound_allow` names servers
    inside (`host`, `host:port`, an address or a network) that what cities type may lead to all the same.
    """

    database: URL
    web_database: URL
    platform_database: URL
    redis_url: str
    secret_key: str
    base_domain: str = "parvis.localhost"
    scheme: str = "http"
    port: int | None = None
    mail_url: str = "null:"
    mail_from: str = "no-reply@parvis.localhost"
    mail_bounces: str = ""
    sms_url: str = ""
    files_dir: Path = Path(".run/files")
    files_url: str = ""
    """The bucket that keeps cities' files (app.core.stores); empty where `files_dir` does."""
    scanner_url: str = "null:"
    """The virus scanner that looks at what people send: `clamd://host:3310` or `clamd:///path/of/socket`."""
    log_format: str = "lines"
    """`json` for programs that collect logs, `lines` for people (app.core.log)."""
    security_contact: str = ""
    """Where weaknesses are reported, as security.txt tells it: `mailto:…` or `https://…`."""
    signup_approval: bool = False
    exports: Path | None = None
    operator_contact: str = ""
    public_addresses: tuple[str, ...] = ()
    cname_target: str = ""
    dns_servers: tuple[str, ...] = ()
    outbound_allow: tuple[str, ...] = ()
    api_rate: str = "600/minute"
    """How often a program may ask with one token."""
    api_public_rate: str = "120/minute"
    """How often programs without a token may ask from one network."""
    backup_days: int | None = None
    queue_length: int = 200
    statement_seconds: int = 30
    web_threads: int = 4
    database_pooled: bool = False
    cities_per_connection: int = 1000
    quotas: Mapping[Resource, int] = field(default_factory=lambda: dict(USUAL))

    @property
    def key_prefix(self) -> str:
        """Return the prefix of every Redis key, so that deployments can share a server."""
        return f"{self.database.database}:"

    @property
    def exports_dir(self) -> Path:
        """Return where exports wait to be fetched: beside the cities' files, under a name that no city has."""
        return self.exports or self.files_dir / ".exports"

    @property
    def on_this_machine(self) -> bool:
        """Tell whether all addresses are this machine's own (RFC 6761), as in development."""
        return self.base_domain.rpartition(".")[2] == "localhost"

    def origin(self, host: str) -> tuple[str, str]:
        """Return scheme and `host[:port]` as people outside use them."""
        return self.scheme, f"{host}:{self.port}" if self.port else host

    def url(self, host: str, path: str = "/") -> str:
        """Return the public address of a page on `host`."""
        return f"{'://'.join(self.origin(host))}{path}"


def read(environ: Mapping[str, str] | None = None) -> Config:
    """Read the configuration; raises SystemExit with one sentence when something needed is missing."""
    env = os.environ if environ is None else environ
    scheme = env.get("PUBLIC_SCHEME", "http")
    base = env.get("BASE_DOMAIN", "parvis.localhost").lower()
    owner = _psycopg(_needed(env, "DATABASE_URL"))
    secret = env.get("SECRET_KEY") or DEVELOPMENT_SECRET
    config = Config(
        database=owner,
        web_database=_login(env.get("WEB_DATABASE_URL"), owner, "web", secret),
        platform_database=_login(env.get("PLATFORM_DATABASE_URL"), owner, "platform", secret),
        redis_url=_needed(env, "REDIS_URL"),
        secret_key=secret,
        base_domain=base,
        scheme=scheme,
        port=int(env["PORT"]) if env.get("PORT") else None,
        mail_url=env.get("MAIL_URL", "null:"),
        mail_from=env.get("MAIL_FROM", f"no-reply@{base}"),
        mail_bounces=env.get("MAIL_BOUNCES", ""),
        sms_url=env.get("SMS_URL", ""),
        files_dir=_files_dir(env),
        files_url=_bucket(env),
        scanner_url=env.get("SCANNER_URL", "null:"),
        log_format=_log_format(env, scheme),
        security_contact=_contact(env.get("SECURITY_CONTACT") or env.get("OPERATOR_CONTACT", "")),
        signup_approval=env.get("SIGNUP_APPROVAL", "") == "1",
        exports=Path(env["EXPORTS_DIR"]).resolve() if env.get("EXPORTS_DIR") else None,
        operator_contact=env.get("OPERATOR_CONTACT", ""),
        public_addresses=_list(env.get("PUBLIC_ADDRESSES", "")),
        cname_target=env.get("CNAME_TARGET", base).lower().rstrip("."),
        dns_servers=_list(env.get("DNS_SERVERS", "")),
        outbound_allow=_list(env.get("OUTBOUND_ALLOW", "")),
        api_rate=env.get("API_RATE", "600/minute"),
        api_public_rate=env.get("API_PUBLIC_RATE", "120/minute"),
        backup_days=int(env["BACKUP_DAYS"]) if env.get("BACKUP_DAYS") else None,
        queue_length=int(env.get("QUEUE_LENGTH", "200")),
        statement_seconds=int(env.get("STATEMENT_TIMEOUT", "30")),
        web_threads=int(env.get("WEB_THREADS", "4")),
        database_pooled=_pooled(env.get("DATABASE_POOLER", "")),
        cities_per_connection=int(env.get("CITIES_PER_CONNECTION", "1000")),
        quotas={each: int(env.get(f"QUOTA_{each.upper()}", usual)) for each, usual in USUAL.items()},
    )
    if secret == DEVELOPMENT_SECRET and (scheme == "https" or not config.on_this_machine):
        raise SystemExit(
            "SECRET_KEY is not set; a deployment needs its own, as everybody knows the one of development"
        )
    return config


def _pooled(said: str) -> bool:
    if said not in ("", "transaction"):
        raise SystemExit(
            f"DATABASE_POOLER is {said!r}; write transaction, or nothing where there is no pooler"
        )
    return said == "transaction"


def _files_dir(env: Mapping[str, str]) -> Path:
    url = urlsplit(env.get("FILES_URL", ""))
    return Path(url.path if url.scheme == "file" else env.get("FILES_DIR", ".run/files")).resolve()


def _bucket(env: Mapping[str, str]) -> str:
    url = env.get("FILES_URL", "")
    if urlsplit(url).scheme not in ("", "file", "s3"):
        # The address holds a password, so that it is not repeated here.
        raise SystemExit("FILES_URL is neither file:///folder nor s3://key:secret@host/bucket?region=…")
    return url if urlsplit(url).scheme == "s3" else ""


def _log_format(env: Mapping[str, str], scheme: str) -> str:
    said = env.get("LOG_FORMAT") or ("json" if scheme == "https" else "lines")
    if said not in ("json", "lines"):
        raise SystemExit(f"LOG_FORMAT is {said!r}; write json or lines")
    return said


def _contact(said: str) -> str:
    """Return an address as security.txt wants it; a plain mail address becomes a mailto."""
    if "@" in said and ":" not in said:
        return f"mailto:{said.strip()}"
    return said.strip() if said.startswith(("mailto:", "https://", "tel:")) else ""


def _needed(env: Mapping[str, str], name: str) -> str:
    if not env.get(name):
        raise SystemExit(f"{name} is not set; `make run` sets it for you")
    return env[name]


def _list(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.replace(",", " ").split() if part)


def _psycopg(url: str) -> URL:
    return make_url(url).set(drivername="postgresql+psycopg")


def _login(given: str | None, owner: URL, kind: str, secret: str) -> URL:
    """Return a login of its own for `kind`, derived from the owner's address unless one is given."""
    if given:
        return _psycopg(given)
    name = f"{owner.database}_{kind}"
    password = hmac.new(secret.encode(), f"database login {name}".encode(), hashlib.sha256).hexdigest()
    return owner.set(username=name, password=password)
