"""Search over all that a city offers: PostgreSQL full text in each language, tolerant of typing errors."""

from app.web.search import words
from app.web.search.entries import Findable, Only, Source, rebuild, searchable
from app.web.search.finding import Results, find

__all__ = ["Findable", "Only", "Results", "Source", "find", "rebuild", "searchable", "words"]
