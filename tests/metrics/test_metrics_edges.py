"""Every metric of the catalogue at the edges of what rows can be."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import special

from evaluator.catalogue.metrics import METRICS
from evaluator.metrics.class_rows import ClassRows
from evaluator.metrics.measure import Measurement, measure
from evaluator.metrics.number_rows import AnyRows, NumberRows
from evaluator.metrics.rows import BinaryRows

EVERY = sorted(
    (metric.name, task) for metric in METRICS.values() for task in metric.tasks if metric.scope != "one_class"
)
EVERY += sorted((metric.name, "binary") for metric in METRICS.values() if metric.scope == "one_class")
ERRORS = ("false_positive_rate", "false_negative_rate")
N = 200


def binary(label, decision=None, score=None, weight=None, cluster=None) -> BinaryRows:
    label = np.asarray(label, dtype=bool)
    decision = label if decision is None else np.asarray(decision, dtype=bool)
    score = np.where(decision, 0.8, 0.2) if score is None else np.asarray(score, dtype=np.float64)
    return BinaryRows(label, decision, score, True, weight, cluster)


def classes(label, chosen=None, weight=None, cluster=None, *, flat: bool = False) -> ClassRows:
    label = np.asarray(label, dtype=np.int64)
    chosen = label if chosen is None else np.asarray(chosen, dtype=np.int64)
    scores = np.full((label.size, 3), 1 / 3) if flat else 0.1 + 0.7 * np.eye(3)[chosen]
    return ClassRows(label, chosen, scores, True, 3, True, weight, cluster)


def numbers(label, predicted, weight=None, cluster=None) -> NumberRows:
    return NumberRows(np.asarray(label, dtype=np.float64), np.asarray(predicted, dtype=np.float64), weight, cluster)


def ordinary(task: str, n: int = N, weight=None, cluster=None) -> AnyRows:
    """Rows with some of everything."""
    rng = np.random.default_rng([31, n])
    if task == "regression":
        label = rng.normal(50.0, 9.0, n)
        return numbers(label, label + rng.normal(1.0, 3.0, n), weight, cluster)
    wrong = rng.random(n) < 0.25
    if task == "multiclass":
        label = np.arange(n) % 3
        return classes(label, np.where(wrong, (label + 1) % 3, label), weight, cluster)
    label = np.arange(n) % 3 == 0
    score = special.expit(rng.normal(size=n) + np.where(label ^ wrong, 1.0, -1.0))
    return binary(label, label ^ wrong, score, weight, cluster)


def measured(metric: str, rows: AnyRows, min_group: int = 30) -> Measurement:
    return measure(metric, rows, level=0.95, min_group=min_group, seed=5)


def check(metric: str, found: Measurement) -> None:
    """Either a reason, or a possible value inside a range that is not certain."""
    entry = METRICS[metric]
    if found.status != "ok":
        assert found.status in ("too_few", "undefined", "not_tested")
        assert found.reason
        assert found.value is None
        assert found.interval is None
        return
    assert found.value is not None
    assert math.isfinite(found.value)
    assert entry.low is None or found.value >= entry.low - 1e-12
    assert entry.high is None or found.value <= entry.high + 1e-12
    check_range(metric, found)


def check_range(metric: str, found: Measurement) -> None:
    assert found.interval is not None
    assert found.value is not None
    low, high = found.interval.low, found.interval.high
    if low is None or high is None:
        assert low is None
        assert high is None
        assert found.interval.coverage in ("none", "exact_count")
        return
    assert low < high
    assert low - 1e-9 <= found.value <= high + 1e-9
    assert METRICS[metric].low is None or low >= METRICS[metric].low - 1e-9
    assert METRICS[metric].high is None or high <= METRICS[metric].high + 1e-9


Make = Callable[[str], AnyRows]


def alike(task: str) -> AnyRows:
    """One class, one score, one number."""
    if task == "regression":
        return numbers(np.full(N, 3.0), np.full(N, 4.0))
    return classes(np.zeros(N)) if task == "multiclass" else binary(np.ones(N))


def other_class(task: str) -> AnyRows:
    return binary(np.zeros(N)) if task == "binary" else alike(task)


def equal_scores(task: str) -> AnyRows:
    if task == "regression":
        return numbers(np.arange(N), np.full(N, N / 2))
    if task == "multiclass":
        return classes(np.arange(N) % 3, np.zeros(N), flat=True)
    return binary(np.arange(N) % 3 == 0, np.zeros(N), np.full(N, 0.4))


def all_right(task: str) -> AnyRows:
    if task == "regression":
        return numbers(np.arange(N), np.arange(N))
    if task == "multiclass":
        return classes(np.arange(N) % 3)
    label = np.arange(N) % 3 == 0
    return binary(label, label, label.astype(np.float64))


def all_wrong(task: str) -> AnyRows:
    if task == "regression":
        return numbers(np.arange(N), -np.arange(N) - 1.0)
    if task == "multiclass":
        return classes(np.arange(N) % 3, (np.arange(N) + 1) % 3)
    label = np.arange(N) % 3 == 0
    return binary(label, ~label, 1.0 - label)


def weightless(task: str) -> AnyRows:
    return ordinary(task, weight=np.zeros(N)).with_weight()


def mostly_weightless(task: str) -> AnyRows:
    return ordinary(task, weight=np.where(np.arange(N) < 100, 1.0, 0.0)).with_weight()


def lopsided(task: str) -> AnyRows:
    """Weights that differ by a factor of a million."""
    return ordinary(task, weight=np.where(np.arange(N) % 2 == 0, 1e-3, 1e3))


def one_cluster(task: str) -> AnyRows:
    return ordinary(task, cluster=np.zeros(N, dtype=np.int64))


def two_clusters(task: str) -> AnyRows:
    return ordinary(task, cluster=np.arange(N) % 2)


EDGES: dict[str, Make] = {
    "one row": lambda task: ordinary(task, 1),
    "two rows": lambda task: ordinary(task, 2),
    "all alike": alike,
    "the other class": other_class,
    "equal scores": equal_scores,
    "all right": all_right,
    "all wrong": all_wrong,
    "no weight at all": weightless,
    "half without weight": mostly_weightless,
    "weights a million apart": lopsided,
    "one cluster": one_cluster,
    "two clusters": two_clusters,
}


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize(("metric", "task"), EVERY)
def test_an_edge_gives_a_reason_or_an_honest_range(metric: str, task: str, edge: str) -> None:
    for min_group in (1, 30):
        check(metric, measured(metric, EDGES[edge](task), min_group))


@pytest.mark.parametrize(("metric", "task"), EVERY)
def test_one_row_and_no_weight_are_too_few(metric: str, task: str) -> None:
    assert measured(metric, ordinary(task, 1)).status in ("too_few", "not_tested")
    assert measured(metric, weightless(task)).status in ("too_few", "not_tested")


@pytest.mark.parametrize(("metric", "task"), EVERY)
def test_perfection_is_never_certain(metric: str, task: str) -> None:
    found = measured(metric, all_right(task))
    if found.status == "ok" and task != "regression":
        assert found.interval is not None
        assert found.interval.low != found.interval.high


@pytest.mark.parametrize("metric", ERRORS)
def test_no_error_seen_leaves_an_upper_end(metric: str) -> None:
    found = measured(metric, all_right("binary"))
    assert (found.value, found.interval is not None) == (0.0, True)
    assert found.interval is not None
    assert found.interval.low == 0.0
    assert found.interval.high is not None
    count = found.relevant_count or 0
    assert found.interval.high == pytest.approx(1 - 0.025 ** (1 / count))
    assert found.interval.coverage == "guaranteed"


@pytest.mark.parametrize(("metric", "task"), EVERY)
def test_weights_of_zero_leave_the_other_rows_alone(metric: str, task: str) -> None:
    found, rest = measured(metric, mostly_weightless(task)), ordinary(task, weight=np.ones(N)).take(np.arange(100))
    assert found.value == pytest.approx(measured(metric, rest).value, nan_ok=True)


@pytest.mark.parametrize(("metric", "task"), EVERY)
def test_identical_rows_in_great_number_are_measured(metric: str, task: str) -> None:
    """200,000 rows that are all the same."""
    n = 200_000
    if task == "regression":
        rows: AnyRows = numbers(np.full(n, 3.0), np.full(n, 4.0))
    elif task == "multiclass":
        rows = classes(np.ones(n), np.full(n, 2))
    else:
        rows = binary(np.ones(n), np.ones(n), np.full(n, 0.7))
    found = measured(metric, rows)
    check(metric, found)
    if metric == "accuracy":
        assert found.interval is not None
        assert found.interval.high is not None
        assert found.interval.low is not None
        assert found.interval.high - found.interval.low < 1e-4


@pytest.mark.slow
def test_ten_million_rows_give_what_their_condensed_copy_gives() -> None:
    """Ten million rows of few kinds: as rows, and as weights of the kinds."""
    kinds, n = 40, 10_000_000
    rng = np.random.default_rng(32)
    kind = rng.integers(0, kinds, n)
    score = (np.arange(kinds) // 2 + 0.5) / 20.0
    label = np.arange(kinds) % 2 == 0
    rows = BinaryRows(label[kind], score[kind] >= 0.5, score[kind], True)
    few = BinaryRows(label, score >= 0.5, score, True, np.bincount(kind, minlength=kinds).astype(np.float64))
    for metric in ("auc", "accuracy", "brier_loss"):
        found, expected = measured(metric, rows), measured(metric, few, 1)
        assert found.value == pytest.approx(expected.value, rel=1e-9)
        check(metric, found)
