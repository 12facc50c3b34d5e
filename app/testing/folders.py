"""Where the files of a city lie while tests run."""

from pathlib import Path

from flask import current_app

from app.core.context import City


def folder_of(city: City) -> Path:
    """Return the folder that holds the files of one city and no other's."""
    root: Path = current_app.config["PARVIS"].files_dir
    return root / city.id
