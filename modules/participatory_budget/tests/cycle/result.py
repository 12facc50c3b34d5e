"""The end of a cycle: closing, counting, signing, publishing, and what anybody checks afterwards."""

import json
import tempfile
from pathlib import Path

from app.testing.persons import Person

from ...rules.bundle import BundleReport, verify_bundle
from .course import Course


def close(course: Course) -> None:
    """Close the vote, say that all paper is in, and let the ballots be sealed and counted."""
    course.take(course.claire, "close")
    course.world.work()
    if course.size.paper:
        course.at(course.claire, "/paper").send(form="/paper/finish")
        course.world.work()


def certify(course: Course) -> None:
    """Have two people sign the draft, and publish it."""
    for signer in (course.claire, course.ines):
        course.at(signer, "/certify").send(form="seen")
    course.take(course.claire, "publish")
    course.world.work()


def check(course: Course) -> None:
    """Count everything again from what is published, and compare it with what people did."""
    stranger = course.world.stranger()
    stranger.open(f"{course.page}/results")
    protocol = json.loads(stranger.open(f"{course.page}/results/protocol.json").text)
    found = {one["number"]: one["votes"] for one in protocol["projects"] if one["votes"]}
    _must_be_equal("ballots", protocol["ballots"]["number"], course.ballots)
    _must_be_equal("votes", found, dict(course.votes))
    for code in course.receipts:
        stranger.open(f"{course.page}/receipt")
        stranger.send({"code": code}, form="code")
        if "counted" not in stranger.answer.words:
            raise AssertionError(f"{code}: {stranger.answer.words}")
    report = bundle_report(stranger, course)
    if not report.agrees:
        raise AssertionError(report)
    course.say(f"{course.ballots} ballots counted again from the published bundle: all agrees")


def bundle_report(stranger: Person, course: Course) -> BundleReport:
    """Download the bundle and count it again."""
    with tempfile.TemporaryDirectory() as folder:
        bundle = Path(folder) / "bundle.zip"
        bundle.write_bytes(stranger.open(f"{course.page}/results/bundle.zip").data)
        return verify_bundle(bundle)


def _must_be_equal(what: str, published: object, known: object) -> None:
    if published != known:
        raise AssertionError(f"{what}: published {published}, known {known}")
