"""Count again from the published files: `python -m …rules ballots.pb protocol.json`.

The folder `rules` is all that is needed; copied anywhere, `python -m rules` runs in it. The exit code is 0
when everything agrees, 1 when something does not, 2 when the files cannot be read.
"""

import json
import sys
from pathlib import Path

from .verify import VerifyReport, verify


def main(arguments: list[str]) -> int:
    """Verify the two files that are named and print what was found."""
    if len(arguments) != 2:
        sys.stderr.write("Name two files: ballots.pb protocol.json\n")
        return 2
    ballots, protocol = map(Path, arguments)
    try:
        values = json.loads(protocol.read_text(encoding="utf-8"))
        with ballots.open("rb") as stream:
            report = verify(stream, values)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(describe(report))
    return 0 if report.agrees else 1


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
