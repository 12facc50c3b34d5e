"""Background work: closing the vote on time, counting."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from app.sdk import Lane, db, enqueue, now, task, vacuum

from .models import Edition
from .rules.phases import Stage
from .services import admissions, ballot_log, certifying, closing, counting, editions, followers, sealing
from .services import what_if as comparing
from .services.codes import asking
from .services.feasibility import asking as asking_departments
from .services.feasibility import verdicts
from .services.ideas import publishing as ideas
from .services.moderation import undoing
from .services.paper_votes import replacing
from .services.realisation import alarm, boards
from .services.statistics import arrivals


@task("participatory_budget.tell_opened")
def tell_opened(edition_id: str) -> None:
    """Tell other programs that a vote has opened, once its time has come, and begin to seal its log."""
    editions.tell_opened(UUID(edition_id))
    enqueue("participatory_budget.seal_logs")


@task("participatory_budget.seal_log")
def seal_log(edition_id: str) -> None:
    """Link the receipts of a vote that were given out since to the chain of its log."""
    ballot_log.seal_batch(editions.by_id(UUID(edition_id)))


@task("participatory_budget.seal_logs", every=ballot_log.EVERY, idle=timedelta(hours=1))
def seal_logs() -> bool:
    """Have the log of every vote that is open sealed; rests while none is."""
    moment = now()
    is_open = (Edition.opens_at <= moment, Edition.closes_at > moment)
    found = db.session.scalars(
        select(Edition.id).where(Edition.stage == Stage.READY, *is_open).limit(20)
    ).all()
    for edition_id in found:
        enqueue("participatory_budget.seal_log", edition_id=str(edition_id))
    return bool(found)


@task("participatory_budget.close")
def close(edition_id: str) -> None:
    """Close a vote whose time has come; too early or done before, it does nothing."""
    closing.close_if_due(UUID(edition_id))


@task("participatory_budget.seal", lane=Lane.ROUTINE)
def seal(edition_id: str) -> None:
    """Seal the ballots of a vote that was closed and start the count; done before, it does nothing."""
    closing.seal_and_count(UUID(edition_id))


@task("participatory_budget.close_due", every=timedelta(minutes=1), idle=timedelta(hours=1))
def close_due() -> bool:
    """Close whatever is past its time, should the one message for it have been lost; rests while nothing is."""
    due = select(Edition.id).where(Edition.stage == Stage.READY, Edition.closes_at <= now()).limit(20)
    late = db.session.scalars(due).all()
    for edition_id in late:
        # Each in a transaction of its own: one that cannot be sealed keeps no other from it.
        enqueue("participatory_budget.close", edition_id=str(edition_id))
    return bool(late)


@task("participatory_budget.tell_opening")
def tell_opening(edition_id: str) -> None:
    """Tell those who follow an edition that its vote opens soon."""
    followers.tell_opening(UUID(edition_id))


@task("participatory_budget.count")
def count(count_id: str, read: int) -> None:
    """Count the next batch of ballots."""
    counting.go_on(UUID(count_id), read)


@task("participatory_budget.count_again")
def count_again(count_id: str) -> None:
    """Have the database count all ballots in its own words."""
    counting.count_again(UUID(count_id))


@task("participatory_budget.what_if", lane=Lane.ROUTINE)
def what_if(preview_id: str) -> None:
    """Count the ballots of a past vote under other rules, for staff."""
    comparing.compute(UUID(preview_id))


@task("participatory_budget.resume_counts", every=timedelta(minutes=1), idle=timedelta(hours=1))
def resume_counts() -> bool:
    """Go on with seals and counts whose message was lost with a worker or a broker; rests while nothing is counted."""
    closed = closing.unsealed()
    for edition_id in closed:
        enqueue("participatory_budget.seal", edition_id=str(edition_id))
    return counting.resume() > 0 or bool(closed)


@task("participatory_budget.publish")
def publish(edition_id: str) -> None:
    """Publish a certified result whose time has come; too early or done before, it does nothing."""
    certifying.publish_if_due(UUID(edition_id))


@task("participatory_budget.publish_due", every=timedelta(minutes=1), idle=timedelta(hours=1))
def publish_due() -> bool:
    """Publish whatever is past its time, should the one message for it have been lost; rests while nothing waits."""
    waiting = certifying.due()
    for edition_id in waiting:
        enqueue("participatory_budget.publish", edition_id=str(edition_id))
    return bool(waiting)


@task("participatory_budget.sweep", lane=Lane.ROUTINE)
def sweep() -> None:
    """Have the database forget on disk, too, what sealing has deleted."""
    vacuum(*sealing.SWEPT)


@task("participatory_budget.add_up_due", every=timedelta(minutes=5), idle=timedelta(hours=1))
def add_up_due() -> bool:
    """Have those who have voted of late added to the turnout, many at a time; rests while no vote is open."""
    return arrivals.add_up_due()


@task("participatory_budget.add_up")
def add_up(edition_id: str) -> None:
    """Add those who have voted of late to the turnout of an edition."""
    arrivals.add_up(UUID(edition_id))


@task("participatory_budget.begin_realisation")
def begin_realisation(edition_id: str) -> None:
    """Make a board for each funded project of a published edition; what was begun before stays."""
    boards.begin(UUID(edition_id))


@task("participatory_budget.look_after_promises", every=timedelta(hours=6))
def look_after_promises() -> None:
    """Begin boards that are missing, and tell staff of projects that are late or of which nothing is heard."""
    alarm.begin_missing()
    alarm.tell_staff()


@task("participatory_budget.publish_idea")
def publish_idea(idea_id: str) -> None:
    """Show an idea whose hours have run, unless staff have stopped it."""
    ideas.publish_if_due(UUID(idea_id))


@task("participatory_budget.publish_ideas_due", every=timedelta(minutes=15), idle=timedelta(hours=6))
def publish_ideas_due() -> bool:
    """Show ideas whose message was lost; rests while none waits for its hours."""
    return ideas.publish_due()


@task("participatory_budget.send_code")
def send_code(code_id: str) -> None:
    """Send the code that somebody has asked for to vote without an account."""
    asking.send(UUID(code_id))


@task("participatory_budget.forget_codes", every=timedelta(minutes=30), idle=timedelta(hours=6))
def forget_codes() -> bool:
    """Delete codes and admissions that are no longer good; rests while there are none."""
    return asking.forget_expired() + admissions.forget_expired(now()) > 0


@task("participatory_budget.tell_replaced", lane=Lane.ROUTINE)
def tell_replaced(edition_id: str, voter: str) -> None:
    """Tell somebody that her ballot on paper took the place of her vote on the web; never what she chose."""
    replacing.tell(UUID(edition_id), bytes.fromhex(voter))


@task("participatory_budget.remind_departments", every=timedelta(hours=6))
def remind_departments() -> None:
    """Remind departments of the opinions that are due, once a day."""
    asking_departments.remind()


@task("participatory_budget.close_appeals", every=timedelta(hours=6))
def close_appeals() -> None:
    """End the examinations against which nobody appealed in time."""
    verdicts.close_appeals()


@task("participatory_budget.forget_mergings", every=timedelta(hours=6))
def forget_mergings() -> None:
    """Forget what is only kept to part merged ideas again within a day."""
    undoing.forget_old()
