"""The rules of an edition as they are frozen: a document with a digest, public, and never changed again."""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from app.sdk import Conflict, Localized, NotFound, _, audit, db, now

from ..models import Edition, Project, RuleVersion, VersionKind
from ..rules.ties import TieBreak, commitment
from .settings_of import DATES, settings_of

FORMAT = "parvis-participatory-budget-rules/1"
SEED_BYTES = 16
_COMPARED = ("rules", "projects")
_LABELS = ("title",)
"""What may be corrected in a frozen list of projects: words, not what is voted on."""


def freeze(edition: Edition, kind: VersionKind, reason: Localized | None = None) -> RuleVersion:
    """Write the next version of the rules as they are now; lots get a seed, of which only the digest is told."""
    if draws_lots(edition) and edition.lot_seed is None:
        edition.lot_seed = secrets.token_hex(SEED_BYTES)
    db.session.flush()
    return _write(edition, kind, document_of(edition), reason)


def freeze_dates(edition: Edition, kind: VersionKind) -> RuleVersion:
    """Write the next version with the dates as they are now and all else as it was frozen.

    So nothing that was changed past the pages comes into a version by the act of one person.
    """
    number = latest_number(edition)
    if number is None:
        return freeze(edition, kind)
    document = json.loads(version_of(edition, number).document)
    present = settings_of(edition)
    rules = {**document["rules"], **{name: present[name] for name in DATES}}
    return _write(edition, kind, {**document, "rules": rules})


def _write(
    edition: Edition, kind: VersionKind, document: Mapping[str, object], reason: Localized | None = None
) -> RuleVersion:
    text = canonical(document)
    edition.version = (latest_number(edition) or 0) + 1
    version = RuleVersion(
        edition_id=edition.id,
        number=edition.version,
        kind=kind,
        document=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        reason=reason or {},
        made_at=now(),
    )
    db.session.add(version)
    db.session.flush()
    audit(
        "participatory_budget.rules_frozen",
        subject=f"edition:{edition.id}",
        version=version.number,
        digest=version.digest,
    )
    return version


def draws_lots(edition: Edition) -> bool:
    """Tell whether a contest of this edition draws lots among equals."""
    own = {contest.counting.get("tie_break") for contest in edition.contests}
    return edition.tie_break is TieBreak.LOT or TieBreak.LOT in own


def document_of(edition: Edition) -> dict[str, object]:
    """Return what is frozen: rules, money, dates, categories, districts, projects, the promise of a seed."""
    lots = {"lot": {"commitment": commitment(edition.lot_seed)}} if edition.lot_seed else {}
    return {
        "format": FORMAT,
        "edition": edition.slug,
        "currency": edition.currency,
        "rules": settings_of(edition),
        "categories": [{"key": one.key, "name": dict(one.name)} for one in edition.categories],
        "districts": [{"key": one.key, "name": one.name} for one in edition.districts],
        "projects": _projects(edition),
        **lots,
    }


def canonical(document: Mapping[str, object]) -> str:
    """Return the one way to write a document, so that equal ones have equal digests."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def versions_of(edition: Edition) -> Sequence[RuleVersion]:
    """Return the versions, the newest first."""
    mine = select(RuleVersion).where(RuleVersion.edition_id == edition.id)
    return db.session.scalars(mine.order_by(RuleVersion.number.desc()).limit(200)).all()


def version_of(edition: Edition, number: int) -> RuleVersion:
    """Return a version; raises NotFound."""
    found = db.session.get(RuleVersion, (edition.id, number))
    if found is None:
        raise NotFound(_("There is no such version of the rules."))
    return found


def latest_number(edition: Edition) -> int | None:
    """Return the number of the newest version; None as long as nothing was frozen."""
    mine = select(func.max(RuleVersion.number)).where(RuleVersion.edition_id == edition.id)
    return db.session.scalar(mine)


def rules_in(version: RuleVersion) -> dict[str, object]:
    """Return the settings that a version froze."""
    rules: dict[str, object] = json.loads(version.document)["rules"]
    return rules


def is_as_frozen(edition: Edition) -> bool:
    """Tell whether rules and projects are those of the newest version: whoever changed them went past the pages."""
    number = latest_number(edition)
    if number is None:
        return True
    frozen = json.loads(version_of(edition, number).document)
    present = json.loads(canonical(document_of(edition)))
    return all(_agree(_without_labels(frozen[part]), _without_labels(present[part])) for part in _COMPARED)


def must_be_as_frozen(edition: Edition) -> None:
    """Raise Conflict when rules or projects are not those that everybody could read before the vote."""
    if not is_as_frozen(edition):
        raise Conflict(
            _(
                "The rules or the projects are not those that were frozen: somebody changed them in the database"
                " itself. “Frozen rules” has them as they were. Tell whoever runs the platform; when they are as"
                " they were, try again."
            )
        )


def _projects(edition: Edition) -> list[dict[str, object]]:
    names = ("number", "reference", "title", "cost", "category", "district")
    columns = [getattr(Project, name) for name in names]
    rows = db.session.execute(
        select(*columns).where(Project.edition_id == edition.id).order_by(Project.number)
    )
    return [dict(zip(names, row, strict=True)) for row in rows]


def _agree(frozen: object, present: object) -> bool:
    """Compare what both know: a release that adds a rule, or drops one, does not stop a vote that is on."""
    if isinstance(frozen, dict) and isinstance(present, dict):
        return all(frozen[name] == present[name] for name in frozen.keys() & present.keys())
    if isinstance(frozen, list) and isinstance(present, list):
        return len(frozen) == len(present) and all(map(_agree, frozen, present))
    return frozen == present


def _without_labels(part: object) -> object:
    if isinstance(part, list):
        return [{name: value for name, value in one.items() if name not in _LABELS} for one in part]
    return part
