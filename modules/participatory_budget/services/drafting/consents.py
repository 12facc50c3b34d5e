"""What authors say to the words with which the city puts their ideas on the ballot; the city decides."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.sdk import Account, Conflict, Invalid, NotFound, _, audit, db, notify, now

from ...models import Edition, Idea, Project, TextConsent
from ...rules.feasibility.consents import Consent
from ..feasibility.settings import rules_of
from ..ideas.authors import account_ids
from ..projects import is_fixed

LONGEST = 2000


def ask(edition: Edition, project: Project, ideas: Sequence[Idea]) -> int:
    """Ask the authors of ideas about the text of their project; returns how many were asked now."""
    if not rules_of(edition).needs_consent:
        return 0
    people = {account_id: idea for idea in ideas for account_id in account_ids(idea)}
    for account_id, idea in people.items():
        row = {"project_id": project.id, "account_id": account_id, "state": Consent.ASKED, "asked_at": now()}
        db.session.execute(insert(TextConsent).values(row).on_conflict_do_nothing())
        notify(
            "participatory_budget.text_to_agree",
            account_id,
            f"text of {project.id}",
            link=path(edition, project),
            title=idea.title,
        )
    return len(people)


def asked_of(project: Project, account: Account) -> TextConsent:
    """Return what an author was asked about a project; raises NotFound for everybody else."""
    found = db.session.get(TextConsent, (project.id, account.id))
    if found is None:
        raise NotFound(_("There is no such project."))
    return found


def answer(
    edition: Edition, project: Project, account: Account, *, agrees: bool, text: str = ""
) -> TextConsent:
    """Keep what an author says; she can change it until the ballot is fixed. Raises Invalid for a bare objection."""
    found = asked_of(project, account)
    if is_fixed(edition):
        raise Conflict(_("The ballot is fixed: the text can no longer change."))
    words = text.strip()[:LONGEST]
    if not agrees and not words:
        raise Invalid(_("Say what should be otherwise."))
    found.state = Consent.AGREED if agrees else Consent.OBJECTED
    found.text, found.answered_at = words, now()
    audit("participatory_budget.text_answered", subject=f"project:{project.id}", agrees=agrees)
    return found


def of_projects(projects: Sequence[Project]) -> Mapping[UUID, Sequence[TextConsent]]:
    """Return what authors say to each project, in one query."""
    mine = select(TextConsent).where(TextConsent.project_id.in_([one.id for one in projects]))
    found: dict[UUID, list[TextConsent]] = {}
    for one in db.session.scalars(mine.order_by(TextConsent.asked_at, TextConsent.account_id)):
        found.setdefault(one.project_id, []).append(one)
    return found


def path(edition: Edition, project: Project) -> str:
    """Return the address where authors read the text and answer."""
    return f"/participatory-budget/{edition.slug}/projects/{project.number}/text"
