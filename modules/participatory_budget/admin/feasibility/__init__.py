"""The examination of ideas: the board, one idea, opinions of departments, and how it is set up."""

from . import board, case, opinions, sections, settings

__all__ = ["board", "case", "opinions", "sections", "settings"]
