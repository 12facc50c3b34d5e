"""The published bundle: what it proves, what it notices, and that it needs nothing but Python."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from ... import rules
from ...rules.ballots import BallotRule, BallotType
from ...rules.bundle import Bundle, ContestFiles, verify_bundle, write_bundle
from ...rules.chain import head_of
from ...rules.counting.counted import count_marks
from ...rules.counting.transfers import ContestCount, decide_all
from ...rules.documents import DocumentError
from ...rules.marks import encode_marks
from ...rules.outcomes import Method, Rule
from ...rules.pabulib.marks import anonymous_marks, grades_meta, vote_type_of
from ...rules.pabulib.parts import PbHeader, PbProject
from ...rules.pabulib.writer import write
from ...rules.proof import file_digest, merkle_root
from ...rules.protocol import Entry, Lot, Protocol, read_protocol, write_protocol
from ...rules.ties import Contender, TieBreak, commitment
from ...services.verifier import write_verifier

SEED = "a seed of the commission"
GRADES = ("no", "perhaps", "yes")
NORTH = {2: 70_00, 5: 40_00}
CITY = {1: 60_00, 3: 90_00, 8: 20_00}
BALLOTS = {
    "north": [{2: 1}, {2: 1, 5: 1}, {5: 1}, {2: 1}],
    "": [{1: 5, 3: 2}, {3: 7}, {8: 1, 1: 3}, {1: 1, 3: 1}],
}
LEAVES = [bytes([place]) * 32 for place in (1, 4, 7, 9)]
LOG = [
    (1, bytes([9]) * 32),
    (1, bytes([1]) * 32),
    (2, bytes([7]) * 32),
    (2, bytes([3]) * 32),
    (3, bytes([4]) * 32),
]


def contests(kind=BallotType.POINTS, **rule):
    """Return a district by approval, which leaves money, and the whole city by another type of ballot."""
    north = BallotRule(max_choices=2)
    city = BallotRule(kind, points=10 if kind is BallotType.POINTS else None, grades=grades(kind))
    found = []
    for key, limits, costs, budget, to in (
        ("north", north, NORTH, 100_00, ""),
        ("", city, CITY, 100_00, None),
    ):
        counted = count_marks(limits.type, limits, ((ballot, 1) for ballot in BALLOTS[key]), costs)
        paper = [Contender(number, cost) for number, cost in costs.items()]
        how = {"tie_break": TieBreak.LOT, **({} if key else rule)}
        found.append((limits, ContestCount(key, counted, paper, Rule(budget, **how), transfer_to=to)))
    return found


def grades(kind):
    return GRADES if kind is BallotType.JUDGEMENT else ()


def ballots_file(limits, contest, settled):
    """Return the ballots file of a contest."""
    outcomes = {one.project: one for one in settled.decision.outcomes}
    projects = tuple(
        PbProject(f"P{one.number}", place, one.cost, f"Project {one.number}", "", outcomes[one.number].votes)
        for place, one in enumerate(contest.contenders, start=1)
    )
    kind = limits.type
    cast = sorted((ballot for ballot in BALLOTS[contest.key]), key=lambda ballot: encode_marks(kind, ballot))
    header = PbHeader(
        settled.rule.budget,
        len(cast),
        projects,
        vote_type_of(limits),
        meta={"unit": "x", **grades_meta(limits)},
    )
    stream = BytesIO()
    write(stream, header, anonymous_marks(kind, cast, [one.number for one in contest.contenders]))
    return stream.getvalue()


def published(kind=BallotType.POINTS, change=lambda protocol: protocol, **rule):
    """Return a bundle of two contests as a city publishes it."""
    parts = contests(kind, **rule)
    settled = decide_all([contest for _limits, contest in parts], seed=SEED)
    files = []
    for (limits, contest), one in zip(parts, settled, strict=True):
        content = ballots_file(limits, contest, one)
        protocol = Protocol(
            city="Little Harbour",
            edition="2026",
            currency="EUR",
            opened_at=datetime(2026, 9, 1, tzinfo=UTC),
            closed_at=datetime(2026, 10, 1, tzinfo=UTC),
            ballot=limits,
            rule=contest.rule,
            ballots=contest.counted.ballots,
            blank=0,
            ballots_sha256=file_digest(BytesIO(content)),
            projects=tuple(
                Entry(f"P{c.number}", f"Project {c.number}", c.cost, "", outcome)
                for c, outcome in zip(contest.contenders, one.decision.outcomes, strict=True)
            ),
            spending=one.decision.spending,
            ties=one.decision.ties,
            receipts_root=merkle_root(LEAVES).hex(),
            contest=contest.key,
            contest_name=contest.key.title(),
            lot=Lot(commitment(SEED), SEED),
            channels={"web": 3, "paper": 1},
            received=one.received,
            given=one.given,
            won_before=one.won_before,
            comparisons=one.decision.comparisons,
        )
        text = write_protocol(change(protocol))
        files.append(
            ContestFiles(contest.key, protocol.contest_name, text, lambda to, c=content: to.write(c))
        )
    return Bundle("Little Harbour", "2026", files, LEAVES, LOG, head_of(LOG).hex())


def saved(tmp_path, bundle):
    path = tmp_path / "bundle.zip"
    with path.open("wb") as stream:
        write_bundle(stream, bundle)
    return path


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        (BallotType.POINTS, {}),
        (BallotType.POINTS, {"method": Method.EQUAL_SHARES, "comparison": True}),
        (BallotType.POINTS, {"method": Method.OPTIMUM, "exclusive": ((2, 3),)}),
        (BallotType.POINTS, {"method": Method.VALUE, "max_winners": 2}),
    ],
)
def test_a_bundle_proves_its_result(tmp_path, kind, rule):
    report = verify_bundle(saved(tmp_path, published(kind, **rule)))
    assert report.agrees, report
    assert [(one.key, one.report.ballots) for one in report.contests] == [("north", 4), ("", 4)]
    assert (report.receipts, report.log) == (4, 5)


def test_grades_are_published_and_read_back(tmp_path, monkeypatch):
    monkeypatch.setitem(BALLOTS, "", [{1: 3, 3: 2}, {3: 3}, {8: 1, 1: 3}, {1: 1, 3: 1}])
    path = saved(tmp_path, published(BallotType.JUDGEMENT, method=Method.MAJORITY_JUDGEMENT))
    assert verify_bundle(path).agrees
    with ZipFile(path) as archive:
        ballots = archive.read("contest_2/ballots.pb").decode()
        protocol = read_protocol(json.loads(archive.read("contest_2/protocol.json")))
    assert "grades;no,perhaps,yes\n" in ballots
    assert "vote_type;cumulative\n" in ballots
    assert protocol.projects[0].outcome.grades == (1, 0, 2)


def test_rankings_are_published_and_read_back(tmp_path, monkeypatch):
    monkeypatch.setitem(BALLOTS, "", [{1: 1, 3: 2}, {3: 1}, {8: 1, 1: 2}, {1: 1, 3: 2}])
    path = saved(tmp_path, published(BallotType.RANKED))
    assert verify_bundle(path).agrees
    with ZipFile(path) as archive:
        assert ";P8,P1" in archive.read("contest_2/ballots.pb").decode()


def test_the_same_parts_give_the_same_bytes(tmp_path):
    assert saved(tmp_path, published()).read_bytes() == saved(tmp_path, published()).read_bytes()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda p: replace(p, given=replace(p.given, amount=1)) if p.given else p,
            "was left and 1 was given",
        ),
        (lambda p: replace(p, receipts_root="0" * 64), "the root of the receipts"),
        (lambda p: replace(p, city="Elsewhere"), "another vote"),
    ],
)
def test_what_does_not_hold_together_is_named(tmp_path, change, said):
    report = verify_bundle(saved(tmp_path, published(change=change)))
    assert not report.agrees
    assert any(said in problem for problem in report.problems), report.problems


def test_another_seed_than_was_promised_is_noticed(tmp_path):
    report = verify_bundle(saved(tmp_path, published(change=lambda p: replace(p, lot=Lot("0" * 64, SEED)))))
    assert [one.about for one in report.contests[0].report.differences] == ["lot"]


def test_channels_that_do_not_add_up_are_noticed(tmp_path):
    report = verify_bundle(saved(tmp_path, published(change=lambda p: replace(p, channels={"web": 3}))))
    assert [one.about for one in report.contests[0].report.differences] == ["channels"]


@pytest.mark.parametrize(
    ("log", "said"),
    [
        (LOG[:-1], "1 of the counted receipts never came in"),
        ([*LOG[:-1], (5, LOG[-1][1])], "batch 3 expected"),
    ],
)
def test_a_log_with_something_taken_out_is_noticed(tmp_path, log, said):
    report = verify_bundle(saved(tmp_path, replace(published(), log=log)))
    assert any(said in problem for problem in report.problems)


def test_a_file_changed_in_the_archive_is_noticed(tmp_path):
    path = saved(tmp_path, published())
    changed = tmp_path / "changed.zip"
    with ZipFile(path) as archive, ZipFile(changed, "w") as other:
        for info in archive.infolist():
            content = archive.read(info)
            other.writestr(
                info, content.replace(b"P2,P5", b"P5,P2") if "ballots" in info.filename else content
            )
    report = verify_bundle(changed)
    assert "north/ballots.pb: not the file that was announced" in report.problems
    assert [one.about for one in report.contests[0].report.differences] == ["file"]


def test_what_is_no_bundle_is_refused(tmp_path):
    path = tmp_path / "x.zip"
    path.write_bytes(b"PK, no more")
    with pytest.raises(DocumentError, match="unpacked"):
        verify_bundle(path)
    with ZipFile(path, "w") as archive:
        archive.writestr("bundle.json", "[]")
    with pytest.raises(DocumentError, match="a JSON object"):
        verify_bundle(path)


def alone(tmp_path, *command):
    """Run Python without any of our dependencies."""
    return subprocess.run(
        [sys.executable, "-S", "-I", *command], cwd=tmp_path, capture_output=True, text=True, check=False
    )


def test_the_single_file_checks_a_bundle_with_nothing_but_python(tmp_path):
    saved(tmp_path, published())
    with (tmp_path / "verify.pyz").open("wb") as stream:
        write_verifier(stream)
    done = alone(tmp_path, "verify.pyz", "verify", "bundle.zip")
    assert done.returncode == 0, done.stderr
    assert "The bundle proves the published result." in done.stdout
    (tmp_path / "bundle.zip").write_bytes(b"no bundle")
    done = alone(tmp_path, "verify.pyz", "verify", "bundle.zip")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_the_copied_folder_does_the_same(tmp_path):
    saved(tmp_path, published(change=lambda p: replace(p, blank=3)))
    shutil.copytree(Path(rules.__file__).parent, tmp_path / "rules")
    run = "import sys; sys.path.insert(0, '.'); import runpy; runpy.run_module('rules', run_name='__main__')"
    done = alone(tmp_path, "-c", run, "verify", "bundle.zip")
    assert done.returncode == 1, done.stderr
    assert "blank: the protocol says 3, the recount 0" in done.stdout
