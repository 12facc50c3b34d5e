"""`parvis migrate`: every city's tables brought up to date, and how far they are."""

from collections import Counter
from collections.abc import Mapping, Sequence

import click

from app.cli.progress import Progress
from app.cli.shell import MakeApp, Value, as_json, on_platform, show
from tenants import journal, owner
from tenants.migrate import copies, crowd, plan, replay, status
from tenants.migrate.crowd import Report, Wish
from tenants.migrate.survey import Survey, survey

MOST_NAMED = 50


@click.command("migrate")
@click.option("--city", "cities", multiple=True, metavar="CITY", help="Only this one; can be repeated.")
@click.option("--module", "modules", multiple=True, help="Only this history, or `city` for the base tables.")
@click.option("--workers", type=click.IntRange(1, 32), default=2, show_default=True, help="Connections.")
@click.option("--rate", type=click.FloatRange(min=0, min_open=True), help="At most so many cities a second.")
@click.option("--stop-after", type=click.IntRange(1), metavar="N", help="Stop when N cities have failed.")
@click.option(
    "--check", is_flag=True, help="Ask every city, instead of the platform's copy, and correct that."
)
@click.option("--dry-run", is_flag=True, help="Say what would be done and change nothing.")
@click.option("--sql", is_flag=True, help="With --dry-run: print the statements as well.")
@click.option("--status", "only_status", is_flag=True, help="Say which revisions the cities are at.")
@as_json
@click.pass_obj
def command(
    make_app: MakeApp,
    cities: tuple[str, ...],
    modules: tuple[str, ...],
    workers: int,
    rate: float | None,
    stop_after: int | None,
    check: bool,
    dry_run: bool,
    sql: bool,
    only_status: bool,
    as_json: bool,
) -> None:
    """Bring the tables of all cities up to date; safe to repeat, and to interrupt.

    A city that fails stays whole as it was and is named at the end; the next run touches only what is not done.
    Ends with 1 when a city failed or was not tried.
    """
    if sql and not dry_run:
        raise click.UsageError("--sql goes with --dry-run")
    wish = Wish(cities, modules, workers, rate, stop_after, check)
    whole = True
    with on_platform(make_app):
        _refuse_unknown(modules)
        try:
            if only_status:
                _say_status(as_json=as_json)
            elif dry_run:
                _say_plan(wish, sql=sql, as_json=as_json)
            else:
                whole = _migrate(wish, as_json=as_json)
        except (copies.NoSuchCity, copies.NotPrepared) as error:
            raise click.ClickException(str(error)) from error
    if not whole:
        raise SystemExit(1)


def _refuse_unknown(names: Sequence[str]) -> None:
    known = (plan.CITY, *plan.modules())
    if strangers := [name for name in names if name not in known]:
        raise click.UsageError(f"no history is called {', '.join(strangers)}; there are {', '.join(known)}")


def tell(report: Report) -> None:
    """Print who failed and why, and what came of it all."""
    for outcome in report.failed[:MOST_NAMED]:
        click.echo(f"failed: {outcome.city.slug} ({outcome.city.city_id}): {outcome.error}", err=True)
    if len(report.failed) > MOST_NAMED:
        click.echo(f"… and {len(report.failed) - MOST_NAMED} more", err=True)
    for error, number in Counter(outcome.error for outcome in report.failed).most_common(5):
        if number > 1:
            click.echo(f"{number} cities: {error}", err=True)
    for city in report.unknown[:MOST_NAMED]:
        strange = ", ".join(f"{name} at {at}" for name, at in plan.unknown(city.revisions or {}).items())
        click.echo(f"left alone: {city.slug}: this version does not know {strange}", err=True)
    click.echo(_summary(report))


def _migrate(wish: Wish, *, as_json: bool) -> bool:
    """Do it; returns whether every city came through."""
    with Progress("cities") as progress:
        report = crowd.migrate(
            owner.address(),
            wish,
            lambda so_far: progress.show(so_far.ended, so_far.planned, len(so_far.failed)),
        )
    if report.done or report.failed:
        journal.note("cities.migrated", done=len(report.done), failed=len(report.failed))
    if as_json:
        show(_as_value(report), as_json=True)
    else:
        tell(report)
    return not report.failed and not report.untried


def _summary(report: Report) -> str:
    if not report.planned:
        return f"{_cities(report.total)}: all up to date ({report.seconds:.2f} s)"
    parts = [f"{len(report.done)} migrated", f"{len(report.failed)} failed"]
    if report.untried:
        parts.append(f"{report.untried} not tried")
    if report.corrected:
        parts.append(f"{report.corrected} corrected in the platform's copy")
    return f"{_cities(report.total)}: {', '.join(parts)} ({report.seconds:.2f} s)"


def _cities(number: int) -> str:
    return "1 city" if number == 1 else f"{number} cities"


def _as_value(report: Report) -> Mapping[str, Value]:
    return {
        "cities": report.total,
        "migrated": len(report.done),
        "failed": [
            {"id": one.city.city_id, "address": one.city.slug, "error": one.error} for one in report.failed
        ],
        "not_tried": report.untried,
        "corrected": report.corrected,
        "unknown": [city.city_id for city in report.unknown],
        "seconds": round(report.seconds, 3),
    }


def _say_plan(wish: Wish, *, sql: bool, as_json: bool) -> None:
    with owner.connect(owner.address()) as connection:
        found = survey(connection, wish.cities, only=wish.only, check=wish.check)
    if as_json:
        show(_plan_value(found, sql=sql), as_json=True)
        return
    click.echo(f"{_cities(found.total)}: {len(found.pending)} to migrate, {found.current} up to date")
    for step, number in sorted(found.steps().items(), key=lambda item: str(item[0])):
        click.echo(f"  {step} in {_cities(number)}{' (row by row)' if step.online else ''}")
        for statement in replay.statements(step, "{city_role}") if sql and not step.online else ():
            click.echo(f"{statement};\n")


def _plan_value(found: Survey, *, sql: bool) -> Mapping[str, Value]:
    return {
        "cities": found.total,
        "up_to_date": found.current,
        "steps": [
            {
                "history": step.owner,
                "from": step.start,
                "to": step.end,
                "online": step.online,
                "cities": number,
                **({"sql": replay.statements(step, "{city_role}")} if sql and not step.online else {}),
            }
            for step, number in found.steps().items()
        ],
    }


def _say_status(*, as_json: bool) -> None:
    with owner.connect(owner.address()) as connection:
        found = status.read(connection)
    failures: list[Value] = [
        {"address": city.slug, "since": f"{city.failed_at:%Y-%m-%d %H:%M} UTC", "error": city.error}
        for city in found.failures
    ]
    skew: list[Value] = [
        {"history": line.owner, "revision": line.revision, "cities": line.cities, "is": line.standing}
        for line in found.lines
    ]
    if as_json:
        show(
            {"cities": found.cities, "uncounted": found.uncounted, "revisions": skew, "failures": failures},
            as_json=True,
        )
        return
    show(skew, as_json=False)
    oldest = f"; the oldest is at its revisions since {found.oldest:%Y-%m-%d}" if found.oldest else ""
    click.echo(f"{_cities(found.cities)}, {found.behind} behind{oldest}")
    if found.uncounted:
        click.echo(f"{found.uncounted} are not in the platform's copy; `parvis migrate --check` enters them")
    if failures:
        click.echo("failed:")
        show(failures, as_json=False)
