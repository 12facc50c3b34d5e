import json
import os
import random
import re
import signal
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.core.db import db
from modules.participatory_budget.models import Ballot, Count, CountState, RollEntry, SealedBallot
from modules.participatory_budget.services import casting, drafts, receipts
from modules.participatory_budget.tests import arranging
from tests.crash.browser import Browser
from tests.deployment import eventually, kill

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="children of a process are looked up in /proc"),
]

SLUG, PAGES = "votewood", "/participatory-budget/2026"
RESIDENTS, PROJECTS, MOST_CHOICES = 60, 10, 3
RECEIPT = re.compile(r'id="receipt-code">([^<]+)<')
GAP_SECONDS = 1.0


class Resident:
    """Votes, then changes her vote for as long as things are killed; keeps what she was told."""

    def __init__(self, deployment, email, cookie):
        self.email, self.browser = email, Browser(deployment, SLUG, cookie)
        self.dice = random.Random(email)
        self.codes, self.choices = [], []

    def vote_until(self, over):
        self._vote()
        while not over.is_set():
            self._change()

    def _change(self):
        page = self.browser.get(f"{PAGES}/vote/receipt")
        self._send("/vote/change", page.hidden(f"{PAGES}/vote/change"))
        self._vote()

    def _vote(self):
        wanted = sorted(self.dice.sample(range(1, PROJECTS + 1), self.dice.randint(1, MOST_CHOICES)))
        token = self.browser.get(f"{PAGES}/vote").hidden(f"{PAGES}/vote/choose")[:1]
        for number in sorted(set(wanted) ^ set(self.choices)):
            self._send(
                "/vote/choose", [*token, ("project", str(number)), ("add", str(int(number in wanted)))]
            )
        page = self.browser.get(f"{PAGES}/vote/check")
        self._send("/vote/check", page.hidden('name="seen_version"'))
        self.codes += RECEIPT.findall(self.browser.get(f"{PAGES}/vote/receipt").text)
        self.choices = wanted

    def _send(self, path, fields):
        answer = self.browser.send(PAGES + path, fields)
        assert answer.status == 303, answer.text


@pytest.fixture
def residents(deployment):
    """Sixty residents who are signed in to a city with an open vote."""
    deployment.make_city(SLUG, "Votewood")
    with deployment.arrange(SLUG):
        arranging.opened(arranging.approval(each=MOST_CHOICES))
    emails = [f"resident{number}@votewood.example" for number in range(RESIDENTS)]
    cookies = deployment.sign_in(SLUG, emails)
    return [Resident(deployment, *pair) for pair in zip(emails, cookies, strict=True)]


def test_every_vote_that_was_confirmed_is_counted_once_whatever_is_killed_meanwhile(deployment, residents):
    over = threading.Event()
    with ThreadPoolExecutor(RESIDENTS) as streets:
        voting = [streets.submit(resident.vote_until, over) for resident in residents]
        try:
            kill_in_turn(deployment)
        finally:
            over.set()
        for one in voting:
            one.result()
    assert sum(resident.browser.again for resident in residents) > 0
    the_box_holds_what_they_were_told(deployment, residents)
    every_receipt_is_mailed(deployment, residents)
    each_ballot_counts_once(deployment, residents)


def kill_in_turn(deployment):
    web, worker = deployment.web, deployment.worker
    for strike in (
        lambda: kill_child_of(web),
        lambda: kill_child_of(worker),
        lambda: kill_and_start(deployment.postgres),
        lambda: kill_and_start(worker),
        lambda: kill_and_start(web),
        lambda: kill_and_start(deployment.valkey),
        lambda: kill_and_start(deployment.postgres),
    ):
        time.sleep(GAP_SECONDS)
        strike()


def kill_and_start(process):
    kill(process)
    process.start()


def kill_child_of(child):
    """Kill one of the processes that serve under another."""
    pid = child.process.pid
    mine = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    os.kill(int(mine[0]), signal.SIGKILL)


def the_box_holds_what_they_were_told(deployment, residents):
    with deployment.look(SLUG):
        edition = arranging.edition_of()
        for resident in residents:
            found = drafts.my_ballot(edition, arranging.voter(resident.email, edition))
            assert list(found.choices) == resident.choices
            assert found.version == len(resident.codes)
            assert receipts.fate_of(edition, resident.codes[-1]) == "in-box"
        # Whether an older one is in the log yet depends on the minute.
        older = {receipts.fate_of(edition, code) for r in residents for code in r.codes[:-1]}
        assert older <= {"unknown", "replaced"}
        assert number_of(Ballot) == number_of(RollEntry) == casting.turnout(edition) == RESIDENTS


def every_receipt_is_mailed(deployment, residents):
    told = {code for resident in residents for code in resident.codes}

    def all_there():
        mails = " ".join(json.loads(file.read_text())["text"] for file in deployment.mail.glob("[!.]*.json"))
        return all(code in mails for code in told)

    eventually(all_there, seconds=40, what=f"mails with {len(told)} receipts")


def each_ballot_counts_once(deployment, residents):
    with deployment.arrange(SLUG):
        arranging.closed(arranging.edition_of())

    def done():
        with deployment.look(SLUG):
            return db.session.scalars(select(Count.state)).one() is CountState.DONE

    eventually(done, what="the count")
    with deployment.look(SLUG):
        votes = {
            int(number): given for number, given in db.session.scalars(select(Count)).one().votes.items()
        }
        assert Counter(votes) == Counter(number for resident in residents for number in resident.choices)
        assert number_of(SealedBallot) == RESIDENTS
    with deployment.arrange(SLUG):
        arranging.published(arranging.edition_of())
    with deployment.look(SLUG):
        edition = arranging.edition_of()
        assert {receipts.fate_of(edition, r.codes[-1]) for r in residents} == {"counted"}
        older = {receipts.fate_of(edition, code) for r in residents for code in r.codes[:-1]}
        assert older <= {"replaced"}


def number_of(kind):
    return db.session.scalar(select(func.count()).select_from(kind))
