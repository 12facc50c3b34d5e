"""The demonstration data is complete, agrees with the published figures, and is the same everywhere."""

import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest

from devstack.demo import ballots
from devstack.demo.content import Category, Edition, articles, cities, edition, projects

CITIES = ("paris", "budapest", "baltimore")
LANGUAGES = {"en", "fr", "hu", "es"}
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def cast_in_budapest() -> list[ballots.Ballot]:
    return list(ballots.budapest_ballots())


def all_texts() -> Iterator[tuple[str, str, str]]:
    """Yield every text with the city it belongs to and its language."""
    for city in cities():
        vote = edition(city.slug)
        holders = [*vote.categories, *projects(city.slug), *articles(city.slug), vote, city]
        for holder in holders:
            for name in (
                "name",
                "title",
                "tagline",
                "summary",
                "explanation",
                "description",
                "body",
                "source",
            ):
                texts = getattr(holder, name, {})
                if not isinstance(texts, str):
                    yield from ((city.slug, language, words) for language, words in texts.items())


def test_there_are_three_cities_each_in_its_own_first_language():
    assert [(city.slug, city.languages[0]) for city in cities()] == [
        ("paris", "fr"),
        ("budapest", "hu"),
        ("baltimore", "en"),
    ]
    assert all(set(city.languages) == LANGUAGES == set(city.tagline) for city in cities())


def test_every_city_has_people_of_each_role_and_two_who_can_sign_a_result_at_addresses_that_cannot_exist():
    roles = ["administrator", "administrator", "editor", "viewer", "resident"]
    for city in cities():
        assert [person.role for person in city.people] == roles
        assert all(person.email.endswith(f"@{city.slug}.example") for person in city.people)
    assert len({person.email for city in cities() for person in city.people}) == 15


def test_a_module_is_either_on_or_prepared():
    for city in cities():
        assert not set(city.modules) & set(city.prepared_modules)
        assert {*city.modules, *city.prepared_modules} == {"news", "participatory_budget"}


@pytest.mark.parametrize("slug", CITIES)
def test_a_vote_is_described_in_all_languages(slug: str):
    vote = edition(slug)
    for texts in (vote.name, vote.summary, vote.description, vote.source):
        assert set(texts) == LANGUAGES
    for category in vote.categories:
        assert set(category.name) == set(category.explanation) == LANGUAGES


@pytest.mark.parametrize("slug", CITIES)
def test_every_project_has_its_own_number_and_a_known_category_and_district(slug: str):
    (city,) = (each for each in cities() if each.slug == slug)
    running = projects(slug)
    assert len({project.number for project in running}) == len(running)
    assert {project.category for project in running} == {each.key for each in edition(slug).categories}
    assert {project.district for project in running} <= {"", *city.districts}
    for language in {language for project in running for language in project.title}:
        assert len({project.title[language] for project in running}) == len(running)


@pytest.mark.parametrize("slug", ["paris", "baltimore"])
def test_invented_projects_have_title_and_summary_in_all_languages(slug: str):
    for project in projects(slug):
        assert set(project.title) == set(project.summary) == LANGUAGES


def test_budapest_projects_have_titles_in_hungarian_and_english():
    assert all(set(project.title) == {"hu", "en"} for project in projects("budapest"))


@pytest.mark.parametrize(
    ("slug", "count", "languages"), [("paris", 2, 4), ("budapest", 2, 2), ("baltimore", 6, 2)]
)
def test_news_has_title_and_summary_in_all_languages_and_a_body_in_the_first(
    slug: str, count: int, languages: int
):
    (city,) = (each for each in cities() if each.slug == slug)
    assert len(articles(slug)) == count
    for article in articles(slug):
        assert set(article.title) == set(article.summary) == LANGUAGES
        assert {*city.languages[:languages]} <= set(article.body)
        assert article.published_on(TODAY) <= TODAY
    assert len({article.slug for article in articles(slug)}) == count


def test_no_text_is_empty_or_shouts():
    for slug, language, words in all_texts():
        assert words.strip(), (slug, language)
        assert "!" not in words, words


def test_french_punctuation_and_grouped_digits_do_not_break_over_lines():
    for _, language, words in all_texts():
        if language == "fr":
            assert not re.search(r" [:;?»€]", words), words
        assert not re.search(r"\d \d{3}\b", words), words


def test_paris_costs_lie_within_the_limits_and_exceed_the_budget_together():
    costs = [project.cost for project in projects("paris")]
    assert len(costs) == 32
    assert min(costs) == 60_000
    assert max(costs) == 1_200_000
    assert sum(costs) > 2 * edition("paris").budget


def test_budapest_figures_add_up_as_published():
    running = projects("budapest")
    assert len(running) == 175
    assert sum(project.votes or 0 for project in running) == 265_501
    assert sum(project.cost for project in running if project.selected) == 895_000_000
    assert sum(bool(project.selected) for project in running) == 13
    assert edition("budapest").days(TODAY) == (date(2024, 8, 21), date(2024, 10, 7))


def test_budapest_costs_and_places_respect_the_categories():
    smallest_and_largest = {"Local Small Idea": (1, 50), "Local Big Idea": (60, 120)}
    for project in projects("budapest"):
        smallest, largest = smallest_and_largest.get(project.category, (1, 120))
        assert smallest * 1_000_000 <= project.cost <= largest * 1_000_000
        assert (project.district != "") == project.category.startswith("Local")


def counted_to_the_first_that_does_not_fit(vote: Edition, category: Category) -> set[int]:
    left, winners = category.budget or vote.budget, set[int]()
    group = [project for project in projects("budapest") if project.category == category.key]
    for project in sorted(group, key=lambda each: -(each.votes or 0)):
        if project.cost > left:
            break
        winners.add(project.number)
        left -= project.cost
    return winners


def test_the_shares_of_the_categories_give_the_real_winners_of_budapest():
    vote = edition("budapest")
    assert sum(category.budget or 0 for category in vote.categories) == vote.budget == 1_000_000_000
    counted = {
        number
        for category in vote.categories
        for number in counted_to_the_first_that_does_not_fit(vote, category)
    }
    assert counted == {project.number for project in projects("budapest") if project.selected}


def test_days_of_a_running_vote_are_counted_from_today():
    opens, closes = edition("paris").days(TODAY)
    assert opens < TODAY < closes
    assert edition("baltimore").days(TODAY)[0] > TODAY


def test_amounts_are_handed_out_in_minor_units_too():
    assert edition("budapest").budget_minor == 100_000_000_000
    assert edition("paris").spending_limit_minor == 500_000_000
    assert projects("baltimore")[0].cost_minor == 3_800_000


def test_budapest_ballots_give_every_project_exactly_its_votes(cast_in_budapest):
    assert [ballot.voter for ballot in cast_in_budapest] == list(range(1, 28_944))
    votes = Counter(number for ballot in cast_in_budapest for number in ballot.choices)
    assert votes == {project.number: project.votes for project in projects("budapest")}


def test_budapest_ballots_keep_to_three_different_projects_a_category(cast_in_budapest):
    category = {project.number: project.category for project in projects("budapest")}
    for ballot in cast_in_budapest:
        assert ballot.choices
        assert list(ballot.choices) == sorted(set(ballot.choices))
        assert max(Counter(category[number] for number in ballot.choices).values()) <= 3


def test_another_seed_gives_other_ballots_with_the_same_votes(cast_in_budapest):
    others = list(ballots.budapest_ballots(seed=1))
    assert others != cast_in_budapest
    assert all(ballot.choices for ballot in others)
    votes = Counter(number for ballot in others for number in ballot.choices)
    assert votes == {project.number: project.votes for project in projects("budapest")}


def test_the_pabulib_file_announces_what_it_holds_and_never_changes():
    stream = io.StringIO()
    ballots.write_pb(stream)
    text = stream.getvalue()
    head, rest = text.split("PROJECTS\n")
    listed, cast = rest.split("VOTES\n")
    assert "num_projects;175\nnum_votes;28943\nbudget;1000000000\n" in head
    assert "date_begin;21.08.2024\ndate_end;07.10.2024\n" in head
    assert len(listed.splitlines()) == 1 + 175
    assert len(cast.splitlines()) == 1 + 28_943
    assert (
        hashlib.sha256(cast.encode()).hexdigest()
        == "d13e6b40b543a32230626d2436702dd1a0189a4655407952a8e55ce73d5516b7"
    )


def test_paris_ballots_stay_within_the_budget_and_never_change():
    cost = {project.number: project.cost for project in projects("paris")}
    cast = list(ballots.paris_ballots())
    assert [ballot.voter for ballot in cast] == list(range(1, 413))
    for ballot in cast:
        assert 0 < sum(cost[number] for number in set(ballot.choices)) <= 5_000_000
        assert list(ballot.choices) == sorted(set(ballot.choices))
    assert {number for ballot in cast for number in ballot.choices} == set(cost)
    assert (
        hashlib.sha256(repr([*map(tuple, cast)]).encode()).hexdigest()
        == "f04187ff9af575bcbb21c037ff4684017c42ec9bbd8d15db5af10aec7ce86bd4"
    )
