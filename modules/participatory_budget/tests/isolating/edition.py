"""What the isolation suite needs of setting up an edition: phases, contests, frozen rules, blueprints."""

import json
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from app.sdk import Account, db, now
from app.testing.leaks import Filling, Twin, Upload
from modules.participatory_budget.models import Edition, RuleChange, RuleVersion, VersionKind
from modules.participatory_budget.rules.blueprint import FORMAT
from modules.participatory_budget.rules.contests import ContestsBy
from modules.participatory_budget.rules.schedule import Part, Span
from modules.participatory_budget.services import calendar, contests, editions, frozen

from . import ideas, review

BLUEPRINT = json.dumps({"format": FORMAT, "currency": "EUR", "texts": {}, "rules": {}})


def fill(filling: Filling) -> None:
    """Add what is made in both cities and the values that addresses take."""
    filling.content(set_up)
    filling.values("edition_id", "change_id")(changes)
    filling.values("slug", "number", of="participatory_budget_public.rules_document")(versions)
    filling.answers(
        "participatory_budget_admin.calendar", support_begins_day=f"{now() + timedelta(days=90):%Y-%m-%d}"
    )
    filling.answers("participatory_budget_admin.contests", by="district", money_0="1")
    filling.answers(
        "participatory_budget_admin.extend_phase", ends_day=f"{now() + timedelta(days=99):%Y-%m-%d}"
    )
    filling.answers(
        "participatory_budget_admin.propose_change", **{"reason-fr": "Décidé", "kind": "all", "choices": "9"}
    )
    filling.answers("participatory_budget_admin.like", **{"title-fr": "Copie", "slug": "like"})
    filling.answers(
        "participatory_budget_admin.from_blueprint",
        **{"title-fr": "Copie", "slug": "from-file", "file": Upload(BLUEPRINT.encode(), "blueprint.json")},
    )
    for column in ("contest.*", "edition.lot_seed", "rule_version.digest", "rule_version.document"):
        filling.review(
            f"no text participatory_budget_{column}", "keys, numbers and digests, told where rules are"
        )
    filling.file("blueprint.json", BLUEPRINT)
    filling.command("pb blueprint export", "-", "--city", "{city}", "--edition", "draft")
    filling.command(
        "pb blueprint import",
        "{folder}/blueprint.json",
        "--city",
        "{city}",
        "--slug",
        "taken",
        "--title",
        "T",
    )


def set_up(twin: Twin) -> None:
    """Give every edition phases, one of them contests, and one a change that waits for a second person."""
    with_ideas = [twin.key(name) for name in (ideas.EDITION, review.EDITION)]
    for edition in db.session.scalars(select(Edition).where(Edition.slug.not_in(with_ideas))).all():
        spans = {
            Part.IDEAS: Span(now() - timedelta(days=9), now() + timedelta(days=9)),
            Part.DRAFTING: Span(now()),
        }
        calendar.change_calendar(edition.id, spans)
    draft = _called(twin, "draft")
    rows = (
        contests.ContestRow(draft.districts[0].key, 60_000, transfer_to=""),
        contests.ContestRow("", 40_000),
    )
    editions.fix_ballot(_called(twin, "shown").id)
    contests.change_contests(draft.id, contests.Contests(ContestsBy.DISTRICT, rows=rows))
    editor = db.session.scalars(select(Account).where(Account.email == twin.email("editor"))).one()
    voting = _called(twin, "voting")
    frozen.freeze(voting, VersionKind.CHANGED, twin.texts("why the rule was changed"))
    db.session.add(
        RuleChange(
            edition_id=voting.id,
            wanted={"min_votes": 3},
            reason=twin.texts("why the rule changes"),
            version=voting.version,
            proposed_by=editor.id,
            proposed_at=now(),
        )
    )


def changes(_twin: Twin) -> Iterable[tuple[UUID, UUID]]:
    """Return every change with its edition."""
    found = select(RuleChange.edition_id, RuleChange.id).order_by(RuleChange.id)
    return [(row[0], row[1]) for row in db.session.execute(found)]


def versions(_twin: Twin) -> Iterable[tuple[str, int]]:
    """Return every version by the address of its edition."""
    found = select(Edition.slug, RuleVersion.number).join(RuleVersion, RuleVersion.edition_id == Edition.id)
    return [(row[0], row[1]) for row in db.session.execute(found.order_by(Edition.id, RuleVersion.number))]


def _called(twin: Twin, stage: str) -> Edition:
    return db.session.scalars(select(Edition).where(Edition.slug == twin.key(stage))).one()
