from app.testing.persons import Inside, Person

from .cycle import SMALL, Town, play, play_paris


class InProcess:
    """The test city; everybody has an address of her own, so that limits by address do not add up."""

    language = "fr"

    def __init__(self, site, run_tasks):
        self._site, self._known = site, {}
        self.work = run_tasks

    def person(self, email, *, role="resident"):
        if email not in self._known:
            browser = self._site("paris", role=role, email=email)
            browser.environ_base["REMOTE_ADDR"] = (
                f"10.1.{len(self._known) // 250}.{len(self._known) % 250 + 1}"
            )
            self._known[email] = Person(Inside(browser))
        return self._known[email]

    def stranger(self):
        return Person(Inside(self._site("paris")))

    def together(self, number, one):
        return [one(each) for each in range(number)]


def test_a_city_goes_from_nothing_to_a_certified_result_that_anybody_can_check(site, run_tasks):
    course = play(InProcess(site, run_tasks), SMALL, lambda _line: None)
    assert course.ballots == SMALL.voters + SMALL.paper
    assert len(course.receipts) == SMALL.voters


def test_every_district_and_the_whole_city_are_judged_and_counted_apart(site, run_tasks):
    town = Town(districts=3, projects=2, voters=12)
    judged = play_paris(InProcess(site, run_tasks), town, lambda _line: None)
    assert judged.ballots[""] == town.voters
    assert len(judged.projects) == town.districts + 1
