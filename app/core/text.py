"""Texts in several languages: one JSON object per text, language → words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.dialects.postgresql import JSONB

Localized = dict[str, str]
LocalizedText = JSONB(none_as_null=True)


@dataclass(frozen=True, slots=True)
class Picked:
    """A text as one reader gets it: the words and the language they are in."""

    text: str
    language: str
    is_fallback: bool

    def __str__(self) -> str:
        return self.text


def pick(text: Mapping[str, str], languages: Sequence[str]) -> Picked:
    """Return the text in the first of `languages` that has words, else in any that has some."""
    for language in languages:
        if text.get(language):
            return Picked(text[language], language, language != languages[0])
    for language, words in sorted(text.items()):
        if words:
            return Picked(words, language, True)
    return Picked("", languages[0] if languages else "en", False)
