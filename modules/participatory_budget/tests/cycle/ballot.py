"""The second half of a cycle: the ballot, the vote on the web and on paper."""

import re
from itertools import count

from app.testing.persons import Person

from .course import DAYS, Course

BATCH = 100
EVERY_STEP = 50
"""One voter in so many presses a button for each of her projects; the others send a whole ballot from the check."""


def draft(course: Course) -> None:
    """Make projects of the ideas that can be carried out, and leave the others out."""
    claire, first = course.claire, course.world.language
    course.open_phase("drafting")
    made = 0
    for _page in count():
        numbers = re.findall(r'name="number" value="(\d+)"', course.at(claire, "/drafting").answer.text)
        if not numbers:
            break
        wanted = numbers[: course.size.projects - made]
        if wanted:
            claire.send({"number": wanted}, form="number", button="A project for each")
            made += len(wanted)
        else:
            reason = {f"reason-{first}": "Others had more support."}
            claire.send({"number": numbers, **reason}, form="number", button="Leave them out")
    course.end_phase("drafting")
    course.read_projects()


def open_vote(course: Course) -> None:
    """Say until when the vote lasts and that people may vote on paper; fix the ballot and open."""
    claire = course.claire
    course.at(claire, "/ways").send({"ways": ["account", "paper"]})
    course.at(claire, "/dates").send({"closes_day": DAYS["closes"], "closes_time": "18:00"})
    course.take(claire, "open")


def vote(course: Course) -> None:
    """Let residents vote on the web; every choice is remembered here, and by whom is not."""
    wanted = [course.choose() for _voter in range(course.size.voters)]

    def confirm(number: int) -> str:
        code = _confirm(
            course, course.resident(number, "voter"), wanted[number], every_step=not number % EVERY_STEP
        )
        course.progress(number + 1, course.size.voters, "ballots on the web")
        return code

    for chosen, code in zip(wanted, course.world.together(course.size.voters, confirm), strict=True):
        course.cast(chosen, code)


def _confirm(course: Course, who: Person, chosen: tuple[int, ...], *, every_step: bool) -> str:
    who.open(f"{course.page}/vote")
    pressed = chosen if every_step else chosen[:1]
    for place, project in enumerate(pressed, start=1):
        last = "?back=check" if place == len(pressed) else ""
        fields = [("csrf_token", token(who)), ("project", str(project)), ("add", "1")]
        who.post(f"{course.page}/vote/choose{last}", fields)
    who.send({"project": list(chosen)}, form="seen_version")
    code = re.search(r'id="receipt-code">([^<]+)<', who.answer.text)
    if code is None:
        raise AssertionError(who.answer.words)
    return code[1]


def vote_on_paper(course: Course) -> None:
    """Enter slips, open the envelopes, and key every ballot twice by two people."""
    left = course.size.paper
    while left:
        size = min(BATCH, left)
        _batch(course, course.size.paper - left, size)
        left -= size
        course.progress(course.size.paper - left, course.size.paper, "ballots on paper")


def _batch(course: Course, first: int, size: int) -> None:
    claire = course.at(course.claire, "/paper/new")
    claire.send({"kind": "envelopes", "printed": 0}, form="printed")
    home = claire.path
    for number in range(first, first + size):
        claire.send(course.slip(number, claire), form="/slips", button="Enter the slip")
    claire.open(f"{home}/open")
    claire.send({"declared": size, "knowingly": "y"}, form="declared")
    papers = [course.choose() for _paper in range(size)]
    for clerk in (course.nora, course.paul):
        clerk.open(f"{home}/key")
        for serial, chosen in enumerate(papers, start=1):
            marks = " ".join(str(project) for project in chosen)
            clerk.send({"serial": serial, "marks": marks}, form="marks")
        clerk.open(home)
        clerk.open(f"{home}/key")
        clerk.send(form="/finish")
    for chosen in papers:
        course.cast(chosen, "")


def token(who: Person) -> str:
    """Return what the forms of the page carry against forgery."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', who.answer.text)
    return found[1] if found else ""
