"""The first half of a cycle, page by page: set-up, ideas, moderation, support, feasibility, the ballot."""

import re
from itertools import count

from app.testing.persons import Person

from .course import DAYS, Course

CATEGORIES = ("Green city", "Fair city", "Open streets")
TEXT = (
    "The square has no shade and nowhere to sit. With trees, benches and a fountain it becomes a place where"
    " neighbours of every age meet, and where children can play after school."
)


def set_up(course: Course) -> None:
    """Make the edition, its categories, its calendar and the rules for ideas."""
    claire, first = course.claire, course.world.language
    claire.open(f"{course.staff}/new")
    claire.send(
        {f"title-{first}": "Budget 2026", "slug": "2026", "kind": "each", "choices": 3, "budget": "1000000"}
    )
    course.home = claire.path.rstrip("/")
    for name in CATEGORIES:
        course.at(claire, "/categories").send({f"name-{first}": name})
    course.at(claire, "/texts").send({f"title-{first}": "Budget 2026", f"summary-{first}": "You decide."})
    calendar = {
        f"{part}_begins_day": DAYS["later"] for part in ("ideas", "support", "feasibility", "drafting")
    }
    course.at(claire, "/calendar").send(calendar)
    course.at(claire, "/ideas/rules").send({"threshold": course.size.threshold})
    course.take(claire, "show")


def hand_in(course: Course) -> None:
    """Let residents write ideas, each through the whole wizard."""
    course.open_phase("ideas")
    what = [
        course.draw.choice(("Shade", "Benches", "A fountain", "Trees")) for _idea in range(course.size.ideas)
    ]

    def write(author: int) -> None:
        for number in range(author, course.size.ideas, course.size.authors):
            _write(
                course, course.resident(author, "author"), f"{what[number]} for square {number + 1}", number
            )

    course.world.together(course.size.authors, write)
    course.end_phase("ideas")


def _write(course: Course, author: Person, title: str, number: int) -> None:
    author.open(f"{course.page}/ideas/new")
    author.send({"title": title, "category": course.category(number)}, form="category")
    author.send({"place": f"Square {number + 1}"}, form="place")
    if author.path.endswith("/alike"):
        author.open(author.path.removesuffix("alike") + "text")
    author.send({"text": f"{TEXT} It is square number {number + 1}."}, form="text")
    author.open(author.path.removesuffix("files") + "check")
    author.send(form="check")
    if not author.path.endswith("/sent"):
        raise AssertionError(author.answer.words)


def moderate(course: Course) -> None:
    """Publish what was handed in, a page of the queue at a time."""
    for _page in count():
        nora = course.at(course.nora, "/moderation")
        numbers = re.findall(r'name="number" value="(\d+)"', nora.answer.text)
        if not numbers:
            break
        nora.send({"number": numbers}, form="/moderation/publish")


def support(course: Course) -> None:
    """Let residents support ideas until most have what they need."""
    course.open_phase("support")
    wanted = [n for n in range(1, course.size.ideas + 1) for _time in range(course.size.threshold)]
    wanted = wanted[: course.size.supporters * course.size.supports_each]

    def stand_up(number: int) -> None:
        who = course.resident(number, "supporter")
        for idea in wanted[number :: course.size.supporters]:
            who.open(f"{course.page}/ideas/{idea}")
            who.send({"support": 1}, form=f"/ideas/{idea}/support")

    course.world.together(course.size.supporters, stand_up)
    course.end_phase("support")


def examine(course: Course) -> None:
    """Ask a department, take its opinions with a cost, decide and publish each."""
    claire, first = course.claire, course.world.language
    course.open_phase("feasibility")
    course.at(claire, "/feasibility/departments").send(
        {f"name-{first}": "Parks", "days": 14, "people": course.paul_address}
    )
    course.at(claire, "/feasibility/begin").send(form="/feasibility/begin")
    for number in _examined(course, "all"):
        course.at(claire, f"/feasibility/{number}").send({"act": "accept"}, button="It passes")
    _ask_all(course)
    _answer_all(course)
    for number in _examined(course, "decision"):
        course.at(claire, f"/feasibility/{number}").send(
            {"act": "decide", "verdict": "feasible", f"opinion-{first}": "It can be done."}, button="Decide"
        )
    for _page in count():
        course.at(claire, "/feasibility?view=decided")
        numbers = _listed(claire)
        if not numbers:
            break
        claire.send({"number": numbers, "act": "publish"}, form="number")
    course.end_phase("feasibility")


def _examined(course: Course, view: str) -> list[int]:
    """Return the numbers of all ideas on a list of the examination."""
    found: list[int] = []
    for page in count(1):
        numbers = _listed(course.at(course.claire, f"/feasibility?view={view}&page={page}"))
        found += [int(one) for one in numbers if int(one) not in found]
        if f"page={page + 1}" not in course.claire.answer.text:
            return found
    raise AssertionError


def _listed(who: Person) -> list[str]:
    return re.findall(r'name="number" value="(\d+)"', who.answer.text)


def _ask_all(course: Course) -> None:
    for page in count(1):
        claire = course.at(course.claire, f"/feasibility?page={page}")
        is_last = f"page={page + 1}" not in claire.answer.text
        department = re.findall(r'name="departments"[^>]*value="([^"]+)"', claire.answer.text)
        claire.send({"number": _listed(claire), "departments": department, "act": "ask"}, form="departments")
        if is_last:
            return


def _answer_all(course: Course) -> None:
    paul = course.paul
    for place in count(1):
        course.at(paul, "/opinions")
        found = re.search(r'href="([^"]+/opinions/[0-9a-f-]{36})"', paul.answer.text)
        if not found:
            return
        paul.open(found[1])
        fields = re.findall(r'name="(answer_[0-9a-f]+)"', paul.answer.text)
        cost = 1_000 + 500 * (place % 40)
        paul.send({**dict.fromkeys(fields, "yes"), "text": "Feasible.", "cost": cost}, form="cost")
