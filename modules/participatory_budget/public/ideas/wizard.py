"""Writing an idea, a step at a time: each step is saved, and every one can be come back to."""

from dataclasses import dataclass
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.sdk import Account, Conflict, Invalid, _, is_htmx, limit, render

from ...forms.ideas import BeginningForm, PlaceForm, WordsForm
from ...models import Edition, Idea
from ...rules.ideas.states import IdeaState
from ...services.ideas import finding, maps, writing
from ...services.ideas.rules_of import must_take_ideas, rules_of, shows_ideas
from ...services.ideas.seeing import owned
from ..blueprint import bp
from .asked import cards_alike
from .guard import sending, stamp
from .pages import edition_with_ideas
from .signed_in import kept_words, signed_in

STEPS = ("title", "place", "alike", "text", "files", "check")
TYPES = "60/minute"
BEGINS = "20/hour"


@dataclass(frozen=True, slots=True)
class Step:
    """What a step of the wizard needs to be drawn."""

    edition: Edition
    idea: Idea | None
    name: str

    @property
    def number(self) -> int:
        """Return which step it is, from 1."""
        return STEPS.index(self.name) + 1

    def url(self, name: str) -> str:
        """Return the address of another step of this idea."""
        return url_for(f".idea_{name}", slug=self.edition.slug, idea_id=self.idea.id if self.idea else None)

    def after(self) -> str:
        """Return where the step leads when it is saved: on, back to the check, or to the idea that is changed."""
        if self.idea is not None and self.idea.state is not IdeaState.DRAFT:
            return url_for(".idea", slug=self.edition.slug, number=self.idea.number)
        if request.args.get("back") == "check":
            return self.url("check")
        return self.url(STEPS[self.number])

    def drawn(self, form: object = None, problem: str = "", **more: object) -> str:
        """Return the page of the step."""
        return render(
            f"participatory_budget/public/ideas/step_{self.name}.html",
            edition=self.edition,
            idea=self.idea,
            step=self,
            steps=len(STEPS),
            form=form,
            problem=problem,
            stamp=stamp(f"idea {self.idea.id if self.idea else 'new'}"),
            **more,
        )


@bp.route("/<slug>/ideas/new", methods=["GET", "POST"])
@signed_in(".new_idea")
def new_idea(account: Account, slug: str) -> ResponseReturnValue:
    """Begin an idea with its title and category."""
    edition = edition_with_ideas(slug)
    must_take_ideas(edition)
    step, form = Step(edition, None, "title"), BeginningForm(data=kept_words()).offer(edition)
    if not form.sent():
        return step.drawn(form, alike=_alike_title(edition, form.title.data or "")), form.status
    limit("participatory_budget.idea", BEGINS, str(account.id))
    try:
        idea = writing.begin(edition, account, form.part())
    except (Invalid, Conflict) as error:
        return step.drawn(form, str(error), alike=[]), error.status
    return redirect(Step(edition, idea, "title").url("place"), 303)


@bp.route("/<slug>/ideas/write/<uuid:idea_id>/title", methods=["GET", "POST"])
@signed_in(".idea_title")
def idea_title(account: Account, slug: str, idea_id: UUID) -> ResponseReturnValue:
    """Change title and category."""
    edition = edition_with_ideas(slug)
    idea = owned(idea_id, account)
    saved = {"title": idea.title, "category": idea.category, "seen": idea.version}
    form = BeginningForm(data={**saved, **kept_words()}).offer(edition)
    return _save(account, Step(edition, idea, "title"), form, alike=[])


@bp.route("/<slug>/ideas/write/<uuid:idea_id>/place", methods=["GET", "POST"])
@signed_in(".idea_place")
def idea_place(account: Account, slug: str, idea_id: UUID) -> ResponseReturnValue:
    """Say where; a click on the picture of the city puts the pin there and shows the page again."""
    edition = edition_with_ideas(slug)
    idea = owned(idea_id, account)
    saved = {
        "district": idea.district,
        "place": idea.place,
        "latitude": idea.latitude,
        "longitude": idea.longitude,
        "seen": idea.version,
    }
    form = PlaceForm(data={**saved, **kept_words()}).offer(edition)
    step, drawn = Step(edition, idea, "place"), maps.picture(edition)
    if drawn is not None and request.method == "POST":
        if "nowhere" in request.form:
            form.latitude.data = form.longitude.data = ""
            return step.drawn(form, has_map=True)
        if (point := _clicked()) is not None:
            _put_pin(form, drawn, point)
            return step.drawn(form, has_map=True)
    return _save(account, step, form, has_map=drawn is not None)


@bp.get("/<slug>/ideas/write/<uuid:idea_id>/alike")
@signed_in(".idea_alike")
def idea_alike(account: Account, slug: str, idea_id: UUID) -> ResponseReturnValue:
    """Show ideas that are about the same or near; without any there is nothing to see here."""
    edition = edition_with_ideas(slug)
    idea = owned(idea_id, account)
    step = Step(edition, idea, "alike")
    at = None
    if idea.longitude is not None and idea.latitude is not None:
        at = (idea.longitude, idea.latitude)
    found = finding.alike(edition, idea.title, at=at, besides=idea.id) if shows_ideas(edition) else []
    if not found:
        return redirect(step.after(), 303)
    return step.drawn(alike=cards_alike(edition, found))


@bp.route("/<slug>/ideas/write/<uuid:idea_id>/text", methods=["GET", "POST"])
@signed_in(".idea_text")
def idea_text(account: Account, slug: str, idea_id: UUID) -> ResponseReturnValue:
    """Describe the idea."""
    edition = edition_with_ideas(slug)
    idea = owned(idea_id, account)
    kept = {name: value for name, value in kept_words().items() if name == "text"}
    form = WordsForm(data={"text": idea.text, "cost": idea.cost, "seen": idea.version, **kept}).offer(edition)
    return _save(account, Step(edition, idea, "text"), form, rules=rules_of(edition))


@bp.get("/<slug>/ideas/alike")
def alike_title(slug: str) -> ResponseReturnValue:
    """Return ideas that are about the same as the title being typed."""
    edition = edition_with_ideas(slug)
    limit("participatory_budget.alike", TYPES)
    title = request.args.get("title", "").replace("\x00", "")[: writing.LONGEST_TITLE]
    if not is_htmx():
        return redirect(url_for(".ideas", slug=slug, q=title), 303)
    return render(
        "participatory_budget/public/ideas/_alike.html",
        edition=edition,
        alike=_alike_title(edition, title),
        title=title,
    )


def _alike_title(edition: Edition, title: str) -> object:
    if len(title.strip()) < 4 or not shows_ideas(edition):
        return []
    return cards_alike(edition, finding.alike(edition, title))


def _save(
    account: Account, step: Step, form: BeginningForm | PlaceForm | WordsForm, **more: object
) -> ResponseReturnValue:
    """Save a step that came in and go on; show it again with all that was typed when it cannot be saved."""
    idea = step.idea
    if idea is None or not form.sent():
        return step.drawn(form, "", **more), form.status
    # A form without it is filled with the version as it is now, which is a number.
    typed = str(form.seen.data or "")
    seen = int(typed) if typed.isdecimal() and len(typed) < 9 else 0
    how = sending(f"idea {idea.id}")
    try:
        writing.save(step.edition, idea.id, account, form.part(), seen=seen, sending=how)
    except (Invalid, Conflict) as error:
        # What is saved now counts as seen: whoever sends it again has been told.
        form.seen.data = str(idea.version)
        return step.drawn(form, str(error), **more), error.status
    if idea.state is not IdeaState.DRAFT:
        waits = idea.state is IdeaState.WAITING
        said = _("Your change is saved. It shows once the city has looked at it.") if waits else ""
        flash(said or _("Your change is saved."), "ok")
    return redirect(step.after(), 303)


def _clicked() -> tuple[float, float] | None:
    """Return where the picture was clicked; None where another button was pressed."""
    x, y = request.form.get("pin.x", ""), request.form.get("pin.y", "")
    if not (x.isdecimal() and y.isdecimal() and len(x) < 5 and len(y) < 5):
        return None
    return float(x), float(y)


def _put_pin(form: PlaceForm, drawn: maps.Picture, point: tuple[float, float]) -> None:
    """Put what was pointed at into the form, with the district it lies in; nothing for the corner a key sends."""
    place = maps.pointed_at(drawn, point)
    if place is None:
        return
    form.longitude.data, form.latitude.data = str(place[0]), str(place[1])
    if "district" in form and (key := drawn.district_at(place)):
        form.district.data = key
