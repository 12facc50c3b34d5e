"""From the sums of a count to its protocols: who gets the money of each contest, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from uuid import UUID

from sqlalchemy import func, select

from app.sdk import current_city, db, local, minor_digits, now

from ..fast.groups import Groups, engine
from ..fast.sums import Marked
from ..models import ChannelTotal, Edition, Project, SealedBallot
from ..rules.contests import CITYWIDE, ContestsBy
from ..rules.counting.counted import Counted, counted_from
from ..rules.counting.transfers import ContestCount, Settled, decide_all, in_flow
from ..rules.protocol import Entry, Lot, Protocol
from ..rules.statistics.small import LEAST, groups_together
from ..rules.ties import Contender, commitment
from .eligibility import published_rule
from .publishing import digest_of
from .reading import contest_pages
from .receipt_leaves import root_of
from .rules_of import ballot_rule, contest_by_key, count_rule
from .texts import in_first_language


def decide(edition: Edition, marks: Mapping[str, Marked], *, blank: int) -> list[Protocol]:
    """Hand out the money of every contest, in the order in which it flows, and draw up the protocols."""
    projects = _by_contest(edition)
    numbers = _ballots_by_contest(edition.id)
    if strangers := (marks.keys() | numbers.keys()) - projects.keys():
        raise ValueError(f"ballots in contests that there are not: {sorted(strangers)}")
    counts = [
        _contest_count(
            edition,
            key,
            projects[key],
            _sums(
                edition, projects[key], marks.get(key, {}), key=key, ballots=numbers.get(key, 0), blank=blank
            ),
        )
        for key in contests_in_order(edition)
    ]
    settled = decide_all(counts, seed=edition.lot_seed, engine=engine)
    root = edition.receipts_root or root_of(edition.id) or b""
    return [
        _protocol(edition, projects[one.key], begun, one, root.hex())
        for begun, one in zip(counts, settled, strict=True)
    ]


def contests_in_order(edition: Edition) -> tuple[str, ...]:
    """Return the keys of the contests such that each comes before the one that gets what it leaves."""
    if edition.contests_by is ContestsBy.ONE:
        return (CITYWIDE,)
    return in_flow({contest.key: contest.transfer_to for contest in edition.contests})


def excluded(edition: Edition) -> dict[int, str]:
    """Return the projects taken out of the count, each with the reason as the protocol gives it."""
    out = select(Project.number, Project.excluded).where(Project.edition_id == edition.id)
    rows = db.session.execute(out.where(Project.excluded.is_not(None)))
    return {row.number: in_first_language(row.excluded) for row in rows}


def _by_contest(edition: Edition) -> dict[str, list[Project]]:
    found: dict[str, list[Project]] = {key: [] for key in contests_in_order(edition)}
    mine = select(Project).where(Project.edition_id == edition.id).order_by(Project.number)
    for project in db.session.scalars(mine):
        key = project.district if edition.contests_by is ContestsBy.DISTRICT else CITYWIDE
        if key not in found:
            raise LookupError(f"no contest for project {project.number}")
        found[key].append(project)
    return found


def _ballots_by_contest(edition_id: UUID) -> dict[str, int]:
    counted = select(SealedBallot.contest, func.count()).where(SealedBallot.edition_id == edition_id)
    return {row[0]: row[1] for row in db.session.execute(counted.group_by(SealedBallot.contest))}


def _sums(
    edition: Edition, projects: Sequence[Project], marks: Marked, *, key: str, ballots: int, blank: int
) -> Counted:
    return counted_from(
        edition.ballot_type,
        ballot_rule(edition, key),
        marks,
        [project.number for project in projects],
        ballots=ballots,
        blank=blank if edition.contests_by is ContestsBy.ONE else 0,
        groups=Groups(partial(contest_pages, edition.id, key, edition.ballot_type)),
    )


def _contest_count(edition: Edition, key: str, projects: Sequence[Project], counted: Counted) -> ContestCount:
    rule, contest = count_rule(edition, key), contest_by_key(edition, key)
    contenders = [Contender(p.number, p.cost, p.category if rule.envelopes else "") for p in projects]
    mine = {one.number for one in contenders}
    out = {number: why for number, why in excluded(edition).items() if number in mine}
    return ContestCount(key, counted, contenders, rule, out, contest.transfer_to if contest else None)


def _protocol(
    edition: Edition, projects: Sequence[Project], begun: ContestCount, settled: Settled, root: str
) -> Protocol:
    decision, counted = settled.decision, begun.counted
    entries = tuple(
        Entry(p.reference, in_first_language(p.title), p.cost, p.category, outcome)
        for p, outcome in zip(projects, decision.outcomes, strict=True)
    )
    seed = edition.lot_seed
    protocol = Protocol(
        city=current_city().name,
        edition=in_first_language(edition.title),
        currency=edition.currency,
        opened_at=local(edition.opens_at or now()),
        closed_at=local(edition.closes_at or now()),
        ballot=ballot_rule(edition, begun.key),
        rule=begun.rule,
        ballots=counted.ballots,
        blank=counted.blank,
        ballots_sha256="",
        projects=entries,
        spending=decision.spending,
        ties=decision.ties,
        comparisons=decision.comparisons,
        receipts_root=root,
        minor_digits=minor_digits(edition.currency),
        eligibility=published_rule(edition),
        contest=begun.key,
        contest_name=_name(edition, begun.key),
        lot=Lot(commitment(seed), seed) if seed is not None else None,
        channels=_channels(edition.id, begun.key),
        received=settled.received,
        given=settled.given,
        won_before=settled.won_before,
    )
    return replace(protocol, ballots_sha256=digest_of(edition.id, protocol))


def _name(edition: Edition, key: str) -> str:
    return next((district.name for district in edition.districts if district.key == key), "")


def _channels(edition_id: UUID, contest: str) -> dict[str, int]:
    mine = select(ChannelTotal).where(ChannelTotal.edition_id == edition_id, ChannelTotal.contest == contest)
    totals = db.session.scalars(mine.order_by(ChannelTotal.channel)).all()
    return groups_together({total.channel.value: total.ballots for total in totals}, LEAST)
