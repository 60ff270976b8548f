"""Two sets of answers on the same rows: every metric today, changed and apart, decisions that flip, scores that move."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evaluator.metrics.class_rows import ClassRows
from evaluator.metrics.compare import Difference, compare
from evaluator.metrics.measure import Measurement, measure
from evaluator.metrics.number_rows import AnyRows, NumberRows
from evaluator.metrics.rows import BinaryRows
from evaluator.recompute.changed.grouping import Group
from evaluator.recompute.changed.result import Flips, MetricChange, Moves, Number, Part
from evaluator.recompute.facts import Facts
from evaluator.recompute.masks import Mask
from evaluator.records import Interval, Population
from evaluator.statistics.proportions import clopper_pearson
from evaluator.statistics.spread import FloatArray

MEAN = "mean"
"""Name of the mean score, or the mean prediction, which is no metric of the catalogue: it is about no label."""
_OF_DECISIONS = ("selection_rate", "false_negative_rate", "false_positive_rate", "accuracy", "auc", MEAN)
_OF_NUMBERS = (MEAN, "mean_absolute_error", "mean_error")
_OF_CLASSES = ("accuracy",)


def metrics_for(rows: AnyRows) -> tuple[str, ...]:
    """What is compared, by the kind of outcome."""
    if isinstance(rows, NumberRows):
        return _OF_NUMBERS
    return _OF_CLASSES if isinstance(rows, ClassRows) else _OF_DECISIONS


class Both:
    """The same rows with the answers of today and with those to the changed inputs.

    Parameters
    ----------
    scores, changed_scores : whose movement is told; of several classes, today's and then of the class chosen today.
    """

    def __init__(
        self, facts: Facts, today: AnyRows, changed: AnyRows, scores: FloatArray, changed_scores: FloatArray
    ) -> None:
        self._facts, self._today, self._changed = facts, today, changed
        self._scores, self._changed_scores = scores, changed_scores

    def everyone(self, population: Population) -> Part:
        return self._part(population, "", self._facts.level)

    def groups(self, groups: Sequence[Group], asked: Mask) -> list[Part]:
        """Each group; ranges hold for all groups of an attribute at once (Bonferroni), those too small left out."""
        large: dict[str, int] = {}
        for group in groups:
            if group.population.n >= self._facts.min_group:
                large[group.attribute] = large.get(group.attribute, 0) + 1
        parts = []
        for group in groups:
            level = 1 - (1 - self._facts.level) / max(1, large.get(group.attribute, 1))
            parts.append(self._inside(group.mask[asked])._part(group.population, group.attribute, level))
        return parts

    def _inside(self, mask: Mask) -> Both:
        today, changed = self._today.take(mask), self._changed.take(mask)
        return Both(self._facts, today, changed, self._scores[mask], self._changed_scores[mask])

    def _part(self, population: Population, attribute: str, level: float) -> Part:
        metrics = tuple(self._metric(name, population, level) for name in metrics_for(self._today))
        return Part(population, attribute, self._flips(population, level), self._moves(population, level), metrics)

    def _metric(self, name: str, population: Population, level: float) -> MetricChange:
        known, a, b = name, self._today, self._changed
        if name == MEAN:
            # The mean of numbers is their mean error where every label is 0.
            known, a, b = "mean_error", self._around_zero(self._scores), self._around_zero(self._changed_scores)
        apart = compare(known, b, a, level=level, min_group=self._facts.min_group)
        return MetricChange(
            name, self._measured(known, a, population, level), self._measured(known, b, population, level),
            _of_difference(apart),
        )  # fmt: skip

    def _around_zero(self, scores: FloatArray) -> NumberRows:
        return NumberRows(np.zeros(scores.size), scores, self._today.weight, self._today.cluster)

    def _measured(self, metric: str, rows: AnyRows, population: Population, level: float) -> Number:
        facts = self._facts
        unit = f"changed/{population.population_id}"
        found = measure(metric, rows, level=level, min_group=facts.min_group, seed=facts.seed, unit=unit)
        return _of_measurement(found, found.interval)

    def _flips(self, population: Population, level: float) -> Flips | None:
        today, changed = self._today, self._changed
        if isinstance(today, ClassRows) and isinstance(changed, ClassRows):
            assert today.chosen is not None
            other = today.chosen != changed.chosen
            return Flips(int(np.count_nonzero(other)), self._share(other, population, level))
        if not isinstance(today, BinaryRows) or not isinstance(changed, BinaryRows):
            return None
        if today.decision is None or changed.decision is None:
            return None
        up, down = changed.decision & ~today.decision, today.decision & ~changed.decision
        counts = [int(np.count_nonzero(which)) for which in (up | down, up, down)]
        shares = [self._share(which, population, level) for which in (up | down, up, down)]
        return Flips(counts[0], shares[0], counts[1], shares[1], counts[2], shares[2])

    def _share(self, which: Mask, population: Population, level: float) -> Number:
        """The share of some rows: exact for independent rows that weigh alike, by influence for the others."""
        facts, rows = self._facts, BinaryRows(which, which, None, False, self._today.weight, self._today.cluster)
        found = measure(
            "selection_rate", rows, level=level, min_group=facts.min_group, seed=facts.seed,
            unit=f"changed/{population.population_id}",
        )  # fmt: skip
        plain = rows.weight is None and rows.real_clusters is None
        exact = clopper_pearson(int(np.count_nonzero(which)), which.size, level) if plain and which.size else None
        return _of_measurement(found, exact or found.interval)

    def _moves(self, population: Population, level: float) -> Moves:
        """The distance between both scores is the error of the one as a prediction of the other."""
        before, after = self._scores, self._changed_scores
        rows = NumberRows(before, after, self._today.weight, self._today.cluster)
        median, p90 = (
            self._measured(name, rows, population, level) for name in ("median_absolute_error", "p90_absolute_error")
        )
        return Moves(median, p90, int(np.count_nonzero(after > before)), int(np.count_nonzero(after < before)))


def _of_measurement(found: Measurement, interval: Interval | None) -> Number:
    known = found.status == "ok" and interval is not None
    low, high = (interval.low, interval.high) if known and interval is not None else (None, None)
    return Number(found.value, low, high, found.status, found.reason, found.n, found.relevant_count)


def _of_difference(found: Difference) -> Number:
    low, high = (None, None) if found.interval is None else (found.interval.low, found.interval.high)
    return Number(found.value, low, high, found.status, found.reason, found.n, found.relevant_count)
