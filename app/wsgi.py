"""The application as a WSGI server imports it."""

from app.core import log, tracing
from app.factory import create_app

app = create_app()
log.configure(app.config["PARVIS"].log_format)
tracing.begin("parvis-web")
