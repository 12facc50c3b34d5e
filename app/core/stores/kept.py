"""What a store says of one file."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """One file of a city as the store knows it."""

    name: str
    bytes: int
    at: datetime
