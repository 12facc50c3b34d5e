"""Run by test_bites in a process of its own: the round through the module that leaks; prints what was complained of."""

import json
import tempfile
from pathlib import Path

from app.core import config
from app.testing import application, cities
from app.testing.leaks.suite import go_round
from app.testing.services import throw_away_services


def complaints():
    with throw_away_services() as (database, cache), tempfile.TemporaryDirectory() as folder:
        app = application.make(config.read(application.environment(database, cache, Path(folder))))
        cities.fresh(app)
        return go_round(app, {"leaky"}).report.complaints


if __name__ == "__main__":
    print(json.dumps(complaints()))  # noqa: T201
