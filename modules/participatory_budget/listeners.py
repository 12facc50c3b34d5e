"""What the platform asks this module: about votes before a city is moved, a voter's requests, work of staff."""

from .services import following, measuring, moving, upcoming
from .services.feasibility import work as feasibility
from .services.moderation import work as moderation

__all__ = ["feasibility", "following", "measuring", "moderation", "moving", "upcoming"]
