"""What the tests of the console share: people who read English, a fresh city, two modules that need each other."""

import sys
from collections.abc import Callable, Iterator

import pytest

from app.core.db import db, end_transaction
from app.registry import modules, reload_modules
from tenants import resolve
from tenants.models import CityRecord, ModuleToggle
from tests.tenants.life.conftest import dns, in_town, prove  # noqa: F401

FORMS = """
name = "town_forms"
title = "Town forms"
summary = "Residents fill in forms."
version = "2.1.0"
platform = ">=1,<2"
category = "Services"
icon = "file-text"
owners = ["city-of-new-york"]
requires = []

[permissions.manage]
label = "Build forms"
roles = ["editor"]

[settings.open]
type = "int"
default = 0
minimum = 0
maximum = 50
label = "Forms that are open"

[settings.greeting]
type = "text"
default = "Hello"
label = "Greeting"

[settings.anonymous]
type = "bool"
default = false
label = "Allow forms without a name"

[settings.order]
type = "choice"
default = "new"
label = "Order"
choices = {new = "Newest first", old = "Oldest first"}
"""
POLLS = """
name = "town_polls"
title = "Town polls"
summary = "Residents answer questions."
version = "1.0.0"
platform = ">=1,<2"
category = "Citizen participation"
icon = "megaphone"
owners = ["city-of-lyon"]
requires = ["town_forms"]
"""
LISTENERS = '''"""What is going on in the forms."""

from dataclasses import dataclass

from app.sdk import live_content, settings


@dataclass(frozen=True)
class FormSettings:
    open: int


@live_content
def open_forms() -> str | None:
    number = settings(FormSettings).open
    return f"{number} forms are open." if number else None
'''


@pytest.fixture
def admin(english):
    """An administrator of paris."""
    return english(role="administrator")


@pytest.fixture
def change_city(app) -> Callable[..., None]:
    """Change what the platform keeps about a city: `change_city("paris", published=False)`."""

    def change(slug="paris", **values):
        with app.app_context():
            record = db.session.query(CityRecord).filter_by(slug=slug).one()
            for name, value in values.items():
                setattr(record, name, value)
            resolve.change()
            end_transaction(keep=True)

    return change


@pytest.fixture
def fresh_city(app, change_city) -> None:
    """Make paris a city that has just signed up: nothing on, nothing told, not public."""
    change_city(published=False, contact_email="")
    with app.app_context():
        db.session.query(ModuleToggle).filter_by(city_id="testparis").delete()
        resolve.change()
        end_transaction(keep=True)


@pytest.fixture
def town_modules(app, tmp_path, monkeypatch) -> Iterator[None]:
    """Install two more modules that no city has on: polls, which need forms."""
    for name, manifest in (("town_forms", FORMS), ("town_polls", POLLS)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "manifest.toml").write_text(manifest)
        (tmp_path / name / "__init__.py").write_text(f'"""The module {name}."""\n')
    (tmp_path / "town_forms" / "listeners.py").write_text(LISTENERS)
    about = tmp_path / "town-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: town\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(
        "[parvis.modules]\ntown_forms = town_forms\ntown_polls = town_polls\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    reload_modules()
    modules()["town_forms"].load("listeners")
    yield
    monkeypatch.undo()
    for name in [n for n in sys.modules if n.partition(".")[0] in ("town_forms", "town_polls")]:
        del sys.modules[name]
    reload_modules()


@pytest.fixture
def switch() -> Callable[..., object]:
    """Press a switch: `switch(admin, "news", on=False)`; more fields by name."""

    def press(browser, name, *, on, together=(), **more):
        data = {"on": "1" if on else "0", "together": list(together), **more}
        return browser.post(f"/admin/modules/{name}/switch", data=data)

    return press
