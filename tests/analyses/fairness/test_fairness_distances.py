"""Scores of every group beside everyone else's, and their quantiles."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from fairness_samples import loaded, people, quiet
from scipy import stats

from evaluator.analyses.fairness.run import run
from evaluator.records import AnalysisTables, CurvePoint, Distance
from evaluator.statistics.multiplicity import holm

NUMBERS: dict[str, Any] = {"task": {"kind": "regression", "positive": None, "threshold": None}, "words": None}


def rows_by(tables: AnalysisTables, attribute: str, **fields: Any) -> dict[str, Distance]:
    return {
        row.population_id: row
        for row in tables.distances
        if row.attribute == attribute and all(getattr(row, name) == value for name, value in fields.items())
    }


def curve(tables: AnalysisTables, name: str, population: str) -> list[CurvePoint]:
    return [row for row in tables.curves if (row.name, row.population_id) == (name, population)]


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> AnalysisTables:
    return run(*loaded(tmp_path_factory.mktemp("scores")), quiet)


@pytest.fixture(scope="module")
def predicted(tmp_path_factory: pytest.TempPathFactory) -> AnalysisTables:
    return run(*loaded(tmp_path_factory.mktemp("numbers"), numbers(), **NUMBERS), quiet)


def numbers() -> pd.DataFrame:
    """Predictions that are ten points too high for women."""
    frame = people()
    rng = np.random.default_rng(12)
    frame["label"] = rng.normal(100, 20, len(frame))
    frame["score"] = frame["label"] + rng.normal(0, 5, len(frame)) + 10 * (frame["sex"] == "F")
    return frame


def test_values_and_tests_agree_with_scipy(scored: AnalysisTables) -> None:
    frame = people()
    rows = rows_by(scored, "region")
    assert rows["region=isles"].status == "too_few"
    known = [row for row in rows.values() if row.status == "ok"]
    for row in known:
        inside = frame["region"] == row.population_id.removeprefix("region=")
        oracle = stats.ks_2samp(frame["score"][inside], frame["score"][~inside], method="asymp")
        assert row.value == pytest.approx(oracle.statistic)
        assert row.p_value == pytest.approx(oracle.pvalue, rel=0.2, abs=1e-3)
        assert row.low is not None
        assert row.high is not None
        assert row.value is not None
        assert row.low <= row.value <= row.high
        assert row.chance_value is not None
    adjusted = holm(np.array([row.p_value for row in known], dtype=float))
    assert [row.p_adjusted for row in known] == pytest.approx(adjusted.tolist())


def test_two_groups_are_one_test(scored: AnalysisTables) -> None:
    women, men = rows_by(scored, "sex").values()
    assert women.value == pytest.approx(men.value)
    assert women.p_value == women.p_adjusted == men.p_adjusted
    assert (women.higher, men.higher) == (False, True)
    assert women.family_size == 1
    assert women.p_value is not None
    assert women.p_value < 0.001


def test_predictions_and_errors_in_the_unit_of_the_label(predicted: AnalysisTables) -> None:
    errors_ = rows_by(predicted, "sex", what="error", measure="wasserstein")
    women = errors_["sex=F"]
    assert women.value == pytest.approx(10, abs=1.0)
    assert women.low is not None
    assert women.high is not None
    assert women.low < 10 < women.high
    assert women.higher is True
    assert women.p_value is None
    ks = rows_by(predicted, "sex", what="error", measure="ks")["sex=F"]
    assert ks.p_adjusted is not None
    assert ks.p_adjusted < 0.001
    assert {(row.what, row.measure) for row in predicted.distances} == {
        (what, measure) for what in ("prediction", "error") for measure in ("ks", "wasserstein")
    }


def test_quantiles_of_every_group_with_enough_cases(scored: AnalysisTables) -> None:
    frame = people()
    points = curve(scored, "score_quantiles", "sex=F")
    own = frame["score"][frame["sex"] == "F"]
    assert len(points) == 21
    expected = np.quantile(own, [point.x for point in points], method="inverted_cdf")
    assert [point.y for point in points] == pytest.approx(expected.tolist())
    assert points[0].n == points[-1].n == 1
    assert min(point.n for point in points[1:-1]) >= 10
    assert len(curve(scored, "score_quantiles", "all")) == 21
    assert curve(scored, "score_quantiles", "region=isles") == []


def test_points_keep_ten_people_apart(tmp_path: Path) -> None:
    tables = run(*loaded(tmp_path, people(300)), quiet)
    frame = people(300)
    for name in ("east", "north"):
        points = curve(tables, "score_quantiles", f"region={name}")
        own = frame["score"][frame["region"] == name]
        assert points
        inner = [points[0].y - 1, *(point.y for point in points[1:-1]), points[-1].y]
        for low, high in pairwise(inner):
            assert ((own > low) & (own <= high)).sum() >= 10


def test_error_quantiles(predicted: AnalysisTables) -> None:
    middle = [point.y for point in curve(predicted, "error_quantiles", "sex=F") if point.x == pytest.approx(0.5)]
    assert middle == pytest.approx([10], abs=1.0)


def test_clusters_and_weights_widen_the_range(tmp_path: Path) -> None:
    frame = people()
    frame["home"] = np.random.default_rng(2).integers(0, 60, len(frame))
    tables = run(*loaded(tmp_path, frame, data={"cluster": "home", "weight": "w"}), quiet)
    row = rows_by(tables, "sex")["sex=F"]
    assert row.method == "dkw_effective"
    assert row.p_value is not None
    assert 0 <= row.p_value <= 1


def test_no_scores_no_distances(tmp_path: Path) -> None:
    frame = people().assign(decided=lambda rows: (rows["score"] > 0.5).astype(int))
    task = {"score": None, "prediction": "decided", "threshold": None}
    tables = run(*loaded(tmp_path, frame.drop(columns="score"), task=task), quiet)
    assert tables.distances == ()


def test_one_score_for_all(tmp_path: Path) -> None:
    tables = run(*loaded(tmp_path, people().assign(score=0.7)), quiet)
    row = rows_by(tables, "sex")["sex=F"]
    assert (row.value, row.p_value, row.higher) == (0.0, 1.0, None)
