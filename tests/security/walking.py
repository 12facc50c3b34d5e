"""Walk over every address of the application with values that lead nowhere in particular."""

from dataclasses import dataclass
from uuid import UUID

from werkzeug.routing import AnyConverter, IntegerConverter, UUIDConverter

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Address:
    endpoint: str
    rule: str
    path: str
    methods: tuple[str, ...]

    def __str__(self):
        return f"{self.endpoint} ({self.rule})"


def addresses(app):
    """Return every rule once, with its path filled in."""
    found = []
    for rule in app.url_map.iter_rules():
        values = {name: value_for(converter) for name, converter in rule._converters.items()}
        built = rule.build(values)
        assert built is not None, rule.rule
        methods = tuple(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        found.append(Address(str(rule.endpoint), rule.rule, built[1], methods))
    assert len(found) > 150
    return sorted(found, key=str)


def value_for(converter):
    if isinstance(converter, AnyConverter):
        return sorted(converter.items)[0]
    if isinstance(converter, IntegerConverter):
        return 1
    return UUID(int=7) if isinstance(converter, UUIDConverter) else "made-up"
