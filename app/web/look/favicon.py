"""The small picture of a city: its initial on its colour, above the steps of a square."""

from markupsafe import Markup

from .palette import palette


def favicon_svg(initial: str, brand: str) -> Markup:
    """Return a square SVG with the first letter of `initial`; raises ValueError on a bad colour."""
    colours = palette(brand, dark=False)
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
        '<rect width="64" height="64" rx="14" fill="{base}"/>'
        '<path d="M0 52h64v-1a1 1 0 0 1 0 0v-1H0zM14 64a14 14 0 0 1-14-14h64a14 14 0 0 1-14 14z" '
        'fill="{on}" fill-opacity=".2"/>'
        '<path d="M0 57h64v2.5H0z" fill="{base}"/>'
        '<text x="32" y="43" text-anchor="middle" font-family="Figtree, Helvetica, Arial, sans-serif" '
        'font-weight="700" font-size="40" fill="{on}">{letter}</text></svg>'
    ).format(base=colours["base"], on=colours["on"], letter=initial.strip()[:1].upper() or "P")
