"""What a person is told and how: her choices, and the log of what was sent to her."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField, SelectMultipleField
from wtforms.fields import SelectChoice

from app.accounts import me, sign_in_required
from app.core.districts import district_names
from app.core.i18n import gettext as _
from app.notify import channels, choices, following, kinds, log
from app.notify.channels import Channel
from app.notify.choices import Chosen, Quiet
from app.notify.kinds import INBOX, Shown
from app.notify.rules import Rhythm
from app.portal.account_menu import account_blueprint, account_page
from app.web.forms import Form
from app.web.paging import asked_before

bp = account_blueprint("portal_notifications", __name__, "/notifications")
RHYTHMS = {
    Rhythm.OFF: _l("Not at all"),
    Rhythm.AT_ONCE: _l("At once"),
    Rhythm.DAILY: _l("Once a day"),
    Rhythm.WEEKLY: _l("Once a week"),
}
NO_QUIET = ""
HOURS = [SelectChoice(str(hour), f"{hour:02}:00") for hour in range(24)]


class ChoicesForm(Form):
    """One choice for each topic and channel, quiet hours, districts; the cells are made for each city."""

    quiet_from = SelectField(_l("Quiet from"), choices=[SelectChoice(NO_QUIET, _l("No quiet hours")), *HOURS])
    quiet_until = SelectField(_l("Quiet until"), choices=HOURS)
    districts = SelectMultipleField(_l("Districts you want to hear of"))


@dataclass(frozen=True, slots=True)
class Cell:
    """One topic and one channel of the table; without a field it cannot be chosen."""

    channel: str
    field: Field | None
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """One topic of the table."""

    topic: str
    sentence: str
    cells: list[Cell]


@bp.route("", methods=["GET", "POST"])
@sign_in_required
def choose() -> ResponseReturnValue:
    """Show what the person chose; keep a new choice, which holds from the next message on."""
    account_id = me().id
    shown, ways, chosen = kinds.topics_on(), channels.offered(), choices.of(account_id)
    names = district_names()
    form = _form(shown, ways, chosen, names)
    if form.sent():
        begins, ends = form.quiet_from.data, form.quiet_until.data
        quiet = Quiet(int(begins), int(ends)) if begins else Quiet()
        choices.save(account_id, _chosen(form, shown, ways), quiet, form.districts.data if names else [])
        flash(_("Your choice is saved. It holds from the next message on."), "ok")
        return redirect(url_for(".choose"), 303)
    return account_page(
        "portal/notifications.html",
        form=form,
        heads=[_("Topic"), _("On these pages"), *(str(way.label) for way in ways)],
        lines=[_line(form, each, ways) for each in shown],
        followed=following.followed(account_id),
        has_districts=bool(names),
    ), form.status


@bp.get("/sent")
@sign_in_required
def sent() -> ResponseReturnValue:
    """Show what was sent to the person, without what it said."""
    before = asked_before()
    entries, more = log.of_person(me().id, before=before)
    return account_page(
        "portal/sent.html",
        entries=entries,
        newest=url_for(".sent") if before else None,
        older=url_for(".sent", before=entries[-1].id) if more else None,
    )


@bp.post("/follow")
@sign_in_required
def follow() -> ResponseReturnValue:
    """Follow something or no longer; leads back to where the button was."""
    subject = request.form.get("subject", "")[:120]
    if request.form.get("follow") == "1":
        found = following.follow(me().id, subject)
        flash(_("You follow “%(title)s” now.", title=found.title), "ok")
        back = found.link
    else:
        known = following.thing(subject)
        following.unfollow(me().id, subject)
        flash(_("You no longer follow this."), "ok")
        back = known.link if known else url_for(".choose")
    return redirect(url_for(".choose") if request.form.get("list") else back, 303)


def _form(shown: list[Shown], ways: list[Channel], chosen: Chosen, names: Mapping[str, str]) -> ChoicesForm:
    cells = {
        _cell(each, name): SelectField(choices=options)
        for each in shown
        for name, options in _columns(each, ways)
    }
    values = {
        _cell(each, name): choices.shown_rhythm(chosen.topics, each, name)
        for each in shown
        for name, _options in _columns(each, ways)
    }
    quiet = chosen.quiet
    form: ChoicesForm = type("CityChoicesForm", (ChoicesForm,), cells)(
        data={
            **values,
            "quiet_from": NO_QUIET if quiet.begins is None else str(quiet.begins),
            "quiet_until": "7" if quiet.ends is None else str(quiet.ends),
            "districts": list(chosen.districts),
        }
    )
    form.districts.choices = [SelectChoice(code, name) for code, name in names.items()]
    return form


def _columns(shown: Shown, ways: list[Channel]) -> list[tuple[str, list[SelectChoice]]]:
    """Return the channels that can be chosen for a topic, with what can be chosen."""
    if shown.required:
        return []
    found = [(way.name, _options(Rhythm.OFF, *way.rhythms)) for way in ways]
    if kinds.is_asked_for(shown.topic):
        found.insert(0, (INBOX, _options(Rhythm.OFF, Rhythm.AT_ONCE)))
    return found


def _options(*rhythms: Rhythm) -> list[SelectChoice]:
    return [SelectChoice(rhythm.value, RHYTHMS[rhythm]) for rhythm in rhythms]


def _cell(shown: Shown, channel: str) -> str:
    return f"{shown.topic.name.replace('.', '-')}-{channel}"


def _chosen(form: ChoicesForm, shown: list[Shown], ways: list[Channel]) -> dict[str, dict[str, str]]:
    return {
        each.topic.name: {name: form[_cell(each, name)].data for name, _options in _columns(each, ways)}
        for each in shown
        if not each.required
    }


def _line(form: ChoicesForm, shown: Shown, ways: list[Channel]) -> Line:
    choosable = [name for name, _options in _columns(shown, ways)]
    columns = [(INBOX, _("On these pages")), *((way.name, str(way.label)) for way in ways)]
    cells = [
        Cell(label, form[_cell(shown, name)] if name in choosable else None, _fixed(shown, name))
        for name, label in columns
    ]
    return Line(kinds.said(shown.topic.label), kinds.said(shown.topic.sentence), cells)


def _fixed(shown: Shown, channel: str) -> str:
    """Return what stands where nothing can be chosen."""
    return _("Always") if channel in (INBOX, kinds.MAIL) else _("Not at all")
