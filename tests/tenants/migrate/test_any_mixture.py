from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.db import end_transaction
from tenants import schema
from tenants.migrate import plan


@st.composite
def towns(draw):
    """A city at some revision of each history, with some trees where it can have any."""
    grove = draw(st.integers(0, 4))
    pond = draw(st.integers(0, 2)) if grove else 0
    trees = draw(st.integers(0, 5)) if 0 < grove < 3 else 0
    return {"city": draw(st.integers(1, 2)), "grove": grove, "pond": pond}, trees


@pytest.fixture
def new_town(app, catalog):
    """Return the catalog of a city just made with these modules."""
    made = {}

    def look(modules):
        if modules not in made:
            name = f"fresh{len(made)}"
            with app.app_context():
                schema.create(f"c_{name}", modules)
                end_transaction(keep=True)
            made[modules] = catalog(name)
        return made[modules]

    return look


@given(mixture=st.lists(towns(), min_size=1, max_size=4), workers=st.integers(1, 3), data=st.data())
@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_from_any_mixture_all_end_at_the_newest_and_alike(
    app, town, migrate, at, ask, catalog, copy_of, new_town, mixture, workers, data
):
    made = []
    for numbers, trees in mixture:
        city_id = town(**numbers)
        for number in range(trees):
            ask(
                f'INSERT INTO "c_{city_id}".grove_tree (id, name, street) VALUES (%s, %s, %s)',
                uuid4(),
                f"{number}",
                "A",
            )
        made.append(city_id)
        if data.draw(st.booleans(), label="the copy knows it"):
            continue
        ask("DELETE FROM platform.city_revision WHERE city_id = %s", city_id)
    report = migrate(workers=workers)
    assert not report.failed
    newest = plan.all_heads()
    for city_id, (numbers, trees) in zip(made, mixture, strict=True):
        modules = tuple(name for name in ("grove", "pond") if numbers[name])
        assert at(city_id) == {name: newest[name] for name in ("city", *modules)}
        assert copy_of(city_id) == (at(city_id), "")
        assert catalog(city_id) == new_town(modules)
        if trees:
            assert ask(f'SELECT count(*), count(street_key) FROM "c_{city_id}".grove_tree') == [
                (trees, trees)
            ]
    assert migrate().planned == 0
