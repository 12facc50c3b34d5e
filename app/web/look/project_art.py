"""Small pictures for projects without a photo: the same project always gets the same one."""

import random
from collections.abc import Callable
from functools import lru_cache

from markupsafe import Markup

_WIDTH, _HEIGHT = 320, 128
_KEPT = 2000
"""Pictures that a process keeps, of about a kilobyte each; drawing them took two fifths of a page of projects."""

# theme as cities name it → (family of colours in parvis.css, what is drawn)
_FAMILIES = {
    "nature": "nature",
    "environment": "nature",
    "climate": "nature",
    "mobility": "mobility",
    "streets": "mobility",
    "transport": "mobility",
    "culture": "culture",
    "education": "culture",
    "children": "culture",
    "schools": "culture",
    "social": "social",
    "solidarity": "social",
    "health": "social",
    "safety": "safety",
    "housing": "safety",
    "sport": "sport",
    "leisure": "sport",
    "water": "sport",
}


@lru_cache(_KEPT)
def project_art(seed: str, theme: str) -> Markup:
    """Return a decorative SVG for a project; an unknown theme takes the city's own colours."""
    rng = random.Random(f"{seed}\N{UNIT SEPARATOR}{theme}")
    family = _FAMILIES.get(theme.strip().lower(), "")
    scene = _SCENES.get(family) or rng.choice([_trees, _street, _houses, _waves])
    name = f"art art--{family}" if family else "art"
    return Markup(
        '<svg class="{} pcard__img" viewBox="0 0 {} {}" preserveAspectRatio="xMidYMax slice" '
        'aria-hidden="true">'
        '<path class="art__1" d="M0 0h320v128H0z"/>{}{}</svg>'
    ).format(name, _WIDTH, _HEIGHT, _sun(rng), scene(rng))


def _sun(rng: random.Random) -> Markup:
    return Markup('<circle class="art__s" cx="{}" cy="{}" r="{}"/>').format(
        rng.randint(40, 280), rng.randint(22, 38), rng.randint(10, 15)
    )


def _trees(rng: random.Random) -> Markup:
    parts = []
    for x in range(18, _WIDTH, 46):
        at, crown = x + rng.randint(-12, 12), rng.randint(17, 31)
        top = 100 - rng.randint(24, 42)
        parts.append(Markup('<path class="art__3" d="M{} {}h4v{}h-4z"/>').format(at - 2, top, 112 - top))
        parts.append(
            Markup('<circle class="art__2" cx="{}" cy="{}" r="{}" fill-opacity=".85"/>').format(
                at, top, crown
            )
        )
    parts.append(Markup('<path class="art__3" d="M0 112q80 -10 160 -2t160 -4v22H0z"/>'))
    return Markup("").join(parts)


def _street(rng: random.Random) -> Markup:
    parts, x = [], -10
    while x < _WIDTH:
        width, height = rng.randint(34, 66), rng.randint(24, 62)
        parts.append(
            Markup('<path class="art__2" d="M{} {}h{}v{}h-{}z" fill-opacity="{}"/>').format(
                x, 100 - height, width, height, width, rng.choice([".55", ".75", ".9"])
            )
        )
        x += width
    parts.append(Markup('<path class="art__3" d="M0 98h320v30H0z"/><path class="art__l" d="M0 113h320"/>'))
    return Markup("").join(parts)


def _houses(rng: random.Random) -> Markup:
    parts, x = [], -8
    while x < _WIDTH:
        width, height = rng.randint(40, 60), rng.randint(34, 60)
        top, rise = 118 - height, rng.randint(10, 22)
        parts.append(
            Markup('<path class="art__{}" d="M{} 118V{}l{} -{}l{} {}v{}z"/>').format(
                rng.choice([2, 3]), x, top, width / 2, rise, width / 2, rise, height
            )
        )
        windows = "".join(f"M{at} {top + 18}h7v10h-7z" for at in range(x + 9, x + width - 12, 15))
        parts.append(Markup('<path class="art__1" d="{}"/>').format(windows))
        x += width + rng.randint(2, 8)
    parts.append(Markup('<path class="art__3" d="M0 116h320v12H0z"/>'))
    return Markup("").join(parts)


def _people(rng: random.Random) -> Markup:
    parts = [Markup('<path class="art__3" d="M0 114q160 -16 320 0v14H0z"/>')]
    for x in range(34, _WIDTH, 42):
        at, tall = x + rng.randint(-8, 8), rng.randint(26, 44)
        head = 112 - tall
        parts.append(
            Markup(
                '<circle class="art__{k}" cx="{x}" cy="{head}" r="9"/>'
                '<path class="art__{k}" d="M{left} {foot}v-{body}a13 13 0 0 1 26 0v{body}z"/>'
            ).format(k=rng.choice([2, 2, 3]), x=at, head=head, left=at - 13, foot=116, body=max(2, tall - 26))
        )
    return Markup("").join(parts)


def _lamps(rng: random.Random) -> Markup:
    parts = [Markup('<path class="art__3" d="M0 110h320v18H0z"/>')]
    for x in range(36, _WIDTH, 62):
        at, top = x + rng.randint(-8, 8), rng.randint(34, 50)
        parts.append(
            Markup(
                '<path class="art__2" d="M{cone} 112l{slope} -{h}h12l{slope} {h}z" fill-opacity=".35"/>'
                '<path class="art__3" d="M{post} {top}h4v{h}h-4zM{head} {top}h20l-5 -8h-10z"/>'
            ).format(cone=at - 34, slope=28, h=112 - top, post=at - 2, top=top, head=at - 10)
        )
    return Markup("").join(parts)


def _waves(rng: random.Random) -> Markup:
    parts = []
    for kind, base in ((2, 62), (3, 84), (2, 106)):
        lift = rng.randint(8, 16)
        parts.append(
            Markup(
                '<path class="art__{}" d="M0 {}q40 -{} 80 0t80 0t80 0t80 0v80H0z" fill-opacity=".8"/>'
            ).format(kind, base + rng.randint(-5, 5), lift)
        )
    return Markup("").join(parts)


_SCENES: dict[str, Callable[[random.Random], Markup]] = {
    "nature": _trees,
    "mobility": _street,
    "culture": _houses,
    "social": _people,
    "safety": _lamps,
    "sport": _waves,
}
