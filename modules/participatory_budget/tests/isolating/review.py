"""What the isolation suite needs of moderation, the examination of ideas and the drafting of the ballot."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from app.sdk import Account, db, now, today
from app.testing.leaks import Filling, Twin
from modules.participatory_budget.models import (
    CostEstimate,
    Criterion,
    CriterionAnswer,
    Department,
    DepartmentOpinion,
    Edition,
    Examination,
    Idea,
    IdeaComment,
    IdeaDecision,
    Project,
    RefusalReason,
    TextConsent,
)
from modules.participatory_budget.rules.feasibility.steps import Answer, Step, Verdict
from modules.participatory_budget.rules.ideas.states import Happening, IdeaState
from modules.participatory_budget.rules.moderation.decisions import Decision
from modules.participatory_budget.rules.schedule import Part, Span, write_schedule
from modules.participatory_budget.services import editions
from modules.participatory_budget.services.drafting import consents, making
from modules.participatory_budget.services.feasibility import settings
from modules.participatory_budget.services.ideas import commenting, history, publishing, writing
from modules.participatory_budget.services.ideas.doubting import Sending
from modules.participatory_budget.services.moderation import appeals, reasons, undoing

EDITION = "examined"
IDEAS = 8
PEOPLE = Sending(seconds=300.0)


def fill(filling: Filling) -> None:
    """Add what is made in both cities and the values that addresses take."""
    filling.content(handed_in)
    filling.content(moderated)
    filling.content(examined)
    filling.values("edition_id", "idea_number")(idea_numbers)
    filling.values("edition_id", "comment_id")(comments)
    filling.values("edition_id", "reason_id")(reasons_of)
    filling.values("edition_id", "criterion_id")(criteria)
    filling.values("edition_id", "department_id")(departments)
    filling.values("edition_id", "opinion_id")(opinions)
    filling.values("slug", "number", of="participatory_budget_public.opinion")(idea_addresses)
    filling.values("slug", "number", of="participatory_budget_public.appeal")(refused_addresses)
    filling.values("slug", "number", of="participatory_budget_public.project_text")(drafted)
    admin = "participatory_budget_admin"
    filling.answers(f"{admin}.reasons", **{"name-fr": "Trop", "text-fr": "C'est trop."})
    filling.answers(f"{admin}.reason", **{"name-fr": "Trop", "text-fr": "C'est trop."})
    filling.answers(f"{admin}.criteria", **{"name-fr": "Climat"})
    filling.answers(f"{admin}.criterion", **{"name-fr": "Climat"})
    filling.answers(f"{admin}.departments", **{"name-fr": "Sport", "days": "7", "people": ""})
    filling.answers(f"{admin}.department", **{"name-fr": "Sport", "days": "7", "people": ""})
    filling.answers(f"{admin}.review_rules", appeal_days="7", refusal_days="7")
    filling.answers(f"{admin}.moderate_idea", note="Seen")
    filling.answers(f"{admin}.drafting", number="3", act="each")
    filling.answers(f"{admin}.feasibility", number="3", act="ask", departments=_departments)
    filling.answers(f"{admin}.examination", act="estimate", cost="70", why="Because")
    filling.answers(
        "participatory_budget_public.appeal", text="This is a matter of the city, and not of others."
    )
    filling.answers("participatory_budget_public.project_text", answer="agree")


def handed_in(twin: Twin) -> None:
    """Make an edition with ideas of a resident, published but for two; somebody has said something to the first."""
    edition = editions.create(twin.key(EDITION), twin.texts("edition examined"))
    edition.summary, edition.budget, edition.max_choices = twin.texts("summary"), 1_000_000, 3
    span = Span(now() - timedelta(days=1), now() + timedelta(days=30))
    edition.schedule = write_schedule(dict.fromkeys(Part, span))
    editions.show(edition.id)
    author = _person(twin, "resident")
    for number in range(1, IDEAS + 1):
        idea = writing.begin(edition, author, writing.Beginning(twin.text(f"idea {number}")))
        place = writing.Where("", twin.text("place"))
        writing.save(edition, idea.id, author, place, seen=idea.version)
        words = writing.Words(twin.text("what is proposed ") * 6)
        writing.save(edition, idea.id, author, words, seen=idea.version)
        writing.hand_in(edition, idea.id, author, PEOPLE)
        if number < IDEAS - 1:
            publishing.publish(idea)
    first = _idea(twin, 1)
    commenting.write(edition, first.id, author, twin.text("comment"), sending=PEOPLE)


def moderated(twin: Twin) -> None:
    """Write texts of the city's own, keep decisions with notes, merge two ideas, let an author appeal.

    Nobody is signed in here, so what asks who acts is written down as it would be.
    """
    edition = _edition(twin)
    reasons.add(edition.id, twin.texts("short"), twin.texts("reason"))
    refused, other = _idea(twin, 6), _idea(twin, IDEAS)
    refused.state = other.state = IdeaState.REFUSED
    refusals = ((refused, Decision.REFUSE), (other, Decision.REFUSE))
    for idea, decision in ((_idea(twin, IDEAS - 1), Decision.ASK), *refusals):
        db.session.add(
            IdeaDecision(
                idea_id=idea.id,
                decision=decision,
                decided_at=now(),
                reason=twin.texts("why"),
                note=twin.text("note"),
            )
        )
    db.session.flush()
    said = commenting.write(
        edition, _idea(twin, 1).id, _person(twin, "resident"), twin.text("rude"), sending=PEOPLE
    )
    commenting.hide(said.id, twin.texts("why hidden"))
    history.note(_idea(twin, 1), Happening.FEASIBLE, words=twin.texts("what was found"))
    undoing.merge(_idea(twin, 5), _idea(twin, 4))
    appeals.appeal_refusal(edition, refused, _person(twin, "resident"), twin.text("that is a wrong decision"))


def examined(twin: Twin) -> None:
    """Have departments asked, one answered and told, one left out, and a project made of another."""
    edition = _edition(twin)
    criterion = settings.add_criterion(edition.id, twin.texts("law"), twin.texts("is it allowed"))
    texts = settings.DepartmentTexts(twin.texts("parks"), 7, (twin.email("editor"),))
    department = settings.save_department(edition.id, texts)
    settings.add_criterion(edition.id, twin.texts("climate"), twin.texts("is it good for the climate"))
    others = settings.DepartmentTexts(twin.texts("streets"), 7, (twin.email("editor"),))
    twin.keep("department", str(settings.save_department(edition.id, others).id))
    for number in (1, 2, 3):
        idea = _idea(twin, number)
        is_told = number < 3
        words = twin.texts("it can be done") if is_told else {}
        case = Examination(
            idea_id=idea.id,
            edition_id=edition.id,
            step=Step.FINAL if is_told else Step.OPINIONS,
            begun_at=now(),
            verdict=Verdict.FEASIBLE if is_told else None,
            opinion=words,
            told_verdict=Verdict.FEASIBLE if is_told else None,
            told_opinion=words,
            published_at=now() if is_told else None,
            left_out=twin.texts("why left out") if number == 2 else None,
        )
        opinion = DepartmentOpinion(
            idea_id=idea.id,
            department_id=department.id,
            round=1,
            asked_at=now(),
            due_on=today(),
            given_at=now() if is_told else None,
            text=twin.text("our opinion"),
        )
        db.session.add_all((case, opinion))
        db.session.flush()
        db.session.add(
            CriterionAnswer(
                opinion_id=opinion.id,
                criterion_id=criterion.id,
                answer=Answer.CHANGES,
                text=twin.text("elsewhere"),
            )
        )
        db.session.add(
            CostEstimate(idea_id=idea.id, amount=5_000, reason=twin.text("trees cost"), made_at=now())
        )
    db.session.flush()
    project = making.one_each(edition.id, [1])[0]
    person = _person(twin, "resident")
    consents.answer(edition, project, person, agrees=False, text=twin.text("otherwise"))


def idea_numbers(_twin: Twin) -> Iterable[tuple[UUID, int]]:
    """Return every idea with its edition, those that wait and are refused, too."""
    found = select(Idea.edition_id, Idea.number).where(Idea.number.is_not(None))
    return [(row[0], row[1]) for row in db.session.execute(found.order_by(Idea.edition_id, Idea.number))]


def comments(_twin: Twin) -> Iterable[tuple[UUID, UUID]]:
    """Return every comment with its edition."""
    found = select(Idea.edition_id, IdeaComment.id).join(Idea, Idea.id == IdeaComment.idea_id)
    return [(row[0], row[1]) for row in db.session.execute(found.order_by(IdeaComment.id))]


def reasons_of(_twin: Twin) -> Iterable[tuple[UUID, UUID]]:
    """Return the texts for authors with their editions."""
    return _pairs(RefusalReason)


def criteria(_twin: Twin) -> Iterable[tuple[UUID, UUID]]:
    """Return the criteria with their editions."""
    return _pairs(Criterion)


def departments(_twin: Twin) -> Iterable[tuple[UUID, UUID]]:
    """Return the departments with their editions."""
    return _pairs(Department)


def opinions(_twin: Twin) -> Iterable[tuple[UUID, UUID]]:
    """Return what departments are asked, with the editions."""
    found = select(Idea.edition_id, DepartmentOpinion.id).join(Idea, Idea.id == DepartmentOpinion.idea_id)
    return [(row[0], row[1]) for row in db.session.execute(found.order_by(DepartmentOpinion.id))]


def idea_addresses(_twin: Twin) -> Iterable[tuple[str, int]]:
    """Return ideas by the address of their edition."""
    found = select(Edition.slug, Idea.number).join(Idea, Idea.edition_id == Edition.id)
    rows = db.session.execute(found.where(Idea.number.is_not(None)).order_by(Edition.slug, Idea.number))
    return [(row[0], row[1]) for row in rows]


def refused_addresses(_twin: Twin) -> Iterable[tuple[str, int]]:
    """Return the refused ideas by the address of their edition."""
    found = select(Edition.slug, Idea.number).join(Idea, Idea.edition_id == Edition.id)
    rows = db.session.execute(
        found.where(Idea.state == IdeaState.REFUSED).order_by(Edition.slug, Idea.number)
    )
    return [(row[0], row[1]) for row in rows]


def drafted(_twin: Twin) -> Iterable[tuple[str, int]]:
    """Return the projects about whose text somebody is asked."""
    found = (
        select(Edition.slug, Project.number)
        .join(Project, Project.edition_id == Edition.id)
        .join(TextConsent, TextConsent.project_id == Project.id)
    )
    return [(row[0], row[1]) for row in db.session.execute(found.distinct())]


def _departments(twin: Twin) -> list[str]:
    return twin.kept["department"][:1]


def _pairs(table: type[RefusalReason | Criterion | Department]) -> list[tuple[UUID, UUID]]:
    found = select(table.edition_id, table.id).order_by(table.id)
    return [(row[0], row[1]) for row in db.session.execute(found)]


def _edition(twin: Twin) -> Edition:
    return db.session.scalars(select(Edition).where(Edition.slug == twin.key(EDITION))).one()


def _idea(twin: Twin, number: int) -> Idea:
    mine = select(Idea).where(Idea.edition_id == _edition(twin).id, Idea.number == number)
    return db.session.scalars(mine).one()


def _person(twin: Twin, role: str) -> Account:
    return db.session.scalars(select(Account).where(Account.email == twin.email(role))).one()
