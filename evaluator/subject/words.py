"""Populations in words: plural noun phrases that can follow "of 100", and short labels."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from evaluator.subject.dates import moment_words, span_words
from evaluator.subject.levels import NUMBER, number_text
from evaluator.subject.terms import Band, Level, Part, Term, Window, part_text

LONGEST = 80
BOOLEAN_WORDS = {"true": "yes", "false": "no"}


@dataclass(frozen=True, slots=True)
class ColumnWords:
    """A column in words.

    `nouns` maps levels, and bands as ids spell them, to plural noun phrases ("women"), where the plan gives them.
    """

    words: str
    unit: str = ""
    nouns: Mapping[str, str] = field(default_factory=dict)
    boolean: bool = False


@dataclass(frozen=True, slots=True)
class Phrasing:
    """How this plan speaks: its plural for the cases, whether they are people, and its columns."""

    cases: str
    people: bool
    columns: Mapping[str, ColumnWords]

    @property
    def who(self) -> str:
        return "who" if self.people else "that"

    def column(self, name: str) -> ColumnWords:
        return self.columns.get(name) or ColumnWords(name)


def visible(text: str) -> str:
    """Text fit for a sentence: on one line, without control characters, in quotes when it is blank at an end."""
    plain = "".join(" " if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else char for char in text)
    plain = plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + "…"
    return plain if plain and plain == plain.strip() else f'"{plain}"'


def number_words(value: float, unit: str = "") -> str:
    """26, 0.25, and from ten thousand on with separators: 10,000; with a unit from one thousand on: 1,300 EUR.

    A number without a unit may be a year.
    """
    if abs(value) < (1_000 if unit else 10_000) or not math.isfinite(value):
        return number_text(value)
    whole, point, rest = number_text(value).partition(".")
    return f"{int(whole):,}{point}{rest}" if whole.lstrip("-").isdigit() else number_text(value)


def _with_unit(text: str, unit: str) -> str:
    return f"{text}{unit}" if unit == "%" else f"{text} {unit}".rstrip()


def level_label(value: str | None, column: ColumnWords, cases: str = "") -> str:
    """A level in few words; from its noun phrase the plan's word for the cases is left out."""
    if value is None:
        return "missing"
    if value in column.nouns:
        return _without(cases, column.nouns[value])
    return BOOLEAN_WORDS.get(value, value) if column.boolean else visible(value)


def _without(cases: str, noun: str) -> str:
    rest = " ".join(re.sub(rf"\b{re.escape(cases)}\b", "", noun, count=1).split()) if cases else noun
    return rest or noun


def _noun(part: Part, column: ColumnWords) -> str | None:
    key = part.value if isinstance(part, Level) else part_text(part)
    return None if key is None else column.nouns.get(key)


def _band_words(band: Band, unit: str, *, bare: bool = False) -> str:
    """ "from 1,300 to under 2,000 EUR"; `bare` leaves the unit out."""
    low, high = (None if edge is None else number_words(float(edge), unit) for edge in (band.low, band.high))
    unit = "" if bare else unit
    if low is None:
        return _with_unit(f"under {high}", unit)
    if high is None:
        return _with_unit(low, unit) + " or over"
    return "from " + _with_unit(f"{low} to under {high}", unit)


def _band_label(band: Band, unit: str) -> str:
    return _band_words(band, unit, bare=True).removeprefix("from ")


def _window_label(window: Window) -> str:
    if window.start is None:
        return f"before {moment_words(window.end, short=True)}" if window.end else ""
    if window.end is None:
        return f"from {moment_words(window.start, short=True)} on"
    return span_words(window.start, window.end, short=True)


def _window_words(window: Window) -> str:
    """When: "in March 2026", "from January to March 2026", "before March 2026"."""
    if window.start is None:
        return f"before {moment_words(window.end)}" if window.end else ""
    if window.end is None:
        return f"from {moment_words(window.start)} onwards"
    span = span_words(window.start, window.end)
    if " to " in span:
        return f"from {span}"
    return f"on {span}" if span[0].isdigit() and " " in span else f"in {span}"


def part_label(part: Part, column: ColumnWords, cases: str) -> str:
    if isinstance(part, Level):
        return level_label(part.value, column, cases)
    return _band_label(part, column.unit) if isinstance(part, Band) else _window_label(part)


def population_label(terms: Sequence[Term], phrasing: Phrasing) -> str:
    """The short form for chart rows: "north", "26 to under 40", "women, 60 or over"."""
    if not terms:
        return f"all {phrasing.cases}"
    return ", ".join(
        " or ".join(part_label(part, phrasing.column(term.column), phrasing.cases) for part in term.parts)
        for term in terms
    )


def population_words(terms: Sequence[Term], phrasing: Phrasing) -> str:
    """A plural noun phrase: "women", "applicants whose age is 65 or over", "women who are also ..."."""
    if not terms:
        return phrasing.cases
    if len(terms) == 1 and (phrases := _nouns(terms[0], phrasing)):
        return " or ".join(phrases)
    nouns = [term for term in terms if len(_nouns(term, phrasing)) == 1]
    head = phrasing.cases
    clauses = []
    if nouns:
        head, *others = (_nouns(term, phrasing)[0] for term in nouns)
        if others:
            clauses.append(f"{phrasing.who} are also {' and '.join(others)}")
    clauses += [_clause(term, phrasing) for term in terms if term not in nouns and not _is_time(term)]
    times = [_time_clause(term) for term in terms if _is_time(term)]
    body = " ".join([head, " and ".join(clauses)] if clauses else [head])
    return (", " if clauses else " ").join([body, *times])


def _nouns(term: Term, phrasing: Phrasing) -> list[str]:
    """The noun phrases of all parts of a term; none when the plan does not give all of them."""
    column = phrasing.column(term.column)
    phrases = [phrase for part in term.parts if (phrase := _noun(part, column)) is not None]
    return phrases if len(phrases) == len(term.parts) else []


def _is_time(term: Term) -> bool:
    return all(isinstance(part, Window) for part in term.parts)


def _time_clause(term: Term) -> str:
    return " or ".join(_window_words(part) for part in term.parts if isinstance(part, Window))


def _clause(term: Term, phrasing: Phrasing) -> str:
    column = phrasing.column(term.column)
    if phrases := _nouns(term, phrasing):
        return f"{phrasing.who} are {' or '.join(phrases)}"
    return f"whose {column.words} is {' or '.join(_value_words(part, column) for part in term.parts)}"


def _value_words(part: Part, column: ColumnWords) -> str:
    if isinstance(part, Band):
        return _band_words(part, column.unit)
    if isinstance(part, Window):
        return _window_words(part)
    is_number = part.value is not None and part.value not in column.nouns and NUMBER.fullmatch(part.value)
    if part.value is None or not is_number or not column.unit:
        return level_label(part.value, column)
    value = float(part.value)
    # A code such as 007 is no amount, and stays as it is.
    label = number_words(value, column.unit) if number_text(value) == part.value else level_label(part.value, column)
    return _with_unit(label, column.unit)
