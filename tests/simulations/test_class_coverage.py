"""How often the ranges of metrics of several classes hold the truth, against what is promised."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from scipy import special, stats

from evaluator.metrics.class_metrics import CLASS_CELL_METRICS
from evaluator.metrics.class_rows import ClassRows
from evaluator.metrics.compare import compare
from evaluator.metrics.measure import measure
from evaluator.records import Interval
from evaluator.statistics.calibration import equal_mass_bins

LEVEL = 0.95
REPLICATES = 500
PROMISED = {"guaranteed": 0.95, "nominal": 0.93, "approximate": 0.90}
SELDOM = 0.1
"""A promise made in fewer of the samples than this is not judged: those samples are not like their world."""

Draw = Callable[[np.random.Generator], ClassRows]


@dataclass(frozen=True)
class ClassWorld:
    """Draws rows; `truth` by metric."""

    name: str
    draw: Draw
    truth: dict[str, float]


def confusion(k: int, right, shares=None) -> np.ndarray:
    """Chances of every true and chosen class; errors go to near classes rather than far ones."""
    far = np.abs(np.arange(k)[:, None] - np.arange(k)[None, :])
    wrong = np.where(far > 0, np.exp(-0.7 * far), 0.0)
    wrong /= wrong.sum(axis=1, keepdims=True)
    right = np.broadcast_to(right, k)[:, None]
    share = np.full(k, 1 / k) if shares is None else np.asarray(shares) / np.sum(shares)
    return (wrong * (1 - right) + np.eye(k) * right) * share[:, None]


def decisions(
    name: str, n: int, chances: np.ndarray, *, household: int = 1, weighted: bool = False, metrics=CLASS_CELL_METRICS
) -> ClassWorld:
    """Rows that fall into the cells with the given chances; the rows of a household mostly together."""
    k = len(chances)

    def draw(rng: np.random.Generator) -> ClassRows:
        own = rng.choice(k * k, size=n, p=chances.ravel())
        cluster = np.arange(n) // household
        cell = np.where(rng.random(n) < 0.7, own[cluster * household], own) if household > 1 else own
        weight = np.where(rng.random(n) < 0.3, 4.0, 1.0) if weighted else None
        return ClassRows(cell // k, cell % k, None, False, k, True, weight, cluster if household > 1 else None)

    truth = {}
    for metric in metrics:
        found = CLASS_CELL_METRICS[metric](chances)
        assert found is not None
        truth[metric] = found.value
    return ClassWorld(name, draw, {**truth, "accuracy": float(np.trace(chances))})


def scored(name: str, n: int, k: int, area: float, shares=None, *, household: int = 1) -> ClassWorld:
    """Independent normal scores, the true class's higher; every class against the rest has the same area."""
    shift = np.sqrt(2) * stats.norm.ppf(area)
    share = np.full(k, 1 / k) if shares is None else np.asarray(shares)
    grid = shift + stats.norm.ppf((np.arange(20_000) + 0.5) / 20_000)

    def precision(prior: float) -> float:
        hits, alarms = prior * stats.norm.sf(grid - shift), (1 - prior) * stats.norm.sf(grid)
        return float(np.mean(hits / (hits + alarms)))

    def draw(rng: np.random.Generator) -> ClassRows:
        cluster = np.arange(n) // household
        label = rng.choice(k, size=n, p=share)[cluster * household]
        noise = rng.normal(size=(n, k))
        if household > 1:
            noise = np.sqrt(0.8) * noise[cluster * household] + np.sqrt(0.2) * rng.normal(size=(n, k))
        return ClassRows(
            label, None, noise + shift * np.eye(k)[label], False, k, False, None, cluster if household > 1 else None
        )

    by_class = np.array([precision(prior) for prior in share])
    return ClassWorld(
        name, draw,
        {
            "auc_macro": area, "auc_micro": area, "auc_weighted": area,
            "average_precision_macro": float(by_class.mean()), "average_precision_micro": precision(1 / k),
            "average_precision_weighted": float((by_class * share).sum()),
        },
    )  # fmt: skip


def promised(name: str, n: int, k: int, sharpness: float) -> ClassWorld:
    """Probabilities that keep what they promise; the truth of the losses is a mean over very many rows."""

    def probabilities(rng: np.random.Generator, size: int) -> np.ndarray:
        return special.softmax(sharpness * rng.normal(size=(size, k)), axis=1)

    def draw(rng: np.random.Generator) -> ClassRows:
        scores = probabilities(rng, n)
        label = (rng.random((n, 1)) > np.cumsum(scores, axis=1)[:, :-1]).sum(axis=1)
        return ClassRows(label, scores.argmax(axis=1), scores, True, k)

    many = probabilities(np.random.default_rng(40_260), 400_000)
    truth = {
        "log_loss": float(special.entr(many).sum(axis=1).mean()),
        "brier_loss": float((1 - (many**2).sum(axis=1)).mean() / 2),
        "expected_calibration_error": 0.0,
    }
    return ClassWorld(name, draw, truth)


WITHOUT_TWIN = tuple(name for name in CLASS_CELL_METRICS if name != "true_positive_rate_macro")
WORLDS = (
    decisions("digits", 540, confusion(10, 0.97), metrics=WITHOUT_TWIN),
    decisions("digits, hardly an error", 540, confusion(10, 0.993), metrics=WITHOUT_TWIN),
    decisions("ten classes of few", 180, confusion(10, 0.95), metrics=WITHOUT_TWIN),
    decisions("four classes of few", 100, confusion(4, 0.6), metrics=WITHOUT_TWIN),
    decisions("three uneven classes", 300, confusion(3, [0.95, 0.8, 0.6], [10, 4, 1]), metrics=WITHOUT_TWIN),
    decisions("a very rare class", 2_000, confusion(3, [0.95, 0.8, 0.6], [100, 20, 1.5]), metrics=WITHOUT_TWIN),
    decisions("three classes, rare errors", 3_000, confusion(3, 0.997), metrics=WITHOUT_TWIN),
    decisions("households of 4", 800, confusion(5, 0.85), household=4, metrics=WITHOUT_TWIN),
    decisions("households of 4, few errors", 400, confusion(4, 0.97), household=4, metrics=WITHOUT_TWIN),
    decisions("weights", 500, confusion(4, 0.8), weighted=True, metrics=WITHOUT_TWIN),
    decisions("weights, few errors", 300, confusion(4, 0.97), weighted=True, metrics=WITHOUT_TWIN),
    scored("areas of .85", 300, 3, 0.85),
    scored("areas of .98, ten classes", 300, 10, 0.98),
    scored("areas of .995, uneven", 400, 3, 0.995, [0.1, 0.3, 0.6]),
    scored("areas of .8, small classes", 120, 4, 0.8),
    scored("areas of .9, households of 3", 450, 4, 0.9, household=3),
    promised("honest probabilities", 300, 4, 1.5),
    promised("honest probabilities, sharp", 300, 6, 4.0),
)


SLOW = (
    "digits, hardly an error",
    "four classes of few",
    "three uneven classes",
    "three classes, rare errors",
    "households of 4",
    "weights",
    "areas of .98, ten classes",
    "areas of .8, small classes",
    "honest probabilities, sharp",
)


@pytest.mark.parametrize(
    "world",
    [pytest.param(world, id=world.name, marks=[pytest.mark.slow] if world.name in SLOW else []) for world in WORLDS],
)
def test_ranges_hold_the_truth_as_often_as_promised(world: ClassWorld) -> None:
    made: dict[tuple[str, str], int] = {}
    held: dict[tuple[str, str], int] = {}
    for replicate in range(REPLICATES):
        rows = world.draw(np.random.default_rng([40_261, replicate]))
        for metric, truth in world.truth.items():
            if metric == "expected_calibration_error":
                truth = binned_truth(rows)
            tally(measure(metric, rows, level=LEVEL, min_group=30, seed=replicate).interval, metric, truth, made, held)
    check(made, held)


def binned_truth(rows: ClassRows) -> float:
    """Distance of the bins' true shares from their promises: none, where the probabilities are honest."""
    assert rows.confidence.score is not None
    bins = equal_mass_bins(rows.confidence.label, rows.confidence.score)
    gaps = bins.promised - np.bincount(bins.bin_of, rows.confidence.score) / bins.weight
    return float(np.abs(gaps).sum())


def tally(found: Interval | None, metric: str, truth: float, made: dict, held: dict) -> None:
    if found is None or found.low is None or found.high is None:
        return
    key = metric, found.coverage
    made[key] = made.get(key, 0) + 1
    held[key] = held.get(key, 0) + (found.low - 1e-12 <= truth <= found.high + 1e-12)


def check(made: dict[tuple[str, str], int], held: dict[tuple[str, str], int]) -> None:
    assert made
    for (metric, coverage), times in made.items():
        if times < SELDOM * REPLICATES:
            continue
        hits = held[metric, coverage]
        verdict = stats.binomtest(hits, times, PROMISED[coverage], alternative="less")
        assert verdict.pvalue > 0.001, f"{metric}: {coverage} ranges held {hits / times:.3f}"


# --- two subjects on the same rows ---------------------------------------------------------------------------------


def blurred(n: int, k: int, right: tuple[float, float], shares=None, *, household: int = 1):
    """Two subjects whose errors fall mostly on the same rows, and the chances of each one's cells."""
    share = np.full(k, 1 / k) if shares is None else np.asarray(shares)

    def draw(rng: np.random.Generator) -> tuple[ClassRows, ClassRows]:
        source = np.arange(n) // household * household
        label = rng.choice(k, size=n, p=share)[source]
        luck = rng.random(n)[source]
        own = np.where(rng.random(n) < 0.8, luck, rng.random(n))
        wrong, other = ((label + 1 + rng.integers(0, k - 1, n)) % k for _ in range(2))
        chosen = np.where(luck < right[0], label, wrong), np.where(own < right[1], label, other)
        cluster = source if household > 1 else None
        first, second = (ClassRows(label, choice, None, False, k, True, None, cluster) for choice in chosen)
        return first, second

    def chances(accuracy: float) -> np.ndarray:
        table = np.full((k, k), (1 - accuracy) / (k - 1))
        np.fill_diagonal(table, accuracy)
        return table * share[:, None]

    return draw, chances(right[0]), chances(right[1])


PAIRS = {
    "ten classes": blurred(540, 10, (0.97, 0.95)),
    "ten classes, as good": blurred(540, 10, (0.97, 0.97)),
    "four classes": blurred(200, 4, (0.8, 0.7)),
    "a rare class": blurred(1_000, 3, (0.95, 0.93), [0.9, 0.08, 0.02]),
    "households of 4": blurred(800, 4, (0.85, 0.8), household=4),
}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.slow] if name in ("ten classes, as good", "four classes") else [])
        for name in PAIRS
    ],
)
def test_ranges_of_differences_hold_the_truth_as_often_as_promised(name: str) -> None:
    draw, first, second = PAIRS[name]
    truth = {"accuracy": float(np.trace(first) - np.trace(second))}
    for metric in WITHOUT_TWIN:
        better, worse = CLASS_CELL_METRICS[metric](first), CLASS_CELL_METRICS[metric](second)
        assert better is not None
        assert worse is not None
        truth[metric] = better.value - worse.value
    made: dict[tuple[str, str], int] = {}
    held: dict[tuple[str, str], int] = {}
    for replicate in range(REPLICATES):
        a, b = draw(np.random.default_rng([40_262, replicate]))
        for metric, value in truth.items():
            tally(compare(metric, a, b, level=LEVEL, min_group=30).interval, metric, value, made, held)
    check(made, held)


@pytest.mark.parametrize(("areas", "n"), [((0.9, 0.85), 200), ((0.985, 0.975), 300)], ids=["usual", "near one"])
def test_ranges_of_differences_of_areas_hold_the_truth_as_often_as_promised(areas: tuple[float, float], n: int) -> None:
    shifts = np.sqrt(2) * stats.norm.ppf(areas)
    made: dict[tuple[str, str], int] = {}
    held: dict[tuple[str, str], int] = {}
    for replicate in range(REPLICATES):
        rng = np.random.default_rng([40_263, replicate])
        label, shared = rng.integers(0, 4, n), np.sqrt(0.7) * rng.normal(size=(n, 4))
        a, b = (
            ClassRows(label, None, shared + np.sqrt(0.3) * rng.normal(size=(n, 4)) + shift * np.eye(4)[label], False, 4)
            for shift in shifts
        )
        for metric in ("auc_macro", "auc_micro"):
            found = compare(metric, a, b, level=LEVEL, min_group=30).interval
            tally(found, metric, areas[0] - areas[1], made, held)
    check(made, held)
