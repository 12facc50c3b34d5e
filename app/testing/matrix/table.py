"""What an owner writes down: who gets in where; everybody else is sent to sign in, refused, or finds nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.registry import modules

PART = "tests.matrix"
IN, SIGN_IN, NO_TOKEN, REFUSED, NOTHING = "in", "sign-in", "401", "403", "404"
OUTCOMES = (IN, SIGN_IN, NO_TOKEN, REFUSED, NOTHING)

NOBODY_HERE = ("visitor", "stranger")
"""Not signed in; signed in as administrator of another city, whose cookie is brought here."""
ACCOUNTS = ("resident", "invited", "viewer", "editor", "administrator", "limited")
"""People with an account here. `invited` has not come in yet, but holds a session all the same. `limited` is an editor of
another module, and an administrator of one district."""
VISITING = "visiting"
"""An operator of the platform on a visit to the city."""
CITY = (*NOBODY_HERE, *ACCOUNTS, VISITING)
APEX = ("outsider", "citizen", "operator")
"""On the platform's own site: nobody, the administrator of a city with her cookie, an operator who has signed in."""

EVERYBODY = " ".join(CITY)
SIGNED_IN = " ".join(ACCOUNTS)
STAFF = f"viewer editor administrator limited {VISITING}"
MANAGERS = f"administrator {VISITING}"
ADMINISTRATORS = "administrator"
NO_COOKIES = dict.fromkeys(CITY, NO_TOKEN)
"""For addresses for programs: whoever a cookie names, a token is asked for."""


@dataclass(frozen=True, slots=True)
class Line:
    """Who gets in at one address, or at all addresses of a blueprint."""

    outcomes: Mapping[str, str]
    writes: str = ""
    """Why opening it changes something, although that is a GET."""
    absent: str = ""
    """Why those who get in find nothing: what the two cities have is not in the state for it."""

    def expected(self, person: str) -> str:
        """Return what a person meets."""
        return self.outcomes[person]


@dataclass(slots=True)
class Matrix:
    """The lines of one owner."""

    blueprints: dict[str, Line] = field(default_factory=dict)
    routes: dict[tuple[str, str], Line] = field(default_factory=dict)

    def blueprint(self, name: str, allowed: str, *, apex: str = "", **others: str) -> None:
        """Say who gets in at the addresses of a blueprint; `apex` names those on the platform's own site.

        `others` are people who meet something else than usual: `visiting="404"`.
        """
        self.blueprints[name] = _line(allowed, apex, others)

    def route(
        self,
        endpoints: str,
        allowed: str,
        *,
        method: str = "",
        apex: str = "",
        writes: str = "",
        absent: str = "",
        **others: str,
    ) -> None:
        """Say who gets in at some addresses, by their endpoints, where that differs from the blueprint."""
        line = _line(allowed, apex, others, writes, absent)
        for endpoint in endpoints.split():
            self.routes[endpoint, method] = line

    def line(self, endpoint: str, method: str) -> Line | None:
        """Return what is written about an address; None when nothing is."""
        found = self.routes.get((endpoint, method)) or self.routes.get((endpoint, ""))
        return found or self.blueprints.get(endpoint.rpartition(".")[0])

    def idle(self, endpoints: Iterable[str]) -> list[str]:
        """Return the lines that are about nothing that there is."""
        known = set(endpoints)
        prefixes = {endpoint.rpartition(".")[0] for endpoint in known}
        return sorted({endpoint for endpoint, _method in self.routes if endpoint not in known}) + sorted(
            set(self.blueprints) - prefixes
        )


def matrix_of(module: str) -> Matrix | None:
    """Return what a module brings; None where it brings nothing."""
    try:
        part = modules()[module].load(PART)
    except ModuleNotFoundError:
        return None
    found = getattr(part, "matrix", None)
    return found if isinstance(found, Matrix) else None


def _line(allowed: str, apex: str, others: dict[str, str], writes: str = "", absent: str = "") -> Line:
    inside = {*allowed.split(), *apex.split()}
    if unknown := (inside | set(others)) - {*CITY, *APEX}:
        raise ValueError(f"unknown people: {', '.join(sorted(unknown))}")
    outcomes = {
        person: _usual(person, for_city=bool(allowed or not (apex or set(others) & set(APEX))))
        for person in (*CITY, *APEX)
    }
    outcomes |= dict.fromkeys(inside, IN) | others
    return Line(outcomes, writes, absent)


def _usual(person: str, *, for_city: bool) -> str:
    """Return what somebody meets who is not let in."""
    if not for_city:
        return NOTHING if person in CITY else SIGN_IN
    if person in APEX:
        return NOTHING
    return SIGN_IN if person in NOBODY_HERE else REFUSED
