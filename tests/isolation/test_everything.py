"""Every address, task and command, asked for in paris against budapest; app/testing/leaks does the work."""

import pytest

from app.testing.leaks.routes import routes

pytestmark = pytest.mark.long


def test_no_city_sees_or_changes_another_and_nothing_is_left_unproved(visited):
    assert not visited.report.complaints, "\n" + "\n".join(visited.report.complaints)


def test_every_address_was_asked_for(visited, whole_app):
    every = {(route.endpoint, method) for route in routes(whole_app) for method in route.methods}
    assert every - visited.report.asked() == set()


def test_most_forms_did_what_they_are_for(visited):
    """An attack that is turned away because a field is missing proves nothing."""
    sent = {pair for pair in visited.report.asked() if pair[1] != "GET"}
    done = sent & visited.report.answered()
    for_operators = {pair for pair in sent if pair[0].startswith("operators")}
    refused = sorted(sent - done - for_operators)
    # Each of them has its reason written down; some need what only another machine can say.
    assert len(refused) <= 0.07 * len(sent), (
        f"{len(done)} of {len(sent)} kinds of forms were accepted; not: {refused}"
    )


def test_pages_showed_the_words_of_the_city_that_was_asked(visited):
    pages = [seen for seen in visited.report.seen if seen.status == 200 and "paris" in seen.who]
    assert len([seen for seen in pages if seen.own]) > 0.7 * len(pages)


def test_nobody_is_named_in_logs_figures_error_reports_and_addresses(visited):
    assert not visited.heard.complaints, "\n" + "\n".join(visited.heard.complaints)


def test_logs_figures_error_reports_and_addresses_were_listened_to(visited):
    """That nobody is named there proves something only when there was something to hear."""
    heard = visited.heard
    assert len(heard.lines) > 1000
    assert len({link for link in heard.links if "/sign-in/link/" in link}) > 3
    assert "parvis_" in heard.figures
    assert any("canary" in name for name in heard.names)


def test_every_kind_of_file_was_fetched_full(visited):
    fetched = {seen.endpoint for seen in visited.report.seen if seen.download and seen.own}
    assert len(fetched) >= 6
