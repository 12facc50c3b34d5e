"""Who gets in, with what, and what the city knows of it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.accounts.tokens import ApiToken, is_token, new_token_secret, revoke, tokens
from app.core.audit import AuditEntry
from app.core.clock import now
from app.core.db import db

ARTICLE = {"title": {"fr": "Titre"}}


def problem(answer, status):
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), answer.text
    assert answer.json["status"] == status
    return answer.json


@given(st.text(max_size=80))
def test_no_text_is_taken_for_a_token(text):
    assert not is_token(text)


def test_a_mistyped_token_is_known_without_asking_anybody():
    token = new_token_secret()
    assert is_token(token)
    assert token.startswith("parvis_")
    wrong = token[:10] + ("0" if token[10] != "0" else "1") + token[11:]
    assert not is_token(wrong)


def test_without_a_token_the_way_in_is_named(program):
    answer = program().post("news/articles", json=ARTICLE)
    problem(answer, 401)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer realm=")


def test_a_token_without_the_scope_is_refused_with_the_scope_that_is_missing(program):
    answer = program(["audit.read"]).post("news/articles", json=ARTICLE)
    assert "news.manage" in problem(answer, 403)["detail"]
    assert 'error="insufficient_scope", scope="news.manage"' in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize(
    "header",
    ["Bearer nonsense", "Bearer", "Basic YTpi", "", f"Bearer {new_token_secret()}"],
    ids=["nonsense", "no token", "another scheme", "empty", "unknown"],
)
def test_a_token_that_does_not_work_is_refused_where_none_is_needed_too(program, header):
    answer = program().get("city", headers={"Authorization": header})
    problem(answer, 401)
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_a_token_of_one_city_is_nothing_in_another(program, site):
    ours = program("all")
    assert ours.get("audit").status_code == 200
    ours.browser = site("budapest")
    problem(ours.get("audit"), 401)
    problem(ours.get("city"), 401)


def test_a_token_ends_when_it_is_revoked_and_when_its_time_is_over(program, in_city, frozen):
    first, second = program(["audit.read"]), program(["audit.read"])
    with in_city():
        revoke(tokens()[-1].id)
    problem(first.get("audit"), 401)
    assert second.get("audit").status_code == 200
    frozen(now() + timedelta(days=31))
    problem(second.get("audit"), 401)


def test_a_cookie_opens_nothing(staff):
    assert staff.get("/admin/").status_code == 200
    problem(staff.get("/api/v1/audit"), 401)
    problem(staff.post("/api/v1/news/articles", json=ARTICLE), 401)
    for path in ("city", "nothing", "news/articles/0190163d-8694-739b-aea5-966c26f8ad90"):
        assert "Set-Cookie" not in staff.get(f"/api/v1/{path}").headers
    assert staff.get("/admin/").status_code == 200


def test_the_audit_log_names_the_token_that_acted(program, in_city):
    assert program(["news.manage"]).post("news/articles", json=ARTICLE).status_code == 201
    with in_city():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "news.created")).one()
        assert (entry.actor_kind, entry.actor_name) == ("token", "Test program")


def test_that_a_token_was_used_is_written_down_once_an_hour(program, in_city, count_queries, frozen):
    reader = program(["audit.read"])
    assert reader.get("audit").status_code == 200
    with in_city():
        assert db.session.scalars(select(ApiToken)).one().used_at is not None
    with count_queries() as asked:
        assert reader.get("audit").status_code == 200
    assert not [statement for statement in asked if statement.startswith("UPDATE")]


def test_the_database_has_no_token(program, in_city):
    ours = program(["audit.read"])
    with in_city():
        kept = db.session.scalars(select(ApiToken)).one()
        words = " ".join(str(getattr(kept, column.key)) for column in ApiToken.__table__.columns)
        assert ours.token.startswith(kept.beginning)
    assert ours.token not in words
    assert ours.token[20:] not in words


def test_before_a_city_is_public_only_tokens_get_in(app, program):
    from app.testing.cities import CITIES
    from tenants import resolve
    from tenants.models import CityRecord

    ours = program(["audit.read"])
    with app.app_context():
        db.session.get_one(CityRecord, CITIES[0].id).published = False
        resolve.change()
        db.session.commit()
        db.session.remove()
    problem(program().get("city"), 403)
    problem(program().get("openapi.json"), 403)
    assert ours.get("city").status_code == 200


def test_who_made_a_token_is_told_to_her_and_forgotten_when_she_leaves(staff, in_city):
    from app.accounts.models import Account, Role
    from app.core.people import HOLDINGS

    holding = HOLDINGS["platform.tokens"]
    sent = {"name": "Newsletter", "scopes": ["news.manage"], "days": "30"}
    assert staff.post("/admin/programs/new", data=sent).status_code == 200
    with in_city():
        her = db.session.scalars(select(Account.id).where(Account.role == Role.ADMINISTRATOR)).one()
        assert [record["name"] for record in holding.collect(her)] == ["Newsletter"]
        holding.erase(her)
    with in_city():
        kept = db.session.scalars(select(ApiToken)).one()
        assert (kept.made_by, kept.made_by_name, kept.works) == (None, "", True)
        assert list(holding.collect(her)) == []
