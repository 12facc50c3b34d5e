"""Places on a picture of the city, and how far they are from each other; plain geometry."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Place = tuple[float, float]
"""Longitude and latitude, as in GeoJSON."""
Point = tuple[float, float]
"""Pixels from the left and from the top."""
Ring = Sequence[Place]
Shape = Sequence[Sequence[Ring]]
"""Polygons; the first ring of each is its outline, the others are holes."""

EARTH_METRES = 6_371_008.8


@dataclass(frozen=True, slots=True)
class Plane:
    """A square picture of `size` pixels that holds all places it was made for, true in shape at their latitude."""

    west: float
    north: float
    scale: float
    """Pixels for one degree of latitude."""
    squeeze: float
    size: int
    left: float
    top: float

    @classmethod
    def around(cls, places: Iterable[Place], size: int, padding: int = 8) -> "Plane":
        """Return the picture that shows all places in its middle; raises ValueError without any."""
        known = list(places)
        if not known:
            raise ValueError("no places")
        west, east = min(x for x, _ in known), max(x for x, _ in known)
        south, north = min(y for _, y in known), max(y for _, y in known)
        squeeze = math.cos(math.radians((south + north) / 2))
        wide, high = (east - west) * squeeze, north - south
        room = size - 2 * padding
        scale = room / max(wide, high, 1e-6)
        return cls(west, north, scale, squeeze, size, (size - wide * scale) / 2, (size - high * scale) / 2)

    def point(self, place: Place) -> Point:
        """Return where a place is in the picture."""
        longitude, latitude = place
        x = (longitude - self.west) * self.squeeze * self.scale + self.left
        return round(x, 1), round((self.north - latitude) * self.scale + self.top, 1)

    def place(self, point: Point) -> Place:
        """Return which place is at a point of the picture, to about a metre."""
        x, y = point
        longitude = (x - self.left) / (self.squeeze * self.scale) + self.west
        return round(longitude, 5), round(self.north - (y - self.top) / self.scale, 5)


def holds(shape: Shape, place: Place) -> bool:
    """Tell whether a place lies in a shape."""
    return any(sum(_crosses(ring, place) for ring in polygon) % 2 == 1 for polygon in shape if polygon)


def metres_between(one: Place, other: Place) -> float:
    """Return how far two places are from each other, as the crow flies."""
    (x1, y1), (x2, y2) = ((math.radians(x), math.radians(y)) for x, y in (one, other))
    half = math.sin((y2 - y1) / 2) ** 2 + math.cos(y1) * math.cos(y2) * math.sin((x2 - x1) / 2) ** 2
    return 2 * EARTH_METRES * math.asin(min(1.0, math.sqrt(half)))


def box_around(place: Place, metres: float) -> tuple[float, float, float, float]:
    """Return west, south, east and north of a box that holds all places so near."""
    longitude, latitude = place
    high = math.degrees(metres / EARTH_METRES)
    wide = high / max(math.cos(math.radians(latitude)), 0.01)
    return longitude - wide, latitude - high, longitude + wide, latitude + high


def _crosses(ring: Ring, place: Place) -> int:
    """Return how often the line from a place to the east crosses an outline."""
    x, y = place
    crossings = 0
    for a, b in zip(ring, [*ring[1:], ring[0]], strict=True) if ring else ():
        if (a[1] > y) != (b[1] > y) and a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1]) > x:
            crossings += 1
    return crossings
