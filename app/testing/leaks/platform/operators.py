"""Operators on a visit, what cities have asked workers for, and their exports."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from app.accounts.models import Account, Role
from app.accounts.operators import people, visits
from app.console.exporting import KIND
from app.core.clock import now
from app.core.context import City, current_city, serving
from app.core.db import db, end_transaction
from app.core.ids import secret_hash
from app.testing.leaks.filling import Twin
from app.testing.leaks.platform.owner import filling
from tenants.archive import shelf
from tenants.archive.export import Wish
from tenants.models import Operation, OperationState, Operator

REASON = "Somebody of the city has asked for help."


@filling.content
def on_visits(twin: Twin) -> None:
    """Let an operator into the city, and keep another's way in that nobody has used."""
    city = current_city()
    with serving(None):
        twin.keep("operator", people.add(twin.email("new-operator"), twin.text("new operator"))[1])
        entered = _way_in(twin, city, "operator")
        twin.keep("visit", _way_in(twin, city, "second-operator"))
        end_transaction(keep=True)
    twin.secrets["operator on a visit"] = visits.arrive(entered)


def _way_in(twin: Twin, city: City, name: str) -> str:
    """Name an operator and return the secret that leads her into the city."""
    operator, _secret = people.add(twin.email(name), twin.text(name))
    ident = operator.id
    operator.password_hash = operator.totp_secret = "kept by nobody"
    operator.totp_step = 1
    end_transaction(keep=True)
    twin.same_ids = False
    visit_id = visits.begin(
        db.session.get_one(Operator, ident), city, reason=REASON, minutes=visits.MINUTES[0]
    )
    twin.same_ids = True
    twin.keep("visit id", str(visit_id))
    return visits.handover(visit_id, ident)[1]


@filling.at_the_end
def exports(twin: Twin) -> None:
    """Make an export as the city's administrators fetch it, and leave another one to the worker."""
    city: City = current_city()
    person = db.session.scalars(select(Account.id).where(Account.role == Role.ADMINISTRATOR)).first()
    with serving(None):
        done = shelf.make(city.id, Wish(open_votes=True))
        for state, outcome in ((OperationState.DONE, done), (OperationState.WAITING, {})):
            operation = Operation(
                kind=KIND,
                city_id=city.id,
                state=state,
                asked_by=twin.text("asked by"),
                asked_at=now() - timedelta(minutes=len(outcome)),
                ended_at=now() if outcome else None,
                wish={"account": str(person)},
                outcome=outcome,
                error="",
            )
            db.session.add(operation)
            db.session.flush()
            twin.keep("operation", str(operation.id))
        end_transaction(keep=True)


@filling.values("operation_id")
def operations(twin: Twin) -> Iterable[str]:
    """Return what was asked for this city."""
    return twin.kept["operation"]


@filling.values("account_id")
def accounts(_twin: Twin) -> Iterable[UUID]:
    """Return people of the staff."""
    staff = select(Account.id).where(Account.role == Role.ADMINISTRATOR)
    return db.session.scalars(staff.order_by(Account.id)).all()


@filling.values("city_id")
def cities(twin: Twin) -> Iterable[str]:
    """Return the city."""
    return [twin.id]


@filling.values("visit_id")
def visit_ids(twin: Twin) -> Iterable[str]:
    """Return visits that run."""
    return twin.kept["visit id"]


@filling.values("secret", of="visits.arrive")
def visit_secrets(twin: Twin) -> Iterable[str]:
    """Return ways into the city that nobody has used."""
    return twin.kept["visit"]


for _endpoint in ("join", "authenticator", "picture"):

    @filling.values("secret", of=f"operators_door.{_endpoint}")
    def operator_secrets(twin: Twin) -> Iterable[str]:
        """Return ways in for new operators."""
        return twin.kept["operator"]


@filling.values("name", of="operators.end_session")
def session_names(_twin: Twin) -> Iterable[str]:
    """Return what could be a session of an operator."""
    return [secret_hash("nobody")[:12]]


@filling.values("who", "password")
def refused(twin: Twin) -> Iterable[tuple[str, int]]:
    """Return who was refused, as the task gets her: by the hash of an address."""
    return [(secret_hash(twin.email("operator")), 1)]


@filling.values("reference", of="operators.failure")
def references(_twin: Twin) -> Iterable[str]:
    """Return what could be the reference of an error."""
    return ["UCP-2N9U"]


filling.review(
    "never * operators.*",
    "for operators of the platform, who see all cities; a city's people get no further than the door",
)
filling.review("never * operators_door.*", "signs operators in, who are nobody's residents")
filling.review(
    "never POST console.export",
    "no export is made while a vote is open, as one is here; the worker's part runs as a task",
)
