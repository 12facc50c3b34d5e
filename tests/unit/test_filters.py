from datetime import UTC, datetime

import pytest
from flask_babel import force_locale

from app.web import filters

MOMENT = datetime(2026, 6, 4, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("hu", "2026. június 4. 18:00"),
        ("fr", "4 juin 2026, 18:00"),
        ("es", "4 de junio de 2026, 18:00"),
        ("en", "June 4, 2026, 6:00 PM"),
    ],
)
def test_an_instant_reads_as_the_citys_clocks_show_it_in_the_readers_language(in_city, language, text):
    with in_city("paris"), force_locale(language):
        assert filters.date_and_time(MOMENT).replace("\u202f", " ") == text


def test_plain_text_becomes_paragraphs_and_stays_plain():
    assert filters.paragraphs("a\nb\n\n<b>") == "<p>a<br>b</p><p>&lt;b&gt;</p>"


def test_money_without_a_currency_is_in_the_citys(in_city):
    with in_city("budapest"):
        assert filters.money(1_200_000_000).replace("\u00a0", " ") == "12 000 000 Ft"
