"""What tells a group, and how the data of groups differ: oracles, planted traces, and what was asked of the plan."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from fairness_samples import loaded, people
from scipy import stats
from sklearn.metrics import roc_auc_score
from statsmodels.stats.proportion import confint_proportions_2indep

from evaluator.analyses.fairness.measured import Measured
from evaluator.analyses.fairness.read_features import MOST_LEVELS, feature_of, read_features
from evaluator.analyses.fairness.reveals import better_way, shared_out
from evaluator.analyses.fairness.traces import traces
from evaluator.records import AnalysisTables, Finding, Trace
from evaluator.records.traces import SCORE
from evaluator.subject.subject import ColumnInfo

LABELS = {"sensitive": ["sex", "region"], "features": ["old", "job", "pay", "age", "region"]}


def with_jobs(n: int = 1_500, seed: int = 4) -> pd.DataFrame:
    """Jobs and pay go along with sex; age and `old` do not. Women's pay is often missing."""
    frame, rng = people(n, seed), np.random.default_rng(seed)
    women = (frame["sex"] == "F").to_numpy()
    frame["job"] = np.where(rng.random(n) < 0.6, np.where(women, "care", "build"), rng.choice(["shop", "farm"], n))
    frame["pay"] = rng.normal(0, 1, n) + 0.8 * ~women
    frame.loc[(rng.random(n) < np.where(women, 0.3, 0.05)), "pay"] = np.nan
    return frame


def measured_of(folder: Path, frame: pd.DataFrame | None = None, **changes: Any) -> Measured:
    plan, subject = loaded(folder, with_jobs() if frame is None else frame, **({"data": LABELS} | changes))
    single = tuple(made for made in subject.partitions if len(made.columns) == 1)
    return Measured(plan, subject, (), single, {}, ())


def traced(folder: Path, frame: pd.DataFrame | None = None, **changes: Any) -> AnalysisTables:
    return traces(measured_of(folder, frame, **changes))


def rows(tables: AnalysisTables, kind: str, group: str = "sex=F") -> dict[str, Trace]:
    found = [row for row in tables.traces if (row.kind, row.population_id) == (kind, group)]
    return {"score" if row.feature == SCORE else row.feature: row for row in found}


def finding(tables: AnalysisTables, code: str) -> Finding:
    (row,) = [row for row in tables.findings if row.code == code]
    return row


def test_numbers_are_read_as_scikit_learn_orders_them(tmp_path: Path) -> None:
    frame = with_jobs()
    found = rows(traced(tmp_path, frame), "reveals")
    women = (frame["sex"] == "F").to_numpy()
    for name in ("old", "age", "score"):
        area = roc_auc_score(women, frame[name])
        assert found[name].value == pytest.approx(max(area, 1 - area), abs=1e-12)
    known = frame["pay"].notna().to_numpy()
    area = roc_auc_score(women[known], frame["pay"][known])
    assert found["pay"].value == pytest.approx(1 - area, abs=1e-12)
    assert (found["pay"].n, found["pay"].n_rest) == ((women & known).sum(), (~women & known).sum())


def test_what_goes_along_with_a_group_is_proven_and_what_does_not_is_not(tmp_path: Path) -> None:
    found = rows(traced(tmp_path), "reveals")
    assert {name for name, row in found.items() if row.proven} == {"job", "pay", "score", ""}
    assert found[""].low is not None
    assert found["pay"].high is not None
    assert found[""].low > found["pay"].high
    assert all(row.family_size == 7 for row in found.values())
    assert set(found) == {"old", "job", "pay", "age", "region", "score", ""}


def test_what_tells_a_group_in_all_pairs_is_all_of_them(tmp_path: Path) -> None:
    frame = with_jobs()
    frame["branch"] = frame["region"].astype(str) + np.where(np.arange(len(frame)) % 3 == 0, " one", " two")
    data = {**LABELS, "features": [*LABELS["features"], "branch"]}
    tables = traced(tmp_path, frame, data=data)
    for name in dict.fromkeys(row.population_id for row in tables.traces if row.attribute == "region"):
        found = rows(tables, "reveals", name).get("branch")
        if found is not None and found.value is not None:
            assert (found.value, found.high) == (1.0, 1.0)
    assert rows(tables, "reveals", "region=north")["branch"].value == 1.0


def test_a_group_is_told_without_its_own_column(tmp_path: Path) -> None:
    found = rows(traced(tmp_path), "reveals", "region=north")
    assert "region" not in found
    assert found[""].value is not None
    assert abs(found[""].value - 0.5) < 0.05


def test_all_ranges_about_a_group_are_wider_than_one_alone(tmp_path: Path) -> None:
    row = rows(traced(tmp_path), "reveals")["score"]
    assert row.value is not None
    assert row.low is not None
    assert row.se is not None
    half = (row.value - row.low) / row.se
    assert stats.norm.ppf(0.975) < half < stats.norm.ppf(1 - 0.025 / 7) * 1.02


@pytest.mark.parametrize(
    ("value", "low", "high", "expected"),
    [
        (0.7, 0.6, 0.8, (0.7, 0.6, 0.8)),
        (0.3, 0.2, 0.4, (0.7, 0.6, 0.8)),
        (0.48, 0.42, 0.55, (0.52, 0.5, 0.58)),
        (0.52, 0.46, 0.59, (0.52, 0.5, 0.59)),
    ],
)
def test_a_range_is_read_in_the_better_direction(
    value: float, low: float, high: float, expected: tuple[float, float, float]
) -> None:
    assert better_way(value, low, high) == pytest.approx(expected)


def test_large_data_are_looked_at_in_part_and_weighted_back(tmp_path: Path) -> None:
    frame = with_jobs(30_000, 6)
    found = rows(traced(tmp_path, frame), "reveals")
    women = (frame["sex"] == "F").to_numpy()
    assert found["score"].n + found["score"].n_rest <= 20_002
    area = roc_auc_score(women, frame["score"])
    assert found["score"].low is not None
    assert found["score"].high is not None
    assert found["score"].low < 1 - area < found["score"].high


def test_rows_are_shared_out_so_that_small_groups_keep_theirs() -> None:
    assert shared_out(np.array([50, 60]), 200).tolist() == [50, 60]
    assert shared_out(np.array([90_000, 10_000, 40]), 6_000).tolist() == [3_699, 1_300, 40]


def test_clusters_widen_what_they_repeat(tmp_path: Path) -> None:
    once = with_jobs(400, 8).assign(home=range(400))
    five = pd.concat([once] * 5, ignore_index=True)
    five["id"] = [f"r{row}" for row in range(2_000)]
    single = rows(traced(tmp_path, once), "reveals")
    repeated = rows(traced(tmp_path, five, data=LABELS | {"cluster": "home"}), "reveals")
    for name in ("old", "score"):
        assert repeated[name].value == pytest.approx(single[name].value)
        assert repeated[name].se == pytest.approx(single[name].se, rel=0.02)


@pytest.mark.parametrize("seed", [1, 2])
def test_weights_of_two_are_rows_twice_in_value(tmp_path: Path, seed: int) -> None:
    frame = with_jobs(600, seed)
    heavy = np.random.default_rng(seed).integers(1, 3, 600)
    weighted = rows(traced(tmp_path, frame.assign(w=heavy.astype(float)), data=LABELS | {"weight": "w"}), "reveals")
    twice = frame.loc[frame.index.repeat(heavy)].reset_index(drop=True)
    twice["id"] = [f"r{row}" for row in range(len(twice))]
    plain = rows(traced(tmp_path, twice), "reveals")
    for name in ("old", "pay", "score"):
        assert weighted[name].value == pytest.approx(plain[name].value, abs=1e-12)


def test_outcomes_differ_as_statsmodels_says(tmp_path: Path) -> None:
    frame = with_jobs()
    row = rows(traced(tmp_path, frame), "label")[""]
    women = (frame["sex"] == "F").to_numpy()
    a, b = frame["label"][women], frame["label"][~women]
    assert row.value == pytest.approx(a.mean() - b.mean())
    low, high = confint_proportions_2indep(a.sum(), a.size, b.sum(), b.size, method="newcomb", alpha=0.05)
    assert (row.low, row.high) == pytest.approx((low, high), abs=2e-4)
    assert row.family_size == 1


def test_what_provably_misses_more_often_is_recorded(tmp_path: Path) -> None:
    found = rows(traced(tmp_path), "missing")
    assert set(found) == {"pay"}
    assert found["pay"].low is not None
    assert 0.1 < found["pay"].low < 0.25
    assert not rows(traced(tmp_path), "missing", "region=north")


def test_a_number_as_outcome_differs_by_its_mean(tmp_path: Path) -> None:
    frame = with_jobs().assign(pay=lambda table: table["pay"].fillna(0.0), guess=0.0)
    measured = measured_of(tmp_path, frame, data={"sensitive": ["sex"], "features": ["old", "job", "age"]})
    number = replace(measured.subject, task="regression", label=frame["pay"].to_numpy())
    tables = traces(replace(measured, subject=number))
    row = rows(tables, "label")[""]
    women = frame["sex"] == "F"
    test = stats.ttest_ind(frame["pay"][women], frame["pay"][~women], equal_var=False)
    assert row.space == "label"
    assert row.value is not None
    assert row.se is not None
    assert row.value / row.se == pytest.approx(test.statistic, rel=0.01)
    assert finding(tables, "FAIR09").outcome == "not_tested"


def test_groups_that_are_told_are_found(tmp_path: Path) -> None:
    frame = with_jobs()
    frame["title"] = np.where(frame["sex"] == "F", "Ms", "Mr")
    data = {"sensitive": ["sex"], "features": ["old", "title"]}
    found = finding(traced(tmp_path, frame, data=data), "FAIR08")
    assert (found.outcome, found.population_id) == ("found", "sex=F")
    assert found.action
    assert "trace/reveals/model/sex/sex=F/title" in json.loads(found.evidence)
    clear = finding(traced(tmp_path, frame, data=data | {"features": ["old", "age"]}), "FAIR08")
    assert (clear.outcome, clear.action) == ("clear", "")


def test_without_features_it_says_what_to_add(tmp_path: Path) -> None:
    tables = traced(tmp_path, people(), data={"sensitive": ["sex"], "features": ["sex"]})
    assert finding(tables, "FAIR08").outcome == "not_tested"
    assert "data: {features: [NAME_OF_A_COLUMN]}" in [row.add_to_plan for row in tables.not_tested]


def test_a_group_of_few_has_no_number(tmp_path: Path) -> None:
    found = rows(traced(tmp_path), "reveals", "region=isles")
    assert {row.status for row in found.values()} == {"too_few"}
    assert {row.value for row in found.values()} == {None}
    assert rows(traced(tmp_path), "label", "region=isles")[""].status == "too_few"


def test_hostile_columns_are_read_without_a_trace_of_trouble(tmp_path: Path) -> None:
    frame = with_jobs(500)
    frame["empty"] = np.nan
    frame["text"] = [f"<b>{row}</b>" * 20 for row in range(500)]
    frame["same"] = "x"
    frame["wide"] = np.random.default_rng(0).choice([f"{'🙂' * 500}{level}" for level in range(45)], 500)
    frame["infinite"] = np.where(np.arange(500) % 50 == 0, np.inf, frame["old"])
    frame["when"] = pd.Timestamp("2026-01-01") + pd.to_timedelta(np.arange(500), unit="D")
    frame.loc[:5, "sex"] = None
    names = ["empty", "text", "same", "wide", "infinite", "when", "old"]
    tables = traced(tmp_path, frame, data={"sensitive": ["sex", "wide"], "features": names})
    found = rows(tables, "reveals")
    assert found["text"].status == "not_applicable"
    assert found["empty"].status == "too_few"
    assert (found["same"].value, found["same"].proven) == (0.5, False)
    assert not any(row.proven for name, row in found.items() if name not in ("", "score"))
    assert not [row for row in tables.traces if row.population_id == "sex=?" and row.kind == "reveals"]
    groups = {row.population_id for row in tables.traces if row.attribute == "wide" and row.kind == "reveals"}
    assert len(groups) == 45
    for row in tables.traces:
        assert all(number is None or np.isfinite(number) for number in (row.value, row.low, row.high, row.se))


def test_only_so_many_levels_are_read() -> None:
    column = ColumnInfo("text", "feature", "text", "text", "", (), ())
    few = feature_of(column, pd.Series([f"level {row % MOST_LEVELS}" for row in range(1_000)]))
    many = feature_of(column, pd.Series([f"level {row % (MOST_LEVELS + 1)}" for row in range(1_000)]))
    lists = feature_of(column, pd.Series([[1], [2], [1]]))
    assert (few.is_text, many.is_text, lists.is_text) == (False, True, True)


def test_the_same_plan_gives_the_same_traces(tmp_path: Path) -> None:
    measured = measured_of(tmp_path)
    assert traces(measured) == traces(measured)
    assert len(read_features(measured.plan, measured.subject)) == 5
