"""What decisions say about the rows asked about and the rows they are compared with, from one count of cells."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product

import numpy as np

from evaluator.catalogue.metrics import METRICS, PROPORTIONS
from evaluator.catalogue.settings import MIN_RELEVANT
from evaluator.metrics.cell_table import CellTable, cell_table, counted_cells
from evaluator.metrics.cells import N_CELLS, SHARES, independent_part, measure_cells, relevant_in_cells, value_in_cells
from evaluator.metrics.compare import SAME_DENOMINATOR, Difference
from evaluator.metrics.measure import Measurement, few_reason
from evaluator.metrics.shared_ranges import FEW_DISAGREEMENTS
from evaluator.recompute.intervals import joined_interval
from evaluator.recompute.masks import Mask
from evaluator.recompute.rows import LoadedRows
from evaluator.records import Interval
from evaluator.statistics.comparison import newcombe_difference, paired_proportions
from evaluator.statistics.influence import Influence
from evaluator.statistics.intervals import t_interval
from evaluator.statistics.shared_clusters import FEW_SHARED
from evaluator.statistics.spread import FloatArray, IntArray, Spread, without_rounding

ASKED_SIDE, COMPARED_SIDE = 0, 1


class Decided:
    """Counts of the rows of two sides by label and by what each rule decided.

    Parameters
    ----------
    asked, compared : masks of the two sides, which may overlap; without `compared` there is one side.
    rules : decisions of every row by each rule, such as today's cut-off and another.

    Notes
    -----
    A cell is (who, label, decision of each rule), who being asked alone, compared alone, or both.
    """

    def __init__(self, rows: LoadedRows, asked: Mask, compared: Mask | None, rules: Mapping[str, Mask]) -> None:
        self._facts = rows.facts
        self._rules = tuple(rules)
        self._cells = np.array(list(product((0, 1), repeat=1 + len(rules))), dtype=np.int64)
        self._members = [(True, False)] if compared is None else [(True, False), (False, True), (True, True)]
        plain = rows.weight is None and rows.cluster is None
        count = self._counted_quickly if plain else self._counted
        self._table = count(rows, tuple(rules.values()), asked, compared)
        self._sides = [self._side(side) for side in range(1 if compared is None else 2)]
        self._tables: dict[tuple[int, str], CellTable] = {}

    def _counted_quickly(
        self, rows: LoadedRows, decisions: Sequence[Mask], asked: Mask, compared: Mask | None
    ) -> CellTable:
        """Independent rows of equal weight."""
        who = [asked] if compared is None else [asked & ~compared, compared & ~asked, asked & compared]
        return counted_cells(who, (rows.label.view(np.bool_), *decisions))

    def _counted(self, rows: LoadedRows, decisions: Sequence[Mask], asked: Mask, compared: Mask | None) -> CellTable:
        size = len(self._cells)
        code = rows.label.astype(np.uint8)
        for decision in decisions:
            code *= np.uint8(2)
            code += decision.view(np.uint8)
        either = asked if compared is None else asked | compared
        if compared is not None:
            code += (compared.view(np.uint8) + (asked & compared).view(np.uint8)) * np.uint8(size)
        weight, cluster = rows.weight, rows.cluster
        if not either.all():
            index = np.flatnonzero(either)
            code = code[index]
            weight = None if weight is None else weight[index]
            cluster = None if cluster is None else cluster[index]
        return cell_table(code, size * len(self._members), weight=weight, cluster=cluster)

    def _side(self, side: int) -> Mask:
        """Which cells belong to a side."""
        return np.repeat([member[side] for member in self._members], len(self._cells))

    def _into(self, rule: str, cells: IntArray) -> IntArray:
        """The cell of a 2 x 2 decision table that each given cell belongs to."""
        parts = self._cells[cells % len(self._cells)]
        into: IntArray = 2 * parts[:, 0] + parts[:, 1 + self._rules.index(rule)]
        return into

    def table(self, side: int, rule: str) -> CellTable:
        """The decision table of one side by one rule."""
        if (side, rule) not in self._tables:
            inside = self._sides[side]
            into = self._into(rule, np.flatnonzero(inside))
            self._tables[side, rule] = self._table.inside(inside).merged(into, N_CELLS)
        return self._tables[side, rule]

    def measure(self, metric: str, side: int, rule: str, *, level: float, unit: str) -> Measurement:
        """One metric of decisions on one side."""
        facts = self._facts
        return measure_cells(
            metric, self.table(side, rule), level=level, min_group=facts.min_group, seed=facts.seed, unit=unit
        )

    def moved(self, metric: str, side: int, rule: str, before: str, *, level: float) -> Difference:
        """One rule minus another on the same rows."""
        found = self._both(metric, (side, rule), (side, before))
        if isinstance(found, Difference):
            return found
        first, second, n, count = found
        inside = self._sides[side]
        cells = np.flatnonzero(inside)
        table = self._table.inside(inside)
        derivative = first.rows[self._into(rule, cells)] - second.rows[self._into(before, cells)]
        value = first.value - second.value
        spread = without_rounding(table.spread(derivative), value)
        if spread.n_clusters == 1:
            return _without_range(value, n, count, level)
        counted = self._counted_moves(metric, side, (rule, before), spread, level)
        return Difference(
            "ok", "", n, count, value, _finite(spread.se), counted or _plain(metric, value, spread, level)
        )

    def _counted_moves(
        self, metric: str, side: int, rules: tuple[str, str], spread: Spread, level: float
    ) -> Interval | None:
        """The interval from counted disagreements where they are few, as `compare` takes it."""
        table, part = self.table(side, rules[0]), independent_part(self._table.inside(self._sides[side]), spread)
        if metric not in SAME_DENOMINATOR:
            return paired_proportions(0, 0, table.n * part, level) if spread.se == 0 else None
        counted, among = SHARES[metric]
        cells = np.flatnonzero(self._sides[side])
        in_first, in_second = (counted[self._into(rule, cells)] for rule in rules)
        rows = self._table.rows[cells]
        only_first, only_second = float(rows[in_first & ~in_second].sum()), float(rows[in_second & ~in_first].sum())
        if only_first + only_second >= FEW_DISAGREEMENTS or (table.weighted and spread.se > 0):
            return None
        return paired_proportions(only_first * part, only_second * part, float(table.rows[among].sum()) * part, level)

    def apart(self, metric: str, rule: str, *, level: float, first_unit: str, second_unit: str) -> Difference:
        """The rows asked about minus the compared ones.

        Independent rates take Newcombe's interval; every other metric, and rates of weighted, clustered or overlapping
        sides, that of joined intervals with the correlation that shared rows and clusters cause.
        """
        found = self._both(metric, (ASKED_SIDE, rule), (COMPARED_SIDE, rule))
        if isinstance(found, Difference):
            return found
        first, second, n, count = found
        value = first.value - second.value
        spread = without_rounding(self._table.spread(self._opposed(rule, first, second)), value)
        if spread.n_clusters == 1:
            return _without_range(value, n, count, level)
        asked, compared = (self.table(side, rule) for side in (ASKED_SIDE, COMPARED_SIDE))
        if metric in PROPORTIONS and self._table.plain and not self._overlap:
            interval = _newcombe(metric, asked, compared, level)
        else:
            sides = (
                self.measure(metric, side, rule, level=level, unit=unit)
                for side, unit in ((ASKED_SIDE, first_unit), (COMPARED_SIDE, second_unit))
            )
            few = not self._overlap and self._n_shared < FEW_SHARED
            interval = joined_interval(metric, next(sides), next(sides), spread.se, level, few_shared=few)
        return Difference("ok", "", n, count, value, _finite(spread.se), interval)

    @property
    def _overlap(self) -> bool:
        return bool(self._table.rows[self._sides[ASKED_SIDE] & self._sides[COMPARED_SIDE]].sum())

    @property
    def _n_shared(self) -> int:
        """Clusters with rows on both sides."""
        clusters = self._table.clusters
        if clusters is None:
            return 0
        asked, compared = (clusters.rows[self._sides[side]].sum(axis=0) > 0 for side in (ASKED_SIDE, COMPARED_SIDE))
        return int(clusters.times[asked & compared].sum())

    def _opposed(self, rule: str, first: Influence, second: Influence) -> FloatArray:
        """Derivative of asked minus compared in every cell."""
        into = self._into(rule, np.arange(self._table.rows.size))
        opposed: FloatArray = (
            first.rows[into] * self._sides[ASKED_SIDE] - second.rows[into] * self._sides[COMPARED_SIDE]
        )
        return opposed

    def _both(
        self, metric: str, first: tuple[int, str], second: tuple[int, str]
    ) -> tuple[Influence, Influence, int, int] | Difference:
        """Both values with the smaller of both counts, or why they are not compared."""
        entry = METRICS[metric]
        tables = [self.table(*one) for one in (first, second)]
        n, count = min(table.n for table in tables), min(relevant_in_cells(entry, table) for table in tables)
        if n < self._facts.min_group or count < MIN_RELEVANT:
            return Difference("too_few", few_reason(entry, n, count, self._facts.min_group), n, count)
        values = [value_in_cells(metric, table) for table in tables]
        if values[0] is None or values[1] is None:
            return Difference("undefined", f"{entry.label} is undefined for one of the two.", n, count)
        return values[0], values[1], n, count


def _newcombe(metric: str, first: CellTable, second: CellTable, level: float) -> Interval:
    counted, among = SHARES[metric]
    hits = [int(table.rows[counted].sum()) for table in (first, second)]
    sizes = [int(table.rows[among].sum()) for table in (first, second)]
    return newcombe_difference(hits[0], sizes[0], hits[1], sizes[1], level)


def _plain(metric: str, value: float, spread: Spread, level: float) -> Interval:
    entry = METRICS[metric]
    width = None if entry.low is None or entry.high is None else entry.high - entry.low
    interval = t_interval(value, spread, level, low=None if width is None else -width, high=width)
    return replace(interval, method="paired_influence")


def _without_range(value: float, n: int, count: int, level: float) -> Difference:
    return Difference("ok", "", n, count, value, None, Interval(None, None, level, "one_cluster", "none"))


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
