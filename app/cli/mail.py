"""`parvis mail …`: what a mail server does when mails come back."""

import sys
from email import message_from_binary_file

import click
from flask import Flask

from app.cli.shell import MakeApp
from app.core.context import serving
from app.core.db import db, end_transaction
from app.notify import bounces
from app.notify.mail import CityMail
from app.notify.refused import came_back
from tenants import resolve

# A report quotes the mail that came back; none is larger than this.
MOST_BYTES = 30 * 1024 * 1024


@click.group("mail")
def group() -> None:
    """Look after mails; a mail server calls these commands."""


@group.command("bounced")
@click.argument("recipient")
@click.pass_obj
def bounced(make_app: MakeApp, recipient: str) -> None:
    """Read a mail that came back to RECIPIENT from the standard input and remember whose address is no good.

    A mail server pipes everything for the mailbox of MAIL_BOUNCES in here. What is no report, or was not made by us,
    is ignored: the exit code is 0, as otherwise the server would send a report about a report.
    """
    app = make_app()
    with app.app_context():
        way = bounces.read_address(recipient)
    status = bounces.failure(message_from_binary_file(sys.stdin.buffer)) if way else None
    if way is None or status is None:
        click.echo("ignored")
        return
    click.echo("noted" if _note(app, way, status) else "ignored")


def _note(app: Flask, way: bounces.WayBack, status: str) -> bool:
    with app.app_context():
        city = resolve.city_by_id(way.city_id)
        if city is None or not city.is_live:
            return False
        with serving(city):
            mail = db.session.get(CityMail, way.mail_id)
            if mail is not None:
                came_back(mail.recipient, status)
            end_transaction(keep=True)
        return mail is not None
