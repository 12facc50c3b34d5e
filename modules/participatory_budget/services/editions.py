"""Editions: make, find, change, and move them from phase to phase."""

import hashlib
import re
import secrets
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from app.sdk import (
    Conflict,
    Invalid,
    Localized,
    NotFound,
    Page,
    _,
    audit,
    current_city,
    db,
    emit,
    enqueue,
    may,
    now,
    paged,
    read_eligibility,
    today,
    unknown_in,
)

from ..models import Category, Edition, Project, VersionKind
from ..rules import phases
from ..rules.ballots import Option
from ..rules.checklist import Setup, may_open
from ..rules.contests import ContestsBy
from ..rules.phases import Phase, Stage, Window
from . import followers
from .finding import find_with_projects
from .frozen import freeze, freeze_dates
from .phase_tasks import release_ready
from .rules_of import ballot_rule

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,76}[a-z0-9])?\Z")
SALT_BYTES = 32
STAFF_PAGE = 25
LOOKED_AFTER = timedelta(minutes=1)
_BY_SLUG = select(Edition).where(Edition.slug == bindparam("slug"))


def create(slug: str, title: Localized) -> Edition:
    """Make an edition in draft; raises Invalid for an unfit address, Conflict for a taken one."""
    must_be_free(slug)
    edition = Edition(slug=slug, title=title, currency=current_city().currency, created_at=now())
    try:
        with db.session.begin_nested():
            db.session.add(edition)
    except IntegrityError as error:
        raise _taken() from error
    audit("participatory_budget.edition_created", subject=f"edition:{edition.id}", slug=slug)
    return edition


def must_be_free(slug: str) -> None:
    """Refuse an address that is unfit (Invalid) or that another edition has (Conflict)."""
    if not SLUG.match(slug):
        raise Invalid(_("Use lower-case letters, digits and hyphens, for example budget-2026."))
    if db.session.scalar(select(Edition.id).where(Edition.slug == slug)):
        raise _taken()


def free_address() -> str:
    """Return an address that a new edition can have: the year, numbered from the second one on."""
    first = f"budget-{today().year}"
    taken = set(db.session.scalars(select(Edition.slug).where(Edition.slug.startswith(first)).limit(1000)))
    return next(
        name for name in (first, *(f"{first}-{place}" for place in range(2, 1003))) if name not in taken
    )


def editions(limit: int = 100) -> Sequence[Edition]:
    """Return all editions for staff, newest first."""
    return db.session.scalars(_newest_first().limit(limit)).all()


def staff_page(number: int) -> Page[Edition]:
    """Return one page of all editions, newest first."""
    return paged(_newest_first(), number=number, per_page=STAFF_PAGE)


def public_editions(limit: int = 50) -> Sequence[Edition]:
    """Return the editions residents may see, the one that closes last first."""
    shown = select(Edition).where(Edition.stage != Stage.DRAFT)
    return db.session.scalars(
        shown.order_by(Edition.closes_at.desc().nulls_last(), Edition.id).limit(limit)
    ).all()


def shown_to_residents() -> Select[Edition]:
    """Return the editions residents may see with their parts but projects, to be listed in whatever order."""
    parts = (selectinload(part) for part in (Edition.categories, Edition.contests, Edition.districts))
    return select(Edition).where(Edition.stage != Stage.DRAFT).options(*parts)


def by_slug(slug: str) -> Edition:
    """Return an edition that the reader may see; drafts are for staff."""
    edition = db.session.scalar(_BY_SLUG, {"slug": slug})
    hidden = edition is not None and edition.stage is Stage.DRAFT and not may("participatory_budget.view")
    if edition is None or hidden:
        raise NotFound(_("There is no such edition."))
    return edition


def called(slug: str) -> Edition:
    """Return the edition at an address, drafts included: for operators, who see everything."""
    edition = db.session.scalar(_BY_SLUG, {"slug": slug})
    if edition is None:
        raise NotFound(_("There is no such edition."))
    return edition


def by_id(edition_id: UUID, *, lock: bool = False) -> Edition:
    """Return an edition, locked for a change when asked; raises NotFound."""
    # Not the stronger FOR UPDATE: the foreign key of a ballot on its way takes a share of this row, and
    # closing would wait for that ballot while it waits for the row. A locked row is read anew: somebody else
    # may have moved the edition on since this transaction first looked at it.
    edition = db.session.get(
        Edition, edition_id, with_for_update={"key_share": True} if lock else None, populate_existing=lock
    )
    if edition is None:
        raise NotFound(_("There is no such edition."))
    return edition


def phase(edition: Edition, at: datetime | None = None) -> Phase:
    """Return what the edition is at this moment, by the clock."""
    return phases.phase_at(edition.stage, edition.window, at or now())


def options(edition: Edition) -> tuple[Option, ...]:
    """Return the projects as the ballot paper has them; those of a fixed ballot are read once in each process."""
    if edition.slot_salt is None:
        return _options(edition.id)
    # A salt of its own for each time that a ballot is fixed; its hash says nothing about it.
    return _fixed_options(edition.id, hashlib.sha256(edition.slot_salt).digest())


@lru_cache(maxsize=64)
def _fixed_options(edition_id: UUID, _fixed: bytes) -> tuple[Option, ...]:
    return _options(edition_id)


def _options(edition_id: UUID) -> tuple[Option, ...]:
    found = select(Project.number, Project.cost, Project.category, Project.district)
    rows = db.session.execute(found.where(Project.edition_id == edition_id).order_by(Project.number))
    return tuple(Option(row.number, row.cost, row.category, row.district) for row in rows)


def setup_of(edition: Edition) -> Setup:
    """Return the edition as the checklist looks at it."""
    first = current_city().language
    missing = [name for name in ("title", "summary") if not getattr(edition, name).get(first)]
    untitled = db.session.scalar(
        select(func.count())
        .select_from(Project)
        .where(Project.edition_id == edition.id, func.coalesce(Project.title[first].astext, "") == "")
    )
    return Setup(
        rule=ballot_rule(edition),
        options=options(edition),
        budget=edition.budget,
        envelopes=edition.envelopes,
        contests=_money_of_contests(edition),
        window=edition.window,
        texts_missing=(*missing, *(("projects",) if untitled else ())),
        unknown=unknown_in(read_eligibility(edition.eligibility)) if edition.eligibility else (),
    )


def may_change(edition: Edition) -> bool:
    """Tell whether rules and projects may still change."""
    return edition.stage in (Stage.DRAFT, Stage.PUBLISHED)


def changeable(edition_id: UUID) -> Edition:
    """Return an edition whose rules may change, locked; raises Conflict once the vote is prepared."""
    edition = by_id(edition_id, lock=True)
    if not may_change(edition):
        raise Conflict(_("The ballot is fixed: rules and projects can no longer change."))
    return edition


def set_categories(edition: Edition, categories: Sequence[Category]) -> None:
    """Replace the categories; those that projects stand in must stay."""
    kept = {category.key for category in categories}
    used = set(
        db.session.scalars(select(Project.category).where(Project.edition_id == edition.id).distinct())
    )
    if used - kept - {""}:
        raise Conflict(_("A category with projects cannot be removed. Move its projects first."))
    edition.categories.clear()
    db.session.flush()
    for position, category in enumerate(categories):
        category.position = position
        edition.categories.append(category)


def show(edition_id: UUID) -> Edition:
    """Show a draft to residents."""
    edition = by_id(edition_id, lock=True)
    if edition.stage is not Stage.DRAFT:
        raise Conflict(_("Residents can already see this edition."))
    _must_not_be_imported(edition)
    edition.stage = Stage.PUBLISHED
    release_ready(edition)
    audit("participatory_budget.edition_shown", subject=f"edition:{edition.id}")
    find_with_projects(edition)
    return edition


def hide(edition_id: UUID) -> Edition:
    """Take a published edition back into draft; raises Conflict once the ballot is fixed."""
    edition = changeable(edition_id)
    edition.stage = Stage.DRAFT
    audit("participatory_budget.edition_hidden", subject=f"edition:{edition.id}")
    find_with_projects(edition)
    return edition


def fix_ballot(edition_id: UUID) -> Edition:
    """Fix rules and projects, so that the clock opens the vote; raises Conflict while something is missing."""
    edition = changeable(edition_id)
    _must_not_be_imported(edition)
    if not may_open(setup_of(edition), now()):
        raise Conflict(_("Something is still missing. Complete the list first."))
    edition.stage = Stage.READY
    edition.slot_salt = secrets.token_bytes(SALT_BYTES)
    freeze(edition, VersionKind.FIXED)
    if edition.closes_at is not None:
        _close_at(edition, edition.closes_at)
    _tell_when_open(edition)
    audit("participatory_budget.ballot_fixed", subject=f"edition:{edition.id}")
    followers.will_open(edition)
    find_with_projects(edition)
    return edition


def open_now(edition_id: UUID) -> Edition:
    """Open the vote at once; fixes the ballot first when that has not been done."""
    edition = by_id(edition_id, lock=True)
    if may_change(edition):
        edition.opens_at = now()
        edition = fix_ballot(edition_id)
    elif phase(edition) is Phase.PUBLISHED:
        edition.opens_at = now()
        freeze_dates(edition, VersionKind.OPENED)
        _tell_when_open(edition)
    else:
        raise Conflict(_("The vote has already been opened."))
    audit("participatory_budget.vote_opened", subject=f"edition:{edition.id}")
    return edition


def tell_opened(edition_id: UUID) -> None:
    """Tell other programs that a vote has opened; too early, or while it is not open, nothing is told."""
    edition = by_id(edition_id)
    if phase(edition) is Phase.VOTING and edition.opens_at is not None:
        tell(edition, "vote_opened", f"{edition.opens_at:%Y%m%d%H%M%S}")


def tell(edition: Edition, what: str, moment: str = "") -> None:
    """Tell other programs what has happened to an edition, each thing once."""
    once = f"{edition.id} {moment}"
    emit(
        f"participatory_budget.{what}",
        once=once,
        id=edition.id,
        slug=edition.slug,
        title=edition.title,
    )


def extend(edition_id: UUID, closes_at: datetime) -> Edition:
    """Let the vote close later; raises Conflict when it has closed, Invalid for an earlier time."""
    edition = by_id(edition_id, lock=True)
    if edition.stage is not Stage.READY or not phases.may_extend(edition.stage, edition.window, now()):
        raise Conflict(_("The vote has closed; it cannot be extended."))
    if edition.closes_at is not None and closes_at <= edition.closes_at:
        raise Invalid(_("Choose a time after the present close."))
    audit(
        "participatory_budget.vote_extended", subject=f"edition:{edition.id}", closes_at=closes_at.isoformat()
    )
    edition.closes_at = closes_at
    freeze_dates(edition, VersionKind.EXTENDED)
    _close_at(edition, closes_at)
    return edition


def has_new_dates(edition: Edition, changed: Collection[str]) -> None:
    """Have a vote opened and closed at its new times, where these are among what has changed."""
    if "closes_at" in changed and edition.closes_at is not None:
        _close_at(edition, edition.closes_at)
    if "opens_at" in changed:
        _tell_when_open(edition)


def may_open_now(setup: Setup, closes_at: datetime | None) -> bool:
    """Tell whether only the opening itself is missing: everything else is complete and the close is to come."""
    moment = now()
    window = Window(moment, closes_at) if closes_at else None
    return may_open(replace(setup, window=window), moment)


def _money_of_contests(edition: Edition) -> dict[str, int] | None:
    if edition.contests_by is ContestsBy.ONE:
        return None
    return {contest.key: contest.budget for contest in edition.contests}


def _close_at(edition: Edition, moment: datetime) -> None:
    """Have the vote closed at its time, and have somebody look whether it was."""
    enqueue("participatory_budget.close", at=moment, edition_id=str(edition.id))
    enqueue("participatory_budget.close_due", at=moment + LOOKED_AFTER)


def _tell_when_open(edition: Edition) -> None:
    if edition.opens_at is not None:
        enqueue("participatory_budget.tell_opened", at=edition.opens_at, edition_id=str(edition.id))


def _newest_first() -> Select[Edition]:
    return select(Edition).order_by(Edition.created_at.desc(), Edition.id)


def _taken() -> Conflict:
    return Conflict(_("There is already an edition at this address."))


def _must_not_be_imported(edition: Edition) -> None:
    if edition.imported:
        raise Conflict(_("The ballots of this edition were imported. Count them and publish the result."))
