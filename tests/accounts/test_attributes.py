import pytest

from app.accounts.attributes import kinds, services
from app.accounts.attributes.rules import Aged, Eligibility, Level, OneOf
from app.accounts.attributes.wording import describe, reasons
from app.core.audit import latest
from app.core.clock import now
from app.core.db import db
from app.core.errors import Conflict, Invalid, NotFound
from app.sdk import force_locale

from .conftest import somebody

RULE = Eligibility(((OneOf("district", ("11", "12"), Level.ROLL),), (Aged(at_least=14, level=Level.STAFF),)))


def test_a_person_tells_something_about_herself_and_takes_it_back(in_city, with_districts):
    with in_city():
        account = somebody()
        services.declare(account, "district", "11")
        services.declare(account, "district", "12")
        assert [(one.value, one.level) for one in services.of_account(account.id)] == [("12", Level.SELF)]
        services.take_back(account, "district")
        assert services.of_account(account.id) == []


@pytest.mark.parametrize(
    ("attribute", "text"),
    [
        ("district", "99"),
        ("birth_date", "2112-01-01"),
        ("birth_date", "yesterday"),
        ("lives_in_city", "maybe"),
    ],
)
def test_what_cannot_be_is_refused(in_city, with_districts, attribute, text):
    with in_city(), pytest.raises(Invalid):
        services.declare(somebody(), attribute, text)


def test_a_city_without_districts_does_not_ask_for_them(in_city):
    with in_city():
        assert "district" not in kinds.kinds()
        with pytest.raises(NotFound):
            services.declare(somebody(), "district", "11")


def test_a_city_asks_for_something_of_its_own(in_city):
    with in_city():
        kinds.add_own(
            "bicycle",
            {"en": "Bicycle"},
            kinds.Type.CHOICE,
            {"city": {"en": "City bike"}, "cargo": {"en": "Cargo bike"}},
        )
        services.declare(somebody(), "bicycle", "cargo")
        assert kinds.words_of("bicycle", "cargo") == "Cargo bike"
        with pytest.raises(Conflict):
            kinds.add_own("bicycle", {"en": "Again"}, kinds.Type.TEXT, {})
        kinds.remove_own("bicycle")
        with pytest.raises(NotFound):
            services.declare(somebody(), "bicycle", "city")
    with in_city("budapest"):
        assert "bicycle" not in kinds.kinds()


def test_staff_check_what_somebody_has_asked_them_to(in_city, with_districts):
    with in_city():
        account = somebody()
        with pytest.raises(Conflict):
            services.ask_for_check(account, "district")
        services.declare(account, "district", "11")
        services.ask_for_check(account, "district")
        assert [(one.id, [a.attribute for a in asked]) for one, asked in services.waiting()] == [
            (account.id, ["district"])
        ]
        services.check(account, "district", "12", "identity_card")
        assert services.waiting() == []
        assert services.counted(services.of_account(account.id), now())["district"].value == "12"
        entry = latest(1)[0]
        assert (entry.action, entry.details) == (
            "people.checked",
            {"attribute": "district", "document": "identity_card"},
        )


def test_a_check_counts_for_as_long_as_the_city_says(in_city, frozen):
    frozen("2026-01-01T10:00")
    lives = Eligibility(((OneOf("lives_in_city", ("yes",), Level.STAFF),),))
    with in_city():
        kinds.set_months({Level.CODE: 6, Level.STAFF: 12})
        services.check(somebody(), "lives_in_city", "yes", "bill")
        services.check(somebody(), "birth_date", "1990-01-01", "passport")
        assert services.eligible(lives, somebody()).eligible
    frozen("2027-01-05T10:00")
    with in_city():
        assert not services.eligible(lives, somebody()).eligible
        assert services.eligible(Eligibility(((Aged(at_least=37, level=Level.STAFF),),)), somebody()).eligible


def test_a_document_of_no_known_kind_proves_nothing(in_city):
    with in_city(), pytest.raises(Invalid):
        services.check(somebody(), "lives_in_city", "yes", "AB 123456")


def test_a_rule_and_what_is_missing_are_told_in_words(in_city, with_districts):
    with in_city(), force_locale("en"):
        assert describe(RULE) == [
            "District: 11th or 12th (on a list of residents)",
            "14 years or older (checked by staff, or surer)",
        ]
        services.declare(somebody(), "district", "11")
        said = reasons(services.eligible(RULE, somebody()))
        assert said[0].startswith("District: 11th or 12th (on a list of residents). You have said so")
        assert "list of residents, on your account" in said[0]
        assert "Nothing is known about this yet. Show a document at a counter" in said[1]


def test_the_age_of_the_day_in_the_city_counts(in_city, frozen):
    # In Paris the 22nd has begun; by UTC it is still the 21st.
    frozen("2026-11-21T23:30")
    with in_city():
        services.declare(somebody(), "birth_date", "2012-11-22")
        assert services.eligible(Eligibility(((Aged(at_least=14),),)), somebody()).eligible


def test_a_rule_that_asks_for_nothing_asks_the_database_for_nothing(in_city, count_queries):
    with in_city():
        account = somebody()
        db.session.flush()
        with count_queries() as asked:
            assert services.eligible(Eligibility(), account).eligible
        assert asked == []
        with count_queries() as asked:
            services.eligible(RULE, account)
        assert len(asked) == 1


def test_people_are_found_by_address_or_by_a_word_of_their_name(in_city):
    with in_city():
        jose = somebody()
        assert services.look_up("lópez") == [jose]
        assert services.look_up("JOSE@example.org") == [jose]
        assert services.look_up("opez") == []
        assert services.look_up("l%z") == []
        with pytest.raises(Invalid):
            services.look_up("jo")
