"""Hold a question against the rows it is about: names, levels, types and ranges; errors name what is nearest."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from evaluator.errors import InputError, did_you_mean
from evaluator.recompute.columns import AskedColumn
from evaluator.recompute.divided import Divided, divided
from evaluator.recompute.question import (
    EVERYONE,
    PREVIOUS_MODEL,
    REST,
    WITHOUT,
    Edge,
    Filter,
    GroupCutoff,
    Question,
    Target,
    check_groups,
    check_size,
)
from evaluator.subject.levels import NUMBER, find_level, nfc, number_text
from evaluator.subject.terms import Band
from evaluator.subject.words import visible
from evaluator.wording import join_words

Columns = Mapping[str, AskedColumn]
MOST_COST = 1_000_000.0
SHARES_WHOLE = 1e-9
"""Shares that add up to 1 within this are the whole."""
_BAND_LEVEL = re.compile(r"\[?\s*(\d+(?:\.\d+)?)\s*(?:-|–|to|,)\s*(\d+(?:\.\d+)?)\s*[\])]?")
_OPEN_LEVEL = re.compile(r"(?:>=?\s*)?(\d+(?:\.\d+)?)\s*(?:\+|or over|and over)?")
_UNDER_LEVEL = re.compile(r"(?:<|under|below)\s*(\d+(?:\.\d+)?)")


def find_column(name: str, columns: Columns) -> AskedColumn:
    """The column of that name, or in these words; InputError names the nearest."""
    found = columns.get(nfc(name))
    if found is not None:
        return found
    same = [column for column in columns.values() if column.words.words.lower() == name.strip().lower()]
    if len(same) == 1:
        return same[0]
    raise InputError(
        f"There is no column '{visible(name)}' to ask about.", did_you_mean(name, [visible(known) for known in columns])
    )


def checked_filter(asked: Filter, columns: Columns) -> Filter:
    """The filter with its column and levels in their own spelling; InputError where it cannot be asked."""
    column = find_column(asked.column, columns)
    if asked.operator == "missing":
        return Filter(column.name, "missing")
    if asked.operator == "between":
        low, high = _checked_ends(asked.low, asked.high, column)
        return Filter(column.name, "between", low=low, high=high)
    if not asked.values:
        raise InputError(f"The filter on '{visible(column.name)}' lists no value.", "Name at least one.")
    values = tuple(dict.fromkeys(_checked_value(value, column) for value in asked.values))
    return Filter(column.name, asked.operator, values)


def checked_question(question: Question, columns: Columns, *, probability: bool, previous: bool) -> Question:
    """The question in its own spelling; InputError where something in it cannot be asked."""
    check_size(question.filters)
    check_groups(question)
    filters = tuple(dict.fromkeys(checked_filter(one, columns) for one in question.filters))
    _check_threshold(question.threshold, probability=probability)
    _check_cost(question.cost)
    return replace(
        question,
        filters=filters,
        compare=_checked_compare(question, filters, columns, previous=previous),
        cutoffs=_checked_cutoffs(question.cutoffs, columns, probability=probability),
        mix=_checked_mix(question.mix, columns),
    )


def _checked_cutoffs(
    cutoffs: tuple[GroupCutoff, ...], columns: Columns, *, probability: bool
) -> tuple[GroupCutoff, ...]:
    """Cut-offs of groups in the spelling of the data: one for each group, groups of one column."""
    found: dict[str, GroupCutoff] = {}
    for one in cutoffs:
        groups = divided(find_column(one.column, columns))
        name, level = groups.column.name, groups.find(one.level)
        _check_threshold(one.cutoff, probability=probability)
        if found and next(iter(found.values())).column != name:
            raise InputError("Groups with cut-offs of their own must come from one column.", "Keep one of the columns.")
        if level in found and found[level].cutoff != one.cutoff:
            raise InputError(f"'{visible(groups.label(level))}' has two cut-offs.", "Keep one of them.")
        found[level] = GroupCutoff(name, level, one.cutoff)
    return tuple(found.values())


def _checked_mix(mix: tuple[Target, ...], columns: Columns) -> tuple[Target, ...]:
    """Target shares in the spelling of the data: between 0 and 1, not more than 1 together."""
    found: dict[str, dict[str, float]] = {}
    for target in mix:
        groups = divided(find_column(target.column, columns))
        shares = found.setdefault(groups.column.name, {})
        for written, share in target.shares:
            _add_share(shares, groups, groups.find(written), share)
    return tuple(Target(name, tuple(shares.items())) for name, shares in found.items() if shares)


def _add_share(shares: dict[str, float], groups: Divided, level: str, share: float) -> None:
    name, label = visible(groups.column.words.words), visible(groups.label(level))
    if not (math.isfinite(share) and 0 < share <= 1):
        raise InputError(
            f"The share of '{label}' must lie above 0 and not above 1, found {share:g}.",
            "Write 0.3 for 30 of 100; to leave a group out, filter it away.",
        )
    if shares.get(level, share) != share:
        raise InputError(f"'{label}' has two shares.", "Keep one of them.")
    shares[level] = share
    total = math.fsum(shares.values())
    if total > 1 + SHARES_WHOLE:
        raise InputError(f"The shares of '{name}' add up to {total:.3g}, more than 1.", "Lower some of them.")


def _check_cost(cost: float | None) -> None:
    if cost is not None and not 1 / MOST_COST <= cost <= MOST_COST:
        raise InputError(
            f"A cost must lie above 0 and be at most {MOST_COST:,.0f}, found {cost:g}.",
            "Write how many of the other error one error weighs: 5.",
        )


def _checked_compare(question: Question, filters: tuple[Filter, ...], columns: Columns, *, previous: bool) -> str:
    compare, column = question.compare, question.compared_column
    if column is None:
        known = (REST, EVERYONE, PREVIOUS_MODEL)
        if compare not in known:
            raise InputError(
                f"There is no comparison '{visible(compare)}'.", f"Known: {', '.join(known)}, {WITHOUT}COLUMN."
            )
        if compare == PREVIOUS_MODEL and not previous:
            raise InputError("The run has no earlier model to compare with.", "Compare with everyone else: rest.")
        return compare
    name = find_column(column, columns).name
    if question.combine == "any":
        raise InputError(
            "Leaving one filter out compares groups only where all filters must hold.", "Compare with everyone else."
        )
    if name not in {one.column for one in filters}:
        raise InputError(f"No filter is on '{visible(name)}', so it cannot be left out.", "Name a filter's column.")
    return WITHOUT + name


def _check_threshold(threshold: float | None, *, probability: bool) -> None:
    if threshold is None:
        return
    if not math.isfinite(threshold):
        raise InputError(f"A cut-off must be a number, found {threshold}.", "Write it with a point, like 0.46.")
    if probability and not 0 <= threshold <= 1:
        raise InputError(
            f"The score is a probability, so a cut-off lies between 0 and 1; found {threshold:g}.", "Write 0.46."
        )


def _checked_value(value: str, column: AskedColumn) -> str:
    """A level as the data spell it; the words of a level are understood too."""
    if column.kind == "time":
        raise InputError(f"'{visible(column.name)}' holds dates.", "Ask for a range: from one date to before another.")
    if column.kind == "number":
        if not NUMBER.fullmatch(value.strip()) or not math.isfinite(float(value)):
            raise InputError(f"'{visible(column.name)}' holds numbers, found '{visible(value)}'.", "Write a number.")
        return number_text(float(value))
    level = find_level(value, column.levels)
    if level is None:
        said = [known for known, label in column.labels.items() if label.lower() == value.strip().lower()]
        level = said[0] if len(said) == 1 else None
    if level is None:
        known = [visible(one) for one in (*column.levels, *column.labels.values())]
        raise InputError(
            f"'{visible(column.name)}' has no value '{visible(value)}'.", did_you_mean(value, dict.fromkeys(known))
        )
    return level


def _checked_ends(low: Edge | None, high: Edge | None, column: AskedColumn) -> tuple[Edge | None, Edge | None]:
    if column.coded:
        raise _no_range(low, high, column)
    wanted = date if column.kind == "time" else float
    ends = [_typed_end(end, column, wanted) for end in (low, high)]
    if ends == [None, None]:
        raise InputError(f"The range on '{visible(column.name)}' has no end.", "Give one end at least.")
    first, last = ends
    if first is not None and last is not None and not first < last:  # type: ignore[operator]
        raise InputError(
            f"The range on '{visible(column.name)}' from {first} to under {last} holds nothing.",
            "Write the lower end first; the upper end itself is left out.",
        )
    return first, last


def _typed_end(end: Edge | None, column: AskedColumn, wanted: type[Edge]) -> Edge | None:
    if end is None:
        return None
    typed = float(end) if isinstance(end, int | float) and not isinstance(end, bool) else end
    if not isinstance(typed, wanted) or (isinstance(typed, float) and not math.isfinite(typed)):
        kind = "dates" if wanted is date else "numbers"
        example = "2026-01-31" if wanted is date else "60"
        raise InputError(f"'{visible(column.name)}' holds {kind}, found {end}.", f"Write an end like {example}.")
    return typed


def _no_range(low: Edge | None, high: Edge | None, column: AskedColumn) -> InputError:
    """Groups cannot be cut further; bands among them are named, and the ones that lie in the range."""
    name = visible(column.words.words)
    bands = {level: band for level in column.levels if (band := band_of_level(level))}
    if len(bands) < 2:
        listed = join_words([visible(level) for level in column.levels[:8]])
        return InputError(f"'{name}' comes in groups, not numbers: {listed}.", "Ask for one of the groups.")
    inside = [level for level, band in bands.items() if _lies_in(band, low, high)]
    hint = f"Choose {join_words(inside)}." if inside else "Choose some of these."
    return InputError(f"'{name}' comes as {join_words(list(bands))}; other ranges cannot be asked.", hint)


def band_of_level(level: str) -> Band | None:
    """The numbers that a level such as "55-64", "65+" or "under 18" stands for; None for other texts.

    The upper end is taken as the level spells it, whether it belongs to the band or not.
    """
    text = level.strip().lower()
    if found := _BAND_LEVEL.fullmatch(text):
        return Band(float(found[1]), float(found[2]))
    if found := _UNDER_LEVEL.fullmatch(text):
        return Band(None, float(found[1]))
    found = _OPEN_LEVEL.fullmatch(text)
    return Band(float(found[1]), None) if found and found[0] != found[1] else None


def _lies_in(band: Band, low: Edge | None, high: Edge | None) -> bool:
    above = not isinstance(low, int | float) or (band.low is not None and band.low >= low)
    below = not isinstance(high, int | float) or (band.high is not None and band.high <= high)
    return above and below
