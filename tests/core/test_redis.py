import pytest

from app.core import redis


def broken_off(*_given, **_named):
    raise KeyboardInterrupt


def test_the_answer_to_a_question_that_was_broken_off_is_nobodys(app, monkeypatch):
    with app.app_context():
        redis.client().mset({"one": "1", "two": "2"})
        assert redis.read("one") == "1"
        with monkeypatch.context() as once:
            once.setattr(redis._line(), "read_response", broken_off)
            with pytest.raises(KeyboardInterrupt):
                redis.read("one")
        assert redis.read("two") == "2"
