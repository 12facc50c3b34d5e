"""Real processes, in the style of production: every line is JSON and names nobody."""

import json
import re
import urllib.parse
import urllib.request

import pytest

from devstack.services import scratch_dir
from tests.deployment import Deployment, eventually

pytestmark = pytest.mark.slow
NAME, ADDRESS, WORD = "Eulália Quimby", "eulalia.quimby@people.example", "velvet-otter-lantern-94"


@pytest.fixture(scope="module")
def deployment():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOG_FORMAT", "json")
        made = Deployment(scratch_dir(), durable=False)
        try:
            yield made.start()
        finally:
            made.stop()


def lines(deployment, name):
    return (deployment.state / f"{name}.log").read_text(encoding="utf-8").splitlines()


def read(opener, deployment, path, data=None):
    request = urllib.request.Request(
        f"http://127.0.0.1:{deployment.port}{path}", urllib.parse.urlencode(data).encode() if data else None
    )
    request.add_header("Host", f"lutece.parvis.localhost:{deployment.port}")
    try:
        with opener.open(request, timeout=20) as answer:
            return answer.status, dict(answer.headers), answer.read().decode()
    except urllib.error.HTTPError as answer:
        return answer.code, dict(answer.headers), answer.read().decode()


def test_a_sign_up_leaves_lines_of_json_and_nobodys_name(deployment):
    deployment.make_city("lutece", "Lutèce")
    opener = urllib.request.build_opener()
    _status, headers, page = read(opener, deployment, "/sign-up")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    opener.addheaders = [("Cookie", headers["Set-Cookie"].partition(";")[0])]
    form = {"csrf_token": token, "name": NAME, "email": ADDRESS, "password": WORD}
    status, headers, _page = read(opener, deployment, "/sign-up", form)
    assert status in (200, 303)
    eventually(lambda: list(deployment.mail.glob("[!.]*.json")), what="the mail")
    mailed = json.loads(next(deployment.mail.glob("[!.]*.json")).read_text())
    secret = re.search(r"/sign-in/link/([\w-]+)", mailed["text"])[1]
    read(opener, deployment, f"/sign-in/link/{secret}")
    eventually(
        lambda: any('"task": "mail.deliver"' in line for line in lines(deployment, "worker")), what="its line"
    )

    everything = [line for name in ("web", "worker", "beat") for line in lines(deployment, name)]
    ours = [line for line in everything if line.startswith("{")]
    # What Celery draws at its start is for people and says nothing of theirs.
    assert len(ours) > 8
    entries = [json.loads(line) for line in ours]
    requests = [entry for entry in entries if entry["logger"] == "parvis.requests"]
    assert {"portal_sign_in.sign_up", "portal_sign_in.follow"} <= {
        entry.get("endpoint") for entry in requests
    }
    assert headers["X-Request-ID"] in {entry["request_id"] for entry in requests}
    assert [entry for entry in entries if entry["logger"] == "parvis.tasks" and entry["outcome"] == "done"]
    assert [entry for entry in entries if entry["logger"].startswith("gunicorn")]
    for secretive in (NAME, ADDRESS, "eulalia", WORD, secret):
        assert not [line for line in everything if secretive.lower() in line.lower()], secretive
    assert not [
        entry for entry in entries if entry["logger"].startswith("parvis") and "127.0.0.1" in str(entry)
    ]
