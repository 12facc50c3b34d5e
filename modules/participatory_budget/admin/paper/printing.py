"""Ballots to print: large, with a box for each project, and the number of the paper as a QR code."""

import io
from dataclasses import dataclass
from uuid import UUID

import segno
from flask import request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.sdk import LANGUAGES, Invalid, _, current_city, force_locale, language, render, requires

from ...models import Edition, PaperBatch, Project
from ...rules.ballots import BallotRule
from ...rules.contests import ContestsBy
from ...rules.paper_ballots import paper_code
from ...services import editions
from ...services.explaining import choosing, paper_sentences
from ...services.paper_votes import batches
from ...services.taking_part import rules_on_ballot
from ...services.wording import Names, contest_name, grades_on_paper
from ..blueprint import bp

MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Part:
    """One contest on a paper."""

    name: str
    rule: BallotRule
    projects: list[Project]
    limits: str


@bp.get("/<uuid:edition_id>/paper/<uuid:batch_id>/print")
@requires("participatory_budget.paper")
def print_papers(edition_id: UUID, batch_id: UUID) -> ResponseReturnValue:
    """Show papers of a batch to print, in one of the city's languages."""
    edition = editions.by_id(edition_id)
    batch = batches.batch_of(edition, batch_id)
    if not batch.printed:
        raise Invalid(_("This batch has no papers to print."))
    first = min(max(request.args.get("first", 1, type=int), 1), batch.printed)
    last = min(first + MOST_AT_ONCE - 1, batch.printed)
    wanted = request.args.get("language", language())
    chosen = wanted if wanted in current_city().languages else current_city().language
    with force_locale(chosen):
        parts = _parts(edition, batch)
        return render(
            "participatory_budget/admin/paper/print.html",
            edition=edition,
            batch=batch,
            parts=parts,
            sentences=paper_sentences(edition),
            names=Names(edition),
            papers=[(serial, *_code(batch, serial)) for serial in range(first, last + 1)],
            grades=grades_on_paper(parts[0].rule) if parts else [],
            first=first,
            last=last,
            more=last < batch.printed,
            chosen=chosen,
            print_in=[(one, LANGUAGES[one]) for one in current_city().languages],
        )


def _parts(edition: Edition, batch: PaperBatch) -> list[Part]:
    whole = edition.contests_by is ContestsBy.ONE
    return [
        Part(
            "" if whole else contest_name(edition, key),
            rule,
            [one for one in edition.projects if whole or one.district == key],
            "" if whole else choosing(edition, rule),
        )
        for key, rule in rules_on_ballot(edition, batch.district).items()
    ]


def _code(batch: PaperBatch, serial: int) -> tuple[str, Markup]:
    code, drawn = paper_code(batch.number, serial), io.BytesIO()
    segno.make(code, error="m", micro=False).save(drawn, kind="svg", scale=3, border=2, xmldecl=False)
    return code, Markup(drawn.getvalue().decode())  # noqa: S704  drawn by segno from numbers of ours
