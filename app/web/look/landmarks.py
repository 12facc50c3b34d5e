"""Landmarks for a skyline, each drawn from two tones of the city's colour."""

from collections.abc import Callable

from markupsafe import Markup

Draw = Callable[[str, str], Markup]


def _eiffel(dark: str, light: str) -> Markup:
    return Markup(
        '<g transform="translate(938 84) scale(.94)" fill="{dark}">'
        '<path d="M98 0h4l2 26h6v8h-5q3 92 14 142h9v12h-6q16 66 42 122h12v12H24v-12h12'
        "q26 -56 42 -122h-6v-12h9"
        'q11 -50 14 -142h-5v-8h6z"/>'
        '<path d="M24 322h-10q34 -42 50 -98l14 6q-10 56 -32 100z'
        'M176 322h10q-34 -42 -50 -98l-14 6q10 56 32 100z"/>'
        '<path fill="{light}" d="M97 60l-7 74h20l-7 -74zM88 152l-4 26h32l-4 -26zM80 196l-14 62h68l-14 -62z"/>'
        '<path fill="{light}" d="M62 322a38 44 0 0 1 76 0z"/></g>'
    ).format(dark=dark, light=light)


def _parliament(dark: str, light: str) -> Markup:
    spires = "".join(f"M{x} 300v-40l7 -50l7 50v40z" for x in range(860, 1290, 39) if not 1020 < x < 1120)
    windows = "".join(f"M{x} 318h9v30h-9zM{x} 358h9v30h-9z" for x in range(872, 1282, 21))
    return Markup(
        '<g fill="{dark}"><path d="M850 460v-170h450v170z"/>'
        '<path d="M1000 300q8 -112 75 -124q67 12 75 124z"/><path d="M1063 180v-34l12 -92l12 92v34z"/>'
        '<path d="M1000 460v-172h14v-70l10 -44l10 44v70h82v-70l10 -44l10 44v70h14v172z"/><path d="{spires}"/>'
        '<path fill="{light}" d="{windows}"/>'
        '<path fill="{light}" d="M1046 286q4 -62 26 -84v84zM1104 286q-4 -62 -26 -84v84z"/></g>'
    ).format(dark=dark, light=light, spires=spires, windows=windows)


def _bridge(dark: str, light: str) -> Markup:
    hangers = "".join(
        f"M{x} {390 - abs(x - 1060) // 3}h4v{60 + abs(x - 1060) // 3}h-4z" for x in range(960, 1170, 22)
    )
    return Markup(
        '<g fill="{dark}"><path d="{hangers}" fill="{light}"/><path d="M700 440h720v16H700z"/>'
        '<path d="M930 470v-250h34v250zM1156 470v-250h34v250z"/>'
        '<path d="M922 232v-14h50v14zM1148 232v-14h50v14zM934 214v-10h26v10zM1160 214v-10h26v10z"/>'
        '<path fill="none" stroke="{dark}" stroke-width="9" '
        'd="M700 440Q860 400 946 236Q1060 560 1174 236Q1260 400 1420 440"/></g>'
    ).format(dark=dark, light=light, hangers=hangers)


def _lighthouse(dark: str, light: str) -> Markup:
    bands = "".join(
        f"M{1066 - 0.11 * y:g} {y + 150}h{28 + 0.22 * y:g}l3 34h-{34 + 0.22 * y:g}z"
        for y in (0, 68, 136, 204)
    )
    return Markup(
        '<g fill="{dark}"><path fill="#ffcf5c" fill-opacity=".45" d="M1080 112L760 40v120z'
        'M1080 112L1400 40v120z"/>'
        '<path d="M1062 140h36l34 330h-104z" fill="{light}"/><path d="{bands}"/>'
        '<path d="M1050 128h60v14h-60zM1058 92h44v36h-44zM1052 92l28 -34l28 34zM1078 44h4v16h-4z"/>'
        '<path fill="#ffcf5c" d="M1066 98h28v26h-28z"/><path d="M900 470l70 -34h220l70 34z"/></g>'
    ).format(dark=dark, light=light, bands=bands)


def _rowhouses(dark: str, light: str) -> Markup:
    houses = []
    for index in range(8):
        x, top = 860 + index * 58, 270 - (index % 3) * 16
        windows = "".join(
            f"M{x + 9} {y}h14v24h-14zM{x + 33} {y}h14v24h-14z" for y in (top + 26, top + 68, top + 110)
        )
        houses.append(
            Markup(
                '<path fill="{wall}" d="M{x} 470V{top}h56v{tall}z"/>'
                '<path fill="{trim}" d="M{edge} {top}h62v-10h-62z"/><path fill="{glass}" d="{windows}"/>'
            ).format(
                wall=dark if index % 2 else light,
                trim=dark,
                glass="#ffcf5c" if index % 3 == 1 else (light if index % 2 else dark),
                x=x,
                top=top,
                tall=470 - top,
                edge=x - 3,
                windows=windows,
            )
        )
    return Markup("").join(houses)


def _cathedral(dark: str, light: str) -> Markup:
    return Markup(
        '<g fill="{dark}"><path d="M960 470v-150h260v150z"/><path d="M960 320l130 -70l130 70z"/>'
        '<path d="M930 470v-250h70v250zM1180 470v-250h70v250z'
        'M930 220l35 -104l35 104zM1180 220l35 -104l35 104z"/>'
        '<circle cx="1090" cy="346" r="32" fill="{light}"/>'
        '<path fill="{light}" d="M1062 470v-48a28 28 0 0 1 56 0v48zM953 300v-36a12 12 0 0 1 24 0v36z'
        'M1203 300v-36a12 12 0 0 1 24 0v36z"/></g>'
    ).format(dark=dark, light=light)


LANDMARKS: dict[str, Draw] = {
    "bridge": _bridge,
    "cathedral": _cathedral,
    "eiffel": _eiffel,
    "lighthouse": _lighthouse,
    "parliament": _parliament,
    "rowhouses": _rowhouses,
}
