"""The application as a WSGI server imports it."""

import gc

from app.core import log
from app.factory import create_app

app = create_app()
log.configure(app.config["PARVIS"].log_format)
# What the application is made of stays. To look through it for what could go takes a tenth of a second, in which all wait.
gc.collect()
gc.freeze()
