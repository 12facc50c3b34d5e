"""Staff watch who takes part while the vote runs; never what they choose."""

from . import census, monitor

__all__ = ["census", "monitor"]
