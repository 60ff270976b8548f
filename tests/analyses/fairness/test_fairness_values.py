"""Every number of every group against fairlearn, scikit-learn and sums written out."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from fairlearn.metrics import (
    MetricFrame,
    false_negative_rate,
    false_positive_rate,
    selection_rate,
    true_negative_rate,
    true_positive_rate,
)
from fairness_samples import analysed, people, pick
from sklearn.metrics import accuracy_score, balanced_accuracy_score, brier_score_loss, precision_score, roc_auc_score

from evaluator.analyses.fairness.judged import fair_metrics
from evaluator.catalogue.gap_measures import EQUALIZED_ODDS
from evaluator.catalogue.metrics import PROPORTIONS
from evaluator.records import AnalysisTables

DECISIONS = {
    "accuracy": accuracy_score, "balanced_accuracy": balanced_accuracy_score, "precision": precision_score,
    "true_positive_rate": true_positive_rate, "false_positive_rate": false_positive_rate,
    "true_negative_rate": true_negative_rate, "false_negative_rate": false_negative_rate, "selection_rate": selection_rate,
}  # fmt: skip
SCORES = {"auc": roc_auc_score, "brier_loss": brier_score_loss}
BANDS = {"[20,40)": (20, 40), "[40,60)": (40, 60), "[60,80)": (60, 80)}


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    rows = people()
    band = pd.cut(rows["age"], [20, 40, 60, 80], right=False, labels=list(BANDS)).astype(str)
    return rows.assign(band=band, decision=(rows["score"] >= 0.5).astype(int))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory, frame: pd.DataFrame) -> AnalysisTables:
    return analysed(tmp_path_factory.mktemp("plain"), frame)


@pytest.fixture(scope="module")
def weighted(tmp_path_factory: pytest.TempPathFactory, frame: pd.DataFrame) -> AnalysisTables:
    data = {"weight": "w", "cluster": "home"}
    return analysed(tmp_path_factory.mktemp("weighted"), frame, data=_data(data))


def _data(more: dict[str, str]) -> dict[str, object]:
    sensitive = ["sex", {"column": "age", "bands": [20, 40, 60, 80]}, "region"]
    return {"evaluation": {"path": "people.parquet"}, "id": "id", "sensitive": sensitive, **more}


COLUMNS = {
    "sex": ["sex"],
    "age": ["band"],
    "region": ["region"],
    "sex & age": ["sex", "band"],
    "age & region": ["band", "region"],
}


def population_id(attribute: str, levels: object) -> str:
    names = attribute.split(" & ")
    values = levels if isinstance(levels, tuple) else (levels,)
    return "&".join(sorted(f"{name}={value}" for name, value in zip(names, values, strict=True)))


def metric_frame(metric: str, frame: pd.DataFrame, attribute: str, *, weights: bool) -> MetricFrame:
    decides = metric in DECISIONS
    function = DECISIONS[metric] if decides else SCORES[metric]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return MetricFrame(
            metrics=function, y_true=frame["label"], y_pred=frame["decision" if decides else "score"],
            sensitive_features=frame[COLUMNS[attribute]], sample_params={"sample_weight": frame["w"]} if weights else None,
        )  # fmt: skip


@pytest.mark.parametrize("weights", [False, True])
@pytest.mark.parametrize("attribute", list(COLUMNS))
@pytest.mark.parametrize("metric", [*DECISIONS, *SCORES])
def test_every_cell_is_that_of_fairlearn(
    plain: AnalysisTables, weighted: AnalysisTables, frame: pd.DataFrame, metric: str, attribute: str, weights: bool
) -> None:
    tables = weighted if weights else plain
    known = {(row.metric, row.population_id): row for row in tables.estimates if row.subject == "model"}
    expected = metric_frame(metric, frame, attribute, weights=weights).by_group
    seen = 0
    for levels, value in expected.items():
        row = known[metric, population_id(attribute, levels)]
        if row.status == "ok":
            assert row.value == pytest.approx(float(value), abs=1e-12)
            seen += 1
    assert seen >= 2


@pytest.mark.parametrize("attribute", ["sex", "age", "sex & age"])
@pytest.mark.parametrize("metric", [*DECISIONS, *SCORES])
def test_differences_and_ratios_are_those_of_fairlearn(
    plain: AnalysisTables, frame: pd.DataFrame, metric: str, attribute: str
) -> None:
    expected = metric_frame(metric, frame, attribute, weights=False)
    gap = pick(plain, metric=metric, attribute=attribute)
    assert gap.value == pytest.approx(float(expected.difference(method="between_groups")), abs=1e-12)
    assert gap.group_low == population_id(attribute, expected.by_group.idxmin())
    assert gap.group_high == population_id(attribute, expected.by_group.idxmax())
    if metric in PROPORTIONS:
        ratio = pick(plain, metric=metric, attribute=attribute, kind="ratio")
        assert ratio.value == pytest.approx(float(expected.ratio(method="between_groups")), abs=1e-12)


def test_groups_too_small_take_no_part_and_are_listed(plain: AnalysisTables, frame: pd.DataFrame) -> None:
    gap = pick(plain, metric="accuracy", attribute="region")
    assert gap.excluded == '["region=isles"]'
    large = frame[frame["region"] != "isles"]
    rates = (large["label"] == large["decision"]).groupby(large["region"]).mean()
    assert gap.value == pytest.approx(rates.max() - rates.min())
    assert gap.family_size == 3


def test_counts_of_both_groups_are_their_relevant_cases(plain: AnalysisTables, frame: pd.DataFrame) -> None:
    gap = pick(plain, metric="true_positive_rate", attribute="sex")
    positives = frame[frame["label"] == 1].groupby("sex").size()
    assert (gap.group_low, gap.n_low) == ("sex=F", positives["F"])
    assert (gap.group_high, gap.n_high) == ("sex=M", positives["M"])


def test_every_metric_stands_for_every_attribute_and_every_two(plain: AnalysisTables) -> None:
    attributes = {"sex", "age", "region", "sex & age", "sex & region", "age & region"}
    differences, ratios = {*fair_metrics("binary"), EQUALIZED_ODDS}, {*PROPORTIONS, EQUALIZED_ODDS}
    expected = {(metric, name, "difference") for metric in differences for name in attributes}
    expected |= {(metric, name, "ratio") for metric in ratios for name in attributes}
    looked_at = [gap for gap in plain.gaps if gap.attribute.count(" & ") < 2]
    assert {(gap.metric, gap.attribute, gap.kind) for gap in looked_at} == expected
    assert len(looked_at) == len(expected)


def test_the_earlier_model_is_measured_on_the_same_groups(tmp_path: Path, frame: pd.DataFrame) -> None:
    tables = analysed(tmp_path, frame, compare_with={"version": "1", "score": "old"})
    gap = pick(tables, subject="previous", metric="selection_rate", attribute="sex")
    rates = (frame["old"] >= 0.5).groupby(frame["sex"]).mean()
    assert gap.value == pytest.approx(abs(rates["F"] - rates["M"]))
    assert {row.subject for row in tables.estimates} == {"model", "previous"}


def test_a_group_stands_once_in_the_table_of_estimates(plain: AnalysisTables) -> None:
    keys = [(row.analysis, row.metric, row.subject, row.population_id) for row in plain.estimates]
    assert len(keys) == len(set(keys))
    assert {row.analysis for row in plain.estimates} == {"fairness"}
    assert ("fairness", "accuracy", "model", "all") in keys


def test_the_same_rows_in_another_order_give_the_same_gaps(
    tmp_path: Path, plain: AnalysisTables, frame: pd.DataFrame
) -> None:
    shuffled = analysed(tmp_path, frame.sample(frac=1, random_state=1))
    for before, after in zip(plain.gaps, shuffled.gaps, strict=True):
        assert (before.metric, before.attribute, before.excluded) == (after.metric, after.attribute, after.excluded)
        for name in ("value", "at_least", "at_most", "best_guess", "chance_value", "se"):
            first, second = (np.nan if getattr(gap, name) is None else getattr(gap, name) for gap in (before, after))
            np.testing.assert_allclose(first, second, rtol=1e-9, atol=1e-12)


def test_no_gap_contradicts_itself(plain: AnalysisTables, weighted: AnalysisTables) -> None:
    for gap in (*plain.gaps, *weighted.gaps):
        if gap.status != "ok":
            continue
        assert gap.at_least is not None
        assert gap.at_most is not None
        assert gap.value is not None
        assert gap.best_guess is not None
        assert 0 <= gap.at_least <= gap.value <= gap.at_most
        assert gap.at_least <= gap.best_guess <= gap.at_most
        assert np.isfinite(gap.at_most)
        assert gap.kind == "difference" or gap.at_most <= 1
