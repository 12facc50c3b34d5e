"""`parvis doctor`."""

import click

from app.cli.shell import MakeApp, Value, as_json, on_platform, show
from tenants import doctor
from tenants.doctor import Weight


@click.command("doctor")
@as_json
@click.pass_obj
def command(make_app: MakeApp, as_json: bool) -> None:
    """Look the deployment over and say what is not as it should be; changes nothing.

    Ends with 1 when something is wrong; a warning alone is no reason.
    """
    with on_platform(make_app):
        findings = doctor.examine()
    if as_json:
        rows: list[Value] = [
            {"weight": one.weight.value, "what": one.what, "remedy": one.remedy} for one in findings
        ]
        show(rows, as_json=True)
    else:
        for one in findings:
            click.echo(f"{one.weight}: {one.what}\n    → {one.remedy}")
        click.echo(f"{len(findings)} findings" if findings else "All is well.")
    if any(one.weight is Weight.ERROR for one in findings):
        raise SystemExit(1)
