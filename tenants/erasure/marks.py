"""How traces of a city are recognised: its id, the names made from it, and its hosts."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from flask import current_app

# A beginning after a letter: nothing is like that.
NEVER = "a^"


@dataclass(frozen=True, slots=True)
class Marks:
    """What only this city is called by; its bare address is a word of the language and proves nothing."""

    city_id: str
    slugs: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()

    @property
    def schema(self) -> str:
        """Return the name of the city's schema and role."""
        return f"c_{self.city_id}"

    @property
    def pattern(self) -> str:
        """Return a regular expression, for Python and PostgreSQL alike, that finds the id or a host in a text.

        A longer name that ends or begins like one is somebody else's.
        """
        return f"{self.id_pattern}|{self.host_pattern}"

    @property
    def id_pattern(self) -> str:
        """Return a regular expression that finds the id, which others do not write: what they say of a host is theirs."""
        return f"(^|[^a-z0-9]){re.escape(self.city_id)}($|[^a-z0-9])"

    @property
    def host_pattern(self) -> str:
        """Return a regular expression that finds a host of the city."""
        if not self.hosts:
            return NEVER
        names = "|".join(re.escape(host) for host in self.hosts)
        return f"(^|[^a-z0-9.-])({names})($|[^a-z0-9.-]|[.-]($|[^a-z0-9]))"

    def stand_in(self, text: str) -> bool:
        """Tell whether the text names the city."""
        # Nearly every text of the many that are looked at has none of the words at all.
        if self.city_id not in text and not any(host in text for host in self.hosts):
            return False
        return re.search(self.pattern, text) is not None

    def id_stands_in(self, text: str) -> bool:
        """Tell whether the text has the city's id in it."""
        return self.city_id in text and re.search(self.id_pattern, text) is not None


def marks_of(city_id: str, slugs: Iterable[str], domains: Iterable[str]) -> Marks:
    """Return the marks of a city with these addresses, present and former, and these domains of its own."""
    base = current_app.config["PARVIS"].base_domain
    addresses = tuple(dict.fromkeys(slugs))
    return Marks(city_id, addresses, (*(f"{slug}.{base}" for slug in addresses), *domains))
