import signal
import subprocess
import sys
import time
from subprocess import PIPE

import pytest

from tenants import owner

pytestmark = pytest.mark.slow

TOWNS = 12
STILL_AT_IT = "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s AND pid <> pg_backend_pid()"
PARVIS = (sys.executable, "-m", "app.cli")


def wait_for(check, what, seconds=30):
    end = time.monotonic() + seconds
    while not (found := check()):
        assert time.monotonic() < end, f"{what} did not come"
        time.sleep(0.02)
    return found


def hear_interruptions():
    """Tests that run in the background ignore them, and what is ignored stays so in what they start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def whole(ask, at, copy_of):
    """Return the revision of a city whose tables are those of that very revision, and whose copy says so."""

    def look(city_id):
        revision = at(city_id)["city"]
        has_new_table = ask(f"SELECT to_regclass('c_{city_id}.account_request') IS NOT NULL")[0][0]
        assert has_new_table == (revision > "city_0001")
        assert copy_of(city_id)[0] == at(city_id)
        return revision

    return look


def test_a_migration_killed_in_the_middle_leaves_each_city_whole_and_the_next_one_ends_it(
    app, town, ask, whole
):
    towns = [town(city=1) for _number in range(TOWNS)]
    held = towns[TOWNS // 2]
    with app.app_context(), owner.connect(owner.address()) as reader:
        reader.execute("BEGIN")
        reader.execute(f'SELECT * FROM "c_{held}".account_link')
        first = subprocess.Popen([*PARVIS, "migrate", "--rate", "20"], stderr=PIPE)
        try:
            stuck = "SELECT 1 FROM pg_stat_activity WHERE application_name = %s AND wait_event_type = 'Lock'"
            wait_for(lambda: ask(stuck, owner.NAME), "the city that somebody reads")
        finally:
            first.send_signal(signal.SIGKILL)
            first.communicate()
        reader.execute("ROLLBACK")
    wait_for(lambda: ask(STILL_AT_IT, owner.NAME) == [(0,)], "the end of what the server still had to do")
    revisions = [whole(one) for one in towns]
    assert "city_0001" in revisions
    assert len(set(revisions)) > 1

    second = subprocess.run([*PARVIS, "migrate", "--json"], capture_output=True, text=True, check=False)
    assert second.returncode == 0, second.stderr
    after = {whole(one) for one in towns}
    assert len(after) == 1
    assert after != {"city_0001"}
    assert f'"migrated": {TOWNS - sum(one in after for one in revisions)}' in second.stdout


def test_an_interruption_ends_the_city_at_hand_and_says_so(app, town, ask, whole):
    towns = [town(city=1) for _number in range(3)]
    with app.app_context(), owner.connect(owner.address()) as reader:
        reader.execute("BEGIN")
        reader.execute(f'SELECT * FROM "c_{towns[0]}".account_link')
        running = subprocess.Popen(
            [*PARVIS, "migrate"],
            stderr=PIPE,
            stdout=PIPE,
            text=True,
            preexec_fn=hear_interruptions,  # noqa: PLW1509  no thread of ours runs here
        )
        behind = "SELECT count(*) FROM platform.city_revision WHERE revisions->>'city' = 'city_0001'"
        wait_for(lambda: ask(behind) == [(1,)], "all but the one that somebody reads")
        running.send_signal(signal.SIGINT)
        out, said = running.communicate(timeout=30)
        reader.execute("ROLLBACK")
    assert running.returncode == 1
    assert "2 migrated, 0 failed, 1 not tried" in out
    assert "Traceback" not in said
    assert [whole(one) == "city_0001" for one in towns] == [True, False, False]
