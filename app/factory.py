"""Puts the application together; only the entry points import this."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask_babel import Babel
from werkzeug.middleware.proxy_fix import ProxyFix

from app.accounts import sessions
from app.apex import blueprints as apex_blueprints
from app.api import blueprints as api_blueprints
from app.console import blueprints as console_blueprints
from app.core import (
    changes,
    clock,
    config,
    db,
    figures,
    i18n,
    jobs,
    redis,
    stores,
    tally,
    tracing,
)
from app.portal import blueprints as portal_blueprints
from app.registry import modules
from app.web import (
    acting,
    enrolling,
    errors,
    fairness,
    files,
    filters,
    front,
    gates,
    hosts,
    kept,
    metrics,
    observing,
    page,
    probes,
    rest,
    security,
    site,
    visited,
    well_known,
)
from tenants import chores, classes, failures, quotas, resolve, usage
from tenants.migrate import plan
from worker.nudge import nudge

# Named so that web processes and workers know the operations that are declared there.
OPERATIONS = (chores, classes, failures)
PARTS = ("models", "tasks", "listeners", "privacy", "api", "public", "admin", "rest")
UPLOAD_LIMIT = 40 * 1024 * 1024


class Application(Flask):
    """Flask without a question that it asks thirty times a request: whether a function is async. None is."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function."""
        return func


def create_app(settings: config.Config | None = None) -> Flask:
    """Build the application with every installed module wired in."""
    found = settings or config.read()
    app = Application("app", static_folder="web/static", template_folder="web/templates")
    app.config.update(
        PARVIS=found,
        SECRET_KEY=found.secret_key,
        SQLALCHEMY_DATABASE_URI=found.web_database,
        SQLALCHEMY_ENGINE_OPTIONS=db.engine_options(pooled=found.database_pooled),
        SQLALCHEMY_BINDS={
            "platform": db.platform_options(found.platform_database, pooled=found.database_pooled)
        },
        MAX_CONTENT_LENGTH=UPLOAD_LIMIT,
        SEND_FILE_MAX_AGE_DEFAULT=site.YEAR,
        PREFERRED_URL_SCHEME=found.scheme,
        INTERNAL_HOSTS=frozenset({"web", "127.0.0.1"}),
        BABEL_DEFAULT_LOCALE="en",
    )
    _install_platform(app, found)
    _install_pages(app)
    _install_modules(app)
    return app


def _install_platform(app: Flask, found: config.Config) -> None:
    db.db.init_app(app)
    with app.app_context():
        db.install(db.db.engine, most_cities=found.cities_per_connection)
        changes.install(app, db.db.engine)
        db.install_on_platform(db.db.engines["platform"])
        for engine in db.db.engines.values():
            tally.install(engine)
            tracing.install_on(engine)
    redis.install(app, found.redis_url, found.key_prefix)
    figures.install(app)
    stores.install(app)
    resolve.install(app)
    usage.install(app)
    quotas.install(app)
    sessions.install(app)
    folders = [i18n.PLATFORM_CATALOG, *(m.folder / "locale" for m in modules().values())]
    Babel(
        app,
        default_translation_directories=";".join(str(folder) for folder in folders),
        locale_selector=i18n.select_language,
        timezone_selector=lambda: clock.zone().key,
    )
    jobs.nudge_with(nudge)
    if found.scheme == "https":
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]


def _install_pages(app: Flask) -> None:
    observing.install(app)
    tracing.install(app)
    hosts.install(app)
    fairness.install(app)
    visited.install(app)
    security.install(app)
    app.before_request(hosts.know_actor)
    enrolling.install(app)
    acting.install(app)
    gates.install(app)
    errors.install(app)
    filters.install(app)
    page.install(app)
    kept.install(app)
    front.install(app)
    rest.install(app)
    app.register_blueprint(well_known.bp)
    app.register_blueprint(files.bp)
    app.register_blueprint(metrics.bp)
    app.register_blueprint(probes.bp)
    for blueprint in (*apex_blueprints(app), *portal_blueprints(), *console_blueprints(), *api_blueprints()):
        app.register_blueprint(blueprint)


def _install_modules(app: Flask) -> None:
    for module in modules().values():
        plan.register(module.name, module.folder / "migrations")
        for part in PARTS:
            loaded = module.load(part)
            if loaded is not None and hasattr(loaded, "bp"):
                app.register_blueprint(loaded.bp)
