"""The queue of ideas and comments, the page of each, and the texts for authors."""

from . import comments, ideas, queue, reasons, sections

__all__ = ["comments", "ideas", "queue", "reasons", "sections"]
