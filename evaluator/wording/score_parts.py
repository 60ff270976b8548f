"""Parts of a score in words: points of chance or the unit of the score, and the values of features."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from evaluator.records import Case, SimilarCases
from evaluator.wording.numbers import format_decimal
from evaluator.wording.reading import level_words
from evaluator.wording.rulers import Ruler, label_ruler
from evaluator.wording.sentence import Figure, Phrase, Quoted

MOST_PLACES = 6
POINTS = 100.0
"""A point is one of 100 parts of chance."""
_QUANTITY = re.compile(r"(under |over |at least |up to )?([^\W\d]{1,3} ?|[$€£])?[\u2212-]?\d")
"""How a value that is a number begins: "48%", "EUR 1,300", "under 20"; "applicants of branch 2" is none."""
_NUMBER = re.compile(r"\d(?:[\d,.]*\d)?")
MOST_WORDS = 3
"""A feature of more words than this takes no article."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How numbers of one sentence or picture are printed: times `per`, as `ruler` prints them."""

    per: float
    ruler: Ruler

    def text(self, value: float) -> str:
        """The number without its unit."""
        return self.ruler.text(value * self.per)

    def figure(self, value: float, role: str, evidence: str) -> Figure:
        """The number as a figure of a sentence."""
        return self.ruler.signed_figure(value * self.per, role, evidence)

    def with_unit(self, value: float, role: str, evidence: str) -> Phrase:
        """The number and its unit: "1 point", "12 minutes"."""
        return self.ruler.with_unit(self.figure(value, role, evidence))


def scale_of(space: str, unit: str, numbers: Sequence[float]) -> Scale:
    """The scale that keeps different numbers apart with few decimals."""
    per = POINTS if space == "chance" else 1.0
    return Scale(per, label_ruler([number * per for number in numbers], unit=unit))


def shortest(value: float, role: str, evidence: str) -> Figure:
    """A number by itself, such as the value of a feature: four significant digits, without zeros at the end."""
    places = 0
    if value != 0 and math.isfinite(value):
        places = min(max(3 - math.floor(math.log10(abs(value))), 0), MOST_PLACES)
    text = format_decimal(value, places=places)
    return Figure(text.rstrip("0").rstrip(".") if "." in text else text, value, role, evidence)


def within(level: float, low: Figure, high: Figure, evidence: str) -> Phrase:
    """ " (95% range 8 to 11)"."""
    return (" (", *level_words(level, evidence), low, " to ", high, ")")


def valued(words: str, value: str) -> Phrase:
    """A feature with its value: "a debt share of 48%", "late payments at 2", "housing (tenants)".

    Both are quoted as one, so that a value such as "0" is not taken for a figure elsewhere in the sentence.
    """
    if not _QUANTITY.match(value):
        return (Quoted(f"{words} ({value})"),)
    if not takes_article(words):
        return (Quoted(f"{words} at {value}"),)
    return ("an " if words[0] in "aeiou" else "a ", Quoted(f"{words} of {value}"))


def valued_at(words: str, value: float, unit: str, evidence: str) -> Phrase:
    """The same for a quantity that the record of `evidence` holds as a number."""
    number: Phrase = (shortest(value, "other", evidence), Quoted(unit if unit == "%" else f" {unit}" if unit else ""))
    if not takes_article(words):
        return (Quoted(words), " at ", *number)
    return ("an " if words[0] in "aeiou" else "a ", Quoted(words), " of ", *number)


def with_unit(part: str, unit: str) -> str:
    """A part of a range with its unit: "20% to under 28%", "12 to under 24 months", "36 months or over"."""
    numbers = list(_NUMBER.finditer(part))
    if not unit or not numbers or unit in part:
        return part
    if unit == "%":
        return _NUMBER.sub(lambda found: f"{found[0]}%", part)
    last = numbers[-1].end()
    return f"{part[:last]} {unit}{part[last:]}"


def takes_article(words: str) -> bool:
    """Whether a feature's words read as one thing in the singular; plurals and longer descriptions do without."""
    parts = words.split()
    short = 0 < len(parts) <= MOST_WORDS and words[0].islower()
    return short and not any(part.endswith("s") and not part.endswith("ss") for part in parts)


def case_id(row: Case | SimilarCases) -> str:
    """The id that names a case, or the cases like it: "case/model//4"."""
    return row_id("similar" if isinstance(row, SimilarCases) else "case", row.subject, row.class_, str(row.number))


def row_id(*names: str) -> str:
    """The id of a record from the names of its key."""
    return "/".join(name.replace("/", "%2F") for name in names)
