"""What processes write down while they run: a line of JSON for each event in production, readable lines in development.

Every line says for which request or task and which city, by ids alone. Nothing in it says who: mail addresses and
secrets are taken out, and of an error only its kind and its way through the code are kept, since messages quote values.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path

from app.core.context import city_or_none

Fact = str | int | float | bool | None
ROOT = Path(__file__).parents[2]
LINES = "%(asctime)s %(levelname)s %(name)s: %(message)s%(facts)s"
_about: ContextVar[Mapping[str, Fact]] = ContextVar("log_about", default={})  # noqa: B039  never changed in place
_FACTS = "facts"
_HIDDEN = (
    (
        re.compile(r"[^\s<>\"',;:()\[\]{}\\/=]+@[^\s<>\"',;:()\[\]{}\\/]+\.[^\s<>\"',;:()\[\]{}\\/]+"),
        "<mail address>",
    ),
    # Secrets of links and cookies are 43 letters; ids and hashes of commits are hex and stay.
    (re.compile(r"(?<![\w-])(?=[\w-]*[g-zG-Z_-])(?=[\w-]*\d)[\w-]{40,}"), "<secret>"),
    (re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])"), "<address>"),
    (
        re.compile(r"(?i)\b(password|secret|token|code|authorization|cookie)(['\"]?\s*[=:]\s*)[^\s&,;)]+"),
        r"\1\2<hidden>",
    ),
    (re.compile(r"(//[^/\s:@]*:)[^/\s@]+@"), r"\1<hidden>@"),
    (re.compile(r"(?is)\b(DETAIL|Key)\b\s*[:(].*"), r"<values>"),
)


@contextmanager
def about(**facts: Fact) -> Iterator[None]:
    """Say of every line inside the block what it is about: ids and names of the code's, never people's words."""
    token = _about.set({**_about.get(), **facts})
    try:
        yield
    finally:
        _about.reset(token)


def told() -> Mapping[str, Fact]:
    """Return what lines are about here."""
    return _about.get()


def harmless(text: str) -> str:
    """Return a message without mail addresses, network addresses, secrets, and what a database quotes of rows."""
    for pattern, instead in _HIDDEN:
        text = pattern.sub(instead, text)
    return text


def kind_of(error: BaseException) -> str:
    """Return what kind of error it is; of the database's also its code and the names of its own that it tells."""
    original = getattr(error, "orig", None) or error
    diagnosis = getattr(original, "diag", None)
    names = [type(error).__name__]
    if original is not error:
        names.append(type(original).__name__)
    if diagnosis is not None:
        told = (diagnosis.sqlstate, diagnosis.constraint_name, diagnosis.table_name, diagnosis.column_name)
        names += [str(name) for name in told if name]
    return " ".join(names)[:200]


def trace_of(error: BaseException) -> str:
    """Return the way of an error through the code, its causes first: files, lines and functions, no value."""
    parts, seen = [], set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        frames = [_frame(frame) for frame in traceback.extract_tb(one.__traceback__)]
        parts.append("\n".join([*frames, kind_of(one)]))
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return "\n\n".join(reversed(parts))


def _frame(frame: traceback.FrameSummary) -> str:
    path = Path(frame.filename)
    name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else Path(*path.parts[-3:])
    return f"{name.as_posix()}:{frame.lineno} {frame.name}"


class Facts(logging.Filter):
    """Adds to each record what it is about."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass."""
        city = city_or_none()
        kept = dict(getattr(record, _FACTS, None) or {})
        record.about = {**({"city": city.id} if city else {}), **told(), **kept}
        return True


class JsonLines(logging.Formatter):
    """One line of JSON for each record."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": harmless(record.getMessage()),
            **getattr(record, "about", {}),
        }
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            line |= {"error": kind_of(error), "trace": trace_of(error)}
        return json.dumps(line, ensure_ascii=False, default=str)


class ReadableLines(logging.Formatter):
    """A line for people, with the whole trace of an error: for development alone."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the lines."""
        facts = " ".join(f"{name}={value}" for name, value in getattr(record, "about", {}).items())
        record.facts = f" [{facts}]" if facts else ""
        return harmless(super().format(record)) if not record.exc_info else super().format(record)


def configure(style: str, *, level: int = logging.INFO) -> None:
    """Have the whole process write in one style (`json` or `lines`) to its standard error; safe to repeat."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(Facts())
    handler.setFormatter(JsonLines() if style == "json" else ReadableLines(LINES))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("httpx", "httpcore", "urllib3", "minio"):
        # They log whole addresses at the level of information.
        logging.getLogger(name).setLevel(logging.WARNING)


def write(logger: logging.Logger, level: int, message: str, **facts: Fact) -> None:
    """Write a line with facts of its own."""
    logger.log(level, message, extra={_FACTS: facts})
