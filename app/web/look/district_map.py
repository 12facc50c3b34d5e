"""A city's districts as one SVG: each is a shape with its name, and a link when it leads somewhere."""

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

GeoJson = Mapping[str, object]
Point = tuple[float, float]
Ring = Sequence[Point]
Links = Callable[[str], str | None]

_WIDTH = 720.0
_PADDING = 14.0
_LETTER = 8.4


@dataclass(frozen=True, slots=True)
class District:
    """One district of a map: rings of (longitude, latitude), the first of each polygon is its outline."""

    id: str
    name: str
    polygons: tuple[tuple[Ring, ...], ...]


@dataclass(frozen=True, slots=True)
class Pin:
    """A place on a map that leads somewhere: (longitude, latitude), what it is, and the address."""

    place: Point
    label: str
    url: str


def district_map(
    geojson: GeoJson,
    *,
    label: str,
    links: Links | None = None,
    highlight: Collection[str] = (),
    pins: Sequence[Pin] = (),
) -> Markup:
    """Return the map; `links` gives the address of a district id (None: no link), `highlight` fills some.

    Pins lie above the districts, those outside of them at the edge.
    """
    found = districts(geojson)
    project, height = _projection(found)
    shapes = Markup("").join(
        _shape(district, project, links(district.id) if links else None, district.id in highlight)
        for district in found
    )
    shapes += Markup("").join(_pin(pin, project, height) for pin in pins)
    role = "group" if links or pins else "img"
    return Markup(
        '<svg class="dmap" viewBox="0 0 {width:g} {height:g}" role="{role}" aria-label="{label}">'
        "{shapes}</svg>"
    ).format(width=_WIDTH, height=height, role=role, label=label, shapes=shapes)


def districts(geojson: GeoJson) -> list[District]:
    """Return the districts of a FeatureCollection; raises ValueError when it holds no polygon."""
    features = geojson.get("features")
    found = [
        district
        for feature in (features if isinstance(features, list) else [])
        if (district := _district(feature)) is not None
    ]
    if not found:
        raise ValueError("no districts")
    return found


def _district(feature: object) -> District | None:
    if not isinstance(feature, dict) or not isinstance(geometry := feature.get("geometry"), dict):
        return None
    coordinates = geometry.get("coordinates")
    polygons = [coordinates] if geometry.get("type") == "Polygon" else coordinates
    if geometry.get("type") not in ("Polygon", "MultiPolygon") or not isinstance(polygons, list):
        return None
    properties = feature.get("properties") or {}
    id_ = str(feature.get("id", properties.get("id", properties.get("name", ""))))
    rings = tuple(
        tuple([(float(at[0]), float(at[1])) for at in ring] for ring in polygon) for polygon in polygons
    )
    return District(id_, str(properties.get("name", id_)), rings)


def _projection(found: Sequence[District]) -> tuple[Callable[[Point], Point], float]:
    """Return how a place becomes a point of the picture, true in shape at the city's latitude."""
    places = list(_places(found))
    west, east = min(x for x, _ in places), max(x for x, _ in places)
    south, north = min(y for _, y in places), max(y for _, y in places)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = (_WIDTH - 2 * _PADDING) / max((east - west) * squeeze, 1e-9)

    def project(place: Point) -> Point:
        x, y = place
        return (
            round((x - west) * squeeze * scale + _PADDING, 1),
            round((north - y) * scale + _PADDING, 1),
        )

    return project, round((north - south) * scale + 2 * _PADDING)


def _places(found: Sequence[District]) -> Iterator[Point]:
    for district in found:
        for polygon in district.polygons:
            for ring in polygon:
                yield from ring


def _shape(district: District, project: Callable[[Point], Point], url: str | None, on: bool) -> Markup:
    drawn = [[[project(place) for place in ring] for ring in polygon] for polygon in district.polygons]
    path = "".join(
        "M" + "L".join(f"{x:g} {y:g}" for x, y in ring) + "Z" for polygon in drawn for ring in polygon
    )
    largest = max((polygon[0] for polygon in drawn), key=lambda ring: abs(_area(ring)))
    x, y = _inside(largest)
    room = max(px for px, _ in largest) - min(px for px, _ in largest)
    small = len(district.name) * _LETTER > room
    body = Markup('<path d="{}"/><text x="{:g}" y="{:g}"{}>{}</text>').format(
        path, x, y, Markup(' class="dmap__small"') if small else "", district.name
    )
    state = Markup(' class="dmap__on"') if on else ""
    if url is None:
        return Markup("<g{}>{}</g>").format(state, body)
    return Markup('<a href="{}" aria-label="{}"{}>{}</a>').format(url, district.name, state, body)


def _pin(pin: Pin, project: Callable[[Point], Point], height: float) -> Markup:
    x, y = project(pin.place)
    x, y = min(max(x, _PADDING), _WIDTH - _PADDING), min(max(y, _PADDING), height - _PADDING)
    return Markup(
        '<a class="dmap__pin" href="{}" aria-label="{}"><circle cx="{:g}" cy="{:g}" r="12"/></a>'
    ).format(pin.url, pin.label, x, y)


def _area(ring: Ring) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)) / 2


def _inside(ring: Ring) -> Point:
    """Return where the name goes: the centroid, or a point beside it when it lies outside."""
    x, y = _centroid(ring)
    if _contains(ring, (x, y)):
        return round(x, 1), round(y, 1)
    crossings = sorted(_crossings(ring, y))
    spans = list(zip(crossings[::2], crossings[1::2], strict=False))
    if not spans:
        return round(x, 1), round(y, 1)
    left, right = max(spans, key=lambda span: span[1] - span[0])
    return round((left + right) / 2, 1), round(y, 1)


def _centroid(ring: Ring) -> Point:
    area = _area(ring)
    if abs(area) < 1e-9:
        return ring[0]
    x = y = 0.0
    for a, b in zip(ring, [*ring[1:], ring[0]], strict=True):
        weight = a[0] * b[1] - b[0] * a[1]
        x += (a[0] + b[0]) * weight
        y += (a[1] + b[1]) * weight
    return x / (6 * area), y / (6 * area)


def _contains(ring: Ring, place: Point) -> bool:
    return sum(x > place[0] for x in _crossings(ring, place[1])) % 2 == 1


def _crossings(ring: Ring, y: float) -> Iterator[float]:
    """Yield where the outline crosses the horizontal line at `y`."""
    for a, b in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (a[1] > y) != (b[1] > y):
            yield a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1])
