"""Ideas on the map of the city: where they are, and which place somebody points at."""

from dataclasses import dataclass

from markupsafe import Markup

from app.sdk import Pin, _, district_map

from ...models import Edition, Idea
from ...rules.ideas.plane import Place, Plane, Point, Shape, holds
from ..maps import outlines_by_name

SIZE = 320
"""Of the picture on which a place is pointed at: fixed, as browsers send where they were clicked in its pixels."""


@dataclass(frozen=True, slots=True)
class Picture:
    """The city as a picture to point at."""

    plane: Plane
    shapes: dict[str, Shape]
    """By the key of the district."""

    def drawn(self, pin: Place | None = None) -> str:
        """Return the picture as a file of its own (SVG), with a pin where one is wanted."""
        paths = "".join(f'<path d="{self._path(shape)}"/>' for shape in self.shapes.values())
        mark = ""
        if pin is not None:
            x, y = self.plane.point(pin)
            mark = f'<circle cx="{x:g}" cy="{y:g}" r="9" fill="#b3261e" stroke="#fff" stroke-width="3"/>'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIZE}" height="{SIZE}" viewBox="0 0 {SIZE} {SIZE}">'
            f'<rect width="{SIZE}" height="{SIZE}" fill="#fff"/>'
            f'<g fill="#e8edf2" stroke="#5b6770" stroke-linejoin="round">{paths}</g>{mark}</svg>'
        )

    def district_at(self, place: Place) -> str:
        """Return the key of the district in which a place lies; nothing outside of the city."""
        return next((key for key, shape in self.shapes.items() if holds(shape, place)), "")

    def _path(self, shape: Shape) -> str:
        rings = [[self.plane.point(place) for place in ring] for polygon in shape for ring in polygon]
        return "".join("M" + "L".join(f"{x:g} {y:g}" for x, y in ring) + "Z" for ring in rings)


def picture(edition: Edition) -> Picture | None:
    """Return the city as a picture to point at; None where nobody has given the outlines of its districts."""
    if not edition.outlines:
        return None
    keys = {one.name: one.key for one in edition.districts}
    shapes = {
        keys.get(name, f" {name}"): shape for name, shape in _shapes(outlines_by_name(edition.outlines))
    }
    places = [place for shape in shapes.values() for polygon in shape for ring in polygon for place in ring]
    return Picture(Plane.around(places, SIZE), shapes) if places else None


def pointed_at(drawn: Picture, point: Point) -> Place | None:
    """Return the place that was pointed at; None for the corner that a browser sends when a key was pressed."""
    x, y = point
    if (x, y) == (0, 0) or not (0 <= x <= SIZE and 0 <= y <= SIZE):
        return None
    return drawn.plane.place(point)


def ideas_drawn(edition: Edition, ideas: list[tuple[Idea, str]], districts: dict[str, str]) -> Markup | None:
    """Return the map with a pin for each idea that has a place; `ideas` and `districts` come with their addresses."""
    if not edition.outlines or not edition.districts:
        return None
    by_name = {one.name: districts[one.key] for one in edition.districts if one.key in districts}
    pins = [
        Pin((idea.longitude, idea.latitude), f"{idea.number}. {idea.title}", url)
        for idea, url in ideas
        if idea.longitude is not None and idea.latitude is not None
    ]
    drawn = outlines_by_name(edition.outlines)
    return district_map(drawn, label=_("Map of the ideas"), links=by_name.get, pins=pins)


def _shapes(outlines: dict[str, object]) -> list[tuple[str, Shape]]:
    features = outlines.get("features")
    found: list[tuple[str, Shape]] = []
    for feature in features if isinstance(features, list) else []:
        geometry = feature.get("geometry") or {}
        coordinates = geometry.get("coordinates")
        polygons = [coordinates] if geometry.get("type") == "Polygon" else coordinates
        if geometry.get("type") not in ("Polygon", "MultiPolygon") or not isinstance(polygons, list):
            continue
        rings = [[[(float(at[0]), float(at[1])) for at in ring] for ring in polygon] for polygon in polygons]
        found.append((str(feature["id"]), rings))
    return found
