"""The map of an edition's districts, where the city has given their outlines."""

from collections.abc import Mapping

from markupsafe import Markup

from app.sdk import _, district_map

from ..models import Edition


def districts_drawn(edition: Edition, addresses: Mapping[str, str]) -> Markup | None:
    """Return the map; `addresses` are those of districts that lead somewhere, by key. None without outlines."""
    if not edition.districts or not edition.outlines:
        return None
    by_name = {
        district.name: addresses[district.key] for district in edition.districts if district.key in addresses
    }
    drawn = outlines_by_name(edition.outlines)
    return district_map(drawn, label=_("Map of the districts"), links=by_name.get, highlight=set(by_name))


def outlines_by_name(outlines: Mapping[str, object]) -> dict[str, object]:
    """Return the outlines with each district's name for its id: names are what an edition knows."""
    features = outlines.get("features")
    named = [
        {**feature, "id": feature["properties"]["name"]}
        for feature in (features if isinstance(features, list) else [])
        if isinstance(feature, dict)
        and isinstance(feature.get("properties"), dict)
        and "name" in feature["properties"]
    ]
    return {**outlines, "features": named}
