"""The queue: what is new, reported, asked about, appealed and decided; publishing straight from it."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.sdk import _, asked_page, ngettext, render, requires

from ...forms.moderation import labels
from ...models import Edition
from ...services import editions
from ...services.moderation import deciding, queue
from ...services.moderation.queue import Shelf
from ...services.moderation.reach import shown_districts
from ..blueprint import bp
from .wording import hint_words, shelf_names

PERMISSION = queue.PERMISSION
MOST_AT_ONCE = 100


@bp.get("/<uuid:edition_id>/moderation")
@requires("participatory_budget.moderate")
def moderation(edition_id: UUID) -> str:
    """List what waits for a decision."""
    edition = editions.by_id(edition_id)
    asked = request.args.get("list", Shelf.NEW.value)
    shelf = Shelf(asked) if asked in set(Shelf) else Shelf.NEW
    return show_queue(edition, shelf)


@bp.post("/<uuid:edition_id>/moderation/publish")
@requires("participatory_budget.moderate")
def publish_ideas(edition_id: UUID) -> ResponseReturnValue:
    """Publish one idea by its button, or all that are ticked."""
    edition = editions.by_id(edition_id)
    chosen = request.form.getlist("only") or request.form.getlist("number")
    numbers = [int(one) for one in chosen if one.isascii() and one.isdigit() and len(one) < 10]
    if not numbers:
        flash(_("Choose the ideas to be published first."), "warn")
        return redirect(url_for(".moderation", edition_id=edition_id), 303)
    done, left = deciding.publish_many(edition, numbers[:MOST_AT_ONCE])
    if done:
        flash(ngettext("%(num)d idea is published.", "%(num)d ideas are published.", done), "ok")
    if left:
        listed = ", ".join(str(one) for one in left)
        flash(
            _("Not published, as a colleague decided meanwhile or has to decide: no. %(list)s.", list=listed),
            "warn",
        )
    return redirect(url_for(".moderation", edition_id=edition_id), 303)


def show_queue(edition: Edition, shelf: Shelf) -> str:
    """Return a page of one of the lists."""
    district = request.args.get("district", "")
    words = request.args.get("q", "").strip()[:120]
    page = queue.page_of(edition, shelf, asked_page(), district=district, words=words)
    names = shelf_names()
    counts = queue.counts(edition)
    return render(
        "participatory_budget/admin/moderation/queue.html",
        edition=edition,
        page=page,
        shelf=shelf,
        tabs=[
            (
                names[one],
                url_for(".moderation", edition_id=edition.id, list=one.value),
                one is shelf,
                None if one is Shelf.DECIDED else counts[one],
            )
            for one in Shelf
            if one is not Shelf.APPEALS or counts[one] or one is shelf
        ],
        hints={(row.comment or row.idea).id: hint_words(row.hints) for row in page.items},
        labels=labels(),
        district=district,
        words=words,
        district_options=district_options(edition, PERMISSION),
    )


def district_options(edition: Edition, permission: str) -> list[tuple[str, str]]:
    """Return the choices of a filter by district for the one signed in; none in an edition without districts."""
    found = [(one.key, one.name) for one in shown_districts(edition, permission)]
    return [("", _("All")), *found] if found else []


def next_after(edition: Edition, shelf: Shelf) -> str:
    """Return the address of what comes next on a list; the list itself when nothing is left."""
    items = queue.page_of(edition, shelf, 1).items
    for row in items:
        if row.comment is not None:
            return url_for(".moderate_comment", edition_id=edition.id, comment_id=row.comment.id)
        if deciding.possible(row.idea):
            return url_for(".moderate_idea", edition_id=edition.id, idea_number=row.idea.number)
    return url_for(".moderation", edition_id=edition.id, list=shelf.value)
