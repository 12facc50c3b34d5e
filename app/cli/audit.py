"""`parvis audit`."""

import click

from app.cli.shell import MakeApp, Value, as_json, city_called, on_platform, show
from app.core.audit_chain import Fault, Verdict
from app.core.context import serving
from app.core.db import db, end_transaction
from app.core.patience import patient
from tenants import anchors, lifecycle
from tenants.models import CityRecord, CityState

WORDS = {
    Fault.CHANGED: "is not what was sealed: it was changed",
    Fault.MISSING: "is missing: it was removed",
    Fault.INSERTED: "stands in the log and not in the chain: it was put in afterwards",
    Fault.REORDERED: "does not stand in its place: entries were reordered",
    Fault.CUT: "and all after it are missing: the log was cut at its end",
    Fault.REWRITTEN: "is not the one that was noted on the platform: the chain was written anew",
}


@click.group("audit")
def group() -> None:
    """Look after the audit logs of cities."""


@group.command("verify")
@click.option("--city", "called", help="Only this city: its web address or id.")
@as_json
@click.pass_obj
def verify(make_app: MakeApp, called: str | None, as_json: bool) -> None:
    """Check the chains of the audit logs; ends with 1 when one is broken and says where."""
    rows: list[Value] = []
    broken = False
    with on_platform(make_app), patient():
        for record in _cities(called):
            slug, city = record.slug, lifecycle.as_city(record)
            with serving(city):
                verdict = anchors.verify()
                end_transaction(keep=False)
            broken = broken or verdict.fault is not None
            rows.append(_row(slug, verdict))
            if not as_json:
                click.echo(_line(slug, verdict))
    if as_json:
        show(rows, as_json=True)
    if broken:
        raise SystemExit(1)


def _cities(called: str | None) -> list[CityRecord]:
    if called:
        return [city_called(called)]
    made = db.session.query(CityRecord).filter(CityRecord.state != CityState.PROVISIONING)
    return made.order_by(CityRecord.slug).all()


def _row(slug: str, verdict: Verdict) -> dict[str, Value]:
    return {
        "city": slug,
        "sealed": verdict.sealed,
        "head": verdict.head,
        "up_to": verdict.last_at.isoformat() if verdict.last_at else None,
        "waiting": verdict.waiting,
        "fault": verdict.fault.value if verdict.fault else None,
        "number": verdict.number or None,
        "entry": str(verdict.entry_id) if verdict.entry_id else None,
    }


def _line(slug: str, verdict: Verdict) -> str:
    if verdict.fault is None:
        return f"{slug}: {verdict.sealed} entries are whole, {verdict.waiting} wait to be sealed."
    which = f" ({verdict.entry_id})" if verdict.entry_id else ""
    return f"{slug}: BROKEN. Entry {verdict.number}{which} {WORDS[verdict.fault]}."
