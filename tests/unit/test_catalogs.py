from app.core import catalogs


def test_every_text_is_there_in_every_language():
    assert catalogs.missing() == []
