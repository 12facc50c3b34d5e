"""The application as a WSGI server imports it."""

from app.factory import create_app

app = create_app()
