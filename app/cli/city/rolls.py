"""`parvis city take-in-list`: a list of residents that is too large for a page."""

from pathlib import Path
from uuid import UUID

import click

from app.accounts.rolls.importing import Report, Wish, WrongLines, take_in
from app.accounts.rolls.normal import Field
from app.accounts.rolls.reading import Columns
from app.cli.shell import MakeApp, Value, as_json, show
from app.core.context import Actor, acting
from app.core.errors import ServiceError
from tenants.inside import inside

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FIELDS = ", ".join(Field)


@click.command("take-in-list")
@click.argument("city")
@click.argument("file", type=FILE)
@click.option("--title", required=True, help="What the list is called.")
@click.option(
    "--column", "columns", multiple=True, required=True, help=f"FIELD=NAME of its column; fields: {FIELDS}."
)
@click.option(
    "--proves", multiple=True, help="ATTRIBUTE=VALUE that is so for everybody, as lives_in_city=yes."
)
@click.option("--carries", help="ATTRIBUTE=COLUMN with something of each person's own, as district=Arr.")
@click.option("--month-first", is_flag=True, help="Dates are written 12/31/1990.")
@click.option("--replaces", type=click.UUID, help="Id of the list that this one replaces.")
@click.option("--leave-out-wrong", is_flag=True, help="Leave out lines that cannot be used.")
@as_json
@click.pass_obj
def take_in_list(
    make_app: MakeApp,
    city: str,
    file: Path,
    title: str,
    columns: tuple[str, ...],
    proves: tuple[str, ...],
    carries: str | None,
    month_first: bool,
    replaces: UUID | None,
    leave_out_wrong: bool,
    as_json: bool,
) -> None:
    """Take a list of residents in from a CSV file; only hashes of it are kept."""
    attribute, _sign, column = (carries or "").partition("=")
    wish = Wish(
        title=title,
        columns=Columns(_fields(columns), column, month_first),
        grants=dict(one.split("=", 1) for one in proves if "=" in one),
        carried=attribute,
        replaces=replaces,
        leave_out_wrong=leave_out_wrong,
    )
    try:
        with inside(make_app(), city), acting(Actor("shell")), file.open("rb") as stream:
            report = take_in(stream, wish)
    except WrongLines as error:
        raise click.ClickException(_wrong(error.report)) from error
    except (ServiceError, LookupError) as error:
        raise click.ClickException(str(error)) from error
    told: dict[str, Value] = {
        "id": str(report.roll_id),
        "people": report.entered,
        "twice": report.twice,
        "left_out": report.wrong,
        "stay_verified": report.stays_verified,
    }
    show(told, as_json=as_json)


COMMANDS = (take_in_list,)


def _fields(columns: tuple[str, ...]) -> dict[Field, str]:
    found = {}
    for one in columns:
        field, _sign, name = one.partition("=")
        if field not in set(Field) or not name:
            raise click.ClickException(f"{one}: write FIELD=NAME; fields are {FIELDS}")
        found[Field(field)] = name
    return found


def _wrong(report: Report) -> str:
    lines = [f"line {one.line}: {one.field or 'cells or letters'} cannot be read" for one in report.shown]
    more = report.wrong - len(lines)
    rest = [f"and {more} more"] if more else []
    return "\n".join(["nothing was kept; --leave-out-wrong leaves these lines out:", *lines, *rest])
