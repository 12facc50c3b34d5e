"""The rules of a vote in all their versions, for everyone to read and to keep."""

from flask import Response
from flask.typing import ResponseReturnValue

from app.sdk import render

from ..models import RuleVersion
from ..rules.phases import Stage
from ..services import editions, frozen
from ..services.change_words import in_words
from ..services.explaining import vote_sentences
from .blueprint import bp


@bp.get("/<slug>/rules")
def rules(slug: str) -> str:
    """Show the versions of the rules with reasons, and what each one changed."""
    edition = editions.by_slug(slug)
    found = frozen.versions_of(edition)

    def changed(place: int, version: RuleVersion) -> list[tuple[str, str, str]]:
        if place + 1 >= len(found):
            return []
        return in_words(edition, frozen.rules_in(found[place + 1]), frozen.rules_in(version))

    return render(
        "participatory_budget/public/rules.html",
        edition=edition,
        versions=[(version, changed(place, version)) for place, version in enumerate(found)],
        sentences=vote_sentences(edition),
        can_change=edition.stage in (Stage.DRAFT, Stage.PUBLISHED),
    )


@bp.get("/<slug>/rules/<int:number>.json")
def rules_document(slug: str, number: int) -> ResponseReturnValue:
    """Hand out a version as it was frozen, byte by byte."""
    version = frozen.version_of(editions.by_slug(slug), number)
    answer = Response(version.document, mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="rules-{slug}-{number}.json"'
    return answer
