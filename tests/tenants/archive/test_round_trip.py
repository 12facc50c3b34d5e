import io
import json
import subprocess
from zipfile import ZipFile

from tenants.archive.export import Wish, export
from tenants.archive.opened import opened
from tenants.archive.restore import restore
from tenants.models import CityRecord
from app.core.db import db


def exported(city_id, **wish):
    out = io.BytesIO()
    export(city_id, out, wish=Wish(**wish))
    return out.getvalue()


def members(archive):
    with ZipFile(io.BytesIO(archive)) as found:
        return {name: found.read(name) for name in found.namelist()}


def test_a_city_restored_on_another_deployment_exports_the_same_bytes(app, there, paris, commit):
    with commit():
        first = exported(paris)
    with commit(there):
        made = restore(io.BytesIO(first), address="paris")
    with commit(there):
        assert made.id != paris
        assert db.session.get(CityRecord, made.id).published
        second = exported(made.id)
    assert members(first) == members(second)
    assert first == second
