import csv
import hashlib
import io
import json
import re
import subprocess
import sys

import pytest

from app.sdk import db
from modules.participatory_budget.models import Count, SealedBallot
from modules.participatory_budget.rules.verify import verify

from . import arranging


def test_the_files_verify_each_other(published, reader):
    pb, protocol = (reader.get(f"/results/{name}") for name in ("ballots.pb", "protocol.json"))
    report = verify(io.BytesIO(pb.data), json.loads(protocol.data))
    assert report.agrees, report
    assert (report.ballots, report.projects) == (5, 10)
    page = re.sub("<wbr>", "", reader.get("/results").text)
    assert hashlib.sha256(pb.data).hexdigest() in page
    assert hashlib.sha256(protocol.data).hexdigest() in page
    assert pb.headers["Content-Disposition"] == 'attachment; filename="ballots.pb"'
    assert b"Anna" not in pb.data
    assert b"voter0@" not in pb.data


def test_the_result_is_checked_the_way_the_page_says_with_nothing_but_python(published, reader, tmp_path):
    page = reader.get("/results").text
    command = re.search(r"python3 (verify\.pyz verify 2026\.zip)", page)
    assert command
    for name in ("verify.pyz", "bundle.zip"):
        assert f'href="/participatory-budget/2026/results/{name}"' in page
        answer = reader.get(f"/results/{name}")
        saved = re.search(r'filename="(.+)"', answer.headers["Content-Disposition"])[1]
        (tmp_path / saved).write_bytes(answer.data)
    result = subprocess.run(
        [sys.executable, "-S", "-I", *command[1].split()],
        check=False,
        cwd=tmp_path,
        env={},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert "The bundle proves the published result." in result.stdout


def test_the_ballots_are_not_sent_again_to_whoever_has_them(published, reader):
    first = reader.get("/results/ballots.pb")
    again = reader.get("/results/ballots.pb", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""


def test_ballots_that_are_not_those_that_were_counted_are_never_served(published, reader, in_city):
    with in_city("paris"):
        db.session.query(SealedBallot).filter_by(position=1).delete()
        count = db.session.query(Count).one()
        count.protocol = (count.protocol or "").replace('"number": 5,', '"number": 4,', 1)
    with pytest.raises(RuntimeError, match="not those that were counted"):
        reader.get("/results/ballots.pb")


def test_the_table_has_a_line_for_each_project_and_every_number(published, reader):
    answer = reader.get("/results/results.csv")
    assert answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert len(rows) == 10
    by_number = {row["number"]: row for row in rows}
    third, fifth = by_number["3"], by_number["5"]
    assert third["title_fr"] == "Green city 3"
    assert (third["cost"], third["currency"], third["votes"], third["rank"]) == ("60", "EUR", "3", "1")
    assert (third["funded"], third["reason"], third["left"], third["tied_with"]) == ("1", "funded", "40", "5")
    assert (fifth["funded"], fifth["reason"], fifth["missing"]) == ("0", "over-left", "60")
    assert fifth["reason_text"] == (
        "Not funded: it costs €60 more than the €40 that was left when its turn came."
    )
    assert fifth["category_name"] == "Green city"


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_text_of_the_table_is_a_formula(in_city, cast, finish, reader, title):
    with in_city("paris"):
        edition = arranging.approval()
        edition.projects[0].title = {"fr": title}
        arranging.opened(edition)
    cast([[1]])
    finish()
    [first, *_rest] = csv.DictReader(io.StringIO(reader.get("/results/results.csv").data.decode("utf-8-sig")))
    assert (first["number"], first["title_fr"]) == ("1", f"'{title}")
