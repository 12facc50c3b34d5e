"""Ideas become projects on the ballot."""

from . import pages, sections

__all__ = ["pages", "sections"]
