from devstack.demo import ideas
from devstack.demo.content import cities
from devstack.demo.load import make_people
from modules.participatory_budget.services import editions
from modules.participatory_budget.services.ideas import finding


def test_whoever_types_an_idea_of_the_demonstration_again_is_shown_it(in_city):
    with in_city("paris"):
        make_people(next(city for city in cities() if city.slug == "paris"))
        ideas.load("paris")
    with in_city("paris"):
        edition = next(one for one in editions.editions() if one.slug == "2027")
        found = finding.alike(edition, "Brumisateurs quai de Jemmapes")
        assert found[0].idea.title == "Des brumisateurs sur le quai de Jemmapes"
