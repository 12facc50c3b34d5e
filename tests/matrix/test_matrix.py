"""Every address × every kind of person; app/testing/matrix does the work."""

import shutil

import pytest

from app.core import redis
from app.testing import cities
from app.testing.matrix.walk import walk
from tests.matrix.platform import matrix

pytestmark = pytest.mark.long


@pytest.fixture(scope="session")
def walked(whole_app):
    """Every address of the application, asked for by everybody."""
    cities.fresh(whole_app)
    shutil.rmtree(whole_app.config["PARVIS"].files_dir, ignore_errors=True)
    with whole_app.app_context():
        redis.client().flushdb()
    return walk(whole_app, matrix)


def test_everybody_gets_in_where_it_is_written_down_and_nowhere_else(walked):
    assert not walked.complaints, f"{len(walked.complaints)}\n" + "\n".join(walked.complaints)
    assert walked.asked > 1500
