"""gunicorn's own words in the style of the product: `gunicorn --logger-class app.core.gunicorn_log.Logger`."""

import logging
import os
from typing import Any

from gunicorn.glogging import Logger as Gunicorn  # type: ignore[import-untyped]

from app.core import log


class Logger(Gunicorn):  # type: ignore[misc]
    """Hands gunicorn's records to the root logger; requests are written down by the product itself."""

    def setup(self, cfg: Any) -> None:
        """Send everything one way."""
        super().setup(cfg)
        style = os.environ.get("LOG_FORMAT") or (
            "json" if os.environ.get("PUBLIC_SCHEME") == "https" else "lines"
        )
        log.configure(style)
        for one in (self.error_log, self.access_log):
            one.handlers[:] = []
            one.propagate = True
        self.access_log.setLevel(logging.CRITICAL)
