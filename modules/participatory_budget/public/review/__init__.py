"""What the town hall says to ideas, and what their authors answer."""

from . import appeals, consents, opinion

__all__ = ["appeals", "consents", "opinion"]
