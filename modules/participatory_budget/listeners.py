"""What the platform is told of votes before a city is moved."""

from .services import moving

__all__ = ["moving"]
