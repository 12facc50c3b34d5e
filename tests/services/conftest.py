"""What tests of doors to the outside share."""

from tests.provider import provider  # noqa: F401  a fixture
