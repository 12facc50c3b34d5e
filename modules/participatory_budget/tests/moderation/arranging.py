"""Ideas as moderators find them, handed in through the module's own services."""

from datetime import timedelta

from app.sdk import db, now
from modules.participatory_budget.models import Category, District, Edition, Idea
from modules.participatory_budget.rules.ideas.rules import IdeaRules, write_idea_rules
from modules.participatory_budget.rules.schedule import Part, Span, write_schedule
from modules.participatory_budget.services import editions
from modules.participatory_budget.services.ideas import commenting, writing
from modules.participatory_budget.services.ideas.doubting import Sending

from ..arranging import WORDS, person

TEXT = (
    "Il n'y a pas d'ombre dans notre rue en été. Nous proposons de planter des arbres pour les enfants qui vont à"
    " l'école et pour les personnes âgées."
)


def edition_with_ideas(slug: str = "2026", **rules: object) -> Edition:
    """Return an edition that takes ideas now and examines them."""
    edition = editions.create(slug, dict(WORDS))
    edition.budget, edition.max_choices = 1_000_000, 3
    edition.summary = {"en": "You decide.", "fr": "Vous décidez."}
    editions.set_categories(edition, [Category(key="green", name={"en": "Green", "fr": "Vert"})])
    edition.districts.extend(
        [District(key="10e", name="Entrepôt", position=0), District(key="11e", name="Popincourt", position=1)]
    )
    span = Span(now() - timedelta(days=1), now() + timedelta(days=60))
    parts = (Part.IDEAS, Part.CO_CONSTRUCTION, Part.SUPPORT, Part.FEASIBILITY, Part.DRAFTING)
    edition.schedule = write_schedule(dict.fromkeys(parts, span))
    edition.idea_rules = write_idea_rules(IdeaRules(**rules))  # type: ignore[arg-type]
    editions.show(edition.id)
    db.session.flush()
    return edition


def hand_in(edition: Edition, email: str, title: str, *, text: str = TEXT, district: str = "") -> Idea:
    """Hand an idea in."""
    account = person(email)
    idea = writing.begin(edition, account, writing.Beginning(title, "green"))
    writing.save(edition, idea.id, account, writing.Where(district, "Rue Oberkampf"), seen=idea.version)
    writing.save(edition, idea.id, account, writing.Words(text), seen=idea.version)
    return writing.hand_in(edition, idea.id, account, Sending(seconds=300.0))


def change(edition: Edition, idea: Idea, email: str, text: str) -> Idea:
    """Change the words of an idea that was handed in."""
    account = person(email)
    return writing.save(
        edition, idea.id, account, writing.Words(text), seen=idea.version, sending=Sending(seconds=300.0)
    )


def comment(edition: Edition, idea: Idea, email: str, words: str):
    """Say something to an idea."""
    return commenting.write(edition, idea.id, person(email), words, sending=Sending(seconds=300.0))
