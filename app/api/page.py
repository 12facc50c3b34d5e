"""The page that explains the API to people, made of its description."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.api.document import document
from app.core.context import current_city
from app.core.i18n import gettext as _
from app.registry import modules
from app.web.gates import city_blueprint
from app.web.page import render
from app.web.rest.endpoints import PLATFORM, scopes_for
from app.web.rest.paths import DESCRIPTION, ROOT
from app.web.rest.problems import KINDS

bp = city_blueprint("api_page", __name__)


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be asked for, as the page shows it."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    parameters: Sequence[Mapping[str, Any]]
    body: str
    answer: str


@bp.get(f"{ROOT}/")
def page() -> str:
    """Explain what programs can ask for, how they show their token, and what errors mean."""
    city = current_city()
    described = document(city)
    groups = [(_title(tag["name"]), _operations(described, tag["name"])) for tag in described["tags"]]
    return render(
        "api/page.html",
        groups=groups,
        events=described["webhooks"],
        schemas=[_schema(name, part) for name, part in described["components"]["schemas"].items()],
        scopes=scopes_for(city.modules),
        problems=[(name, status, title) for status, (name, title) in KINDS.items()],
        server=described["servers"][0]["url"],
        description=DESCRIPTION,
    )


def _title(tag: str) -> str:
    return _("The city") if tag == PLATFORM else _(modules()[tag].title)


def _operations(described: Mapping[str, Any], tag: str) -> list[Operation]:
    return [
        Operation(
            id=operation["operationId"].replace(".", "-"),
            method=method.upper(),
            path=path,
            summary=operation["summary"],
            description=operation.get("description", ""),
            parameters=operation["parameters"],
            body=_named(operation.get("requestBody", {})),
            answer=next((_named(a) for code, a in operation["responses"].items() if code[0] == "2"), ""),
        )
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
        if tag in operation["tags"]
    ]


def _named(part: Mapping[str, Any]) -> str:
    """Return the name of the schema that a body or an answer has."""
    content = part.get("content", {}).get("application/json", {})
    return str(content.get("schema", {}).get("$ref", "")).rpartition("/")[2]


def _schema(name: str, part: Mapping[str, Any]) -> tuple[str, str, list[tuple[str, str, bool]]]:
    """Return a type: its name, what it is, and its fields with their types and whether they must be there."""
    needed = part.get("required", [])
    fields = [
        (field, _kind(described), field in needed) for field, described in part.get("properties", {}).items()
    ]
    return name, part.get("description", ""), fields


def _kind(part: Mapping[str, Any]) -> str:
    if "$ref" in part:
        return str(part["$ref"]).rpartition("/")[2]
    if "anyOf" in part:
        return " | ".join(_kind(each) for each in part["anyOf"])
    if "enum" in part:
        return " | ".join(map(str, part["enum"]))
    if part.get("type") == "array":
        return f"[{_kind(part.get('items', {}))}]"
    return str(part.get("format") or part.get("type", "any"))
