"""Intervals of metrics of several classes: which one is taken, what it promises, and that none looks certain."""

from __future__ import annotations

import numpy as np
import pytest
from class_worlds import CLASS_ORACLES, as_rows, decided, drawn_classes, reweighted

from evaluator.catalogue.metrics import METRICS
from evaluator.metrics.class_rows import ClassRows
from evaluator.metrics.compare import Difference, compare
from evaluator.metrics.measure import Measurement, measure
from evaluator.metrics.ranges import interval_for
from evaluator.records import Interval
from evaluator.statistics.comparison import mcnemar_mid_p
from evaluator.statistics.spread import Spread

EVERY = sorted(CLASS_ORACLES)
DECIDED = sorted(name for name in EVERY if METRICS[name].needs == ("prediction",))
RANKED = sorted(name for name in EVERY if name.startswith(("auc", "average_precision")))
LOSSES = ("brier_loss", "log_loss")


def measured(metric: str, rows: ClassRows) -> Measurement:
    return measure(metric, rows, level=0.95, min_group=30, seed=5)


def interval_of(metric: str, rows: ClassRows) -> Interval:
    found = measured(metric, rows).interval
    assert found is not None
    return found


def ends(found: Interval | None) -> tuple[float, float]:
    assert found is not None
    assert found.low is not None
    assert found.high is not None
    return found.low, found.high


def perfect(n: int = 200, k: int = 4, *, weighted: bool = False, households: bool = False) -> ClassRows:
    """Every class recognised, with scores that keep it apart from all others."""
    label = np.arange(n) % k
    scores = np.where(np.eye(k)[label] > 0, 1.0, 0.0)
    weight = 1.0 + np.arange(n) % 3 if weighted else None
    return as_rows(label, scores, k, weight, np.arange(n) // (2 * k) if households else None)


@pytest.mark.parametrize("households", [False, True])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("metric", EVERY)
def test_no_error_is_not_certainty(metric: str, weighted: bool, households: bool) -> None:
    rows = perfect(weighted=weighted, households=households)
    found, ideal = measured(metric, rows), METRICS[metric].ideal
    assert found.value == pytest.approx(ideal, abs=1e-12)
    low, high = ends(found.interval)
    assert low < high
    assert ideal in (pytest.approx(low, abs=1e-12), pytest.approx(high, abs=1e-12))
    assert found.interval is not None
    if (weighted or households) and metric not in LOSSES:
        assert found.interval.coverage == "approximate"


@pytest.mark.parametrize("metric", sorted(set(DECIDED + RANKED) - {"quadratic_kappa"}))
def test_no_error_of_more_rows_says_more(metric: str) -> None:
    few, many = ends(interval_of(metric, perfect(200)))[0], ends(interval_of(metric, perfect(2_000)))[0]
    assert few < many
    assert 1 - many < 0.02
    together = ends(interval_of(metric, perfect(200, households=True)))[0]
    assert together < few


def test_a_rare_class_without_an_error_says_little() -> None:
    label = np.r_[np.zeros(900, dtype=np.int64), np.ones(900, dtype=np.int64), np.full(12, 2)]
    low = ends(interval_of("balanced_accuracy", decided(label, label, 3)))[0]
    worst = 1 - (1 - 0.025 ** (1 / 12)) / 3
    assert low == pytest.approx(worst, abs=0.02)


@pytest.mark.parametrize("metric", EVERY)
def test_ranges_stay_within_possible_values_and_hold_the_value(metric: str) -> None:
    entry = METRICS[metric]
    for seed, skill in enumerate((0.0, 1.5, 4.0)):
        for clusters in (0, 25):
            rows = drawn_classes(200, 4, 20 + seed, skill=skill, clusters=clusters, weighted=clusters > 0)
            found = measured(metric, rows)
            low, high = ends(found.interval)
            assert found.value is not None
            assert low <= found.value <= high
            assert entry.low is None or low >= entry.low
            assert entry.high is None or high <= entry.high
            assert found.interval is not None
            assert clusters == 0 or found.interval.coverage == "approximate"


@pytest.mark.parametrize(
    ("metric", "method"),
    [
        ("accuracy", "wilson"),
        ("top_2_accuracy", "wilson"),
        ("balanced_accuracy", "logit_influence"),
        ("f1_macro", "logit_influence"),
        ("mcc", "fisher_z"),
        ("quadratic_kappa", "fisher_z"),
        ("auc_macro", "logit_influence"),
        ("auc_micro", "logit_influence"),
        ("average_precision_macro", "logit_less_bias"),
        ("log_loss", "hall"),
        ("brier_loss", "hall"),
        ("expected_calibration_error", "triangle_bound"),
    ],
)
def test_many_rows_take_the_large_sample_range(metric: str, method: str) -> None:
    found = interval_of(metric, drawn_classes(1_000, 4, 23))
    assert (found.method, found.coverage) == (method, "nominal")


@pytest.mark.parametrize(
    ("metric", "method"),
    [
        ("balanced_accuracy", "exact_at_size"),
        ("mcc", "exact_at_size"),
        ("quadratic_kappa", "exact_at_size"),
        ("auc_macro", "newcombe_5"),
        ("auc_micro", "newcombe_5"),
        ("average_precision_macro", "exact_at_size"),
    ],
)
def test_few_errors_take_a_range_that_does_not_lean_on_the_standard_error(metric: str, method: str) -> None:
    assert interval_of(metric, drawn_classes(400, 4, 24, skill=4.0)).method == method


@pytest.mark.parametrize("metric", EVERY)
def test_one_cluster_has_no_range(metric: str) -> None:
    rows = drawn_classes(100, 3, 25)
    if metric == "top_3_accuracy":
        rows = drawn_classes(100, 4, 25)
    single = ClassRows(rows.label, rows.chosen, rows.scores, True, rows.k, True, None, np.zeros(rows.n, dtype=np.int64))
    found = measured(metric, single)
    assert found.status == "ok"
    assert found.se is None
    assert found.interval is not None
    assert (found.interval.method, found.interval.low) == ("one_cluster", None)
    between = compare(metric, single, single, level=0.95, min_group=30)
    assert between.interval is not None
    assert between.interval.method == "one_cluster"


def test_rows_of_a_household_say_less_than_as_many_of_their_own() -> None:
    alone = drawn_classes(300, 4, 26)
    twice = alone.take(np.repeat(np.arange(300), 2))
    households = ClassRows(
        twice.label, twice.chosen, twice.scores, True, 4, True, None, np.repeat(np.arange(300), 2).astype(np.int64)
    )
    for metric in EVERY:
        own, both, shared = (measured(metric, rows).se for rows in (alone, twice, households))
        assert own is not None
        assert both is not None
        assert shared == pytest.approx(own, rel=0.15)
        assert both < 0.8 * own


def test_the_same_range_is_asked_for_by_its_parts() -> None:
    rows = drawn_classes(300, 4, 27)
    found = measured("balanced_accuracy", rows)
    assert found.se is not None
    assert found.value is not None
    spread = Spread(found.se, 299.0, None, 1.0)
    asked = interval_for(METRICS["balanced_accuracy"], rows, found.value, spread, 60, 0.95)
    assert ends(asked) == pytest.approx(ends(found.interval), rel=1e-9)


# --- two subjects --------------------------------------------------------------------------------------------------


def compared(metric: str, a: ClassRows, b: ClassRows) -> Difference:
    return compare(metric, a, b, level=0.95, min_group=30)


def rivals(n: int = 400, **options) -> tuple[ClassRows, ClassRows]:
    """Two subjects on the same rows."""
    first = drawn_classes(n, 4, 28, **options)
    assert first.scores is not None
    rng = np.random.default_rng(29)
    other = first.scores * np.exp(rng.normal(0.0, 0.5, first.scores.shape))
    other /= other.sum(axis=1, keepdims=True)
    return first, as_rows(first.label, other, 4, first.weight, first.cluster)


@pytest.mark.parametrize("options", [{}, {"weighted": True}, {"clusters": 60}], ids=["plain", "weighted", "clusters"])
@pytest.mark.parametrize("metric", EVERY)
def test_a_difference_is_that_of_the_values_and_turns_its_sign(metric: str, options: dict[str, int]) -> None:
    a, b = rivals(**options)
    there, back = compared(metric, a, b), compared(metric, b, a)
    first, second = measured(metric, a).value, measured(metric, b).value
    assert first is not None
    assert second is not None
    assert there.value == pytest.approx(first - second, abs=1e-12)
    low, high = ends(there.interval)
    assert low < first - second < high
    assert ends(back.interval) == pytest.approx((-high, -low), abs=1e-9)


@pytest.mark.parametrize("metric", EVERY)
def test_two_equal_subjects_may_still_differ(metric: str) -> None:
    a, _ = rivals()
    found = compared(metric, a, reweighted(a, None))
    assert found.value == 0
    low, high = ends(found.interval)
    assert low == pytest.approx(-high)
    assert 0 < high < 0.1


def test_pairing_helps() -> None:
    a, b = rivals(1_000)
    for metric in ("balanced_accuracy", "f1_macro", "auc_macro", "log_loss", "quadratic_kappa"):
        alone = [measured(metric, rows).se or 0.0 for rows in (a, b)]
        assert (compared(metric, a, b).se or 0.0) < 0.9 * float(np.hypot(*alone))


def test_few_disagreements_are_counted() -> None:
    a, _ = rivals()
    assert a.chosen is not None
    chosen = a.chosen.copy()
    right = np.flatnonzero(chosen == a.label)[:5]
    chosen[right] = (chosen[right] + 1) % 4
    b = ClassRows(a.label, chosen, a.scores, True, 4, True)
    found = compared("accuracy", a, b)
    assert found.interval is not None
    assert found.interval.method == "bonett_price"
    assert found.value == pytest.approx(5 / 400)
    assert found.p_value == pytest.approx(mcnemar_mid_p(5, 0))
    assert compared("balanced_accuracy", a, b).p_value is None
    assert compared("accuracy", *rivals(clusters=60)).p_value is None


def test_too_few_and_missing_are_said_for_two_as_well() -> None:
    a, b = rivals(36)
    assert compared("balanced_accuracy", a, b).status == "too_few"
    assert compared("expected_calibration_error", *rivals()).status == "not_tested"
    unscored = ClassRows(a.label, a.chosen, None, False, 4, True)
    assert compared("auc_macro", a, unscored).reason == "There is no score to judge."
