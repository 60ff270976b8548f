"""Every source whose coverage is tabulated: decisions, rankings, probabilities, classes, numbers, differences."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import numpy as np

from evaluator.catalogue.metrics import class_metrics_for, metrics_for
from evaluator.metrics.class_rows import ClassRows
from evaluator.metrics.compare import compare
from evaluator.metrics.measure import measure

sys.path.append(str(Path(__file__).resolve().parents[1] / "metrics"))

from coverage_pairs import apart, paired
from coverage_regimes import (
    LEVEL,
    Answer,
    Answers,
    Source,
    answer,
    decided,
    decided_together,
    decided_weighted,
    ranked,
    ranked_together,
    ranked_weighted,
)
from coverage_worlds import WORLDS, World
from number_worlds import NUMBER_WORLDS, NumberWorld
from scipy import special

DECISIONS = (
    decided(40, 0.5, 0.8, 0.2),
    decided(100, 0.5, 0.8, 0.2),
    decided(200, 0.2, 0.9, 0.05),
    decided(400, 0.1, 0.7, 0.1),
    decided(1000, 0.02, 0.6, 0.02),
    decided(1000, 0.3, 0.98, 0.02),
    decided(2000, 0.05, 0.5, 0.01),
    decided(5000, 0.1, 0.9, 0.3),
    decided_together(100, 10, 0.4, 0.8, 0.2, 0.5),
    decided_together(200, 5, 0.2, 0.7, 0.1, 0.3),
    decided_together(30, 10, 0.5, 0.7, 0.3, 0.3),
    decided_weighted(300, 0.3, 0.8, 0.2),
    decided_weighted(1000, 0.1, 0.7, 0.1),
)
RANKINGS = (
    ranked(40, 0.5, 0.75),
    ranked(100, 0.2, 0.95),
    ranked(200, 0.1, 0.75),
    ranked(200, 0.5, 0.6),
    ranked(400, 0.15, 0.9),
    ranked(500, 0.2, 0.95),
    ranked(1000, 0.02, 0.8),
    ranked(1000, 0.3, 0.99),
    ranked(2500, 0.02, 0.9),
    ranked(5000, 0.2, 0.8),
    ranked_together(100, 10, 0.4, 0.8, 0.99),
    ranked_together(200, 5, 0.25, 0.9, 0.5),
    ranked_weighted(300, 0.3, 0.8),
    ranked_weighted(1000, 0.1, 0.9),
)
DIFFERENCES = (
    paired(300, 0.3, (0.85, 0.80)),
    paired(1000, 0.1, (0.90, 0.88)),
    paired(1000, 0.4, (0.85, 0.80), size=10),
    paired(600, 0.3, (0.85, 0.80), weighted=True),
    apart((150, 400), 0.3, (0.80, 0.85)),
    apart((1000, 1000), 0.1, (0.90, 0.85)),
)
PROBABILITIES = ("brier_loss", "log_loss", "calibration_slope", "calibration_intercept", "expected_calibration_error")
TRUTH_FROM = 400_000


def of_world(world: World) -> Source:
    """A world of probabilities as a source of one metric."""

    def answers(rng: np.random.Generator, replicate: int) -> Answers:
        rows, truth = world.draw(rng)
        return {world.metric: answer(measure(world.metric, rows, level=LEVEL, min_group=30, seed=replicate), truth)}

    design = "clustered" if "household" in world.name or "customer" in world.name else "independent"
    return Source(world.name, design, answers)


def of_classes(n: int, k: int, skill: float) -> Source:
    """Classes that differ in size; the truth is what very many rows say."""
    names = [
        entry.name
        for entry in (*metrics_for("multiclass"), *class_metrics_for("multiclass"))
        if entry.tasks == ("multiclass",)
    ]
    many = _classes(np.random.default_rng([1, k]), TRUTH_FROM, k, skill)
    truth = {name: measure(name, many, level=LEVEL, min_group=30, seed=1).value for name in names}

    def answers(rng: np.random.Generator, replicate: int) -> Answers:
        rows = _classes(rng, n, k, skill)
        found = ((name, measure(name, rows, level=LEVEL, min_group=30, seed=1)) for name in names)
        return {name: answer(each, truth[name]) for name, each in found if truth[name] is not None}

    return Source(f"n {n}, {k} classes, skill {skill:g}", "independent", answers)


def _classes(rng: np.random.Generator, n: int, k: int, skill: float) -> ClassRows:
    share = np.linspace(1.0, 2.0, k)
    label = rng.choice(k, size=n, p=share / share.sum())
    raw = rng.normal(size=(n, k))
    raw[np.arange(n), label] += skill
    scores = special.softmax(raw * skill + np.log(share), axis=1)
    return ClassRows(label, scores.argmax(axis=1), scores, True, k, True)


def of_numbers(world: NumberWorld, n: int) -> Source:
    """Predicted numbers: each metric, and its difference between two models on the same rows."""

    def answers(rng: np.random.Generator, replicate: int) -> Answers:
        first, second = world.draw(n, rng)
        found = {}
        for metric, truth in world.truth.items():
            found[metric] = answer(measure(metric, first, level=LEVEL, min_group=30, seed=1), truth)
            apart_by = compare(metric, first, second, level=LEVEL, min_group=30)
            name = f"{metric}, difference of two models"
            found[name] = Answer(apart_by.interval, world.difference[metric], n)
        return found

    design = world.name if world.name in ("clustered", "weighted") else "independent"
    return Source(f"n {n}, {world.name} errors", design, answers)


@cache
def sources() -> tuple[Source, ...]:
    """All of them, in the order of the document."""
    return (
        *DECISIONS,
        *RANKINGS,
        *(of_world(world) for world in WORLDS if world.metric in PROBABILITIES),
        of_classes(300, 3, 1.5),
        of_classes(1500, 5, 1.0),
        *(of_numbers(world, n) for world in NUMBER_WORLDS for n in (100, 1000)),
        *DIFFERENCES,
    )
