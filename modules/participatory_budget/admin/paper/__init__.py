"""Polling places and ballots on paper."""

from . import batches, desk, keying, printing, slips, stations

__all__ = ["batches", "desk", "keying", "printing", "slips", "stations"]
