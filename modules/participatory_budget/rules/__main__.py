"""Count again from what was published, with nothing but Python 3.11 or later.

    python verify.pyz verify BUNDLE.zip              everything in a bundle
    python verify.pyz BALLOTS.pb PROTOCOL.json       one contest

The folder `rules` is all that is needed; copied anywhere, `python -m rules` runs in it. The exit code is 0 when
everything agrees, 1 when something does not, 2 when the files cannot be read.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from .bundle import BundleReport, verify_bundle
from .verify import VerifyReport, verify


def main(arguments: list[str]) -> int:
    """Verify what is named and print what was found."""
    match arguments:
        case ["verify", bundle]:
            return _run(lambda: _bundle(Path(bundle)))
        case [ballots, protocol]:
            return _run(lambda: _files(Path(ballots), Path(protocol)))
        case _:
            sys.stderr.write("Name a bundle: verify BUNDLE.zip\nor two files: ballots.pb protocol.json\n")
            return 2


def _run(check: Callable[[], tuple[str, bool]]) -> int:
    try:
        text, agrees = check()
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(text)
    return 0 if agrees else 1


def _bundle(path: Path) -> tuple[str, bool]:
    report = verify_bundle(path)
    return describe_bundle(report), report.agrees


def _files(ballots: Path, protocol: Path) -> tuple[str, bool]:
    values = json.loads(protocol.read_text(encoding="utf-8"))
    with ballots.open("rb") as stream:
        report = verify(stream, values)
    return describe(report), report.agrees


def describe_bundle(report: BundleReport) -> str:
    """Return a report on a whole bundle as plain English text."""
    lines = []
    for contest in report.contests:
        title = " ".join(part for part in (contest.name, f"({contest.key})" if contest.key else "") if part)
        lines += [f"{title}:" if title else "", describe(contest.report).rstrip()]
    lines.append(f"{report.receipts} receipts, {report.log} entries in the log")
    lines += report.problems
    agreed = "The bundle proves the published result."
    lines.append(agreed if report.agrees else "The bundle does not prove the published result.")
    return "\n".join(line for line in lines if line) + "\n"


def describe(report: VerifyReport) -> str:
    """Return a report as plain English text."""
    lines = [f"{report.ballots} ballots, {report.projects} projects, SHA-256 {report.sha256}"]
    if report.error:
        lines.append(f"The ballots file is wrong: {report.error}")
    for one in report.differences:
        what = f"{one.about} of project {one.project}" if one.project else one.about
        lines.append(f"{what}: the protocol says {one.protocol}, the recount {one.recount}")
    if report.agrees:
        lines.append("The recount agrees with the protocol.")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
