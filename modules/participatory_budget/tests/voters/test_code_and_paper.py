"""One person with a code for the screen and a slip on paper, in whichever order: one ballot, and a box that is sealed."""

import re

import pytest
from sqlalchemy import func, insert, select

from app.sdk import Conflict, db
from modules.participatory_budget.models import Admission, Ballot, Challenge, PaperSlip, RollEntry
from modules.participatory_budget.rules.ways import Duplicates, Way
from modules.participatory_budget.services import doubts

from .. import arranging
from ..clerk import words

ANNA = {"family_name": "Nagy", "given_name": "Anna", "birth_date": "1984-03-27"}
CODE = re.compile(r"[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}")


@pytest.fixture
def desk(clerk):
    """Open a polling place; returns how an officer gives Anna a code for the screen."""
    boss, officer = clerk("boss", "administrator"), clerk("one")
    place = boss.post("/stations", {"name": "Town hall"}).location
    path = place[place.index("/stations/") :]
    ids = re.findall(r'name="officer" value="([^"]+)"[^>]*><span>([^<]*)', boss.get(path).text)
    boss.post(f"{path}/officers", {"officer": [ident for ident, name in ids if "one" in name.lower()]})
    officer.post(f"{path}/journal", {"act": "open"})

    def hand():
        answer = officer.post(f"{path}/desk", {**ANNA, "act": "screen"})
        assert answer.status_code == 200, words(answer)
        return CODE.search(words(answer))[0]

    return hand


@pytest.fixture
def on_paper(clerk):
    """Enter Anna's slip in a batch of envelopes."""

    def act():
        office = clerk("office")
        made = office.post(
            "/paper/new", {"station": "", "kind": "envelopes", "district": "", "printed": "20"}
        )
        path = made.location[made.location.index("/paper/") :]
        assert office.post(f"{path}/slips", ANNA).status_code == 303

    return act


@pytest.fixture
def vote_of_screens_and_paper(ways):
    ways(Way.ACCOUNT, Way.BOOTH, Way.PAPER, duplicates=Duplicates.FIRST)


def in_box():
    return db.session.scalar(select(func.count()).select_from(Ballot)), db.session.scalar(
        select(func.count()).select_from(RollEntry)
    )


@pytest.mark.usefixtures("vote_of_screens_and_paper")
def test_a_code_that_was_handed_out_before_the_slip_leads_to_no_second_ballot(desk, on_paper, guest, in_city):
    code = desk()
    on_paper()
    tablet = guest()
    assert tablet.post("/vote/booth", {"code": code}).status_code == 409
    assert tablet.get("/vote").status_code == 303
    with in_city("paris"):
        assert in_box() == (0, 1)


@pytest.mark.usefixtures("vote_of_screens_and_paper")
def test_a_ballot_that_is_confirmed_while_the_slip_is_entered_stays_out(desk, on_paper, guest, in_city):
    tablet = guest()
    tablet.post("/vote/booth", {"code": desk()})
    tablet.choose([1])
    paper = tablet.paper()
    with in_city("paris"):
        # Her admission was read before the slip ended it.
        kept = db.session.execute(select(*Admission.__table__.columns)).mappings().one()
    on_paper()
    with in_city("paris"):
        db.session.execute(insert(Admission).values(**kept))
    assert tablet.confirm(paper).status_code == 409
    with in_city("paris"):
        assert in_box() == (0, 1)


@pytest.mark.usefixtures("vote_of_screens_and_paper")
def test_a_doubt_about_somebody_who_voted_on_paper_takes_nobody_off_the_roll(desk, on_paper, guest, in_city):
    guest().post("/vote/booth", {"code": desk()})
    on_paper()
    with in_city("paris"):
        edition = arranging.edition_of()
        name = db.session.scalar(select(PaperSlip.voter))
        boss, officer = arranging.person("boss@paris.example"), arranging.person("one@paris.example")
        doubts.challenge(edition, [name], "Nobody knows her", officer)
        doubt = db.session.scalar(select(Challenge.id))
        with pytest.raises(Conflict, match=r"papier|paper"):
            doubts.decide(edition, doubt, upheld=True, decision="Indeed", by=boss)
    with in_city("paris"):
        assert in_box() == (0, 1)
        doubts.decide(
            arranging.edition_of(),
            doubt,
            upheld=False,
            decision="She is",
            by=arranging.person("boss@paris.example"),
        )
