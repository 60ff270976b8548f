"""A question as chips: one group or range each, so that each can be removed by itself.

A chip is the text of one filter of a link. Chips of groups of the same column are alternatives: "north" and "south"
together ask for rows in either.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from evaluator.errors import InputError
from evaluator.recompute.checking import Columns, checked_filter, find_column
from evaluator.recompute.link import read_end, read_filter, write_filter
from evaluator.recompute.population import filter_words
from evaluator.recompute.question import MOST_VALUES, Filter
from evaluator.recompute.rows import LoadedRows
from evaluator.recompute.suggesting import LONGEST, Suggestion, same_words, split_range, suggest
from evaluator.subject.words import Phrasing, visible

MOST_OFFERED = 1_000
SURE = 0.85
"""Alike enough to be taken at its word."""
CLEARLY = 0.1
"""How much more alike the first must be than the second."""


def chips_of(filters: Sequence[Filter]) -> list[str]:
    """The chips that stand for filters."""
    return list(dict.fromkeys(write_filter(part) for one in filters for part in _parts(one)))


def _parts(asked: Filter) -> Iterator[Filter]:
    """A filter on several groups as one filter for each; any other as it is."""
    if asked.operator != "in":
        yield asked
        return
    for value in asked.values:
        yield replace(asked, values=(value,))


def filters_of_chips(chips: Sequence[str], columns: Columns) -> tuple[Filter, ...]:
    """The filters that chips stand for; InputError for a chip that cannot be asked."""
    found: dict[tuple[str, str, str], Filter] = {}
    for chip in chips:
        one = checked_filter(read_filter(chip, columns), columns)
        key = (one.column, one.operator, "" if one.operator == "in" else chip)
        values = dict.fromkeys((*found[key].values, *one.values)) if key in found else one.values
        found[key] = replace(one, values=tuple(values))
    return tuple(found.values())


def offered_chips(rows: LoadedRows) -> dict[str, str]:
    """Every chip to choose from with its words, no two alike: groups and bands of the plan, and missing values."""
    phrasing = rows.facts.phrasing
    named: dict[str, str] = {}
    for one in _offered(rows):
        if len(named) == MOST_OFFERED:
            break
        named[write_filter(one)] = chip_words(one, rows.columns, phrasing)
    return distinct(named, rows.columns)


def _offered(rows: LoadedRows) -> Iterator[Filter]:
    for column in rows.columns.values():
        for level in column.levels[:MOST_VALUES]:
            yield Filter(column.name, "in", (level,))
        for band in column.bands:
            yield Filter(column.name, "between", low=band.low, high=band.high)
        if column.has_missing:
            yield Filter(column.name, "missing")


def chip_words(asked: Filter, columns: Columns, phrasing: Phrasing) -> str:
    """What a chip says; short words that name no column, as of a group called "yes", get its words."""
    words = visible(filter_words(asked, columns, phrasing))
    return words or f"{columns[asked.column].words.words}: (empty)"


def distinct(named: dict[str, str], columns: Columns) -> dict[str, str]:
    """The same chips, those that read alike told apart by their columns, and by number as a last resort."""
    taken: dict[str, int] = {}
    for words in named.values():
        taken[words.lower()] = taken.get(words.lower(), 0) + 1
    told: dict[str, str] = {}
    seen: set[str] = set()
    for chip, words in named.items():
        if taken[words.lower()] > 1:
            words = f"{words} ({visible(read_filter(chip, columns).column)})"
        number, tried = 2, words
        while tried.lower() in seen:
            number, tried = number + 1, f"{words} [{number}]"
        seen.add(tried.lower())
        told[chip] = tried
    return told


def understood_chips(text: str, rows: LoadedRows) -> tuple[str | None, tuple[Suggestion, ...]]:
    """The chip that a typed text clearly means, or None; and what else it may mean, nearest first."""
    found = suggest(text, rows.columns, phrasing=rows.facts.phrasing)
    said = [one for one in found if same_words(one.words, text)]
    if len(said) == 1:
        return write_filter(said[0].filter), found
    if not found or found[0].likeness < SURE or _only_named(found[0].filter, text):
        return None, found
    if len(found) > 1 and found[0].likeness - found[1].likeness < CLEARLY:
        return None, found
    return write_filter(found[0].filter), found


def _only_named(one: Filter, text: str) -> bool:
    """Whether rows without a value were found by the name of their column alone."""
    return one.operator == "missing" and "missing" not in text.lower()


def understood_parts(text: str, rows: LoadedRows) -> tuple[tuple[str, ...], str]:
    """The chips that a typed text clearly means, and the part of it that must be asked back, '' for none.

    "women over 60" is a group and a range: the group alone would be an answer about others than were asked about.
    """
    whole, _ = understood_chips(text, rows)
    group, span = split_range(text[:LONGEST])
    alone = understood_chips(group, rows)[0] if group and span else None
    if alone is None or whole not in (None, alone):
        return ((whole,), "") if whole else ((), text)
    ranged, _ = understood_chips(span, rows)
    return ((alone, ranged), "") if ranged else ((alone,), span)


def range_chip(column: str, first: str, last: str, rows: LoadedRows) -> str:
    """The chip of a range whose ends are typed, '' for an open one; InputError says what is wrong with them."""
    known = find_column(column, rows.columns)
    low, high = (read_end(text, known) for text in (first, last))
    if low is None and high is None:
        example = "a date" if known.kind == "time" else "a number"
        raise InputError("The range has no end.", f"Give {example} for “from”, “to under”, or both.")
    return write_filter(checked_filter(Filter(known.name, "between", low=low, high=high), rows.columns))
