"""Polling places: officers, the journal, a code for the screen."""

import re

from modules.participatory_budget.rules.ways import Way

from ..clerk import words

ANNA = {"family_name": "Nagy", "given_name": "Anna", "birth_date": "1984-03-27"}


def test_an_officer_lets_somebody_vote_on_a_screen_once(ways, clerk, guest):
    ways(Way.BOOTH)
    boss, officer, other = clerk("boss", "administrator"), clerk("one"), clerk("two")
    place = boss.post("/stations", {"name": "Town hall"}).location
    path = place[place.index("/stations/") :]
    ids = dict(re.findall(r'name="officer" value="([^"]+)"[^>]*><span>([^<]*)', boss.get(path).text))
    chosen = [
        ident for ident, name in ids.items() if name in ("one@paris.example", "One") or "one" in name.lower()
    ]
    assert chosen, ids
    assert boss.post(f"{path}/officers", {"officer": chosen}).status_code == 303
    assert officer.post(f"{path}/desk", {**ANNA, "act": "screen"}).status_code == 409
    assert officer.post(f"{path}/journal", {"act": "open"}).status_code == 303
    assert other.get(f"{path}/desk").status_code == 403
    handed = officer.post(f"{path}/desk", {**ANNA, "act": "screen"})
    code = re.search(r"[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}", words(handed))
    assert "Next person" in words(handed)
    assert "Nagy" not in handed.text
    tablet = guest()
    assert tablet.post("/vote/booth", {"code": code[0]}).location.endswith("/vote")
    tablet.vote([1])
    assert guest().post("/vote/booth", {"code": code[0]}).location.endswith("/vote/booth")
    again = officer.post(f"{path}/desk", {**ANNA, "act": "screen"})
    assert again.status_code == 409
    assert "A ballot of this person is in already." in words(again)
    assert officer.post(f"{path}/journal", {"act": "close"}).status_code == 303
    assert "A second officer has to confirm it" in words(officer.post(f"{path}/journal", {"act": "confirm"}))
