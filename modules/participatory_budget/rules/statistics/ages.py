"""Age classes in which turnout is counted and the census is read."""

CLASSES = ((0, 17), (18, 29), (30, 44), (45, 59), (60, 74), (75, None))
UNKNOWN = ""


def name_of(first: int, last: int | None) -> str:
    """Return the name of a class: `18-29`, `75+`."""
    return f"{first}+" if last is None else f"{first}-{last}"


NAMES = tuple(name_of(first, last) for first, last in CLASSES)


def age_class(age: int | None) -> str:
    """Return the class of an age in years; the empty one where nobody knows it."""
    if age is None or age < 0:
        return UNKNOWN
    return next(
        name_of(first, last) for first, last in CLASSES if first <= age and (last is None or age <= last)
    )
