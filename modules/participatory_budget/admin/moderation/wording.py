"""What moderators read about hints, lists and reports."""

from collections.abc import Iterable

from app.sdk import LANGUAGES, _

from ...rules.ideas.states import IdeaState, ReportReason
from ...rules.moderation.hints import Hint, HintCode
from ...services.moderation.queue import Shelf

OTHER_NAMES = {"de": "Deutsch", "it": "Italiano", "pl": "Polski", "pt": "Português", "nl": "Nederlands"}


def shelf_names() -> dict[Shelf, str]:
    """Return what the lists are called."""
    return {
        Shelf.NEW: _("New"),
        Shelf.REPORTED: _("Reported"),
        Shelf.WAITING: _("Waiting for the author"),
        Shelf.APPEALS: _("Appeals"),
        Shelf.DECIDED: _("Decided"),
    }


def hint_words(hints: Iterable[Hint]) -> list[str]:
    """Return hints in words."""
    known = {
        HintCode.EMAIL: _("Contains an e-mail address"),
        HintCode.PHONE: _("Contains a telephone number"),
        HintCode.SHOUTING: _("Written in capitals"),
        HintCode.LINKS: _("Contains several links"),
    }
    return [known[hint.code] if hint.code in known else _about(hint) for hint in hints]


def report_names() -> dict[ReportReason, str]:
    """Return why residents report something."""
    return {
        ReportReason.OFFENSIVE: _("Offensive"),
        ReportReason.SPAM: _("Spam or advertising"),
        ReportReason.PERSONAL: _("Names or shows somebody"),
        ReportReason.OFF_TOPIC: _("Off topic"),
        ReportReason.OTHER: _("Another reason"),
    }


def state_names() -> dict[IdeaState, tuple[str, str]]:
    """Return the states of ideas as kinds of tags and words."""
    return {
        IdeaState.DRAFT: ("plain", _("Draft")),
        IdeaState.WAITING: ("info", _("Not shown yet")),
        IdeaState.PUBLISHED: ("ok", _("Published")),
        IdeaState.MERGED: ("plain", _("Part of another idea")),
        IdeaState.REFUSED: ("plain", _("Refused")),
        IdeaState.WITHDRAWN: ("plain", _("Withdrawn")),
    }


def _about(hint: Hint) -> str:
    if hint.code is HintCode.DUPLICATE:
        return _("Perhaps the same as no. %(number)s", number=hint.about)
    name = LANGUAGES.get(hint.about) or OTHER_NAMES.get(hint.about, hint.about)
    return _("Another language: %(language)s", language=name)
