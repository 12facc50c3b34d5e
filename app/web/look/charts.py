"""Charts drawn as SVG: colours by CSS classes, so that dark, print and right-to-left follow."""

import math
from collections.abc import Callable, Sequence

from markupsafe import Markup, escape

_WIDTH, _HEIGHT = 560, 240
_TOP, _RIGHT, _BOTTOM = 12, 16, 30


def line(
    points: Sequence[tuple[str, int]],
    *,
    label: str,
    show: Callable[[int], str] = str,
) -> Markup:
    """Return a line chart of (name, value) points in order; `label` says in a sentence what it shows."""
    top, step = _scale(max((value for _, value in points), default=0))
    left = 14 + 8 * max(len(show(top)), 2)

    def across(index: int) -> float:
        return round(left + index * (_WIDTH - left - _RIGHT) / max(1, len(points) - 1), 1)

    def down(value: float) -> float:
        return round(_TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - value / top), 1)

    return Markup('<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}</svg>').format(
        _WIDTH,
        _HEIGHT,
        label,
        _grid([(down(value), show(value)) for value in range(0, top + 1, step)], left),
        _names([(across(index), name) for index, (name, _) in enumerate(points)]),
        _curve([(across(index), down(value)) for index, (_, value) in enumerate(points)], points, show),
    )


def _scale(highest: int) -> tuple[int, int]:
    """Return the top of the axis and the distance of its lines, both round numbers."""
    rough = max(1, math.ceil(highest / 4))
    power = 10 ** (len(str(rough)) - 1)
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    return max(1, math.ceil(highest / step)) * step, step


def _grid(lines: Sequence[tuple[float, str]], left: int) -> Markup:
    row = Markup(
        '<path class="chart__grid" d="M{left} {y}H{right}"/>'
        '<text class="chart__text chart__text--y" x="{text}" y="{base}">{value}</text>'
    )
    return Markup("").join(
        row.format(left=left, y=y, right=_WIDTH - _RIGHT, text=left - 8, base=round(y + 4, 1), value=value)
        for y, value in lines
    )


def _names(names: Sequence[tuple[float, str]]) -> Markup:
    every = max(1, math.ceil(len(names) / 5))
    text = Markup('<text class="chart__text" x="{}" y="{}">{}</text>')
    return Markup("").join(text.format(x, _HEIGHT - 8, name) for x, name in names[::every])


def _curve(
    places: Sequence[tuple[float, float]], points: Sequence[tuple[str, int]], show: Callable[[int], str]
) -> Markup:
    if not places:
        return Markup("")
    path = "M" + "L".join(f"{x:g} {y:g}" for x, y in places)
    floor = _HEIGHT - _BOTTOM
    dot = Markup('<circle class="chart__dot" cx="{}" cy="{}" r="4"><title>{}: {}</title></circle>')
    dots = (dot.format(x, y, name, show(value)) for (x, y), (name, value) in zip(places, points, strict=True))
    return Markup(
        '<path class="chart__area" d="{path}L{last:g} {floor}L{first:g} {floor}Z"/>'
        '<path class="chart__line" d="{path}"/>{dots}'
    ).format(
        path=escape(path),
        last=places[-1][0],
        first=places[0][0],
        floor=floor,
        dots=Markup("").join(dots),
    )
