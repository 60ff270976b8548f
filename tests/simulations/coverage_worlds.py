"""Small worlds where the truth is known: rows to measure, and what the measurement should hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special, stats

from evaluator.metrics.rows import BinaryRows
from evaluator.statistics.calibration import equal_mass_bins

USUAL = 0.93
EDGE = 0.90
"""Promised coverage where the relevant count is at least 40 and the rate in [0.02, 0.98], and elsewhere."""


@dataclass(frozen=True)
class World:
    """Draws rows and the truth of `metric` for them; `promise` is the least coverage."""

    name: str
    metric: str
    draw: Callable[[np.random.Generator], tuple[BinaryRows, float]]
    promise: float = USUAL


def rows_of(label, decision=None, score=None, weight=None, cluster=None) -> BinaryRows:
    return BinaryRows(label, decision, score, score is not None, weight, cluster)


# --- worlds of decisions -------------------------------------------------------------------------------------------


def right_share(n: int, share: float):
    def draw(rng: np.random.Generator) -> tuple[BinaryRows, float]:
        return rows_of(rng.random(n) < share, np.ones(n, dtype=bool)), share

    return draw


def decisions(n: int, tp: float, fp: float, fn: float, truth: Callable[[float, float, float, float], float]):
    """Independent rows that fall into the four cells with the given chances."""
    value = truth(tp, fp, fn, 1 - tp - fp - fn)

    def draw(rng: np.random.Generator) -> tuple[BinaryRows, float]:
        cell = rng.choice(4, size=n, p=[tp, fp, fn, 1 - tp - fp - fn])
        return rows_of((cell == 0) | (cell == 2), cell <= 1), value

    return draw


def f1_truth(tp: float, fp: float, fn: float, tn: float) -> float:
    return 2 * tp / (2 * tp + fp + fn)


def mcc_truth(tp: float, fp: float, fn: float, tn: float) -> float:
    return float((tp * tn - fp * fn) / np.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)))


def two_rates(positives: int, negatives: int, found: float, cleared: float):
    label = np.arange(positives + negatives) < positives

    def draw(rng: np.random.Generator) -> tuple[BinaryRows, float]:
        right = rng.random(label.size) < np.where(label, found, cleared)
        return rows_of(label, label == right), (found + cleared) / 2

    return draw


# --- worlds of scores ----------------------------------------------------------------------------------------------


def binormal(positives: int, negatives: int, area: float):
    shift = np.sqrt(2) * stats.norm.ppf(area)
    label = np.arange(positives + negatives) < positives

    def draw(rng: np.random.Generator) -> tuple[BinaryRows, float]:
        return rows_of(label, score=rng.standard_normal(label.size) + shift * label), area

    return draw


def customers(groups: int, size: int, area: float):
    """Each customer has one label and a score that hardly differs between the customer's rows."""
    shift = np.sqrt(2) * stats.norm.ppf(area)
    cluster = np.repeat(np.arange(groups), size)

    def draw(rng: np.random.Generator) -> tuple[BinaryRows, float]:
        own = rng.random(groups) < 0.4
        score = (rng.standard_normal(groups) * np.sqrt(0.99) + shift * own)[cluster]
        score += rng.standard_normal(cluster.size) * 0.1
        return rows_of(own[cluster], score=score, cluster=cluster), area

    return draw


def promised(n: int, truth: float, *, slope: float = 1.0, shift: float = 0.0):
    """Uniform probabilities; what happens follows their log-odds times `slope` plus `shift`."""

    def draw(rng: np.random.Generator) -> tuple[BinaryRows, float]:
        probability = rng.uniform(0.02, 0.98, n)
        chance = special.expit(slope * special.logit(probability) + shift)
        return rows_of(rng.random(n) < chance, score=probability), truth

    return draw


def losses(n: int, a: float, b: float, honesty: float, loss: Callable[[np.ndarray, np.ndarray], np.ndarray]):
    """Beta(a, b) probabilities that deserve only `honesty` of their distance from one half."""

    def deserved(probability: np.ndarray) -> np.ndarray:
        return honesty * probability + (1 - honesty) / 2

    nodes, weights = special.roots_jacobi(400, b - 1, a - 1)
    grid = (nodes + 1) / 2
    truth = float(np.dot(weights, loss(grid, deserved(grid))) / weights.sum())

    def draw(rng: np.random.Generator) -> tuple[BinaryRows, float]:
        probability = np.clip(rng.beta(a, b, n), 1e-12, 1 - 1e-12)
        return rows_of(rng.random(n) < deserved(probability), score=probability), truth

    return draw


def rare_outcomes(n: int, prevalence: float, loss: Callable[[np.ndarray, np.ndarray], np.ndarray]):
    """Calibrated probabilities around a low prevalence; most samples hold hardly a positive row."""

    def promised_by(normal: np.ndarray) -> np.ndarray:
        return special.expit(special.logit(prevalence) + normal)

    grid = promised_by(stats.norm.ppf((np.arange(20_000) + 0.5) / 20_000))
    truth = float(np.mean(loss(grid, grid)))

    def draw(rng: np.random.Generator) -> tuple[BinaryRows, float]:
        probability = promised_by(rng.standard_normal(n))
        return rows_of(rng.random(n) < probability, score=probability), truth

    return draw


def squares(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    return q * (1 - p) ** 2 + (1 - q) * p**2


def cross_entropy(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    return -q * np.log(p) - (1 - q) * np.log1p(-p)


def found_first(n: int, share: float, area: float):
    """Binormal scores; the truth of average precision is the integral of precision over the positive scores."""
    shift = np.sqrt(2) * stats.norm.ppf(area)
    scores = shift + stats.norm.ppf((np.arange(20_000) + 0.5) / 20_000)
    hits, alarms = share * stats.norm.sf(scores - shift), (1 - share) * stats.norm.sf(scores)
    truth = float(np.mean(hits / (hits + alarms)))

    def draw(rng: np.random.Generator) -> tuple[BinaryRows, float]:
        label = rng.random(n) < share
        return rows_of(label, score=rng.standard_normal(n) + shift * label), truth

    return draw


def binned_error(n: int, distort: Callable[[np.ndarray], np.ndarray], households: int = 1):
    """The truth is the distance of the drawn bins' true shares from their promises."""
    cluster = np.arange(n) // households

    def draw(rng: np.random.Generator) -> tuple[BinaryRows, float]:
        probability = rng.beta(1, 3, n)
        chance = distort(probability)
        fate = special.ndtr(rng.standard_normal(n // households))[cluster] if households > 1 else rng.random(n)
        label = fate < chance
        bins = equal_mass_bins(label, probability)
        gaps = np.bincount(bins.bin_of, weights=chance - probability) / bins.weight
        truth = float(np.dot(bins.weight, np.abs(gaps)) / n)
        return rows_of(label, score=probability, cluster=cluster if households > 1 else None), truth

    return draw


def repeated_customers(groups: int, size: int):
    """Calibrated, each customer with one probability and one outcome in all rows."""
    cluster = np.repeat(np.arange(groups), size)

    def draw(rng: np.random.Generator) -> tuple[BinaryRows, float]:
        own = rng.beta(1, 3, groups)
        return rows_of((rng.random(groups) < own)[cluster], score=own[cluster], cluster=cluster), 0.0

    return draw


# --- worlds of households and weights ------------------------------------------------------------------------------


def households(n: int, sizes: tuple[int, ...], share: float, alike: float):
    """Clusters whose members share a Beta-distributed chance; `alike` is the correlation within a cluster."""
    total = (1 - alike) / alike

    def draw(rng: np.random.Generator) -> tuple[BinaryRows, float]:
        cluster = np.repeat(np.arange(n), rng.choice(sizes, n))
        chance = rng.beta(share * total, (1 - share) * total, n)[cluster]
        return rows_of(rng.random(cluster.size) < chance, np.ones(cluster.size, dtype=bool), cluster=cluster), share

    return draw


def weighted(n: int, share: float, *, linked: bool):
    """Weights 1 or 4; with `linked`, heavy rows are right more often."""

    def draw(rng: np.random.Generator) -> tuple[BinaryRows, float]:
        heavy = rng.random(n) < 0.3
        chance = np.where(heavy, min(1.0, share * 1.1), share) if linked else np.full(n, share)
        truth = (0.7 * share + 1.2 * min(1.0, share * 1.1)) / 1.9 if linked else share
        label = rng.random(n) < chance
        return rows_of(label, np.ones(n, dtype=bool), weight=np.where(heavy, 4.0, 1.0)), truth

    return draw


# --- two models on the same rows -----------------------------------------------------------------------------------


def two_decisions(n: int, right_both: float, only_a: float, only_b: float, cluster: int = 1):
    chances = [right_both, only_a, only_b, 1 - right_both - only_a - only_b]

    def draw(rng: np.random.Generator) -> tuple[BinaryRows, BinaryRows, float]:
        label = rng.random(n) < 0.4
        kind = np.repeat(rng.choice(4, size=n // cluster, p=chances), cluster)
        groups = np.arange(n) // cluster if cluster > 1 else None
        first, second = label == (kind <= 1), label == ((kind == 0) | (kind == 2))
        return rows_of(label, first, cluster=groups), rows_of(label, second, cluster=groups), only_a - only_b

    return draw


def two_scores(n: int, area_a: float, area_b: float):
    """Scores of the two models share most of their noise."""
    shifts = np.sqrt(2) * stats.norm.ppf([area_a, area_b])

    def draw(rng: np.random.Generator) -> tuple[BinaryRows, BinaryRows, float]:
        label = np.arange(n) < 0.3 * n
        shared = rng.standard_normal(n) * np.sqrt(0.7)
        scores = [shared + rng.standard_normal(n) * np.sqrt(0.3) + shift * label for shift in shifts]
        return rows_of(label, score=scores[0]), rows_of(label, score=scores[1]), area_a - area_b

    return draw


PAIRS = (
    ("accuracy", two_decisions(400, 0.75, 0.10, 0.06), USUAL),
    ("accuracy", two_decisions(400, 0.90, 0.03, 0.01), USUAL),
    ("accuracy", two_decisions(1000, 0.85, 0.08, 0.05, cluster=5), USUAL),
    ("accuracy", two_decisions(300, 0.93, 0.02, 0.02, cluster=3), EDGE),
    ("true_positive_rate", two_decisions(300, 0.75, 0.10, 0.06), USUAL),
    ("auc", two_scores(300, 0.85, 0.80), USUAL),
)


WORLDS = (
    World("share .30 of 50", "accuracy", right_share(50, 0.30)),
    World("share .91 of 1000", "accuracy", right_share(1000, 0.91)),
    World("share .97 of 60", "accuracy", right_share(60, 0.97)),
    World("share .30 of 32", "accuracy", right_share(32, 0.30), EDGE),
    World("share .995 of 300", "accuracy", right_share(300, 0.995), EDGE),
    World("f1 .65 of 100", "f1", decisions(100, 0.065, 0.035, 0.035, f1_truth), EDGE),
    World("f1 .93 of 100", "f1", decisions(100, 0.093, 0.007, 0.007, f1_truth), EDGE),
    World("f1 .57 of 1000", "f1", decisions(1000, 0.0114, 0.0086, 0.0086, f1_truth), EDGE),
    World("f1 .79 of 1000", "f1", decisions(1000, 0.237, 0.063, 0.063, f1_truth)),
    World("mcc of 500", "mcc", decisions(500, 0.35, 0.10, 0.05, mcc_truth)),
    World("mcc .92 of 100, rare errors", "mcc", decisions(100, 0.48, 0.02, 0.02, mcc_truth)),
    World("mcc of 1000, one error rare", "mcc", decisions(1000, 0.08, 0.05, 0.003, mcc_truth)),
    World("balanced accuracy 10/990", "balanced_accuracy", two_rates(10, 990, 0.8, 0.9), EDGE),
    World("balanced accuracy 60/140", "balanced_accuracy", two_rates(60, 140, 0.7, 0.85)),
    World("auc .75, 20/80", "auc", binormal(20, 80, 0.75), EDGE),
    World("auc .95, 20/80", "auc", binormal(20, 80, 0.95), EDGE),
    World("auc .99, 20/180", "auc", binormal(20, 180, 0.99), EDGE),
    World("auc .95, 100/400", "auc", binormal(100, 400, 0.95)),
    World("auc .75, 10/990", "auc", binormal(10, 990, 0.75), EDGE),
    World("auc .80, 40/60", "auc", binormal(40, 60, 0.80)),
    World("auc .94, 40/160", "auc", binormal(40, 160, 0.94)),
    World("auc of 100 customers of 10", "auc", customers(100, 10, 0.80)),
    World("brier of 200", "brier_loss", losses(200, 1.0, 1.0, 1.0, lambda p, q: q * (1 - p) ** 2 + (1 - q) * p**2)),
    World(
        "brier of 60, skewed", "brier_loss", losses(60, 0.3, 0.3, 0.9, lambda p, q: q * (1 - p) ** 2 + (1 - q) * p**2)
    ),
    World("log loss of 200", "log_loss", losses(200, 1.0, 1.0, 1.0, cross_entropy)),
    World("log loss of 200, overconfident", "log_loss", losses(200, 0.5, 0.5, 0.9, cross_entropy)),
    World("brier, 5 in 1,000 of 100", "brier_loss", rare_outcomes(100, 0.005, squares), EDGE),
    World("brier, 5 in 1,000 of 1000", "brier_loss", rare_outcomes(1000, 0.005, squares), EDGE),
    World("brier, 20 in 1,000 of 400", "brier_loss", rare_outcomes(400, 0.02, squares), EDGE),
    World("log loss, 5 in 1,000 of 100", "log_loss", rare_outcomes(100, 0.005, cross_entropy), EDGE),
    World("log loss, 20 in 1,000 of 400", "log_loss", rare_outcomes(400, 0.02, cross_entropy), EDGE),
    World("average precision 50/450", "average_precision", found_first(500, 0.1, 0.8)),
    World("slope of 500", "calibration_slope", promised(500, 1.0)),
    World("slope .6 of 200", "calibration_slope", promised(200, 0.6, slope=0.6)),
    World("intercept of 200", "calibration_intercept", promised(200, 0.0)),
    World("intercept .5 of 500", "calibration_intercept", promised(500, 0.5, shift=0.5)),
    World("calibrated, 200", "expected_calibration_error", binned_error(200, lambda p: p)),
    World("calibrated, 2000", "expected_calibration_error", binned_error(2000, lambda p: p)),
    World("overstated, 500", "expected_calibration_error", binned_error(500, lambda p: 0.8 * p)),
    World("mixed, 1000", "expected_calibration_error", binned_error(1000, lambda p: p**1.5)),
    World("calibrated, households of 4", "expected_calibration_error", binned_error(800, lambda p: p, 4)),
    World("overstated, households of 4", "expected_calibration_error", binned_error(800, lambda p: 0.8 * p, 4)),
    World("calibrated, households of 20", "expected_calibration_error", binned_error(2000, lambda p: p, 20)),
    World("calibrated, one score per customer", "expected_calibration_error", repeated_customers(60, 10)),
    World("households of 1 to 4", "accuracy", households(150, (1, 2, 3, 4), 0.85, 0.4)),
    World("clusters of 10", "accuracy", households(60, (10,), 0.8, 0.3)),
    World("clusters of 10, few", "accuracy", households(20, (10,), 0.8, 0.3), EDGE),
    World("weights apart from the answer", "accuracy", weighted(300, 0.85, linked=False)),
    World("weights linked to the answer", "accuracy", weighted(300, 0.85, linked=True)),
    World("weights, rare errors", "accuracy", weighted(200, 0.985, linked=False), EDGE),
)
