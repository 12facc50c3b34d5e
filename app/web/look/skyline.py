"""The picture behind a city's welcome: rows of roofs in the city's colours, with a landmark."""

import random
from collections.abc import Callable

from markupsafe import Markup

from .colour import at_luminance, chroma_and_hue, parse_colour
from .landmarks import LANDMARKS

__all__ = ["LANDMARKS", "skyline_svg"]

_WIDTH, _HEIGHT = 2400, 520
_SUN = "#ffcf5c"


def skyline_svg(seed: str, brand: str, landmark: str | None = None) -> Markup:
    """Return a wide SVG, always the same for the same arguments; raises ValueError on a bad colour."""
    rng = random.Random(seed)
    tone = _tones(parse_colour(brand))
    draw = LANDMARKS.get(landmark or "")
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" preserveAspectRatio="xMidYMax slice">'
        '<path fill="{sky}" d="M0 0h{w}v{h}H0z"/>{clouds}<circle cx="1975" cy="165" r="64" fill="{sun}"/>'
        '{far}<g transform="translate(610 0)">{landmark}</g>{middle}{near}{lights}</svg>'
    ).format(
        w=_WIDTH,
        h=_HEIGHT,
        sky=tone(0.82, 0.05),
        sun=_SUN,
        clouds=_clouds(rng, tone(0.9, 0.03)),
        far=_roofs(rng, base=380, heights=(60, 150), fill=tone(0.5, 0.09)),
        landmark=draw(tone(0.17, 0.12), tone(0.33, 0.12)) if draw else "",
        middle=_roofs(rng, base=440, heights=(50, 120), fill=tone(0.2, 0.13)),
        near=_roofs(rng, base=500, heights=(50, 110), fill=tone(0.045, 0.12)),
        lights=_lights(rng),
    )


def _tones(brand: str) -> Callable[[float, float], str]:
    chroma, hue = chroma_and_hue(brand)

    def tone(light: float, most: float) -> str:
        return at_luminance(light, min(chroma, most), hue)

    return tone


def _roofs(rng: random.Random, *, base: int, heights: tuple[int, int], fill: str) -> Markup:
    path, x = f"M-20 {_HEIGHT}", -20
    while x < _WIDTH + 20:
        width, top = rng.randint(46, 120), base - rng.randint(*heights)
        path += _roof(rng, x, width, top)
        x += width
    return Markup('<path d="{}V{}Z" fill="{}"/>').format(path, _HEIGHT, fill)


def _roof(rng: random.Random, x: int, width: int, top: int) -> str:
    kind = rng.random()
    if kind < 0.5:
        chimney = f"h{width // 3}v-12h9v12" if rng.random() < 0.5 else ""
        return f"L{x} {top + 22}L{x + 9} {top}{chimney}L{x + width - 9} {top}L{x + width} {top + 22}"
    if kind < 0.78:
        return f"L{x} {top + 26}L{x + width // 2} {top}L{x + width} {top + 26}"
    return f"L{x} {top}H{x + width}"


def _clouds(rng: random.Random, fill: str) -> Markup:
    cloud = Markup(
        '<path d="M{} {}a22 22 0 0 1 40 -10a28 28 0 0 1 52 4a18 18 0 0 1 6 34h-92a16 16 0 0 1 -6 -28z" '
        'fill="{}"/>'
    )
    places = [(x + rng.randint(-60, 60), rng.randint(50, 150)) for x in (220, 800, 1330, 1640, 2150)]
    return Markup("").join(cloud.format(x, y, fill) for x, y in places)


def _lights(rng: random.Random) -> Markup:
    groups = []
    for opacity in (".3", ".55", ".85"):
        path = "".join(f"M{rng.randint(0, _WIDTH)} {rng.randint(430, 502)}h7v11h-7z" for _ in range(70))
        groups.append(Markup('<path d="{}" fill="{}" fill-opacity="{}"/>').format(path, _SUN, opacity))
    return Markup("").join(groups)
