"""The blueprint of the pages for residents; the files beside this one hang their pages on it."""

from app.sdk import public_blueprint

bp = public_blueprint(__name__)
