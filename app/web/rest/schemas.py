"""What goes in and out, as types: they check what is sent and are what the description says."""

from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from app.core.i18n import LANGUAGES

T = TypeVar("T")
# PostgreSQL keeps no NUL.
NO_NUL = r"^[^\u0000]*$"

Language = Annotated[str, StringConstraints(pattern=f"^({'|'.join(LANGUAGES)})$")]
Texts = dict[str, str]
"""A text by language, as answers hold it."""
Instant = Annotated[datetime, AfterValidator(lambda moment: moment.astimezone(UTC))]
"""RFC 3339, in UTC."""


def words(most: int, least: int = 0) -> StringConstraints:
    """Return what is asked of a text that is sent: `title: Annotated[str, words(160)]`."""
    return StringConstraints(min_length=least, max_length=most, pattern=NO_NUL)


class Answer(BaseModel):
    """What an endpoint answers with; more fields may come, none goes."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class Sent(BaseModel):
    """What a program sends; a field that nobody knows is refused, so that no mistype goes unnoticed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Money(Answer):
    """An amount of money in whole minor units (cents) and its currency (ISO 4217)."""

    amount: int
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class Paging(Sent):
    """Which part of a list is wanted."""

    limit: Annotated[int, Field(ge=1, le=100, description="How many entries at most.")] = 20
    cursor: Annotated[
        str | None,
        Field(description="Where to go on: taken from `next` of the page before.", max_length=600),
    ] = None


class Listing(Answer, Generic[T]):
    """One page of a list; `next` is the address of the following one, null on the last."""

    items: list[T]
    next: str | None = None

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """Return a name for the description: ArticleList."""
        return f"{params[0].__name__}List"


class Fault(Answer):
    """One thing that is wrong with a request, and where."""

    detail: str
    pointer: Annotated[str | None, Field(description="Where in the body, as a JSON pointer.")] = None
    parameter: Annotated[str | None, Field(description="Which parameter of the address.")] = None
    header: Annotated[str | None, Field(description="Which header.")] = None


class Problem(Answer):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str | None = None
    instance: str | None = None
    errors: list[Fault] | None = None
    reference: Annotated[
        str | None, Field(description="Tell it to the operator, who finds with it what happened.")
    ] = None
