import re

import pytest
from playwright.sync_api import expect

from modules.news import services
from modules.news.rules import Draft

pytestmark = pytest.mark.browser

ARTICLE = "The bridge is open again"
# Enough that every process that serves pages is asked.
MANY = 6


@pytest.fixture
def city_with_news(deployment, new_city):
    """Make a city in which residents read an article."""

    def make(name):
        slug = new_city(name)
        with deployment.arrange(slug):
            article = services.create(Draft(title={"en": ARTICLE}, body={"en": "Since this morning."}))
            services.publish(article.id)
        return slug

    return make


def switch_of(admin, name):
    return admin.page.get_by_role("switch", name=name, exact=True)


def statuses(visitor, slug, path):
    return {visitor.open(slug, path) for _ in range(MANY)}


def test_a_switch_brings_a_module_and_takes_it_away_again(new_city, person, scripts):
    city = new_city("Millbrook", modules=[])
    admin, visitor = person(scripts=scripts, city=city, role="administrator"), person(scripts=scripts)
    assert visitor.open(city, "/news/") == 404
    admin.open(city, "/admin/modules/")
    admin.sees("Modules")
    news = switch_of(admin, "News")
    expect(news).to_have_attribute("aria-checked", "false")

    admin.activate(news)
    admin.reads("News is on.")
    expect(news).to_have_attribute("aria-checked", "true")
    assert admin.presses == 1
    admin.finds_nothing_wrong()
    assert statuses(visitor, city, "/news/") == {200}

    admin.press(re.compile("^Undo.*News"))
    admin.reads("News is off.")
    expect(news).to_have_attribute("aria-checked", "false")
    assert statuses(visitor, city, "/news/") == {404}
    visitor.sees("There is no such page")
    visitor.finds_nothing_wrong()


def test_a_module_that_is_used_goes_after_a_question_in_this_city_only(city_with_news, person, scripts):
    city, other = city_with_news("Ashford"), city_with_news("Elmwood")
    admin, visitor = person(scripts=scripts, city=city, role="administrator"), person(scripts=scripts)
    admin.open(city, "/admin/modules/")
    admin.activate(switch_of(admin, "News"))
    admin.sees("Turn off News?")
    admin.reads("Residents can read 1 article.")
    admin.finds_nothing_wrong()
    assert visitor.open(city, "/news/") == 200
    admin.press("Turn off")
    admin.sees("Modules")
    admin.reads("News is off.")
    assert admin.presses == 2
    expect(switch_of(admin, "News")).to_have_attribute("aria-checked", "false")

    assert statuses(visitor, city, "/news/") == {404}
    assert statuses(visitor, other, "/news/") == {200}
    visitor.reads(ARTICLE)
    admin.press(re.compile("^Undo.*News"))
    admin.reads("News is on.")
    assert visitor.open(city, "/news/") == 200
    visitor.reads(ARTICLE)
    admin.open(city, "/admin/audit")
    admin.reads(re.compile("News"), within=admin.page.get_by_role("main"))
    admin.finds_nothing_wrong()


def test_keeping_a_module_on_changes_nothing(city_with_news, person, scripts):
    city = city_with_news("Oakham")
    admin = person(scripts=scripts, city=city, role="administrator")
    admin.open(city, "/admin/modules/")
    admin.activate(switch_of(admin, "News"))
    admin.sees("Turn off News?")
    admin.follow("Keep on")
    admin.sees("Modules")
    expect(switch_of(admin, "News")).to_have_attribute("aria-checked", "true")
