"""Regimes in which the coverage of every metric is measured: sources of rows whose truth is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
from scipy import stats

from evaluator.metrics.cell_table import CellTable, cell_table
from evaluator.metrics.cells import CELL_METRICS, measure_cells
from evaluator.metrics.measure import Measurement, measure
from evaluator.metrics.rows import BinaryRows
from evaluator.records import Interval

LEVEL = 0.95


class Answer(NamedTuple):
    """One range, the truth it should hold, and the relevant count; `interval` is None where there were too few cases.

    In clustered designs the count is that of clusters, where the source knows it.
    """

    interval: Interval | None
    truth: float
    count: int | None


Answers = dict[str, Answer]


@dataclass(frozen=True)
class Source:
    """`answers(rng, replicate)` draws rows once and measures every metric on them."""

    name: str
    design: str
    answers: Callable[[np.random.Generator, int], Answers]


def answer(found: Measurement, truth: float) -> Answer:
    return Answer(found.interval, truth, found.relevant_count)


def per_cluster(found: Answer, size: int) -> Answer:
    """Count the clusters of `size` rows that the relevant rows would fill: all rows of a cluster share a label."""
    return found._replace(count=None if found.count is None else found.count // size)


# --- tables of decisions -------------------------------------------------------------------------------------------

Shares = tuple[float, float, float, float]
"""True negatives, false positives, false negatives and true positives."""


def shares(prevalence: float, found: float, alarmed: float) -> Shares:
    negative = 1 - prevalence
    return (negative * (1 - alarmed), negative * alarmed, prevalence * (1 - found), prevalence * found)


def truths(cells: Shares) -> dict[str, float]:
    tn, fp, fn, tp = cells
    found, cleared = tp / (tp + fn), tn / (tn + fp)
    return {
        "accuracy": tp + tn,
        "selection_rate": tp + fp,
        "precision": tp / (tp + fp),
        "true_positive_rate": found,
        "false_negative_rate": 1 - found,
        "false_positive_rate": 1 - cleared,
        "true_negative_rate": cleared,
        "negative_predictive_value": tn / (tn + fn),
        "balanced_accuracy": (found + cleared) / 2,
        "informedness": found + cleared - 1,
        "error_ratio": fn / fp,
        "f1": 2 * tp / (2 * tp + fp + fn),
        "mcc": float((tp * tn - fp * fn) / np.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))),
    }


def decided(n: int, prevalence: float, found: float, alarmed: float) -> Source:
    """Independent rows: the four counts are multinomial, and nothing but them matters."""
    cells = shares(prevalence, found, alarmed)
    truth = truths(cells)

    @cache
    def measured(counts: tuple[int, ...]) -> Answers:
        rows = np.array(counts, dtype=np.float64)
        table = CellTable(rows, rows, rows, weighted=False)
        return {name: answer(in_table(name, table), truth[name]) for name in CELL_METRICS}

    def answers(rng: np.random.Generator, replicate: int) -> Answers:
        return measured(tuple(rng.multinomial(n, cells).tolist()))

    return Source(f"n {n}, positive {prevalence:g}, found {found:g}, alarms {alarmed:g}", "independent", answers)


def in_table(metric: str, table: CellTable) -> Measurement:
    return measure_cells(metric, table, level=LEVEL, min_group=30, seed=1)


def decided_together(groups: int, size: int, prevalence: float, found: float, alarmed: float, alike: float) -> Source:
    """Clusters of one label; a row follows the decision on its cluster with chance `alike`, else its own."""
    truth = truths(shares(prevalence, found, alarmed))
    cluster = np.repeat(np.arange(groups), size)

    def answers(rng: np.random.Generator, replicate: int) -> Answers:
        label = rng.random(groups) < prevalence
        chance = np.where(label, found, alarmed)
        common = rng.random(groups) < chance
        own = rng.random(cluster.size) < chance[cluster]
        decision = np.where(rng.random(cluster.size) < alike, common[cluster], own)
        code = (2 * label[cluster] + decision).astype(np.uint8)
        table = cell_table(code, 4, cluster=cluster)
        return {name: per_cluster(answer(in_table(name, table), truth[name]), size) for name in CELL_METRICS}

    name = f"{groups} clusters of {size}, positive {prevalence:g}, found {found:g}, alarms {alarmed:g}"
    return Source(name, "clustered", answers)


def decided_weighted(n: int, prevalence: float, found: float, alarmed: float) -> Source:
    """Three rows in ten weigh four times as much, and are found and alarmed about a tenth less."""
    light, heavy = (np.array(shares(prevalence, part * found, part * alarmed)) for part in (1.0, 0.9))
    truth = truths(tuple((0.7 * light + 1.2 * heavy) / 1.9))

    def answers(rng: np.random.Generator, replicate: int) -> Answers:
        few = int(rng.binomial(n, 0.3))
        rows = np.array([rng.multinomial(n - few, light), rng.multinomial(few, heavy)], dtype=np.float64)
        table = CellTable(rows.sum(axis=0), rows[0] + 4 * rows[1], rows[0] + 16 * rows[1], weighted=True)
        return {name: answer(in_table(name, table), truth[name]) for name in CELL_METRICS}

    return Source(f"n {n}, positive {prevalence:g}, found {found:g}, alarms {alarmed:g}", "weighted", answers)


# --- rankings ------------------------------------------------------------------------------------------------------


def shift_for(area: float) -> float:
    return float(np.sqrt(2) * stats.norm.ppf(area))


def precision_truth(share: float, area: float) -> float:
    """Average precision of binormal scores: precision averaged over the scores of positive rows."""
    shift = shift_for(area)
    scores = shift + stats.norm.ppf((np.arange(50_000) + 0.5) / 50_000)
    hits, alarms = share * stats.norm.sf(scores - shift), (1 - share) * stats.norm.sf(scores)
    return float(np.mean(hits / (hits + alarms)))


def ranked(n: int, prevalence: float, area: float) -> Source:
    """Binormal scores of independent rows."""
    return _ranked(f"n {n}, positive {prevalence:g}, AUC {area:g}", "independent", n, 1, prevalence, area, 0.0)


def ranked_together(groups: int, size: int, prevalence: float, area: float, alike: float) -> Source:
    """Clusters of one label whose scores share `alike` of their variance."""
    name = f"{groups} clusters of {size}, positive {prevalence:g}, AUC {area:g}"
    return _ranked(name, "clustered", groups, size, prevalence, area, alike)


def _ranked(name: str, design: str, groups: int, size: int, prevalence: float, area: float, alike: float) -> Source:
    truth = {"auc": area, "average_precision": precision_truth(prevalence, area)}

    def answers(rng: np.random.Generator, replicate: int) -> Answers:
        rows = customers_apart(groups, size, prevalence, area, alike, rng)
        return {name: per_cluster(each, size) for name, each in measured_all(rows, truth).items()}

    return Source(name, design, answers)


def customers_apart(
    groups: int, size: int, prevalence: float, area: float, alike: float, rng: np.random.Generator
) -> BinaryRows:
    """Customers of `size` rows and one label; the scores of a customer share `alike` of their variance."""
    cluster = np.repeat(np.arange(groups), size)
    label = rng.random(groups) < prevalence
    noise = np.sqrt(1 - alike) * rng.standard_normal(cluster.size)
    noise += np.sqrt(alike) * rng.standard_normal(groups)[cluster]
    return ranked_rows(label[cluster], noise, area, cluster if size > 1 else None)


def ranked_rows(label, noise, area: float, cluster=None) -> BinaryRows:
    return BinaryRows(label, None, noise + shift_for(area) * label, False, None, cluster)


def ranked_weighted(n: int, prevalence: float, area: float) -> Source:
    """Three rows in ten weigh four times as much, apart from their scores."""
    truth = {"auc": area, "average_precision": precision_truth(prevalence, area)}

    def answers(rng: np.random.Generator, replicate: int) -> Answers:
        label = rng.random(n) < prevalence
        score = rng.standard_normal(n) + shift_for(area) * label
        weight = np.where(rng.random(n) < 0.3, 4.0, 1.0)
        return measured_all(BinaryRows(label, None, score, False, weight), truth)

    return Source(f"n {n}, positive {prevalence:g}, AUC {area:g}", "weighted", answers)


def measured_all(rows: BinaryRows, truth: dict[str, float]) -> Answers:
    return {
        name: answer(measure(name, rows, level=LEVEL, min_group=30, seed=1), value) for name, value in truth.items()
    }
