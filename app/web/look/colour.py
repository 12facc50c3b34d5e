"""Colour arithmetic: hex, relative luminance (WCAG) and the even colour space OKLCH (Björn Ottosson)."""

import math
import re
from functools import lru_cache

Rgb = tuple[float, float, float]

_HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})", re.ASCII | re.IGNORECASE)


def parse_colour(text: str) -> str:
    """Return `#rrggbb` for a three- or six-digit hex colour; raises ValueError on anything else."""
    match = _HEX.fullmatch(text.strip())
    if match is None:
        raise ValueError("not a hex colour")
    digits = match[1].lower()
    return "#" + (digits if len(digits) == 6 else "".join(2 * digit for digit in digits))


def contrast(a: str, b: str) -> float:
    """Return the WCAG contrast ratio of two hex colours, from 1 to 21."""
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """Return the relative luminance of a hex colour, 0 for black and 1 for white."""
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def chroma_and_hue(colour: str) -> tuple[float, float]:
    """Return how colourful a hex colour is (0 to about 0.32) and its hue in radians."""
    red, green, blue = _linear(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return math.hypot(a, b), math.atan2(b, a)


@lru_cache(maxsize=4096)
def at_luminance(target: float, chroma: float, hue: float) -> str:
    """Return the hex colour of this luminance and hue, as colourful as `chroma` and the screen allow."""
    low, high = 0.0, 1.0
    for _ in range(18):
        middle = (low + high) / 2
        red, green, blue = _in_gamut(middle, chroma, hue)
        if 0.2126 * red + 0.7152 * green + 0.0722 * blue < target:
            low = middle
        else:
            high = middle
    return _hex(_in_gamut(high, chroma, hue))


def _in_gamut(lightness: float, chroma: float, hue: float) -> Rgb:
    rgb = _from_oklch(lightness, chroma, hue)
    if _fits(rgb):
        return rgb
    low, high = 0.0, chroma
    for _ in range(9):
        middle = (low + high) / 2
        if _fits(_from_oklch(lightness, middle, hue)):
            low = middle
        else:
            high = middle
    return _from_oklch(lightness, low, hue)


def _fits(rgb: Rgb) -> bool:
    return min(rgb) >= -0.0005 and max(rgb) <= 1.0005


def _from_oklch(lightness: float, chroma: float, hue: float) -> Rgb:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


@lru_cache(maxsize=4096)
def _linear(colour: str) -> Rgb:
    digits = parse_colour(colour)[1:]
    red, green, blue = (_decode(int(digits[at : at + 2], 16) / 255) for at in (0, 2, 4))
    return red, green, blue


def _decode(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _encode(channel: float) -> int:
    channel = min(1.0, max(0.0, channel))
    shown = channel * 12.92 if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055
    return round(255 * shown)


def _hex(rgb: Rgb) -> str:
    return "#" + "".join(f"{_encode(channel):02x}" for channel in rgb)
