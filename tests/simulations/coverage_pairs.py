"""Regimes of differences: two models on the same rows, and one model in two groups."""

from __future__ import annotations

import numpy as np
from coverage_regimes import LEVEL, Answer, Answers, Source, precision_truth, shares, shift_for, truths
from scipy import special, stats

from evaluator.metrics.cells import CELL_METRICS
from evaluator.metrics.compare import compare
from evaluator.metrics.measure import Measurement, measure
from evaluator.metrics.rows import BinaryRows
from evaluator.recompute.intervals import joined_interval
from evaluator.statistics.comparison import newcombe_difference, score_ratio

SHARED = 0.7
"""Part of the variance of two models' scores that they share."""
GRID = stats.norm.ppf((np.arange(20_000) + 0.5) / 20_000)


class Binormal:
    """Scores of one model, its calibrated probability, and the decision at even odds of a tilted threshold."""

    def __init__(self, prevalence: float, area: float) -> None:
        self.prevalence, self.area, self.shift = prevalence, area, shift_for(area)
        self.threshold = self.shift / 2 + 0.3

    def rows(self, label, noise, cluster=None, weight=None) -> BinaryRows:
        score = noise + self.shift * label
        probability = self.probability(score)
        return BinaryRows(label, score >= self.threshold, probability, True, weight, cluster)

    def probability(self, score):
        return special.expit(self.shift * score - self.shift**2 / 2 + special.logit(self.prevalence))

    def truth(self) -> dict[str, float]:
        found, alarmed = (float(stats.norm.sf(self.threshold - at)) for at in (self.shift, 0.0))
        cells = truths(shares(self.prevalence, found, alarmed))
        positive, negative = self.probability(GRID + self.shift), self.probability(GRID)
        parts = self.prevalence, 1 - self.prevalence
        return cells | {
            "auc": self.area,
            "average_precision": precision_truth(self.prevalence, self.area),
            "brier_loss": float(parts[0] * np.mean((1 - positive) ** 2) + parts[1] * np.mean(negative**2)),
            "log_loss": float(-parts[0] * np.log(positive).mean() - parts[1] * np.log1p(-negative).mean()),
            "calibration_slope": 1.0,
            "calibration_intercept": 0.0,
        }


def paired(n: int, prevalence: float, areas: tuple[float, float], *, size: int = 1, weighted: bool = False) -> Source:
    """Two models whose scores share most of their noise, within clusters of one label when `size` is above 1."""
    models = [Binormal(prevalence, area) for area in areas]
    first, second = (model.truth() for model in models)
    truth = {name: first[name] - second[name] for name in first}
    cluster = np.repeat(np.arange(n // size), size)

    def answers(rng: np.random.Generator, replicate: int) -> Answers:
        label = (rng.random(n // size) < prevalence)[cluster]
        common = np.sqrt(SHARED) * _noise(rng, cluster, size)
        noises = [common + np.sqrt(1 - SHARED) * _noise(rng, cluster, size) for _ in models]
        weight = np.where(rng.random(n) < 0.3, 4.0, 1.0) if weighted else None
        groups = cluster if size > 1 else None
        a, b = (model.rows(label, noise, groups, weight) for model, noise in zip(models, noises, strict=True))
        return {f"{name}, difference of two models": _compared(name, a, b, truth[name], size) for name in truth}

    design = "clustered" if size > 1 else "weighted" if weighted else "independent"
    words = f"n {n}, positive {prevalence:g}, AUC {areas[0]:g} and {areas[1]:g}"
    return Source(words if size == 1 else f"{words}, clusters of {size}", design, answers)


def _noise(rng: np.random.Generator, cluster, size: int):
    own = rng.standard_normal(cluster.size)
    if size == 1:
        return own
    return np.sqrt(0.5) * (own + rng.standard_normal(cluster.size)[cluster])


def _compared(metric: str, a: BinaryRows, b: BinaryRows, truth: float, size: int) -> Answer:
    found = compare(metric, a, b, level=LEVEL, min_group=30)
    count = None if found.relevant_count is None else found.relevant_count // size
    return Answer(found.interval, truth, count)


def apart(n: tuple[int, int], prevalence: float, areas: tuple[float, float]) -> Source:
    """One model in two groups of independent rows."""
    models = [Binormal(prevalence, area) for area in areas]
    first, second = (model.truth() for model in models)

    def answers(rng: np.random.Generator, replicate: int) -> Answers:
        groups = [
            model.rows(rng.random(size) < prevalence, rng.standard_normal(size))
            for model, size in zip(models, n, strict=True)
        ]
        found = {}
        for name in first:
            a, b = (measure(name, rows, level=LEVEL, min_group=30, seed=replicate) for rows in groups)
            found |= _between(name, a, b, first[name], second[name])
        return found

    words = f"n {n[0]} and {n[1]}, positive {prevalence:g}, AUC {areas[0]:g} and {areas[1]:g}"
    return Source(words, "independent", answers)


def _between(metric: str, a: Measurement, b: Measurement, first: float, second: float) -> Answers:
    both = (a.relevant_count or 0, b.relevant_count or 0)
    if a.interval is None or b.interval is None:
        return {}
    difference = f"{metric}, difference between groups"
    if metric not in CELL_METRICS or a.successes is None or b.successes is None:
        joined = joined_interval(metric, a, b, None, LEVEL)
        return {difference: Answer(joined, first - second, min(both))}
    counts = (a.successes, both[0], b.successes, both[1])
    return {
        difference: Answer(newcombe_difference(*counts, LEVEL), first - second, min(both)),
        f"{metric}, ratio between groups": Answer(score_ratio(*counts, LEVEL), first / second, min(both)),
    }
