"""What a measurement says when there is too little, nothing, or only one cluster to go by."""

from __future__ import annotations

import numpy as np
import pytest
from metric_oracles import drawn_rows, reweighted

from evaluator.catalogue.metrics import METRICS, metrics_for
from evaluator.metrics.measure import RELEVANT_WORDS, Measurement, measure
from evaluator.metrics.rows import BinaryRows

EVERY = sorted(entry.name for entry in metrics_for("binary"))
N = 300


def measured(metric: str, rows: BinaryRows, level: float = 0.95) -> Measurement:
    return measure(metric, rows, level=level, min_group=30, seed=3, unit="all")


def ends(found: Measurement) -> tuple[float, float]:
    assert found.interval is not None, found.reason
    assert found.interval.low is not None
    assert found.interval.high is not None
    return found.interval.low, found.interval.high


def cells(tp: int, fp: int, fn: int, tn: int, cluster: np.ndarray | None = None) -> BinaryRows:
    label = np.repeat([True, False, True, False], [tp, fp, fn, tn])
    decision = np.repeat([True, True, False, False], [tp, fp, fn, tn])
    return BinaryRows(label, decision, np.where(decision, 0.9, 0.1), True, cluster=cluster)


def clustered(rows: BinaryRows, cluster: np.ndarray) -> BinaryRows:
    return BinaryRows(rows.label, rows.decision, rows.score, True, rows.weight, cluster.astype(np.int64))


# --- too few, missing ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("metric", EVERY)
def test_fewer_rows_than_a_group_must_have_are_too_few(metric: str) -> None:
    found = measured(metric, drawn_rows(29))
    assert (found.status, found.value, found.interval, found.se) == ("too_few", None, None, None)
    assert found.reason == "29 rows; at least 30 are needed."


@pytest.mark.parametrize(
    ("metric", "few", "enough"),
    [
        ("true_positive_rate", cells(5, 20, 4, 20), cells(6, 20, 4, 20)),
        ("false_negative_rate", cells(5, 20, 4, 20), cells(6, 20, 4, 20)),
        ("true_negative_rate", cells(20, 5, 20, 4), cells(20, 6, 20, 4)),
        ("false_positive_rate", cells(20, 5, 20, 4), cells(20, 6, 20, 4)),
        ("precision", cells(5, 4, 20, 20), cells(6, 4, 20, 20)),
        ("negative_predictive_value", cells(20, 20, 5, 4), cells(20, 20, 6, 4)),
        ("balanced_accuracy", cells(20, 5, 20, 4), cells(20, 6, 20, 4)),
        ("mcc", cells(5, 20, 4, 20), cells(6, 20, 4, 20)),
        ("auc", cells(5, 20, 4, 20), cells(6, 20, 4, 20)),
        ("average_precision", cells(5, 20, 4, 20), cells(6, 20, 4, 20)),
        ("calibration_slope", cells(5, 20, 4, 20), cells(6, 20, 4, 20)),
        ("calibration_intercept", cells(5, 20, 4, 20), cells(6, 20, 4, 20)),
        ("f1", cells(3, 3, 3, 40), cells(4, 3, 3, 40)),
    ],
)
def test_fewer_than_ten_relevant_cases_are_too_few(metric: str, few: BinaryRows, enough: BinaryRows) -> None:
    found = measured(metric, few)
    assert (found.status, found.relevant_count, found.value) == ("too_few", 9, None)
    assert found.reason.startswith("9 ")
    assert RELEVANT_WORDS[METRICS[metric].relevant_count] in found.reason
    assert (measured(metric, enough).status, measured(metric, enough).relevant_count) == ("ok", 10)


@pytest.mark.parametrize("metric", EVERY)
def test_what_the_subject_lacks_is_not_tested_and_says_so(metric: str) -> None:
    rows, needs = drawn_rows(), METRICS[metric].needs
    no_decision = BinaryRows(rows.label, None, rows.score, True)
    no_score = BinaryRows(rows.label, rows.decision, None, False)
    ranking_only = BinaryRows(rows.label, rows.decision, rows.score, False)
    for changed, lacking, word in (
        (no_decision, "prediction" in needs, "decision"),
        (no_score, bool({"score", "probability"} & set(needs)), "score"),
        (ranking_only, "probability" in needs, "probabilities"),
    ):
        found = measured(metric, changed)
        assert found.status == ("not_tested" if lacking else "ok")
        assert not lacking or (word in found.reason and found.value is None)


@pytest.mark.parametrize("positive", [True, False])
@pytest.mark.parametrize("decided", [True, False])
@pytest.mark.parametrize("metric", EVERY)
def test_one_outcome_and_one_decision_never_crash_nor_look_certain(metric: str, positive: bool, decided: bool) -> None:
    label, decision = np.full(60, positive), np.full(60, decided)
    found = measured(metric, BinaryRows(label, decision, np.full(60, 0.7), True))
    assert found.status in ("ok", "too_few", "undefined")
    if found.status == "ok":
        low, high = ends(found)
        assert low < high
    else:
        assert found.value is None
        assert found.reason


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("metric", EVERY)
def test_one_score_for_all_never_looks_certain(metric: str, weighted: bool) -> None:
    rows = drawn_rows(100, weighted=weighted)
    found = measured(metric, BinaryRows(rows.label, rows.label, np.full(100, 0.4), True, rows.weight))
    if metric in ("calibration_slope", "error_ratio"):
        assert found.status == {"calibration_slope": "undefined", "error_ratio": "too_few"}[metric]
        return
    low, high = ends(found)
    assert low < high
    assert metric != "auc" or found.value == pytest.approx(0.5)


# --- clusters --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("metric", EVERY)
def test_one_cluster_with_all_the_rows_has_a_value_and_no_range(metric: str) -> None:
    found = measured(metric, clustered(drawn_rows(N), np.full(N, 4)))
    assert (found.status, found.se, found.n_clusters) == ("ok", None, 1)
    assert found.value == pytest.approx(measured(metric, drawn_rows(N)).value)
    assert found.interval is not None
    assert (found.interval.low, found.interval.high, found.interval.coverage) == (None, None, "none")


@pytest.mark.parametrize("metric", EVERY)
def test_clusters_of_one_row_are_independent_rows(metric: str) -> None:
    rows = drawn_rows(N)
    alone = measured(metric, clustered(rows, np.random.default_rng(1).permutation(N) * 7))
    assert alone == measured(metric, rows)


@pytest.mark.parametrize("metric", EVERY)
def test_rows_repeated_within_clusters_hardly_narrow_the_range(metric: str) -> None:
    rows = drawn_rows(N, threshold=0.45)
    five = rows.take(np.repeat(np.arange(N), 5))
    low, high = ends(measured(metric, rows))
    repeated = measured(metric, clustered(five, np.repeat(np.arange(N), 5)))
    naive_low, naive_high = ends(measured(metric, five))
    repeated_low, repeated_high = ends(repeated)
    assert repeated_high - repeated_low == pytest.approx(high - low, rel=0.15)
    assert naive_high - naive_low < 0.65 * (high - low)
    assert repeated.n_clusters == N


@pytest.mark.parametrize("metric", ["accuracy", "f1", "balanced_accuracy", "mcc", "auc", "average_precision"])
def test_flawless_rows_repeated_within_clusters_count_as_their_clusters(metric: str) -> None:
    label = np.repeat(np.arange(60) % 2 == 0, 10)
    flawless = BinaryRows(label, label, label * 0.8 + 0.1, True)
    alone_low, _ = ends(measured(metric, flawless.take(np.arange(0, 600, 10))))
    low, high = ends(measured(metric, clustered(flawless, np.repeat(np.arange(60), 10))))
    assert high == 1
    assert low == pytest.approx(alone_low, abs=0.035)
    found = measured(metric, clustered(flawless, np.repeat(np.arange(60), 10)))
    assert found.interval is not None
    assert found.interval.coverage == "approximate"


# --- which interval --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("metric", "rows", "method"),
    [
        ("accuracy", cells(30, 2, 3, 30), "wilson"),
        ("accuracy", cells(15, 2, 3, 15), "clopper_pearson"),
        ("accuracy", cells(50, 0, 0, 50), "clopper_pearson"),
        ("true_positive_rate", cells(20, 40, 19, 40), "clopper_pearson"),
        ("true_positive_rate", cells(20, 40, 20, 40), "wilson"),
        ("f1", cells(20, 9, 10, 40), "clopper_pearson_on_jaccard"),
        ("f1", cells(20, 10, 10, 40), "wilson_on_jaccard"),
        ("balanced_accuracy", cells(20, 10, 10, 40), "mover"),
        ("mcc", cells(20, 10, 5, 40), "fisher_z"),
        ("mcc", cells(20, 10, 4, 40), "dirichlet_half"),
        ("mcc", cells(20, 4, 10, 40), "dirichlet_half"),
        ("auc", cells(20, 10, 10, 20), "logit_delong"),
        ("auc", cells(100, 4, 4, 100), "logit_delong"),
        ("auc", cells(20, 10, 9, 20), "newcombe_5"),
        ("auc", cells(100, 2, 2, 100), "newcombe_5"),
        ("auc", cells(40, 0, 0, 40), "perfect_separation"),
        ("average_precision", cells(40, 0, 0, 40), "perfect_separation"),
        ("average_precision", cells(40, 5, 5, 40), "logit_less_bias"),
        ("brier_loss", cells(40, 5, 5, 40), "hall"),
        ("brier_loss", cells(40, 0, 0, 40), "constant_rows"),
        ("log_loss", cells(40, 0, 0, 40), "constant_rows"),
        ("calibration_intercept", cells(40, 5, 5, 40), "t"),
        ("expected_calibration_error", cells(40, 5, 5, 40), "triangle_bound"),
    ],
)
def test_the_smallest_count_chooses_the_interval(metric: str, rows: BinaryRows, method: str) -> None:
    found = measured(metric, rows)
    assert found.interval is not None
    assert found.interval.method == method


def test_weights_and_clusters_take_influence_or_an_effective_size() -> None:
    rows = cells(60, 15, 15, 60)
    weight = np.linspace(1, 3, 150)
    for metric in ("accuracy", "true_positive_rate"):
        found = measured(metric, reweighted(rows, weight)).interval
        assert found is not None
        assert found.method == "logit_influence"
    rare = measured("accuracy", reweighted(cells(90, 2, 2, 56), weight)).interval
    assert rare is not None
    assert (rare.method, rare.coverage) == ("wilson_effective", "approximate")


def test_equal_weights_say_nearly_what_no_weights_say() -> None:
    rows = drawn_rows(N)
    for metric in EVERY:
        plain, equal = measured(metric, rows), measured(metric, reweighted(rows, np.full(N, 3.0)))
        assert equal.value == pytest.approx(plain.value, abs=1e-9)
        assert equal.n_effective == pytest.approx(N)
        assert ends(equal) == pytest.approx(ends(plain), abs=0.015 * max(1.0, abs(plain.value or 0.0)))


@pytest.mark.parametrize("smaller", [10, 30, 200])
def test_a_perfect_ranking_is_never_certain(smaller: int) -> None:
    label = np.arange(smaller * 3) < smaller
    found = measured("auc", BinaryRows(label, None, label * 1.0, False))
    assert found.value == 1
    assert ends(found) == pytest.approx((0.025 ** (1 / smaller), 1.0))


def test_weighted_mcc_with_rare_errors_holds_its_value() -> None:
    rows = cells(50, 2, 3, 145)
    weight = np.where(rows.label == rows.decision, 1.0, 6.0)
    found = measured("mcc", reweighted(rows, weight))
    low, high = ends(found)
    assert found.value is not None
    assert low < found.value < high


def test_weighted_balanced_accuracy_of_one_decision_for_all_is_not_certain() -> None:
    rows = reweighted(cells(60, 60, 0, 0), np.linspace(1, 2, 120))
    found = measured("balanced_accuracy", rows)
    low, high = ends(found)
    assert found.value == pytest.approx(0.5)
    assert low < 0.5 < high


def test_the_random_stream_is_keyed_by_seed_metric_and_population() -> None:
    rows = cells(48, 2, 2, 48)

    def high(seed: int, unit: str) -> float:
        return ends(measure("mcc", rows, level=0.95, min_group=30, seed=seed, unit=unit))[1]

    assert high(3, "all") == high(3, "all")
    assert len({high(3, "all"), high(4, "all"), high(3, "region=north")}) == 3


def test_two_clusters_that_agree_exactly_are_not_certainty() -> None:
    rows = cells(30, 10, 10, 30)
    halves = np.arange(80) % 2
    for metric in ("accuracy", "f1", "balanced_accuracy", "auc", "brier_loss", "log_loss"):
        low, high = ends(measured(metric, clustered(rows, halves)))
        assert high - low > 0.2
    found = measured("calibration_intercept", clustered(rows, halves))
    assert found.interval is not None
    assert (found.status, found.interval.low, found.interval.method) == ("ok", None, "nothing_varies")
