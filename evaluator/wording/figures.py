"""Read the numbers back out of a sentence and hold them against its figures."""

from __future__ import annotations

import re

from evaluator.wording.numbers import MINUS
from evaluator.wording.sentence import Figure, Sentence

NUMBER = re.compile(rf"(?<!\w){MINUS}?\d+(?:,\d{{3}})*(?:\.\d+)?")
_WORDS_FOR_ZERO = frozenset({"none", "no"})


def without_quoted(text: str, quoted: tuple[str, ...]) -> str:
    """`text` with every quoted phrase blanked, longest first, whatever its capitals."""
    for phrase in sorted(set(quoted), key=len, reverse=True):
        if phrase.strip():
            text = re.sub(rf"(?<!\w){re.escape(phrase)}(?!\w)", "□", text, flags=re.IGNORECASE)
    return text


def numbers_in(sentence: Sentence) -> list[str]:
    """The numbers of a sentence as printed, those in quoted words left out."""
    return NUMBER.findall(without_quoted(sentence.text, sentence.quoted))


def parse_number(text: str) -> float:
    """The value of a printed number."""
    return float(text.replace(",", "").replace(MINUS, "-"))


def check_figures(sentence: Sentence) -> None:
    """Raise ValueError unless the text holds exactly the numbers of its figures, in order and rightly rounded."""
    printed = numbers_in(sentence)
    expected = [number for figure in sentence.figures for number in NUMBER.findall(figure.text)]
    if printed != expected:
        raise ValueError(f"The text holds the numbers {printed} but its figures are {expected}: {sentence.text!r}")
    for figure in sentence.figures:
        if not figure.evidence:
            raise ValueError(f"The number {figure.text!r} names no evidence: {sentence.text!r}")
        if not _agrees(figure):
            raise ValueError(f"{figure.text!r} is printed where the record says {figure.value!r}: {sentence.text!r}")


def _agrees(figure: Figure) -> bool:
    if not NUMBER.fullmatch(figure.text):
        return figure.text.lower() not in _WORDS_FOR_ZERO or figure.value == 0
    decimals = len(figure.text.partition(".")[2])
    return abs(parse_number(figure.text) - figure.value) <= 0.5 * 10.0**-decimals + 1e-6
