"""All groups at once say what `measure` says of each group alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest

from evaluator.catalogue.metrics import METRICS
from evaluator.metrics import grouped_calibrated, grouped_rows
from evaluator.metrics.grouped_measure import GroupMeasures
from evaluator.metrics.grouped_rows import Groups, sorted_rows
from evaluator.metrics.measure import Measurement, measure
from evaluator.metrics.rows import BinaryRows

LEVEL, FEWEST, SEED = 0.95, 30, 7
BINARY = tuple(name for name, entry in METRICS.items() if "binary" in entry.tasks)
FAIR = (
    "accuracy", "balanced_accuracy", "precision", "true_positive_rate", "false_negative_rate", "false_positive_rate",
    "true_negative_rate", "negative_predictive_value", "selection_rate", "auc", "expected_calibration_error",
    "calibration_intercept", "calibration_slope", "brier_loss",
)  # fmt: skip
VALUE, ENDS = 1e-12, 1e-9
Index = npt.NDArray[np.intp]


class World(NamedTuple):
    rows: BinaryRows
    groups: list[Index]


def world(
    seed: int, n: int = 1500, k: int = 5, *, digits: int | None = None, weighted: bool = False, clusters: int = 0,
    probability: bool = True,
) -> World:  # fmt: skip
    """Groups of very uneven size, the last one empty, with scores that promise too much in some of them."""
    rng = np.random.default_rng(seed)
    group = rng.choice(k, n, p=rng.dirichlet(np.full(k, 0.7)))
    score = rng.beta(2, 3, n)
    if digits is not None:
        score = score.round(digits)
    label = rng.random(n) < np.clip(score * rng.uniform(0.5, 1.4, k)[group], 0, 1)
    weight = rng.choice([0.0, 0.5, 1.0, 2.7], n) if weighted else None
    cluster = rng.integers(0, clusters, n) if clusters else None
    rows = BinaryRows(label, score > 0.45, score, probability, weight, cluster)
    return World(rows, [np.flatnonzero(group == position) for position in range(k + 1)])


def together(made: World, metrics: Sequence[str]) -> dict[str, list[Measurement]]:
    return over_blocks([sorted_rows(made.rows).cut(made.groups)], metrics)


def over_blocks(blocks: Sequence[Groups], metrics: Sequence[str]) -> dict[str, list[Measurement]]:
    found: dict[str, list[Measurement]] = {metric: [] for metric in metrics}
    before = 0
    for block in blocks:
        units = [f"group {before + position}" for position in range(block.k)]
        measures = GroupMeasures(block, LEVEL, FEWEST, SEED, units)
        for metric in metrics:
            found[metric] += measures.measure(metric)
        before += block.k
    return found


def alone(made: World, metric: str) -> list[Measurement]:
    return [
        measure(
            metric, made.rows.take(index).with_weight(), level=LEVEL, min_group=FEWEST, seed=SEED, unit=f"group {place}"
        )
        for place, index in enumerate(made.groups)
    ]


def assert_same(found: Measurement, wanted: Measurement, *, value: float = VALUE, ends: float = ENDS) -> None:
    """Equal words and counts, numbers within the tolerances beside 1 and beside themselves."""
    for name in ("status", "reason", "n", "relevant_count", "successes", "n_clusters"):
        assert getattr(found, name) == getattr(wanted, name), name
    assert_close(found.value, wanted.value, value, value)
    assert_close(found.se, wanted.se, ends, 1e-14)
    assert_close(found.n_effective, wanted.n_effective, ends)
    assert found.design_effect == pytest.approx(wanted.design_effect, rel=ends)
    assert (found.interval is None) == (wanted.interval is None)
    if found.interval is not None and wanted.interval is not None:
        ours, theirs = found.interval, wanted.interval
        assert (ours.level, ours.method, ours.coverage) == (theirs.level, theirs.method, theirs.coverage)
        assert_close(ours.low, theirs.low, ends, ends)
        assert_close(ours.high, theirs.high, ends, ends)


def assert_close(found: float | None, wanted: float | None, rel: float, abs_: float = 0.0) -> None:
    assert found == wanted or (found is not None and found == pytest.approx(wanted, rel=rel, abs=abs_))


SHAPES: dict[str, dict[str, Any]] = {
    "plain": {},
    "tied scores": {"digits": 1},
    "weighted": {"weighted": True},
    "weighted and tied": {"weighted": True, "digits": 2},
    "many small clusters": {"clusters": 500, "digits": 2},
    "few clusters": {"clusters": 25},
    "two clusters": {"clusters": 2},
    "one cluster": {"clusters": 1},
    "clusters of one row": {"clusters": 10**6},
    "weighted clusters": {"clusters": 400, "weighted": True},
    "scores that only rank": {"probability": False},
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 12))])
def test_all_groups_at_once_are_measured_as_each_alone(shape: str, seed: int) -> None:
    made = world(seed, **SHAPES[shape])
    found = together(made, FAIR)
    for metric in FAIR:
        for ours, theirs in zip(found[metric], alone(made, metric), strict=True):
            assert_same(ours, theirs)


def test_every_metric_of_two_outcomes_is_measured_even_those_of_no_group_comparison() -> None:
    made = world(4, n=700, k=3)
    found = together(made, BINARY)
    for metric in BINARY:
        for ours, theirs in zip(found[metric], alone(made, metric), strict=True):
            assert_same(ours, theirs)


@pytest.mark.parametrize("clusters", [0, 60])
def test_a_group_of_one_outcome_or_of_rare_ones(clusters: int) -> None:
    rng = np.random.default_rng(11)
    n = 600
    score = rng.random(n)
    label = rng.random(n) < 0.5
    label[:150] = True
    label[150:300] = False
    label[150:153] = True
    cluster = rng.integers(0, clusters, n) if clusters else None
    rows = BinaryRows(label, score > 0.5, score, True, None, cluster)
    made = World(rows, list(np.split(np.arange(n), [150, 300, 450])))
    found = together(made, FAIR)
    for metric in FAIR:
        for ours, theirs in zip(found[metric], alone(made, metric), strict=True):
            assert_same(ours, theirs)


def test_scores_that_part_the_outcomes_and_scores_that_are_all_alike() -> None:
    rng = np.random.default_rng(12)
    label = rng.random(400) < 0.5
    score = np.where(np.arange(400) < 200, np.where(label, 0.8, 0.2) + rng.uniform(-0.1, 0.1, 400), 0.5)
    made = World(BinaryRows(label, score > 0.5, score, True), [np.arange(200), np.arange(200, 400)])
    found = together(made, FAIR)
    assert found["auc"][0].value == 1.0
    for metric in FAIR:
        for ours, theirs in zip(found[metric], alone(made, metric), strict=True):
            assert_same(ours, theirs)


def test_probabilities_of_0_and_1() -> None:
    rng = np.random.default_rng(13)
    score = rng.choice([0.0, 0.02, 0.5, 0.97, 1.0], 900)
    label = rng.random(900) < np.clip(score, 0.05, 0.95)
    group = rng.integers(0, 3, 900)
    made = World(BinaryRows(label, score > 0.5, score, True), [np.flatnonzero(group == place) for place in range(3)])
    for metric, found in together(made, FAIR).items():
        for ours, theirs in zip(found, alone(made, metric), strict=True):
            # Log-odds of 27 make much of the last step, after which one group alone keeps the spread of the step before.
            assert_same(ours, theirs, ends=1e-8)


def test_decisions_without_scores() -> None:
    made = world(5, n=800, k=4, clusters=300)
    bare = BinaryRows(made.rows.label, made.rows.decision, None, False, None, made.rows.cluster)
    for metric, found in together(World(bare, made.groups), FAIR).items():
        for ours, theirs in zip(found, alone(World(bare, made.groups), metric), strict=True):
            assert_same(ours, theirs)


def test_scores_without_decisions() -> None:
    made = world(6, n=800, k=4)
    bare = BinaryRows(made.rows.label, None, made.rows.score, True)
    for metric, found in together(World(bare, made.groups), FAIR).items():
        for ours, theirs in zip(found, alone(World(bare, made.groups), metric), strict=True):
            assert_same(ours, theirs)


def test_rows_of_no_group_count_for_none() -> None:
    made = world(7, n=1200, k=4)
    part = World(made.rows, made.groups[1:3])
    for metric, found in together(part, FAIR).items():
        for ours, theirs in zip(found, alone(part, metric), strict=True):
            assert_same(ours, theirs)


def test_looking_at_few_groups_at_a_time_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    made = world(8, n=1500, k=8)
    whole = together(made, FAIR)
    monkeypatch.setattr(grouped_rows, "BLOCK", 300)
    blocks = sorted_rows(made.rows).cut(made.groups).blocks()
    assert len(blocks) > 3
    assert sum(block.k for block in blocks) == len(made.groups)
    parts = over_blocks(blocks, FAIR)
    for metric in FAIR:
        for ours, theirs in zip(parts[metric], whole[metric], strict=True):
            assert_same(ours, theirs)


def test_points_that_stand_for_many_rows_give_the_same_calibration(monkeypatch: pytest.MonkeyPatch) -> None:
    made = world(9, n=30_000, k=3)
    monkeypatch.setattr(grouped_calibrated, "CONDENSED_FROM", 2_000)
    metrics = ("calibration_slope", "calibration_intercept")
    for metric, found in together(made, metrics).items():
        for ours, theirs in zip(found, alone(made, metric), strict=True):
            assert_same(ours, theirs, value=1e-9)


def test_very_many_groups() -> None:
    rng = np.random.default_rng(14)
    score = rng.random(1500)
    group = rng.integers(0, 300, 1500)
    group[:200] = 3
    made = World(
        BinaryRows(rng.random(1500) < score, score > 0.5, score, True),
        [np.flatnonzero(group == place) for place in range(300)],
    )
    found = together(made, ("true_positive_rate", "auc"))
    assert [row.status for row in found["auc"]].count("ok") >= 1
    for metric, rows in found.items():
        for ours, theirs in zip(rows, alone(made, metric), strict=True):
            assert_same(ours, theirs)
