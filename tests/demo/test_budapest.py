import io
import json

from sqlalchemy import select

from app.core.db import db
from devstack.demo import content, votes
from modules.participatory_budget.models import Edition, Project
from modules.participatory_budget.rules.verify import verify
from modules.participatory_budget.services import counting, publishing
from worker.run import run


def test_the_real_edition_is_counted_to_the_last_ballot_and_can_be_proved(app, in_city, run_tasks):
    with in_city("budapest"):
        votes.load("budapest")
    # Each of 15 parts, the sums, the decision and its check; and the second count asks for more once.
    assert run_tasks().count("participatory_budget.count") == 19
    with in_city("budapest"):
        edition = db.session.scalars(select(Edition)).one()
        count = counting.finished(edition)
        count_id = str(count.id)
        _every_ballot_is_counted(count)
        _the_official_winners_win(count)
        _the_published_files_prove_it(edition, count)
    for read in (0, 2000, 28_943):
        run(app, "participatory_budget.count", "c_testbudapest", {"count_id": count_id, "read": read})
    with in_city("budapest"):
        _every_ballot_is_counted(counting.finished(db.session.scalars(select(Edition)).one()))


def _every_ballot_is_counted(count):
    official = {str(p.number): p.official_votes for p in db.session.scalars(select(Project))}
    assert (count.total, count.read) == (28_943, 28_943)
    assert len(official) == 175
    assert count.votes == official


def _the_official_winners_win(count):
    won = {entry.id for entry in publishing.protocol_of(count).projects if entry.outcome.funded}
    assert won == {str(p.number) for p in content.projects("budapest") if p.selected}


def _the_published_files_prove_it(edition, count):
    file = io.BytesIO()
    publishing.write_ballots(file, edition.id, publishing.protocol_of(count))
    file.seek(0)
    report = verify(file, json.loads(count.protocol))
    assert report.ballots == 28_943
    assert report.agrees, report
