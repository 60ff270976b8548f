"""Metrics of several classes together: equal to scikit-learn's, and influences equal to finite differences."""

from __future__ import annotations

import numpy as np
import pytest
from class_worlds import CLASS_ORACLES, TIED, as_rows, decided, drawn_classes, reweighted

from evaluator.catalogue.metrics import CLASS_PROPORTIONS, METRICS, class_metrics_for, metrics_for
from evaluator.metrics.class_metrics import CLASS_INFLUENCES, CLASS_SHARES, among_top
from evaluator.metrics.influences import has_influence, influence_of, rate_parts
from evaluator.metrics.measure import Measurement, measure
from evaluator.metrics.rows import BinaryRows

SAME_FOR_TWO = {
    "accuracy": "accuracy",
    "balanced_accuracy": "balanced_accuracy",
    "true_positive_rate_macro": "balanced_accuracy",
    "mcc": "mcc",
    "brier_loss": "brier_loss",
    "log_loss": "log_loss",
    "auc_macro": "auc",
    "auc_weighted": "auc",
}
"""Metrics of all classes whose value, with two of them, is that of the metric of a positive outcome."""


def measured(metric: str, rows) -> Measurement:
    return measure(metric, rows, level=0.95, min_group=30, seed=5)


def test_every_metric_of_all_classes_has_its_oracle() -> None:
    names = {entry.name for entry in metrics_for("multiclass")}
    assert names == set(CLASS_ORACLES) | {"expected_calibration_error"}
    assert set(CLASS_INFLUENCES) == set(CLASS_ORACLES)
    assert set(CLASS_SHARES) == CLASS_PROPORTIONS
    assert all(has_influence(name) for name in CLASS_ORACLES)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("k", [2, 3, 10])
@pytest.mark.parametrize("metric", sorted(CLASS_ORACLES))
def test_values_are_those_of_scikit_learn(metric: str, k: int, weighted: bool) -> None:
    if (k == 2 and metric.startswith(("auc", "top", "log", "brier", "average"))) or (
        k == 3 and metric == "top_3_accuracy"
    ):
        return
    rows = drawn_classes(400, k, 1, weighted=weighted)
    found = influence_of(metric, rows)
    assert found is not None
    assert found.value == pytest.approx(CLASS_ORACLES[metric](rows), abs=1e-12)


@pytest.mark.parametrize("metric", sorted(set(CLASS_ORACLES) - set(TIED)))
def test_values_are_those_of_scikit_learn_with_tied_scores(metric: str) -> None:
    rows = drawn_classes(300, 4, 2, weighted=True, ties=True)
    found = influence_of(metric, rows)
    assert found is not None
    assert found.value == pytest.approx(CLASS_ORACLES[metric](rows), abs=1e-12)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("metric", sorted(CLASS_ORACLES))
def test_influence_is_what_a_little_more_weight_does(metric: str, ties: bool, weighted: bool) -> None:
    rows = drawn_classes(60, 4, 3, weighted=weighted, ties=ties)
    weight = np.ones(rows.n) if rows.weight is None else rows.weight
    found = influence_of(metric, rows)
    assert found is not None
    assert found.rows.sum() == pytest.approx(0.0, abs=1e-12)
    for row in range(0, rows.n, 7):
        step = np.where(np.arange(rows.n) == row, 1e-5, 0.0)
        above, below = (influence_of(metric, reweighted(rows, weight + sign * step)) for sign in (1, -1))
        assert above is not None
        assert below is not None
        slope = (above.value - below.value) / 2e-5 * weight[row]
        assert found.rows[row] == pytest.approx(slope, abs=1e-8)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(("metric", "binary"), sorted(SAME_FOR_TWO.items()))
def test_two_classes_are_a_positive_and_a_negative_outcome(metric: str, binary: str, weighted: bool) -> None:
    rows = drawn_classes(300, 2, 4, weighted=weighted)
    two, one = influence_of(metric, rows), influence_of(binary, rows.one_class(1))
    assert two is not None
    assert one is not None
    assert two.value == pytest.approx(one.value, abs=1e-12)
    np.testing.assert_allclose(two.rows, one.rows, atol=1e-12)


def test_the_calibration_error_is_that_of_the_chosen_classes_probability() -> None:
    rows = drawn_classes(400, 5, 5)
    assert rows.scores is not None
    top = BinaryRows(rows.chosen == rows.label, None, rows.scores.max(axis=1), True)
    assert measured("expected_calibration_error", rows) == measured("expected_calibration_error", top)
    undecided = as_rows(rows.label, rows.scores, 5)
    object.__setattr__(undecided, "chosen", None)
    assert measured("expected_calibration_error", undecided) == measured("expected_calibration_error", top)


def test_of_equal_scores_the_first_class_counts_as_the_higher() -> None:
    scores = np.full((3, 4), 0.25)
    rows = as_rows(np.array([0, 1, 2]), scores, 4)
    assert rows.chosen is not None
    assert rows.chosen.tolist() == [0, 0, 0]
    assert among_top(rows, 1).tolist() == [True, False, False]
    assert among_top(rows, 2).tolist() == [True, True, False]
    assert among_top(rows, 3).tolist() == [True, True, True]


def test_the_right_within_two_guesses_are_never_fewer_than_the_right() -> None:
    rows = drawn_classes(200, 3, 6, ties=True)
    assert (among_top(rows, 1) == (rows.chosen == rows.label)).all()
    assert (among_top(rows, 2) >= among_top(rows, 1)).all()


def test_shares_tell_what_they_count() -> None:
    rows = drawn_classes(200, 4, 7)
    for metric in CLASS_SHARES:
        counted, among = rate_parts(metric, rows)
        assert among.all()
        found = measured(metric, rows)
        assert found.successes == counted.sum()
        assert found.value == pytest.approx(counted.mean())


def test_an_average_over_the_classes_needs_every_class() -> None:
    label = np.repeat([0, 1], 50)
    rows = decided(label, np.roll(label, 5), 3)
    for metric in ("balanced_accuracy", "f1_macro", "precision_macro", "true_positive_rate_macro"):
        assert influence_of(metric, rows) is None
        found = measured(metric, rows)
        assert found.status == "too_few"
        assert found.relevant_count == 0
        assert "class" in found.reason
    for metric in ("accuracy", "f1_weighted", "precision_weighted", "mcc", "quadratic_kappa"):
        assert measured(metric, rows).status == "ok"


def test_a_class_never_chosen_has_no_precision_but_an_f1_of_zero() -> None:
    label = np.repeat([0, 1, 2], 40)
    rows = decided(label, np.where(label == 2, 1, label), 3)
    assert influence_of("precision_macro", rows) is None
    assert measured("precision_macro", rows).status == "too_few"
    assert "chosen least often" in measured("precision_macro", rows).reason
    assert measured("precision_weighted", rows).status == "undefined"
    found = influence_of("f1_macro", rows)
    assert found is not None
    assert found.value == pytest.approx((1 + 2 / 3 + 0) / 3)


def test_one_class_alone_leaves_little_to_say() -> None:
    rows = as_rows(np.zeros(50, dtype=np.int64), np.tile([0.7, 0.2, 0.1], (50, 1)), 3)
    assert measured("accuracy", rows).value == 1
    assert measured("top_2_accuracy", rows).value == 1
    for metric in ("mcc", "quadratic_kappa"):
        assert influence_of(metric, rows) is None
        assert "0 cases outside the commonest class" in measured(metric, rows).reason
    for metric in ("auc_weighted", "average_precision_weighted"):
        assert measured(metric, rows).status == "undefined"
    assert measured("auc_macro", rows).status == "too_few"


def test_what_is_missing_is_said() -> None:
    scored = drawn_classes(100, 3, 8)
    plain = decided(scored.label, scored.chosen, 3)
    unordered = as_rows(scored.label, scored.scores, 3)
    object.__setattr__(unordered, "ordered", False)
    assert measured("auc_macro", plain).reason == "There is no score to judge."
    assert measured("log_loss", plain).status == "not_tested"
    assert measured("quadratic_kappa", unordered).reason == "The classes have no order."
    assert (
        measured("top_3_accuracy", scored).reason == "There are no more than 3 classes, so 3 guesses are always enough."
    )
    assert measured("precision", scored).status == "not_tested"
    assert measured("mean_error", scored).status == "not_tested"
    assert measured("auc_macro", scored.one_class(0)).status == "not_tested"
    object.__setattr__(scored, "chosen", None)
    assert measured("accuracy", scored).reason == "There is no decision to judge."
    assert measured("auc_macro", scored).status == "ok"


def test_one_class_is_asked_about_as_a_positive_outcome() -> None:
    rows = drawn_classes(300, 4, 9)
    assert rows.chosen is not None
    for entry in class_metrics_for("multiclass"):
        found = measured(entry.name, rows.one_class(2))
        assert found.status == "ok", entry.name
    assert measured("selection_rate", rows.one_class(2)).value == pytest.approx((rows.chosen == 2).mean())
    alone = influence_of("auc", drawn_classes(300, 4, 9).one_class(2))
    influence_of("auc_macro", rows)
    shared = influence_of("auc", rows.one_class(2))
    assert alone is not None
    assert shared is not None
    np.testing.assert_array_equal(alone.rows, shared.rows)


def test_fifty_classes() -> None:
    rows = drawn_classes(3_000, 50, 10, skill=3.0)
    for metric, oracle in CLASS_ORACLES.items():
        found = measured(metric, rows)
        assert found.status == "ok", metric
        assert found.value == pytest.approx(oracle(rows), abs=1e-12)


def test_all_entries_are_about_classes() -> None:
    assert all("multiclass" in METRICS[name].tasks for name in CLASS_ORACLES)
    assert all(entry.scope != "one_class" for entry in metrics_for("multiclass"))
    both = {entry.name for entry in class_metrics_for("multiclass")} & set(CLASS_ORACLES)
    assert both == {"brier_loss"}
