"""A vote like that of Paris: majority judgement with four grades, in a contest for each district and one for all."""

import json
import random
import re
from collections import Counter, defaultdict
from dataclasses import dataclass

from app.testing.persons import Person

from .ballot import token
from .course import DAYS, Course
from .result import bundle_report, certify, close
from .world import Say, Size, World

GRADES = 4
WHOLE_CITY = "Whole city"


@dataclass(frozen=True, slots=True)
class Town:
    """How many districts there are, projects in each contest, and voters."""

    districts: int = 20
    projects: int = 5
    voters: int = 400


@dataclass(slots=True)
class Judged:
    """What was voted: how often each project of each contest got each grade."""

    projects: dict[str, list[int]]
    grades: dict[int, Counter[int]]
    ballots: Counter[str]


def play_paris(world: World, town: Town, say: Say) -> Judged:
    """Run the vote from an empty edition to the published bundle; raises Unexpected or AssertionError."""
    course = Course(world, Size(0, 0, 0, 0, 0, 0, town.voters, 0), say)
    say("Make the edition with its contests and projects.")
    projects = _set_up(course, town)
    judged = Judged(projects, defaultdict(Counter), Counter())
    say("Let residents judge all projects of a district and of the whole city.")
    _vote(course, town, judged)
    say("Close, count, sign and publish.")
    close(course)
    certify(course)
    _check(course, judged)
    return judged


def _set_up(course: Course, town: Town) -> dict[str, list[int]]:
    claire, first = course.claire, course.world.language
    claire.open(f"{course.staff}/new")
    claire.send(
        {f"title-{first}": "Budget 2026", "slug": "2026", "kind": "all", "choices": 3, "budget": "210000"}
    )
    course.home = claire.path.rstrip("/")
    names = [f"District {number}" for number in range(1, town.districts + 1)]
    course.at(claire, "/districts").send({"added": "\n".join(names)}, form="added")
    course.at(claire, "/texts").send({f"title-{first}": "Budget 2026", f"summary-{first}": "You decide."})
    course.at(claire, "/ballot").send({"kind": "grades", "scale": "paris", "mark_all": "y"}, form="scale")
    course.at(claire, "/money").send({"method": "majority-judgement"}, form="method")
    money = {f"money_{place}": 10_000 for place in range(town.districts + 1)}
    course.at(claire, "/contests").send({"by": "district", "district_by": "any", **money}, form="by")
    projects: dict[str, list[int]] = defaultdict(list)
    number = 0
    for place in range(town.districts + 1):
        for _project in range(town.projects):
            number += 1
            course.at(claire, "/projects/new")
            key = _district_key(claire, place, town)
            cost = 2_000 + 500 * (number % 7)
            claire.send({f"title-{first}": f"Project {number}", "cost": cost, "district": key}, form="cost")
            projects[key].append(number)
    course.at(claire, "/dates").send({"closes_day": DAYS["closes"], "closes_time": "18:00"})
    course.take(claire, "show")
    course.take(claire, "open")
    return dict(projects)


def _district_key(claire: Person, place: int, town: Town) -> str:
    """Return the value of a district in the form of a project; the last place is the whole city."""
    select = re.search(r'<select[^>]*name="district".*?</select>', claire.answer.text, re.DOTALL)
    keys = [key for key in re.findall(r'<option[^>]*value="([^"]*)"', select[0] if select else "") if key]
    return keys[place] if place < town.districts else ""


def _vote(course: Course, town: Town, judged: Judged) -> None:
    draw = random.Random(2021)
    districts = sorted(key for key in judged.projects if key)
    wanted = []
    for _voter in range(town.voters):
        district = draw.choice(districts)
        mine = judged.projects[district] + judged.projects[""]
        wanted.append((district, {number: draw.randint(1, GRADES) for number in mine}))

    def confirm(number: int) -> None:
        district, marks = wanted[number]
        _judge(course, course.resident(number, "judge"), district, marks)
        course.progress(number + 1, town.voters, "ballots")

    course.world.together(town.voters, confirm)
    for district, marks in wanted:
        judged.ballots.update([district, ""])
        for project, grade in marks.items():
            judged.grades[project][grade] += 1


def _judge(course: Course, who: Person, district: str, marks: dict[int, int]) -> None:
    who.open(f"{course.page}/vote")
    who.send({"district": district}, form="district")
    fields = [(f"mark-{project}", str(grade)) for project, grade in marks.items()]
    who.post(f"{course.page}/vote/marks", [("csrf_token", token(who)), *fields, ("act", "check")])
    who.send(form="seen_version")
    if not re.search(r'id="receipt-code">', who.answer.text):
        raise AssertionError(who.answer.words)


def _check(course: Course, judged: Judged) -> None:
    stranger = course.world.stranger()
    for contest, projects in judged.projects.items():
        path = f"{course.page}/results/protocol.json?contest={contest}"
        protocol = json.loads(stranger.open(path).text)
        found = {one["number"]: one["grades"] for one in protocol["projects"]}
        known = {
            number: [judged.grades[number][grade] for grade in range(1, GRADES + 1)] for number in projects
        }
        if (protocol["ballots"]["number"], found) != (judged.ballots[contest], known):
            raise AssertionError(f"{contest}: {protocol['ballots']}, {found}, known {known}")
    report = bundle_report(stranger, course)
    if not report.agrees or len(report.contests) != len(judged.projects):
        raise AssertionError(report)
    course.say(f"{len(report.contests)} contests counted again from the published bundle: all agrees")
