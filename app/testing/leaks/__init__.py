"""Proof that a city never sees another one: two twin cities, every address and task asked for with the other's ids.

A module owns what the proof needs of it, in `tests/isolation.py` (docs/modules.md tells how to write one):

    from app.testing.leaks import Filling, Twin

    filling = Filling()

    @filling.content
    def items(twin: Twin) -> None:
        services.record(twin.text("umbrella"))

    @filling.values("item_id")
    def item_ids(twin: Twin) -> Iterable[UUID]:
        return db.session.scalars(select(Item.id)).all()

A package of its own asks the suite itself: `def test_it_keeps_to_its_city(app): keeps_to_its_city(app, "lost_found")`.
"""

from app.testing.leaks.filling import Filling, Twin, Upload
from app.testing.leaks.suite import keeps_to_its_city

__all__ = ["Filling", "Twin", "Upload", "keeps_to_its_city"]
