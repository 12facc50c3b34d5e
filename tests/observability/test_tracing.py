import pytest
from sqlalchemy import Integer, text
from sqlalchemy.exc import DataError

from app.core import tracing
from app.core.changes import UNSEEN
from app.core.db import db
from app.core.reading import Query, rows

trace_export = pytest.importorskip("opentelemetry.sdk.trace.export.in_memory_span_exporter")


@pytest.fixture
def spans():
    """The spans that are sent from here on."""
    exporter = trace_export.InMemorySpanExporter()
    assert tracing.begin("test", exporter)
    yield lambda: {span.name: span for span in exporter.get_finished_spans()}
    tracing.end()


def test_a_request_is_a_span_with_its_statements_below(app, staff, spans):
    staff.get("/admin/?q=lea@example.org", headers={"X-Request-ID": "proxy-1234"})
    found = spans()
    request = found["GET console.today"]
    assert request.attributes["city"] == "testparis"
    assert request.attributes["http.response.status_code"] == 200
    assert request.attributes["request_id"] == "proxy-1234"
    assert found["SELECT"].parent.span_id == request.context.span_id
    said = " ".join(str(dict(span.attributes)) for span in found.values())
    assert "lea@" not in said
    assert "administrator@" not in said


def test_a_task_is_a_span(app, spans):
    from worker.observing import observed

    with observed(app, "files.tidy", "c_testparis", 1), app.app_context():
        db.session.execute(text("SELECT 'Léa', 7"), bind_arguments={"bind": db.engines["platform"]})
    found = spans()
    assert found["task files.tidy"].attributes["city"] == "testparis"
    assert found["SELECT"].attributes["db.query.text"] == "SELECT ?, ?"
    assert found["SELECT"].parent.span_id == found["task files.tidy"].context.span_id


def test_a_statement_that_fails_ends_its_span(app, spans):
    with app.app_context(), pytest.raises(Exception, match="nothing_here"):
        db.session.execute(
            text("SELECT * FROM nothing_here"), bind_arguments={"bind": db.engines["platform"]}
        )
    assert "SELECT" in spans()


def test_what_is_asked_without_objects_is_a_span_that_ends(in_city, spans):
    with in_city("paris"):
        rows(Query(text("SELECT 1 AS one").columns(one=Integer))())
        assert spans()["SELECT"].attributes["db.query.text"] == "SELECT ? AS one"
        assert not db.session.connection().info["spans"]
    with in_city("paris"), pytest.raises(DataError):
        rows(Query(text("SELECT 1 / 0 AS one").columns(one=Integer))())
    assert spans()["SELECT"].attributes["db.query.text"] == "SELECT ? / ? AS one"


def test_without_a_collector_nothing_is_loaded(monkeypatch):
    monkeypatch.delenv(tracing.VARIABLE, raising=False)
    assert not tracing.begin("test")
    with tracing.span("nothing"):
        assert not tracing._tracers


@pytest.mark.parametrize(
    ("statement", "shape"),
    [
        ("SELECT * FROM a WHERE b = 'Léa''s' AND c = 12", "SELECT * FROM a WHERE b = ? AND c = ?"),
        ("SELECT %(a1)s,\n  x2", "SELECT %(a1)s, x2"),
        (f"{UNSEEN} UPDATE a SET b = 12", "UPDATE a SET b = ?"),
    ],
)
def test_the_shape_of_a_statement_has_no_values(statement, shape):
    assert tracing.shape_of(statement) == shape
