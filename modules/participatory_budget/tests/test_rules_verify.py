"""Counting again from the published files."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .. import rules
from ..rules.ballots import BallotRule, encode_choices
from ..rules.documents import DocumentError
from ..rules.outcomes import Rule
from ..rules.pabulib.errors import PbCode
from ..rules.pabulib.parts import PbHeader, PbProject
from ..rules.pabulib.writer import anonymous, write
from ..rules.proof import file_digest
from ..rules.protocol import Entry, Protocol, read_protocol, write_protocol
from ..rules.tally import count
from ..rules.ties import Contender
from ..rules.verify import About, Difference, verify
from .counting_cases import decide

CATEGORIES = ("green", "roads")
BALLOTS = [(1, 2), (1, 5), (2,), (1,), (), (4, 5), (4,), (9,), (9,)]
PROJECTS = (
    Contender(1, 500, "green"),
    Contender(2, 500, "green"),
    Contender(4, 300, "roads"),
    Contender(5, 300, "roads"),
    Contender(9, 900, "roads"),
)
RULE = Rule(budget=1300, envelopes={"green": 600, "roads": 700})


def publish(ballots=BALLOTS, contenders=PROJECTS, rule=RULE, excluded=None):
    """Return the ballots file and the protocol as a city publishes them."""
    tally = count(ballots, [one.number for one in contenders])
    decision = decide(tally.votes, contenders, rule, excluded=excluded, ballots=lambda: ballots)
    projects = tuple(
        PbProject(
            f"P{one.number}",
            place,
            one.cost,
            f"Project {one.number}",
            one.envelope,
            outcome.votes,
            int(outcome.funded),
        )
        for place, (one, outcome) in enumerate(zip(contenders, decision.outcomes, strict=True), start=1)
    )
    place = {one.number: index for index, one in enumerate(contenders, start=1)}
    cast = sorted(ballots, key=encode_choices)
    stream = BytesIO()
    header = PbHeader(rule.budget, len(cast), projects)
    write(stream, header, anonymous([place[number] for number in choices] for choices in cast))
    stream.seek(0)
    return stream.getvalue(), Protocol(
        city="Little Harbour",
        edition="2026",
        currency="EUR",
        opened_at=datetime(2026, 9, 1, tzinfo=UTC),
        closed_at=datetime(2026, 10, 1, tzinfo=UTC),
        ballot=BallotRule(max_per_category=2, min_choices=0),
        rule=rule,
        ballots=tally.ballots,
        blank=tally.blank,
        ballots_sha256=file_digest(stream),
        projects=tuple(
            Entry(project.id, project.name, project.cost, project.category, outcome)
            for project, outcome in zip(projects, decision.outcomes, strict=True)
        ),
        spending=decision.spending,
        ties=decision.ties,
        comparisons=decision.comparisons,
    )


def recount(content, protocol):
    values = json.loads(write_protocol(protocol)) if isinstance(protocol, Protocol) else protocol
    return verify(BytesIO(content), values)


def about(report):
    return [difference.about for difference in report.differences]


def test_published_files_prove_their_result():
    content, protocol = publish()
    report = recount(content, protocol)
    assert report.agrees
    assert (report.ballots, report.projects, report.sha256) == (9, 5, protocol.ballots_sha256)


def test_an_exclusion_is_part_of_the_proof():
    content, protocol = publish(excluded={9: "No permit"})
    assert protocol.excluded == {9: "No permit"}
    assert recount(content, protocol).agrees


@settings(max_examples=50)
@given(st.lists(st.lists(st.sampled_from([1, 2, 4, 5, 9]), unique=True, max_size=2)), st.integers(1, 2000))
def test_whatever_was_cast_the_published_files_agree(ballots, budget):
    assert recount(*publish(ballots, rule=Rule(budget))).agrees


def test_a_protocol_is_read_back_as_it_was_written():
    _, protocol = publish(excluded={9: "Ősz"})
    text = write_protocol(replace(protocol, receipts_root="ab" * 32))
    assert write_protocol(read_protocol(json.loads(text))) == text
    assert read_protocol(json.loads(write_protocol(protocol))) == protocol


def test_a_ballot_changed_after_the_count_is_noticed():
    content, protocol = publish()
    report = recount(content.replace(b"\n2;P1\n", b"\n2;P2\n"), protocol)
    assert About.FILE in about(report)
    assert report.error.code is PbCode.VOTES_MISMATCH


def test_a_change_that_keeps_every_number_is_still_noticed():
    content, protocol = publish()
    report = recount(content.replace(b"Project 2", b"Project Z"), protocol)
    assert about(report) == [About.FILE]
    assert not report.agrees


def test_votes_that_were_not_cast_are_named():
    content, protocol = publish()
    first, *others = protocol.projects
    false = replace(first, outcome=replace(first.outcome, votes=4))
    report = recount(content, replace(protocol, projects=(false, *others)))
    assert report.differences == (Difference(About.VOTES, "P1", "4", "3"),)


def test_another_winner_is_named():
    content, protocol = publish()
    values = json.loads(write_protocol(protocol))
    values["projects"][4]["funded"] = True
    report = recount(content, values)
    assert [(one.about, one.project) for one in report.differences] == [
        (About.SELECTED, "P9"),
        (About.FUNDED, "P9"),
    ]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda p: replace(p, ballots=8), [About.BALLOTS]),
        (lambda p: replace(p, blank=0), [About.BLANK]),
        (lambda p: replace(p, ballot=BallotRule(max_per_category=1, min_choices=0)), [About.LIMITS]),
        (lambda p: replace(p, spending=()), [About.SPENDING]),
        (lambda p: replace(p, projects=p.projects[1:]), [About.PROJECTS]),
        (lambda p: replace(p, ballots_sha256="0" * 64), [About.FILE]),
    ],
)
def test_every_part_of_the_protocol_is_compared(change, found):
    content, protocol = publish()
    assert about(recount(content, change(protocol))) == found


def test_a_tie_that_is_not_in_the_protocol_is_named():
    tied = [(1,), (2,)]
    content, protocol = publish(tied)
    assert protocol.ties
    assert recount(content, protocol).agrees
    assert about(recount(content, replace(protocol, ties=()))) == [About.TIES]


def test_another_budget_or_cost_in_the_ballots_file_is_named():
    content, protocol = publish()
    changed = (
        content.replace(b"budget;13\n", b"budget;14\n")
        .replace(b"P9;9;", b"P9;8;")
        .replace(b"P5;3;Project 5;roads", b"P5;3;Project 5;green")
    )
    assert set(about(recount(changed, protocol))) == {About.FILE, About.BUDGET, About.COST, About.CATEGORY}


def test_a_broken_ballots_file_is_reported_with_the_digest_of_all_of_it():
    content, protocol = publish()
    broken = content.replace(b"PROJECTS", b"PROJECT")
    report = recount(broken, protocol)
    assert report.error.code is PbCode.TOO_FEW_FIELDS
    assert report.sha256 == file_digest(BytesIO(broken))
    assert not report.agrees


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("format", "something"),
        ("version", 3),
        ("city", 5),
        ("minor_digits", "2"),
        ("opened_at", "2026-09-01"),
        ("opened_at", "yesterday"),
        ("rule", []),
        ("rule.method", "best"),
        ("rule.envelopes", {"green": 5}),
        ("rule.envelopes", {"green": 5, "roads": True}),
        ("ballots.number", True),
        ("projects", {}),
        ("projects.0.votes", None),
        ("projects.0.funded", 1),
        ("projects.0.tied_with", ["1"]),
        ("projects.0.reason.code", "luck"),
        ("projects.0.id", "P2"),
        ("projects.0.number", 2),
    ],
)
def test_a_wrong_protocol_is_refused(path, value):
    content, protocol = publish()
    values = json.loads(write_protocol(protocol))
    *parents, last = path.split(".")
    part = values
    for name in parents:
        part = part[int(name) if name.isdigit() else name]
    part[last] = value
    with pytest.raises(DocumentError):
        recount(content, values)


def test_the_place_of_a_wrong_value_is_named():
    _, protocol = publish()
    values = json.loads(write_protocol(protocol))
    values["projects"][3]["reason"]["left"] = "much"
    with pytest.raises(DocumentError, match=r"projects\[3\]\.reason\.left: a whole number expected"):
        read_protocol(values)


@pytest.mark.parametrize(
    ("spoil", "code", "words"), [(b"", 0, "agrees"), (b"\n", 1, "file: the protocol says")]
)
def test_the_folder_alone_recounts_on_any_machine(tmp_path, spoil, code, words):
    content, protocol = publish()
    shutil.copytree(Path(rules.__file__).parent, tmp_path / "rules")
    (tmp_path / "ballots.pb").write_bytes(content + spoil)
    (tmp_path / "protocol.json").write_text(write_protocol(protocol), encoding="utf-8")
    command = [
        sys.executable,
        "-S",
        "-I",
        "-c",
        "import sys; sys.path.insert(0, '.'); import runpy; runpy.run_module('rules', run_name='__main__')",
    ]
    done = subprocess.run(
        [*command, "ballots.pb", "protocol.json"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stderr
    assert words in done.stdout
