"""The private Valkey, with real servers."""

from pathlib import Path

import pytest
import redis

from devstack.services import StackError, Valkey

pytestmark = pytest.mark.slow


def test_only_who_knows_the_password_gets_in(valkey: Valkey) -> None:
    valkey.start()
    assert redis.Redis.from_url(valkey.url).ping()
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=valkey.port).ping()


def test_the_file_with_the_password_is_ours_alone(valkey: Valkey) -> None:
    valkey.start()
    assert (valkey.data / "valkey.conf").stat().st_mode & 0o077 == 0


def test_a_killed_server_comes_back_at_the_same_address_with_its_data(valkey: Valkey) -> None:
    process = valkey.start().process
    address = valkey.url
    redis.Redis.from_url(address).set("kept", "7")
    assert process is not None
    process.kill()
    process.wait()
    valkey.start()
    assert valkey.url == address
    assert redis.Redis.from_url(address).get("kept") == b"7"


def test_nothing_is_thrown_out_when_memory_runs_short(valkey: Valkey) -> None:
    valkey.start()
    answer = redis.Redis.from_url(valkey.url).config_get("maxmemory-policy")
    assert answer == {"maxmemory-policy": "noeviction"}


def test_a_second_server_on_the_same_data_is_refused(valkey: Valkey, state: Path) -> None:
    valkey.start()
    with pytest.raises(StackError, match="Another Valkey"):
        Valkey(state).start(timeout=0.3)
    assert redis.Redis.from_url(valkey.url).ping()


def test_a_server_for_tests_keeps_nothing(state: Path) -> None:
    server = Valkey(state, durable=False).start()
    try:
        redis.Redis.from_url(server.url).set("gone", "1")
        server.stop()
        server.start()
        assert redis.Redis.from_url(server.url).get("gone") is None
    finally:
        server.stop()
