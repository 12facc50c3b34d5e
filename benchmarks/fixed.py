"""The same application with a fixed schema, as if there were one city alone: no lookup, no role, no path.

The difference to the real one is what it costs to serve many. FIXED_SLUG says which city it is.
"""

import dataclasses
import os

from app.core import config, db
from app.factory import create_app
from tenants import resolve

settings = config.read()
looking = create_app(settings)
with looking.app_context():
    city = resolve.city_by_slug(os.environ["FIXED_SLUG"])
assert city is not None

options = f"-csearch_path={city.schema},shared,pg_temp"
owner = settings.database.update_query_dict({"options": options})


def _begin(_city: object) -> bytes:
    return b"BEGIN"


def _the_city(_host: str) -> object:
    return city


db.begin_statement = _begin
resolve.city_for_host = _the_city  # type: ignore[assignment]
app = create_app(dataclasses.replace(settings, web_database=owner))
