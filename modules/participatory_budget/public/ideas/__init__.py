"""Pages about ideas: lists, one idea, writing one, comments, support, feeds."""

from . import authors, comments, feeds, on_edition, pages, supports, wizard, wizard_steps

__all__ = ["authors", "comments", "feeds", "on_edition", "pages", "supports", "wizard", "wizard_steps"]
