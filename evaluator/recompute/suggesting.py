"""The search box: what a reader types, and the filters that may be meant, nearest first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from difflib import SequenceMatcher
from typing import NamedTuple

from evaluator.recompute.columns import AskedColumn
from evaluator.recompute.population import filter_words
from evaluator.recompute.question import Edge, Filter
from evaluator.subject.dates import parse_period
from evaluator.subject.terms import Band, part_text
from evaluator.subject.words import Phrasing

LIMIT = 8
LONGEST = 200
FARTHEST = 0.45
"""Less alike than this is not suggested."""
CLOSENESS = (0.7, 0.6)
"""How alike two words must be; the second where the first finds nothing."""
MOST_LEVELS = 200
_NUMBER = r"(-?\d+(?:\.\d+)?)"
_RANGES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"(?:between|from)?\s*{_NUMBER}\s*(?:to|and|-|–)\s*(?:under\s*)?{_NUMBER}"), "span"),
    (re.compile(rf"(?:(?:at least|from|>=)\s*{_NUMBER}|{_NUMBER}\s*(?:or over|or more|and over|\+))"), "low"),
    (re.compile(rf"(?:over|above|>)\s*{_NUMBER}"), "low"),
    (re.compile(rf"(?:under|below|less than|<)\s*{_NUMBER}"), "high"),
)
_PERIOD = re.compile(r"(?<!\d)\d{4}(?:-\d{2}){0,2}(?:/\d{4}(?:-\d{2}){0,2})?(?!\d)")
_WORD = re.compile(r"[^\W_]+", re.UNICODE)


class Suggestion(NamedTuple):
    """A filter, what to call it, and how like it is to what was typed: 1 is word for word."""

    words: str
    filter: Filter
    likeness: float


def suggest(
    text: str, columns: Mapping[str, AskedColumn], limit: int = LIMIT, phrasing: Phrasing | None = None
) -> tuple[Suggestion, ...]:
    """Filters that the text may mean, nearest first; the most similar ones where nothing fits word by word.

    Parameters
    ----------
    text : a group ("women"), a column with a group ("region north"), a range ("age 60 or over", "under 30"), a period
        ("2026-03"), "income missing".
    phrasing : how the plan speaks; chips then read as its sentences do.
    """
    text = text[:LONGEST]
    wishes = [wish for wish in (_words(text), _words(split_range(text)[0])) if wish]
    say = phrasing or Phrasing("rows", False, {name: column.words for name, column in columns.items()})
    candidates = list(_candidates(text, columns, say))
    for closeness in CLOSENESS:
        found: dict[Filter, float] = {}
        for one, heard in candidates:
            likeness = max((_likeness(wish, heard, closeness) for wish in wishes), default=0.0)
            if likeness >= FARTHEST:
                found[one] = max(likeness, found.get(one, 0.0))
        if found:
            break
    nearest = sorted(found, key=lambda one: -found[one])[:limit]
    return tuple(Suggestion(filter_words(one, columns, say), one, found[one]) for one in nearest)


def _candidates(
    text: str, columns: Mapping[str, AskedColumn], say: Phrasing
) -> Iterator[tuple[Filter, tuple[str, ...]]]:
    """Filters with the words a reader may have used for them."""
    for column in columns.values():
        named = f"{column.words.words} {column.name}"
        if column.coded:
            for level in column.levels[:MOST_LEVELS]:
                yield Filter(column.name, "in", (level,)), _words(f"{named} {column.labels[level]} {level}")
        elif column.kind == "number":
            for band in (*_ranges(text, column), *column.bands):
                one = Filter(column.name, "between", low=band.low, high=band.high)
                noun = column.words.nouns.get(part_text(band), "")
                # Words of a range belong to the range that the reader gave, not to the bands of the plan.
                typed = "" if band in column.bands else _range_text(text)
                yield one, _words(f"{named} {filter_words(one, {column.name: column}, say)} {noun} {typed}")
        else:
            yield from _periods(text, column)
        if column.has_missing:
            yield Filter(column.name, "missing"), _words(f"{named} missing")


def _ranges(text: str, column: AskedColumn) -> Iterator[Band]:
    """Ranges in the text that some rows of the column lie in and some do not."""
    for pattern, meaning in _RANGES:
        match = pattern.search(text.lower())
        if match is None:
            continue
        numbers = [float(group) for group in match.groups() if group is not None]
        band = _band(meaning, numbers)
        if band is not None and _cuts(band, column):
            yield band
        return


def _band(meaning: str, numbers: list[float]) -> Band | None:
    if meaning == "span":
        low, high = numbers
        return Band(low, high) if low < high else None
    return Band(numbers[0], None) if meaning == "low" else Band(None, numbers[0])


def _cuts(band: Band, column: AskedColumn) -> bool:
    low, high = column.span
    return any(edge is not None and low <= edge <= high for edge in (band.low, band.high))


def split_range(text: str) -> tuple[str, str]:
    """What a text says beside its range, and the range: "women 60 or over" is two wishes. Either may be ''."""
    found = _range_text(text)
    return (text.lower().replace(found, " ").strip() if found else text), found


def _range_text(text: str) -> str:
    """The part of the text that is a range."""
    matches = (pattern.search(text.lower()) for pattern, _ in _RANGES)
    return next((match[0] for match in matches if match), "")


def _periods(text: str, column: AskedColumn) -> Iterator[tuple[Filter, tuple[str, ...]]]:
    match = _PERIOD.search(text)
    period = parse_period(match[0]) if match else None
    # The last day there is has no day after it.
    if period is None or period[1] == date.max:
        return
    low: Edge = period[0]
    high: date = period[1] + timedelta(days=1)
    yield Filter(column.name, "between", low=low, high=high), _words(f"{column.words.words} {column.name} {text}")


def same_words(one: str, other: str) -> bool:
    """Whether two texts hold the same words, in any order."""
    return set(_words(one)) == set(_words(other))


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.lower()))


def _likeness(wanted: tuple[str, ...], heard: tuple[str, ...], closeness: float) -> float:
    """How well each word typed is found among the words heard; a little less for what else they say."""
    each = [max((_alike(word, other, closeness) for other in heard), default=0.0) for word in wanted]
    return sum(each) / len(each) - 0.01 * len(set(heard) - set(wanted))


def _alike(word: str, other: str, closeness: float) -> float:
    if word == other:
        return 1.0
    if other.startswith(word):
        return 0.9
    likeness = SequenceMatcher(None, word, other).ratio()
    return likeness if likeness >= closeness else 0.0
