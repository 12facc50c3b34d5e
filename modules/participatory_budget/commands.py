"""`parvis pb`: import an edition, count again."""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

import click
from flask import Flask

from app.sdk import ServiceError, current_city, inside, parse_money

from . import blueprint_commands
from .rules.__main__ import describe, describe_bundle
from .rules.bundle import verify_bundle
from .rules.verify import VerifyReport, verify
from .services import counting, editions, importing, publishing
from .services.verifier import write_verifier


@click.group("pb")
def group() -> None:
    """Participatory budgets."""


group.add_command(blueprint_commands.group)


@group.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--city", required=True, help="Web address of the city, such as budapest.")
@click.option("--slug", default="", help="Address of the edition; made from the file's name when left out.")
@click.option("--max-per-category", type=click.IntRange(1), help="Choices in each category.")
@click.option(
    "--envelope", "envelopes", multiple=True, metavar="CATEGORY=AMOUNT", help="Money of one category."
)
@click.option("--count/--no-count", default=True, help="Let the worker count the ballots.")
@click.pass_obj
def import_file(
    make_app: Callable[[], Flask],
    file: IO[bytes],
    city: str,
    slug: str,
    max_per_category: int | None,
    envelopes: tuple[str, ...],
    *,
    count: bool,
) -> None:
    """Import an edition with its ballots from a Pabulib FILE; a wrong file changes nothing and is told where."""
    name = slug or Path(str(file.name)).stem.lower().replace("_", "-")
    try:
        with inside(make_app(), city):
            texts = importing.ImportTexts(
                name, max_per_category=max_per_category, envelopes=_envelopes(envelopes)
            )
            edition = importing.import_pb(file, texts)
            if count:
                counting.start_again(edition.id)
            click.echo(f"imported {name} into {city}" + (": the worker counts the ballots" if count else ""))
    except (ServiceError, LookupError, ValueError) as error:
        raise click.ClickException(str(error)) from error


@group.command("tally")
@click.argument("ballots", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("protocol", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--verify", "verifying", is_flag=True, required=True, help="Compare the recount with what was published."
)
@click.option("--city", help="Take the published files of this city instead of files on disk.")
@click.option("--edition", help="Address of the edition in the city.")
@click.pass_obj
def tally(
    make_app: Callable[[], Flask],
    ballots: Path | None,
    protocol: Path | None,
    city: str | None,
    edition: str | None,
    *,
    verifying: bool,
) -> None:
    """Count the BALLOTS file again and compare it with its PROTOCOL; ends with 1 when they do not agree."""
    if not verifying:
        raise click.UsageError("--verify is what this command does")
    if ballots and protocol:
        with ballots.open("rb") as stream:
            report = verify(stream, json.loads(protocol.read_text(encoding="utf-8")))
    elif city and edition:
        report = _verify_published(make_app(), city, edition)
    else:
        raise click.UsageError("name the two files, BALLOTS and PROTOCOL, or --city and --edition")
    click.echo(describe(report), nl=False)
    if not report.agrees:
        raise click.exceptions.Exit(1)


@group.command("verify")
@click.argument("bundle", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify_published_bundle(bundle: Path) -> None:
    """Count everything in a published BUNDLE again; ends with 1 when it does not prove the result."""
    try:
        report = verify_bundle(bundle)
    except (OSError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(describe_bundle(report), nl=False)
    if not report.agrees:
        raise click.exceptions.Exit(1)


@group.command("verifier")
@click.argument("out", type=click.File("wb"))
def write_verifier_to(out: IO[bytes]) -> None:
    """Write the program that checks a bundle to OUT, such as verify.pyz; it needs nothing but Python."""
    write_verifier(out)


def _verify_published(app: Flask, city: str, slug: str) -> VerifyReport:
    """Write the published files of an edition to disk, then recount from those alone."""
    try:
        with inside(app, city), tempfile.TemporaryFile() as stream:
            found = editions.by_slug(slug)
            count = counting.finished(found)
            publishing.write_ballots(stream, found.id, publishing.protocol_of(count))
            stream.seek(0)
            return verify(stream, json.loads(count.protocol or "{}"))
    except (ServiceError, LookupError) as error:
        raise click.ClickException(str(error)) from error


def _envelopes(given: tuple[str, ...]) -> dict[str, int]:
    envelopes = {}
    for pair in given:
        name, separator, amount = pair.rpartition("=")
        if not separator:
            raise ValueError(f"--envelope {pair}: write CATEGORY=AMOUNT")
        envelopes[name] = parse_money(amount, current_city().currency, "en")
    return envelopes
