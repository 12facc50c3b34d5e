"""Run by test_bites in a process of its own: the round through the module that leaks; prints what was complained of."""

import json
import tempfile
from pathlib import Path

from app.core import config, jobs
from app.factory import create_app
from app.testing import cities
from app.testing.browsers import Browser
from app.testing.leaks.suite import go_round
from app.testing.services import throw_away_services


def complaints():
    with throw_away_services() as (database, cache), tempfile.TemporaryDirectory() as folder:
        settings = config.read(
            {
                "DATABASE_URL": database,
                "REDIS_URL": cache,
                "MAIL_URL": f"file://{folder}/mail",
                "FILES_DIR": str(Path(folder) / "files"),
                "PORT": "8000",
            }
        )
        app = create_app(settings)
        app.test_client_class = Browser
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        jobs.discard_nudges()
        cities.make_schemas(app)
        cities.fresh(app)
        return go_round(app, {"leaky"}).report.complaints


if __name__ == "__main__":
    print(json.dumps(complaints()))  # noqa: T201
