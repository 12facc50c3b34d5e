import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from app.core import log
from app.core.db import db
from app.core.ids import new_secret


@pytest.fixture
def written():
    """What processes write, in the style of production."""
    lines = []

    class Keeping(logging.Handler):
        def emit(self, record):
            lines.append(json.loads(self.format(record)))

    handler = Keeping()
    handler.addFilter(log.Facts())
    handler.setFormatter(log.JsonLines())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lines
    root.removeHandler(handler)
    root.setLevel(level)


def of(lines, logger):
    return [line for line in lines if line["logger"] == logger]


def test_a_request_is_one_line_that_names_city_endpoint_and_no_person(app, visitor, written):
    answer = visitor.get(
        "/sign-in?next=/account&email=lea@example.org", headers={"X-Request-ID": "abc-12345"}
    )
    (line,) = of(written, "parvis.requests")
    assert answer.headers["X-Request-ID"] == "abc-12345"
    assert line["request_id"] == "abc-12345"
    assert line["city"] == "testparis"
    assert line["endpoint"] == "portal_sign_in.sign_in"
    assert (line["method"], line["status"]) == ("GET", 200)
    assert line["ms"] > 0
    assert line["queries"] >= 0
    assert "lea@" not in json.dumps(written)
    assert "/account" not in json.dumps(line)


@pytest.mark.parametrize(
    "said", ["", "short", "a" * 65, "with space 123", "line\nbreak-12", "ünïcode-1234", '"};drop']
)
def test_what_cannot_be_an_id_is_replaced(app, visitor, said):
    headers = {} if "\n" in said else {"X-Request-ID": said.encode().decode("latin-1")}
    given = visitor.get("/", headers=headers).headers["X-Request-ID"]
    assert given != said
    assert len(given) == 16


def test_queries_are_counted(app, staff, written):
    staff.get("/admin/")
    assert of(written, "parvis.requests")[-1]["queries"] > 1


def test_health_and_static_files_are_not_written_down(app, visitor, written):
    visitor.get("/health")
    visitor.get("/static/parvis.css")
    assert of(written, "parvis.requests") == []


def test_a_task_is_one_line(app, in_city, written):
    from worker.observing import observed

    with observed(app, "files.tidy", "c_testparis", 2), app.app_context():
        db.session.execute(text("SELECT 1"), bind_arguments={"bind": db.engines["platform"]})
    (line,) = of(written, "parvis.tasks")
    assert (line["task"], line["city"], line["attempt"]) == ("files.tidy", "testparis", 2)
    assert (line["outcome"], line["queries"]) == ("done", 1)


@pytest.mark.parametrize(
    "said",
    [
        "mail to lea.roy+x@example.org failed",
        "from 192.168.10.27",
        "duplicate key\nDETAIL:  Key (email)=(lea) already exists.",
        "GET /link/" + "aB3-" * 11,
        "redis://user:hunter22@host/0 is away",
        "password=hunter22 was wrong",
        '{"token": "hunter22"}',
    ],
)
def test_messages_lose_what_names_people_or_opens_doors(said):
    shown = log.harmless(said)
    for secret in ("lea", "192.168", "aB3-aB3", "hunter22"):
        assert secret not in shown


@given(st.integers(0, 2**64))
def test_secrets_of_ours_are_taken_out_and_ids_stay(seed):
    assert seed >= 0
    secret = new_secret()
    shown = log.harmless(f"link {secret} for 019a0519-550b-769a-8103-5b5050b84b43")
    assert secret not in shown or not any(letter.isdigit() for letter in secret)
    assert "019a0519-550b-769a-8103-5b5050b84b43" in shown


def test_of_an_error_only_kind_and_way_are_written(app, in_city, written):
    person = "Léa Roy"
    try:
        int(person)
    except ValueError:
        logging.getLogger("parvis.test").exception("it failed")
    line = written[-1]
    assert line["error"] == "ValueError"
    assert "test_of_an_error_only_kind_and_way_are_written" in line["trace"]
    assert "tests/observability/test_log.py:" in line["trace"]
    assert person not in json.dumps(line, ensure_ascii=False)


def test_of_an_error_of_the_database_the_names_are_its_own(app, in_city):
    with in_city("paris"), pytest.raises(Exception) as raised:
        db.session.execute(
            text("INSERT INTO module_settings (module, values) VALUES (:m, '{}'), (:m, '{}')"),
            {"m": "Léa Roy"},
        )
    assert "Léa" in str(raised.value.orig)
    kind, trace = log.kind_of(raised.value), log.trace_of(raised.value)
    assert "23505" in kind
    assert "pk_module_settings" in kind
    assert "Léa" not in kind + trace


def test_causes_are_followed_and_told_first():
    def inner():
        raise KeyError("Léa")

    def outer():
        try:
            inner()
        except KeyError as error:
            raise RuntimeError("for Léa") from error

    with pytest.raises(RuntimeError) as raised:
        outer()
    told = log.trace_of(raised.value)
    assert told.index("KeyError") < told.index("RuntimeError")
    assert "Léa" not in told


@pytest.mark.parametrize(("style", "kind"), [("json", log.JsonLines), ("lines", log.ReadableLines)])
def test_a_process_writes_in_one_style(style, kind):
    root = logging.getLogger()
    before = root.handlers[:], root.level
    try:
        log.configure(style)
        (handler,) = root.handlers
        assert type(handler.formatter) is kind
        record = logging.LogRecord("a", logging.INFO, "p", 1, "to lea@example.org", None, None)
        handler.filter(record)
        assert "lea@" not in handler.format(record)
    finally:
        root.handlers[:], level = before
        root.setLevel(level)
