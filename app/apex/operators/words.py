"""States, operations and entries of the platform's journal in words, the same on every page."""

from app.core.context import CityState
from app.core.i18n import gettext as _
from app.core.quotas import Resource
from tenants.models import OperationState, SignupState


def state_label(state: CityState) -> str:
    """Return the state of a city as operators read it."""
    return {
        CityState.PROVISIONING: _("Being made"),
        CityState.LIVE: _("Live"),
        CityState.SUSPENDED: _("Suspended"),
        CityState.ERASING: _("To be erased"),
    }[state]


def state_kind(state: CityState) -> tuple[str, str]:
    """Return the colour and the picture of a state."""
    return {
        CityState.PROVISIONING: ("info", "hourglass"),
        CityState.LIVE: ("ok", "circle-check"),
        CityState.SUSPENDED: ("warn", "pause"),
        CityState.ERASING: ("bad", "ban"),
    }[state]


def signup_label(state: SignupState) -> tuple[str, str]:
    """Return the state of a sign-up and its colour."""
    return {
        SignupState.REQUESTED: (_("Mail not answered"), "plain"),
        SignupState.WAITING: (_("Waits for approval"), "warn"),
        SignupState.CONFIRMED: (_("Being made"), "info"),
        SignupState.READY: (_("Ready"), "ok"),
        SignupState.FAILED: (_("Failed"), "bad"),
        SignupState.REFUSED: (_("Refused"), "plain"),
    }[state]


def operation_label(state: OperationState) -> tuple[str, str, str]:
    """Return the state of an operation, its colour and its picture."""
    return {
        OperationState.WAITING: (_("Waiting"), "plain", "clock"),
        OperationState.RUNNING: (_("Running"), "info", "refresh-cw"),
        OperationState.DONE: (_("Done"), "ok", "circle-check"),
        OperationState.FAILED: (_("Failed"), "bad", "circle-alert"),
    }[state]


def kind_label(kind: str) -> str:
    """Return what an operation does; one that this version has no words for by its own name."""
    known = {
        "export": _("Export by an operator"),
        "city_export": _("The city's own export"),
        "copy": _("Copy for training"),
        "restore": _("Restoration"),
        "migrate": _("Migration"),
        "erase": _("Erasure"),
        "rewind": _("Return to an earlier moment"),
    }
    return known.get(kind, kind.replace("_", " ").capitalize())


def action_label(action: str) -> str:
    """Return an entry of the journal in words."""
    known = {
        "operators.added": _("Named an operator"),
        "operators.reset": _("Gave an operator a new link to come in"),
        "operators.disabled": _("Locked an operator out"),
        "operators.joined": _("Came in by the link and set up the second factor"),
        "operators.signed_in": _("Signed in"),
        "operators.signed_out": _("Signed out"),
        "operators.sessions_ended": _("Ended sessions"),
        "operators.sign_in_refused": _("A sign-in was refused"),
        "operators.code_refused": _("A code was refused"),
        "operators.recovery_code_used": _("Used a recovery code"),
        "operators.recovery_codes_made": _("Made new recovery codes"),
        "operators.password_changed": _("Changed the password"),
        "visits.began": _("Began a visit"),
        "visits.ended": _("Ended a visit"),
        "signups.approved": _("Approved a sign-up"),
        "signups.refused": _("Refused a sign-up"),
        "city.suspended": _("Suspended a city"),
        "city.resumed": _("Resumed a city"),
        "city.renamed": _("Renamed a city"),
        "city.created": _("Created a city"),
        "city.erasure_scheduled": _("Had a city closed to be erased"),
        "city.erasure_cancelled": _("Took the erasure of a city back"),
        "city.erased": _("Erased a city"),
        "city.exported": _("Exported a city"),
        "city.export_fetched": _("Downloaded an export"),
        "city.copied": _("Copied a city"),
        "city.made_as_copy": _("Made a city as a copy"),
        "city.administrator_named": _("Named an administrator of a city"),
        "city.quota_changed": _("Changed a limit of a city"),
        "city.restored": _("Restored a city from an archive"),
        "city.erasure_begun": _("Began the erasure of a city"),
        "city.erasure_released": _("Had a city erased before its time"),
        "city.export_asked": _("Asked for an export"),
        "city.copy_asked": _("Asked for a copy"),
        "city.migration_asked": _("Asked for a migration"),
    }
    owner, _dot, what = action.partition(".")
    return known.get(action, f"{owner.capitalize()}: {what.replace('_', ' ')}")


def resource_label(resource: str) -> str:
    """Return what a limit is about, with its unit."""
    known = {
        Resource.STORAGE: _("Storage in MB"),
        Resource.MAILS: _("Mails a day"),
        Resource.ACCOUNTS: _("Accounts"),
        Resource.REQUESTS: _("Requests a minute"),
    }
    return known.get(Resource(resource), resource)


def detail_labels() -> dict[str, str]:
    """Return what the details of entries are called."""
    return {
        "operator": _("Operator"),
        "minutes": _("Minutes"),
        "number": _("Number"),
        "left": _("Left"),
        "right_password": _("With the right password"),
        "people": _("With its people"),
        "rows": _("Rows"),
        "resource": _("Limit"),
        "most": _("At most"),
        "bytes": _("Bytes"),
        "copy": _("Copied city"),
        "original": _("Original"),
        "erase_at": _("To be erased after"),
    }


def size(number: int | None) -> str:
    """Return a number of bytes as people read it: 3.4 MB."""
    if number is None:
        return "–"
    value, unit = float(number), "B"
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if value < 1000 or unit == "TB":
            break
        value /= 1000
    digits = 1 if unit != "B" and value < 10 else 0
    return f"{value:.{digits}f} {unit}"


def wait(seconds: int) -> str:
    """Return how long something has waited: `12 s`, `5 min`, `3 h`."""
    if seconds < 120:
        return _("%(number)s s", number=seconds)
    if seconds < 2 * 3600:
        return _("%(number)s min", number=seconds // 60)
    return _("%(number)s h", number=seconds // 3600)
