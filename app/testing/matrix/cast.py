"""The people of the matrix, each with a browser."""

from datetime import timedelta
from uuid import UUID

from flask import Response

from app.accounts import services, staffing
from app.accounts.models import Account, AccountSession, Role
from app.accounts.operators import people as operators
from app.accounts.operators import sessions as operator_sessions
from app.core.clock import now
from app.core.context import serving
from app.core.db import db, end_transaction
from app.core.districts import districts
from app.core.ids import new_secret, secret_hash
from app.registry import modules
from app.testing.leaks.filling import Twin
from app.testing.leaks.twins import Person, Twins, inside, with_secret
from app.testing.matrix.table import APEX, CITY
from tenants.models import Operator

EMAIL = "matrix-operator@platform.example"


class Cast:
    """Everybody who asks for an address."""

    def __init__(self, twins: Twins) -> None:
        self.twins = twins
        here, there = twins.here, twins.there
        self._limited = {module: self._limited_to(module) for module in list(modules())[:2]}
        self._people = {
            "visitor": twins.person(here, None),
            "stranger": _brought(twins.person(there, "administrator"), twins.person(here, None).host),
            "resident": twins.person(here, "resident"),
            "invited": self._invited(),
            "viewer": self._viewer(),
            "editor": twins.person(here, "editor"),
            "administrator": twins.person(here, "administrator"),
            "visiting": next(one for one in twins.guests(here) if "visit" in one.name),
            "outsider": Person(twins.app, "a visitor of the platform", twins.apex),
            "citizen": _brought(twins.person(here, "administrator"), twins.apex),
            "operator": self._operator(),
        }

    def of(self, owner: str) -> dict[str, Person]:
        """Return everybody as they come to the addresses of an owner: `limited` has her role elsewhere."""
        elsewhere = next(one for name, one in self._limited.items() if name != owner)
        everybody = {**self._people, "limited": elsewhere}
        return {name: everybody[name] for name in (*CITY, *APEX)}

    def _viewer(self) -> Person:
        with inside(self.twins.app, self.twins.here):
            account = _account(self.twins.here, "matrix-viewer", Role.VIEWER)
            secret = _session(account.id)
        return with_secret(self.twins.app, self.twins.here, "viewer", secret)

    def _invited(self) -> Person:
        with inside(self.twins.app, self.twins.here):
            account = staffing.invite(self.twins.here.email("matrix-invited"), Role.ADMINISTRATOR)
            secret = _session(account.id)
        return with_secret(self.twins.app, self.twins.here, "somebody invited", secret)

    def _limited_to(self, module: str) -> Person:
        with inside(self.twins.app, self.twins.here):
            account = _account(self.twins.here, f"matrix-{module}", Role.RESIDENT)
            place = districts()[0].code
            staffing.set_roles(
                account.id,
                [
                    staffing.Given(Role.EDITOR, modules=(module,)),
                    staffing.Given(Role.ADMINISTRATOR, districts=(place,)),
                ],
            )
            secret = _session(account.id)
        return with_secret(self.twins.app, self.twins.here, f"editor of {module}", secret)

    def _operator(self) -> Person:
        app, response = self.twins.app, Response()
        with app.test_request_context(base_url=f"http://{self.twins.apex}:8000"), serving(None):
            ident = operators.add(EMAIL, "Matrix")[0].id
            operator = db.session.get_one(Operator, ident)
            operator.password_hash = operator.totp_secret = "kept by nobody"
            operator.totp_step = 1
            operator_sessions.begin(operator, response, "")
            end_transaction(keep=True)
        cookie = response.headers["Set-Cookie"].partition(";")[0]
        return Person(app, "operator", self.twins.apex, cookie)


def _account(twin: Twin, name: str, role: Role) -> Account:
    account = services.create_confirmed(twin.email(name), twin.text(name), role=role, language=twin.language)
    db.session.flush()
    return account


def _session(account_id: UUID) -> str:
    secret, moment = new_secret(), now() - timedelta(seconds=1)
    db.session.add(
        AccountSession(
            secret_hash=secret_hash(secret),
            account_id=account_id,
            created_at=moment,
            seen_at=moment,
            browser="",
        )
    )
    return secret


def _brought(person: Person, host: str) -> Person:
    """Return somebody with her cookie at another host."""
    return Person(person.app, f"{person.name} elsewhere", host, person.cookie)
