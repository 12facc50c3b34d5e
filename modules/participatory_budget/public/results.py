"""The result: while it is counted, when it is published, and the files to check it with."""

import os
import tempfile
from collections.abc import Iterable, Sequence
from typing import IO

from babel.dates import format_skeleton
from flask import Response, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.sdk import _, is_htmx, language, limit, line_chart, number, render

from ..models import CountState, Edition
from ..rules import proof
from ..rules.contests import ContestsBy
from ..rules.phases import Phase
from ..services import (
    ballot_log,
    bundling,
    counting,
    editions,
    publishing,
    receipts,
    results,
    results_csv,
    turnout,
)
from ..services.explaining import count_sentences
from ..services.receipt_leaves import leaves
from ..services.verifier import write_verifier
from ..services.wording import Names
from .blueprint import bp

SPOOLED_IN_MEMORY = 4 * 1024 * 1024
DOWNLOADS = "60/minute"
WORKING = (Phase.CLOSED, Phase.COUNTING)


@bp.get("/<slug>/results")
def result(slug: str) -> ResponseReturnValue:
    """Show the published result, or how far the count has come."""
    edition = editions.by_slug(slug)
    phase = editions.phase(edition)
    if is_htmx() and phase not in WORKING:
        return Response(status=204, headers={"HX-Refresh": "true"})
    if phase in (*WORKING, Phase.COUNTED):
        return _being_counted(edition, phase)
    found, days = results.published(edition), turnout.by_day(edition)
    return render(
        "participatory_budget/public/results.html",
        edition=edition,
        results=found,
        sentences=count_sentences(found.protocol, ballots=found.voters),
        days=days,
        chart=_turnout_chart(days),
        has_receipts=receipts.has_receipts(edition),
        names=Names(edition),
    )


@bp.get("/<slug>/results/results.csv")
def results_table(slug: str) -> ResponseReturnValue:
    """Download the result as a table: of everything, or of one contest."""
    edition = editions.by_slug(slug)
    cells = results_csv.table(edition, results.published(edition), request.args.get("contest"))
    return _download(Response(results_csv.lines(cells), mimetype="text/csv"), f"{slug}-results.csv")


@bp.get("/<slug>/results/protocol.json")
def protocol(slug: str) -> ResponseReturnValue:
    """Download the protocol of the count."""
    text, _protocol = results.published_contest(editions.by_slug(slug), request.args.get("contest"))
    return _download(Response(text, mimetype="application/json"), "protocol.json")


@bp.get("/<slug>/results/receipts.txt")
def receipt_leaves(slug: str) -> ResponseReturnValue:
    """Download the leaves of all receipts that are counted, in rising order."""
    edition = editions.by_slug(slug)
    results.published_count(edition)
    limit("participatory_budget.download", DOWNLOADS)
    lines = (f"{leaf.hex()}\n" for leaf in leaves(edition.id))
    return _download(_spooled(lines), "receipts.txt")


@bp.get("/<slug>/results/log.txt")
def log(slug: str) -> ResponseReturnValue:
    """Download the log: the batch and the leaf of every receipt that was given out."""
    edition = editions.by_slug(slug)
    results.published_count(edition)
    limit("participatory_budget.download", DOWNLOADS)
    lines = (f"{batch} {leaf.hex()}\n" for batch, leaf in ballot_log.entries(edition))
    return _download(_spooled(lines), "log.txt")


@bp.get("/<slug>/results/ballots.pb")
def ballots(slug: str) -> ResponseReturnValue:
    """Download the ballots that were counted, in the Pabulib format."""
    edition = editions.by_slug(slug)
    _text, counted = results.published_contest(edition, request.args.get("contest"))
    response = Response(mimetype="text/plain")
    response.set_etag(counted.ballots_sha256)
    if response.make_conditional(request).status_code == 304:
        return response
    limit("participatory_budget.download", DOWNLOADS)
    file: IO[bytes] = tempfile.SpooledTemporaryFile(SPOOLED_IN_MEMORY)  # noqa: SIM115  closed with the response
    publishing.write_ballots(file, edition.id, counted)
    length = file.tell()
    file.seek(0)
    if proof.file_digest(file) != counted.ballots_sha256:
        raise RuntimeError(f"edition {edition.id}: the ballots are not those that were counted")
    file.seek(0)
    response.response = iter(lambda: file.read(65_536), b"")
    response.content_length = length
    response.call_on_close(file.close)
    return _download(response, "ballots.pb")


@bp.get("/<slug>/results/bundle.zip")
def bundle(slug: str) -> ResponseReturnValue:
    """Download all of it in one file, which any Python checks alone."""
    edition = editions.by_slug(slug)
    results.published_count(edition)
    limit("participatory_budget.download", DOWNLOADS)
    file: IO[bytes] = tempfile.SpooledTemporaryFile(SPOOLED_IN_MEMORY)  # noqa: SIM115  closed with the response
    bundling.write(file, edition)
    return _download(_sent(file, "application/zip"), f"{slug}.zip")


@bp.get("/<slug>/results/verify.pyz")
def verifier(slug: str) -> ResponseReturnValue:
    """Download the program that checks the bundle: one file, which needs nothing but Python."""
    results.published_count(editions.by_slug(slug))
    limit("participatory_budget.download", DOWNLOADS)
    file: IO[bytes] = tempfile.SpooledTemporaryFile(SPOOLED_IN_MEMORY)  # noqa: SIM115  closed with the response
    write_verifier(file)
    return _download(_sent(file, "application/zip"), "verify.pyz")


def _being_counted(edition: Edition, phase: Phase) -> Response:
    """Show how far the count has come; never what it has found."""
    count = counting.latest(edition) if phase is Phase.COUNTING else None
    running = count is not None and count.state is CountState.RUNNING
    template = "_count.html" if is_htmx() else "being_counted.html"
    page = render(
        f"participatory_budget/public/{template}",
        edition=edition,
        phase=phase,
        count=count if running else None,
        # Where districts vote apart, their parts of ballots are counted: how many there are follows from the votes.
        shows_numbers=running
        and edition.contests_by is ContestsBy.ONE
        and edition.id in turnout.shown([edition]),
    )
    return Response(page, mimetype="text/html", headers={"Cache-Control": "no-store"})


def _turnout_chart(days: Sequence[turnout.Day]) -> Markup | None:
    """Return the curve of people who have voted; two days make a line."""
    if len(days) < 2:
        return None
    points = [(format_skeleton("MMMd", one.day, locale=language()), one.in_all) for one in days]
    return line_chart(points, label=_("People who had voted by the end of each day"), show=number)


def _spooled(lines: Iterable[str]) -> Response:
    """Return a text that is read from the database now and sent when its transaction has ended."""
    file: IO[bytes] = tempfile.SpooledTemporaryFile(SPOOLED_IN_MEMORY)  # noqa: SIM115  closed with the response
    file.writelines(line.encode() for line in lines)
    return _sent(file, "text/plain")


def _sent(file: IO[bytes], kind: str) -> Response:
    """Return what was written to a file, which goes when it has been sent."""
    length = file.seek(0, os.SEEK_END)
    file.seek(0)
    response = Response(iter(lambda: file.read(65_536), b""), mimetype=kind)
    response.content_length = length
    response.call_on_close(file.close)
    return response


def _download(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-cache"
    return response
