"""One idea in its examination: what departments say, what it costs, and what is to be done next."""

from collections.abc import Callable, Mapping
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.sdk import Form, ServiceError, _, given, render, requires, today

from ...forms.feasibility import AskForm, EstimateForm, FormalFaultForm, VerdictForm, answer_names
from ...models import Edition, Examination, Idea
from ...rules.feasibility.steps import Move, Step, Verdict
from ...rules.moderation.decisions import AppealOf
from ...services import editions
from ...services.feasibility import answering, asking, boards, cases, settings, verdicts
from ...services.ideas import files
from ...services.moderation import appeals, dossier
from ...services.wording import Names
from ..blueprint import bp
from ..hub import drop_changes
from .wording import answer_kinds, verdict_kinds

Forms = dict[str, Form]


@bp.route("/<uuid:edition_id>/feasibility/<int:idea_number>", methods=["GET", "POST"])
@requires("participatory_budget.coordinate")
def examination(edition_id: UUID, idea_number: int) -> ResponseReturnValue:
    """Show the examination of an idea and take its next step."""
    edition = editions.by_id(edition_id)
    case, idea = cases.case_of(edition, idea_number)
    act = request.form.get("act", "")
    forms = _forms(edition, case, act)
    if request.method != "POST":
        return _page(edition, case, idea, forms)
    form = forms.get(act)
    if form is not None and not form.sent():
        return _page(edition, case, idea, forms), 422
    done = _acts(edition, idea_number, forms).get(act)
    if done is None:
        return _page(edition, case, idea, forms, problem=_("Choose what is to be done.")), 422
    try:
        message = done()
    except ServiceError as error:
        drop_changes(error)
        edition = editions.by_id(edition_id)
        case, idea = cases.case_of(edition, idea_number)
        if isinstance(form, VerdictForm):
            form.seen.data = str(case.version)
        return _page(edition, case, idea, forms, problem=str(error)), error.status
    flash(message, "ok")
    return redirect(url_for(".examination", edition_id=edition_id, idea_number=idea_number), 303)


def _acts(edition: Edition, number: int, forms: Forms) -> Mapping[str, Callable[[], str]]:
    """Return what each button does; it answers with what to say."""

    def plain(work: Callable[[Edition, int], object], message: str) -> Callable[[], str]:
        def do() -> str:
            work(edition, number)
            return message

        return do

    return {
        "accept": plain(verdicts.accept, _("The idea has passed the formal check.")),
        "complete": plain(verdicts.complete, _("No further opinions are waited for.")),
        "reopen": plain(verdicts.reopen, _("The decision is taken back.")),
        "publish": plain(verdicts.publish, _("The opinion is published and the authors are told.")),
        "fail": lambda: _failed(edition, number, forms["fail"]),
        "ask": lambda: _asked(edition, number, forms["ask"]),
        "decide": lambda: _decided(edition, number, forms["decide"]),
        "estimate": lambda: _estimated(edition, number, forms["estimate"]),
    }


def _failed(edition: Edition, number: int, form: Form) -> str:
    verdicts.fail(edition, number, form.fault.data)
    return _("The idea does not pass. Publish it, so that its authors hear of it.")


def _asked(edition: Edition, number: int, form: Form) -> str:
    if not isinstance(form, AskForm):
        raise AssertionError("the form of the question")
    asking.ask(edition, [number], form.chosen(), due=form.due.data)
    return _("The departments are asked.")


def _decided(edition: Edition, number: int, form: Form) -> str:
    if not isinstance(form, VerdictForm):
        raise AssertionError("the form of the decision")
    verdict = Verdict(given(form.verdict))
    verdicts.decide(edition, number, verdict, form.opinion.data, seen=form.seen_version)
    return _("It is decided. Publish the opinion when it is ready.")


def _estimated(edition: Edition, number: int, form: Form) -> str:
    answering.estimate_as(edition, number, given(form.cost), form.why.data or "")
    return _("The cost is saved.")


def _forms(edition: Edition, case: Examination, act: str) -> Forms:
    """Return the forms of the page; only the one that was sent reads what came in."""
    proposed = answering.proposed(answering.answers_of(asking.asked(case)))
    made: Mapping[str, Callable[[], Form]] = {
        "fail": FormalFaultForm,
        "ask": lambda: AskForm.on(settings.departments(edition)),
        "decide": lambda: VerdictForm.of(case, proposed),
        "estimate": EstimateForm,
    }
    return {name: make() for name, make in made.items() if not act or name == act} | {
        name: _unsent(make) for name, make in made.items() if act and name != act
    }


def _unsent(make: Callable[[], Form]) -> Form:
    """Return a form that does not look at what came in with another one."""
    form = make()
    form.process(None, data={field.name: field.default for field in form})
    return form


def _page(edition: Edition, case: Examination, idea: Idea, forms: Forms, *, problem: str = "") -> str:
    opinions = asking.all_asked(case)
    estimates = answering.estimates(idea)
    moves = cases.moves(edition, case)
    departments = settings.departments(edition)
    return render(
        "participatory_budget/admin/feasibility/case.html",
        edition=edition,
        case=case,
        idea=idea,
        forms=forms,
        problem=problem,
        moves={one.value for one in moves},
        may_ask=departments and (case.step in (Step.FORMAL, Step.OPINIONS) or Move.ASK_AGAIN in moves),
        opinions=opinions,
        answers=answering.answers_of(opinions),
        criteria=settings.criteria(edition),
        departments={one.id: one for one in departments},
        estimates=estimates,
        appeal=appeals.appeal(idea, AppealOf.OPINION),
        people=dossier.people(
            [*(one.given_by for one in opinions), *(one.made_by for one in estimates), case.decided_by]
        ),
        authors=dossier.authors(idea),
        files=files.of(idea),
        names=Names(edition),
        answer_names=answer_names(),
        answer_kinds=answer_kinds(),
        step_names=boards.step_names(),
        verdict_names=boards.verdict_names(),
        verdict_kinds=verdict_kinds(),
        today=today(),
    )
