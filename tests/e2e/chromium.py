"""The browser that is installed, or why there is none."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP *.localhost 127.0.0.1",
]
MISSING = "Chromium is not installed; set CHROMIUM to a browser, or install the package chromium"


@contextmanager
def launched() -> Iterator[Browser]:
    """Start the browser; without one the test is skipped, or fails where REQUIRE_BROWSER is set."""
    program = find()
    if program is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


def find() -> str | None:
    """Return the path of the browser."""
    chosen = os.environ.get("CHROMIUM")
    return next((path for name in (chosen, *NAMES) if name and (path := shutil.which(name))), None)
