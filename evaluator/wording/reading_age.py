"""How old a reader must be to follow a text: the Flesch-Kincaid grade plus five years."""

from __future__ import annotations

import re

_VOWELS = re.compile(r"[aeiouy]+")
_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?|\d[\d,.]*")
_SENTENCE_END = re.compile(r"(?<=[.!?])[”\")]?\s+(?=[A-Z0-9“\"□])")
_SCHOOL_STARTS = 5


def split_sentences(text: str) -> list[str]:
    """The sentences of a text; decimals and versions ("2.3") do not end one."""
    return [part for part in _SENTENCE_END.split(text) if part.strip()]


def count_syllables(word: str) -> int:
    """Vowel groups, the silent e at the end left out; a number counts as one."""
    lowered = word.lower()
    if not lowered[:1].isalpha():
        return 1
    groups = len(_VOWELS.findall(lowered))
    silent = lowered.endswith("e") and not lowered.endswith("le")
    silent = silent or (lowered.endswith("ed") and not lowered.endswith(("ted", "ded")))
    return max(groups - silent, 1)


def reading_age(text: str) -> float:
    """Years of age at which a text can be followed; 0 for an empty text."""
    words = _WORD.findall(text)
    if not words:
        return 0.0
    per_sentence = len(words) / len(split_sentences(text))
    per_word = sum(count_syllables(word) for word in words) / len(words)
    return max(0.39 * per_sentence + 11.8 * per_word - 15.59 + _SCHOOL_STARTS, 0.0)
