"""What a machine notices in a text, for a moderator to look at; none of it decides anything."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class HintCode(StrEnum):
    """What was noticed."""

    EMAIL = "email"
    PHONE = "phone"
    SHOUTING = "shouting"
    OTHER_LANGUAGE = "other-language"
    LINKS = "links"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing that was noticed; `about` is a language or the number of an idea."""

    code: HintCode
    about: str = ""


EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
NUMBER = re.compile(r"(?<![\w.,/-])(?:\+|00)?\(?\d(?:[ \u00a0\u202f./()-]{0,2}\d){7,14}(?![\w/-])")
DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_]+")
PHONE_DIGITS = range(9, 16)
"""Shorter numbers are prices, postcodes and years; longer ones are accounts."""
MANY_LINKS = 2
LOUD_LETTERS = 20
LOUD_SHARE = 0.6
LOUD_MARKS = re.compile(r"[!?]{3,}")
TELLING_WORDS = 4
"""So many small words of a language must stand in a text before anything is said of it."""

_SMALL_WORDS: Mapping[str, str] = {
    "en": "the and of to is are for that with this we our it on be would should have from not by an at as",
    "fr": "le la les des et est une un pour dans que qui sur pas nous du au avec ce il plus être sont aux",
    "hu": "a az és egy hogy nem is van lenne kell meg de csak már mert ha legyen itt ez azt vagy minden",
    "es": "el la los las de y que en un una es por con para se del al no lo más como su hay está",
    "de": "der die das und ist ein eine nicht mit für auf den dem zu wir es sich von im auch sind bei",
    "it": "il lo la gli di e che un una è per con non sono del della nel si più dei alla anche come",
    "pl": "i w z na do nie się jest że to dla przez po od jak są oraz tym przy które być",
    "pt": "o a os as de e que em um uma é por com para não do da no na se mais dos das ao",
    "nl": "de het een en van is in dat op te zijn voor met niet er aan die om bij ook",
}
SMALL_WORDS = {code: frozenset(words.split()) for code, words in _SMALL_WORDS.items()}


def hints_in(text: str, *, language: str = "", offered: Iterable[str] = ()) -> tuple[Hint, ...]:
    """Return what is noticed in a text that should be in `language`, or in one of those offered."""
    found = [
        Hint(code)
        for code, is_there in (
            (HintCode.EMAIL, has_email(text)),
            (HintCode.PHONE, has_phone(text)),
            (HintCode.LINKS, len(LINK.findall(text)) >= MANY_LINKS),
            (HintCode.SHOUTING, is_shouting(text)),
        )
        if is_there
    ]
    other = other_language(text, [language] if language else list(offered))
    return (*found, Hint(HintCode.OTHER_LANGUAGE, other)) if other else tuple(found)


def has_email(text: str) -> bool:
    """Tell whether an address of mail stands in a text."""
    return EMAIL.search(text) is not None


def has_phone(text: str) -> bool:
    """Tell whether something like a telephone number stands in a text; dates and large sums are none."""
    return any(_is_phone(found.group()) for found in NUMBER.finditer(LINK.sub(" ", text)))


def is_shouting(text: str) -> bool:
    """Tell whether a text is mostly in capitals, or heaps marks of exclamation."""
    letters = [char for char in text if char.isalpha() and (char.isupper() or char.islower())]
    loud = sum(char.isupper() for char in letters)
    return (len(letters) >= LOUD_LETTERS and loud >= LOUD_SHARE * len(letters)) or bool(
        LOUD_MARKS.search(text)
    )


def other_language(text: str, expected: Iterable[str]) -> str:
    """Return the language a text seems to be in when it is none of those expected; nothing when unsure."""
    wanted = set(expected)
    words = [word.casefold() for word in WORD.findall(text)]
    found = {code: sum(word in small for word in words) for code, small in SMALL_WORDS.items()}
    best = max(found, key=lambda code: found[code])
    most_expected = max((found[code] for code in wanted if code in found), default=0)
    sure = found[best] >= TELLING_WORDS and found[best] >= 2 * most_expected
    return best if sure and best not in wanted and wanted & found.keys() else ""


def _is_phone(text: str) -> bool:
    digits = sum(char.isdigit() for char in text)
    if digits not in PHONE_DIGITS or DATE.fullmatch(text.strip()):
        return False
    # 1 250 000 000 or 250.000.000: groups of three after the first are an amount of money.
    groups = re.split(r"[ \u00a0\u202f.]+", text.strip())
    return not (
        len(groups) > 2
        and all(len(group) == 3 for group in groups[1:])
        and len(groups[0]) <= 3
        and not text.startswith(("0", "+", "("))
    )
