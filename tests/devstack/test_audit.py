import pytest

from devstack import audit


def report(*vulns, **more):
    return {
        "dependencies": [{"name": "flask", "version": "1.0", "vulns": list(vulns)}, *more.get("others", [])]
    }


WEAK = {"id": "PYSEC-1", "aliases": ["CVE-2026-1"], "fix_versions": ["1.1"]}


def test_a_weakness_that_can_be_mended_fails():
    failing, warning = audit.judge(report(WEAK), {})
    assert failing == ["flask 1.0: CVE-2026-1, mended in 1.1"]
    assert warning == []


def test_one_that_nobody_has_mended_and_one_that_is_accepted_only_warn():
    failing, warning = audit.judge(report({**WEAK, "fix_versions": []}), {})
    assert failing == []
    assert "nobody has mended it" in warning[0]
    failing, warning = audit.judge(report(WEAK), {"CVE-2026-1": "We never call the function that is weak."})
    assert failing == []
    assert "We never call" in warning[0]


def test_packages_that_could_not_be_looked_up_are_named():
    skipped = {"name": "x", "skip_reason": "Dependency not found on PyPI"}
    failing, warning = audit.judge(report(others=[skipped]), {})
    assert failing == []
    assert warning == ["1 of 2 packages could not be looked up: x …"]


def test_acceptance_needs_a_reason():
    assert audit.accepted("# words\n\nCVE-2026-1 The function that is weak is never called.\n") == {
        "CVE-2026-1": "The function that is weak is never called."
    }
    with pytest.raises(ValueError, match="CVE-2026-1"):
        audit.accepted("CVE-2026-1\n")


def test_without_a_network_it_warns_and_passes(monkeypatch, capsys):
    monkeypatch.setattr(audit, "_ask", lambda _lock: None)
    assert audit.main() == 0
    assert capsys.readouterr().out.count("WARNING: requirements") == 2


def test_a_finding_ends_with_one(monkeypatch, capsys):
    monkeypatch.setattr(audit, "_ask", lambda _lock: report(WEAK))
    assert audit.main() == 1
    assert "ERROR: flask 1.0: CVE-2026-1" in capsys.readouterr().out


def test_the_file_of_accepted_weaknesses_can_be_read():
    audit.accepted(audit.ACCEPTED.read_text())
