"""Search over all that a city offers: PostgreSQL full text in each language, tolerant of typing errors."""

from app.web.search import words
from app.web.search.entries import Findable, Only, Source, rebuild, searchable
from app.web.search.finding import Results, find
from app.web.search.within import alike, subjects

__all__ = [
    "Findable",
    "Only",
    "Results",
    "Source",
    "alike",
    "find",
    "rebuild",
    "searchable",
    "subjects",
    "words",
]
