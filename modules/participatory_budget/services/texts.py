"""Texts as files say them that have one language only: that of the city."""

from app.sdk import current_city


def in_first_language(text: dict[str, str] | None) -> str:
    """Return a text in the first language of the city, else in any."""
    found = text or {}
    first = found.get(current_city().language)
    return first or next((words for _, words in sorted(found.items()) if words), "")
