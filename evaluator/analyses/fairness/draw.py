"""Gaps and groups to pictures: one row per attribute, the groups of one attribute, the grid of two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evaluator.analyses.fairness.judged import JudgedGap, most_first
from evaluator.catalogue.metrics import METRICS, PROPORTIONS
from evaluator.catalogue.statuses import STATUSES
from evaluator.charts import Axis, ChartTable, IntervalDots, IntervalRow, Limit, axis_for
from evaluator.records import Estimate, Population, Words
from evaluator.wording import choose_places, format_count, format_people
from evaluator.wording.numbers import choose_span_places
from evaluator.wording.rates import rate_axis

THOUSAND = 1_000
NO_LIMIT = "no limit set"
ON_RATIO = "limit on the ratio"
TOO_FEW = "too few cases"
Rows = Sequence[tuple[Population, Estimate]]


@dataclass(frozen=True, slots=True)
class GridCell:
    """One group of two attributes. `text` is its number with range, or why there is none; `n` counts its cases."""

    population_id: str
    text: str
    n: str
    few: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """Groups of two attributes: a row per level of the first, a column per level of the second."""

    title: str
    how_to_read: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[GridCell, ...], ...]

    def as_table(self) -> ChartTable:
        """The grid as one table, numbers with their cases."""
        lines = [
            (label, *(f"{cell.text}, n = {cell.n}" for cell in line))
            for label, line in zip(self.rows, self.cells, strict=True)
        ]
        return ChartTable(("", *self.columns), tuple(lines))


def attribute_gaps(
    judged: Sequence[JudgedGap], words: Words, everyone: Population, *, title: str
) -> IntervalDots | None:
    """One row per attribute, the largest gap first; None when no gap has a value.

    The bar runs from at least to at most, the dot is the best guess, the tick what chance alone gives.
    """
    known = [one.gap for one in judged if one.gap.value is not None]
    if not known:
        return None
    metric = known[0].metric
    limits = _limits(judged)
    numbers = [
        number for gap in known for number in (gap.value, gap.at_least, gap.at_most, gap.best_guess, gap.chance_value)
    ]
    per, decimals = _scale(metric, [*numbers, *limits])
    axis = axis_for(
        _gap_axis(metric, words, everyone, per),
        [*numbers, *limits],
        per=per,
        better="left",
        zero=True,
        decimals=decimals,
    )
    rows = tuple(_gap_row(one, axis) for one in most_first(judged))
    how = (
        "The bar is what fits the data, the tick what chance alone gives. The dot is the best guess: smaller than the "
        "gap that was seen, because part of the largest gap is chance."
    )
    if limits:
        how += " Left of the dashed line is within the limit of that row."
    return IntervalDots(title=title, how_to_read=how, alt=title, table=_gap_table(judged, axis), axis=axis, rows=rows)


def _limits(judged: Sequence[JudgedGap]) -> list[float]:
    return sorted({one.limit for one in judged if one.limit is not None})


def _gap_axis(metric: str, words: Words, everyone: Population, per: int) -> str:
    if metric not in PROPORTIONS:
        return f"{METRICS[metric].label}: largest difference between groups"
    return f"more {rate_axis(metric, words, everyone, per)}"


def _gap_row(one: JudgedGap, axis: Axis) -> IntervalRow:
    gap = one.gap
    if gap.best_guess is None:
        status = "too_few" if gap.status == "too_few" else "not_tested"
        return IntervalRow(label=one.by, value=None, status=status)
    return IntervalRow(
        label=one.by, value=gap.best_guess, low=gap.at_least, high=gap.at_most, chance=gap.chance_value,
        status=one.status, note=_limit_note(one, axis), limit=one.limit,
    )  # fmt: skip


def _limit_note(one: JudgedGap, axis: Axis) -> str:
    """The limits of a gap: that of the difference in numbers, that of the ratio by name, which this axis cannot show."""
    said = [] if one.limit is None else [f"limit {axis.number(one.limit)}"]
    return ", ".join([*said, *([ON_RATIO] if one.ratio is not None else [])]) or NO_LIMIT


def _gap_table(judged: Sequence[JudgedGap], axis: Axis) -> ChartTable:
    columns = ("By", "Seen", "At least", "Best guess", "At most", "Chance alone", "Limit", "Status")
    return ChartTable(columns, tuple(_gap_line(one, axis) for one in most_first(judged)))


def _gap_line(one: JudgedGap, axis: Axis) -> tuple[str, ...]:
    gap = one.gap
    numbers = (gap.value, gap.at_least, gap.best_guess, gap.at_most, gap.chance_value, one.limit)
    printed = ["" if number is None else axis.number(number) for number in numbers]
    if one.ratio is not None:
        printed[-1] = ", ".join(part for part in (printed[-1], "on the ratio") if part)
    if one.status is not None:
        return (one.by, *printed, STATUSES[one.status].word)
    return (one.by, *printed, NO_LIMIT if gap.value is not None else TOO_FEW)


def group_rates(
    metric: str, rows: Rows, everyone: Estimate | None, named: Sequence[str], words: Words, all_rows: Population, *,
    title: str,
) -> IntervalDots | None:  # fmt: skip
    """One metric for the groups of one attribute; `named` are the ids of the two groups behind the gap."""
    known = [row for _, row in rows if row.value is not None]
    if not known:
        return None
    reference = everyone.value if everyone is not None else None
    numbers = [number for row in known for number in (row.value, row.low, row.high)]
    entry = METRICS[metric]
    per, decimals = _scale(metric, [*numbers, reference])
    about = rate_axis(metric, words, all_rows, per) if metric in PROPORTIONS else entry.label
    axis = axis_for(about, [*numbers, reference], per=per, bounds=(entry.low, entry.high), decimals=decimals)
    limits = () if reference is None else (Limit(reference, f"everyone {axis.number(reference)}"),)
    return IntervalDots(
        title=title, how_to_read="Dots are what was seen; bars are the range that fits the data.", alt=title,
        table=_group_table(rows, axis), axis=axis, limits=limits,
        rows=tuple(_group_row(population, row, named) for population, row in rows),
    )  # fmt: skip


def _group_row(population: Population, row: Estimate, named: Sequence[str]) -> IntervalRow:
    if row.value is None:
        return IntervalRow(
            label=population.label, value=None, status="too_few" if row.status == "too_few" else "not_tested"
        )
    return IntervalRow(
        label=population.label, value=row.value, low=row.low, high=row.high,
        emphasis=population.population_id in named, note=f"n = {format_count(row.relevant_count or row.n)}",
    )  # fmt: skip


def _group_table(rows: Rows, axis: Axis) -> ChartTable:
    lines = [
        (
            population.label,
            TOO_FEW if row.value is None else axis.estimate(row.value, row.low, row.high),
            "" if row.value is None else format_count(row.relevant_count or row.n),
        )
        for population, row in rows
    ]
    return ChartTable(("Group", "Value (range)", "Cases that count"), tuple(lines))


def pair_grid(
    metric: str, first: Sequence[str], second: Sequence[str], rows: Rows, *, title: str, fewer_than: int | None = None
) -> Grid:
    """Groups of two attributes as a grid.

    Parameters
    ----------
    first, second : labels of the levels of both attributes.
    rows : one group per cell, the second attribute changing fastest.
    fewer_than : for readers who may not see counts of fewer people than this.
    """
    numbers = [number for _, row in rows for number in (row.value, row.low, row.high)]
    per, decimals = _scale(metric, numbers)
    axis = axis_for("", numbers, per=per, decimals=decimals)
    flat = [_cell(population, row, axis, fewer_than) for population, row in rows]
    width = len(second)
    cells = tuple(tuple(flat[start : start + width]) for start in range(0, len(flat), width))
    how = f"Each cell: {METRICS[metric].label}{f', per {format_count(per)}' if per > 1 else ''}, with its range and cases."
    return Grid(title, how, tuple(first), tuple(second), cells)


def _cell(population: Population, row: Estimate, axis: Axis, fewer_than: int | None) -> GridCell:
    n = format_people(population.n, fewer_than)
    if row.value is None:
        return GridCell(population.population_id, TOO_FEW if row.status == "too_few" else "not tested", n, True)
    count = format_count(row.relevant_count or row.n)
    return GridCell(population.population_id, axis.estimate(row.value, row.low, row.high), count, False)


def _scale(metric: str, numbers: Sequence[float | None]) -> tuple[int, int]:
    """Printed per how many, and with how many decimals."""
    known = [number for number in numbers if number is not None]
    if METRICS[metric].unit == "fraction":
        return THOUSAND, 0
    return 1, (choose_span_places if METRICS[metric].unit == "label" else choose_places)(known)
