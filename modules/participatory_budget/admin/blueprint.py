"""The blueprint of the pages for staff; the files beside this one hang their pages on it."""

from app.sdk import admin_blueprint

bp = admin_blueprint(__name__)
