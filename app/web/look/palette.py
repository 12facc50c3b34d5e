"""A city's whole palette from its one brand colour, readable whatever colour a city types.

Each step has a fixed luminance, so the contrast between two steps does not depend on the hue
(an idea of Designsystemet, MIT). Only `base` keeps the city's own colour.
"""

from functools import lru_cache

from .colour import at_luminance, chroma_and_hue, contrast, luminance, parse_colour

__all__ = ["contrast", "palette", "parse_colour", "theme_css"]

# step: luminance in light, in dark; greatest chroma in light, in dark
_STEPS = {
    "bg": (1.0, 0.0105, 0.0, 0.016),
    "bg2": (0.925, 0.0155, 0.005, 0.018),
    "surface": (1.0, 0.0215, 0.0, 0.02),
    "tint": (0.84, 0.033, 0.035, 0.075),
    "hover": (0.75, 0.046, 0.05, 0.085),
    "line": (0.66, 0.075, 0.012, 0.024),
    "border": (0.175, 0.26, 0.025, 0.025),
    "text2": (0.1, 0.44, 0.025, 0.016),
    "text": (0.0225, 0.85, 0.025, 0.008),
}


@lru_cache(maxsize=1024)
def theme_css(brand_hex: str) -> str:
    """Return the style sheet with a city's colours; paper is always light; raises ValueError on a bad colour."""
    light = _declarations(palette(brand_hex, dark=False))
    dark = _declarations(palette(brand_hex, dark=True))
    return (
        f":root{{{light}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}\n"
        f"@media screen{{:root[data-theme=dark]{{{dark}}}}}\n"
    )


def palette(brand_hex: str, *, dark: bool) -> dict[str, str]:
    """Return step → `#rrggbb` of one scheme; every pair that carries text passes WCAG AA."""
    brand = parse_colour(brand_hex)
    chroma, hue = chroma_and_hue(brand)
    steps = {
        name: at_luminance(step[dark], min(chroma, step[2 + dark]), hue) for name, step in _STEPS.items()
    }
    steps |= _dark_solids(brand) if dark else _light_solids(brand)
    steps["on"] = _ink(steps["base"])
    steps["basehover"] = _hover(steps["base"])
    steps["onui"] = _ink(steps["ui"])
    return steps


def _light_solids(brand: str) -> dict[str, str]:
    chroma, hue = chroma_and_hue(brand)
    light = luminance(brand)
    seen = brand if light <= 0.21 else at_luminance(0.21, chroma, hue)
    return {"base": brand, "ui": seen, "link": at_luminance(min(light, 0.12), chroma, hue)}


def _dark_solids(brand: str) -> dict[str, str]:
    chroma, hue = chroma_and_hue(brand)
    light = luminance(brand)
    base = brand if light >= 0.27 else at_luminance(0.31, min(chroma, 0.15), hue)
    return {"base": base, "ui": base, "link": at_luminance(max(light, 0.47), min(chroma, 0.11), hue)}


def _ink(ground: str) -> str:
    return max("#ffffff", "#000000", key=lambda ink: contrast(ink, ground))


def _hover(base: str) -> str:
    chroma, hue = chroma_and_hue(base)
    light = luminance(base)
    if _ink(base) == "#ffffff":
        wanted = light * 0.7 if light > 0.02 else light + 0.03
    else:
        wanted = light + 0.12 if light < 0.85 else light - 0.15
    return at_luminance(wanted, chroma, hue)


def _declarations(steps: dict[str, str]) -> str:
    return "".join(f"--c-{name}:{value};" for name, value in steps.items())
