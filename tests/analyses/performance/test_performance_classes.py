"""A model that tells several classes apart, from plan to run: estimates, curves, mix-ups, findings, verdicts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from class_run_samples import KINDS, evaluated, parcels
from sklearn.metrics import accuracy_score, confusion_matrix, precision_score, recall_score, roc_auc_score

from evaluator.analyses.performance.class_words import mix_ups
from evaluator.catalogue.metrics import class_metrics_for, metrics_for
from evaluator.records import ALL, MODEL, PREVIOUS, CriterionResult, CurvePoint, Estimate, Finding, RunContent
from evaluator.statistics.proportions import proportion

CRITERIA = [
    {"id": "whole", "metric": "accuracy", "at_least": 0.5},
    {"id": "one", "metric": "recall", "class": "tube", "at_least": 0.5},
    {"id": "one-group", "metric": "f1", "class": "tube", "population": {"depot": "east"}, "at_least": 0.3},
    {"id": "better", "metric": "recall", "class": "box", "against": "previous", "at_least": 0.0},
    {"id": "absent", "metric": "recall", "class": "tubes", "at_least": 0.5},
]


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return parcels()


@pytest.fixture(scope="module")
def content(frame: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> RunContent:
    return evaluated(tmp_path_factory.mktemp("parcels"), frame, criteria=CRITERIA)[0]


def pick(
    content: RunContent, metric: str, class_: str = "", subject: str = MODEL, population_id: str = ALL
) -> Estimate:
    key = (metric, class_, subject, population_id)
    (row,) = (
        row
        for row in content.tables.estimates
        if (row.metric, row.class_, row.subject, row.population_id) == key and row.analysis == "performance"
    )
    return row


def chosen(frame: pd.DataFrame, prefix: str = "p_") -> np.ndarray:
    kinds = sorted(KINDS)
    picked: np.ndarray = np.array(kinds)[frame[[f"{prefix}{kind}" for kind in kinds]].to_numpy().argmax(axis=1)]
    return picked


def confusion(content: RunContent, class_: str, subject: str = MODEL) -> list[CurvePoint]:
    return [
        point
        for point in content.tables.curves
        if (point.name, point.class_, point.subject) == ("confusion", class_, subject)
    ]


def finding(content: RunContent, code: str) -> Finding:
    return next(row for row in content.tables.findings if row.code == code)


def criterion(content: RunContent, name: str) -> CriterionResult:
    return next(row for row in content.criteria if row.criterion_id == name)


def test_nothing_failed(content: RunContent) -> None:
    assert [row for row in content.tables.not_tested if row.failed] == []


@pytest.mark.parametrize(("subject", "prefix"), [(MODEL, "p_"), (PREVIOUS, "old_")])
def test_the_whole_and_every_class_equal_scikit_learn(
    content: RunContent, frame: pd.DataFrame, subject: str, prefix: str
) -> None:
    said, label = chosen(frame, prefix), frame["kind"]
    assert pick(content, "accuracy", subject=subject).value == pytest.approx(accuracy_score(label, said))
    for kind in KINDS:
        recall = recall_score(label, said, labels=[kind], average=None)[0]
        precision = precision_score(label, said, labels=[kind], average=None)[0]
        auc = roc_auc_score(label == kind, frame[f"{prefix}{kind}"])
        for metric, expected in (("true_positive_rate", recall), ("precision", precision), ("auc", auc)):
            row = pick(content, metric, kind, subject)
            assert row.value == pytest.approx(expected)
            assert row.low is not None
            assert row.high is not None
            assert row.low < expected < row.high


def test_all_rows_have_every_number_of_every_class_and_groups_the_two_shares(content: RunContent) -> None:
    whole = {row.metric for row in content.tables.estimates if row.class_ == "box" and row.population_id == ALL}
    east = {row.metric for row in content.tables.estimates if (row.class_, row.population_id) == ("box", "depot=east")}
    assert whole == {metric.name for metric in class_metrics_for("multiclass")}
    assert east == {"true_positive_rate", "precision"}
    together = {row.metric for row in content.tables.estimates if not row.class_}
    assert together == {metric.name for metric in metrics_for("multiclass")}


def test_the_most_common_class_for_everyone_is_right_as_often_as_it_is_common(
    content: RunContent, frame: pd.DataFrame
) -> None:
    row = pick(content, "accuracy", subject="baseline:majority")
    assert row.value == pytest.approx(frame["kind"].value_counts(normalize=True).max())
    shares = frame["kind"].value_counts(normalize=True).to_numpy()
    brier = pick(content, "brier_loss", subject="baseline:base_rate")
    assert brier.value == pytest.approx((1 - (shares**2).sum()) / 2)


def test_the_rows_of_the_square_add_up_to_the_confusion_matrix(content: RunContent, frame: pd.DataFrame) -> None:
    kinds = sorted(KINDS)
    for prefix, subject in (("p_", MODEL), ("old_", PREVIOUS)):
        expected = confusion_matrix(frame["kind"], chosen(frame, prefix), labels=kinds)
        for row, kind in enumerate(kinds):
            points = confusion(content, kind, subject)
            assert [point.n for point in points] == expected[row].tolist()
            assert [point.y for point in points] == pytest.approx((expected[row] / expected[row].sum()).tolist())


def test_ranges_of_mistakes_hold_for_all_pairs_together(content: RunContent, frame: pd.DataFrame) -> None:
    kinds = sorted(KINDS)
    level = 1 - 0.05 / (len(kinds) * (len(kinds) - 1))
    n = int((frame["kind"] == "tube").sum())
    for place, point in enumerate(confusion(content, "tube")):
        expected = proportion(point.n, n, 0.95 if kinds[place] == "tube" else level)
        assert (point.low, point.high) == pytest.approx((expected.low, expected.high))


def test_mix_ups_are_the_only_curve_and_about_all_rows(content: RunContent) -> None:
    assert {(row.name, row.population_id) for row in content.tables.curves} == {("confusion", ALL)}


def test_criteria_take_the_number_of_their_class(content: RunContent, frame: pd.DataFrame) -> None:
    whole, one, group = (criterion(content, name) for name in ("whole", "one", "one-group"))
    assert whole.class_ == ""
    assert whole.value == pick(content, "accuracy").value
    assert (one.class_, one.value) == ("tube", pick(content, "true_positive_rate", "tube").value)
    assert group.value == pick(content, "f1", "tube", population_id="depot=east").value
    assert group.value != pick(content, "f1", "tube").value
    better = criterion(content, "better")
    new, old = (pick(content, "true_positive_rate", "box", who).value or 0.0 for who in (MODEL, PREVIOUS))
    assert (better.class_, better.value) == ("box", pytest.approx(new - old))


def test_a_class_that_no_row_has_is_not_tested(content: RunContent) -> None:
    row = criterion(content, "absent")
    assert (row.status, row.value) == ("not_tested", None)
    assert "tubes" in row.reason
    assert "tube" in row.reason.removeprefix("The data hold no 'tubes'")


def test_a_planted_mix_up_is_found_and_named(content: RunContent, frame: pd.DataFrame) -> None:
    row = finding(content, "PERF05")
    assert row.outcome == "found"
    assert "were sorted as letter" in row.sentence
    least = finding(content, "PERF06")
    assert least.outcome == "found"
    assert "tube" in least.sentence


def test_classes_without_a_planted_mix_up_stay_clear(tmp_path: Path) -> None:
    content, _ = evaluated(tmp_path, parcels(confusing=0.0, seed=32))
    assert {code: finding(content, code).outcome for code in ("PERF01", "PERF05", "PERF06")} == {
        "PERF01": "clear", "PERF05": "clear", "PERF06": "clear",
    }  # fmt: skip


def test_promised_probabilities_are_left_to_the_analysis_of_calibration(content: RunContent) -> None:
    row = finding(content, "PERF02")
    assert (row.outcome, row.action) == ("not_tested", "")
    assert "analysis of calibration" in row.sentence


def test_the_mix_ups_come_largest_first_and_without_what_was_right(content: RunContent) -> None:
    kinds = sorted(KINDS)
    points = [point for kind in kinds for point in confusion(content, kind)]
    made = mix_ups(points, kinds)
    shares = [one.point.y for one in made]
    assert shares == sorted(shares, reverse=True)
    assert all(one.true != one.given and one.point.n > 0 for one in made)
    assert (made[0].true, made[0].given) == ("tube", "letter")


ONLY: dict[str, dict[str, Any]] = {
    "decisions": {"task": {"kind": "multiclass", "label": "kind", "prediction": "sorted_as"}, "compare_with": None},
    "ranking": {"task": {"kind": "multiclass", "label": "kind", "score_prefix": "p_", "score_kind": "rank"}},
}


@pytest.mark.parametrize("name", ONLY)
def test_what_is_missing_is_said(name: str, frame: pd.DataFrame, tmp_path: Path) -> None:
    content, _ = evaluated(tmp_path, frame, **ONLY[name])
    said = {row.what: row for row in content.tables.not_tested}
    assert not [row for row in content.tables.not_tested if row.failed]
    if name == "decisions":
        assert "score_prefix" in said["Ranking and probabilities of the classes"].add_to_plan
        assert "score_prefix" in said["Comparison with the earlier model"].add_to_plan
    else:
        assert "probability" in said["Errors of the probabilities (Brier, log loss)"].add_to_plan
    assert confusion(content, "box")


@pytest.mark.parametrize("column", ["weight", "cluster"])
def test_weights_and_clusters_reach_every_class(column: str, frame: pd.DataFrame, tmp_path: Path) -> None:
    data = {"evaluation": {"path": "parcels.csv"}, column: "weight" if column == "weight" else "van"}
    content, _ = evaluated(tmp_path, frame, data=data)
    row, inside = pick(content, "true_positive_rate", "box"), frame[frame["kind"] == "box"]
    right = (chosen(inside) == "box").astype(float)
    point = next(point for point in confusion(content, "box") if sorted(KINDS)[int(point.x)] == "box")
    if column == "weight":
        assert row.value == pytest.approx(np.average(right, weights=inside["weight"]))
        assert row.weighted
    else:
        assert row.n_clusters is not None
    assert point.y == pytest.approx(row.value)
    assert point.n == int(right.sum())


def test_fifty_classes_are_measured(tmp_path: Path) -> None:
    kinds = tuple(f"k{place:02d}" for place in range(50))
    content, subject = evaluated(tmp_path, parcels(1_500, kinds, seed=34), compare_with=None)
    assert subject.classes is not None
    assert len([row for row in content.tables.estimates if row.metric == "true_positive_rate" and row.class_]) == 150
    assert sum(point.n for kind in kinds for point in confusion(content, kind)) == 1_500
