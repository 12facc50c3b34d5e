import uuid

import pytest

from app.core.ids import keyed_hash, new_id, new_secret, new_short_id, secret_hash


def test_ids_are_version_7_in_order_and_never_the_same():
    made = [new_id() for _ in range(2000)]
    assert {(i.version, i.variant) for i in made} == {(7, uuid.RFC_4122)}
    assert len(set(made)) == 2000
    assert [i.int >> 64 for i in made] == sorted(i.int >> 64 for i in made)


def test_a_short_id_can_be_a_schema_name():
    assert all(new_short_id().isalnum() and new_short_id()[0].isalpha() for _ in range(200))
    assert len(new_short_id(7)) == 7


def test_the_hash_of_a_secret_does_not_give_it_away():
    secret = new_secret()
    assert secret not in secret_hash(secret)
    assert secret_hash(secret) == secret_hash(secret)


def test_keyed_hashes_tell_purposes_and_parts_apart(app):
    with app.app_context():
        assert keyed_hash("a", b"x", b"y") == keyed_hash("a", b"x", b"y")
        assert len({keyed_hash("a", b"xy"), keyed_hash("a", b"x", b"y"), keyed_hash("b", b"xy")}) == 3


def test_keyed_hashes_need_the_deployments_secret(app):
    with app.app_context():
        before = keyed_hash("a", b"x")
        app.secret_key, kept = "another", app.secret_key
        try:
            assert keyed_hash("a", b"x") != before
        finally:
            app.secret_key = kept


@pytest.mark.parametrize("length", [2, 10, 20])
def test_short_ids_have_the_length_asked_for(length):
    assert len(new_short_id(length)) == length
