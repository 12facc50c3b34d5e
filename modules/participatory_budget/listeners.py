"""What the platform asks this module: about votes before a city is moved, a voter's requests, work of staff."""

from .services import following, measuring, moving, upcoming

__all__ = ["following", "measuring", "moving", "upcoming"]
