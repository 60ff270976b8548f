"""A model that predicts a number, from plan to run: estimates, curves, verdicts, gaps, findings and what-if answers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from number_samples import LEAN, evaluated, houses, published
from sklearn.metrics import mean_absolute_error, median_absolute_error, r2_score, root_mean_squared_error

from evaluator.errors import InputError
from evaluator.recompute import Filter, Question, answer, dots, load_rows, metric_columns, metric_lines, sentences
from evaluator.records import ALL, MODEL, Estimate, RunContent

ORACLES = {
    "mean_absolute_error": mean_absolute_error,
    "median_absolute_error": median_absolute_error,
    "root_mean_squared_error": root_mean_squared_error,
    "r2": r2_score,
    "mean_error": lambda y, p: float(np.mean(p - y)),
}
OTHERS = {"previous": "predicted_1", "model": "predicted"}


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return houses()


@pytest.fixture(scope="module")
def content(frame: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> RunContent:
    return evaluated(tmp_path_factory.mktemp("houses"), frame)


def pick(content: RunContent, metric: str, subject: str = MODEL, population_id: str = ALL) -> Estimate:
    return next(
        row
        for row in content.tables.estimates
        if (row.metric, row.subject, row.population_id) == (metric, subject, population_id)
    )


def rows_of(frame: pd.DataFrame, population_id: str) -> pd.DataFrame:
    if population_id == ALL:
        return frame
    column, _, value = population_id.partition("=")
    return frame[frame[column] == value]


def test_nothing_failed(content: RunContent) -> None:
    assert [row for row in content.tables.not_tested if row.failed] == []


@pytest.mark.parametrize("population_id", [ALL, "region=north", "region=south"])
@pytest.mark.parametrize("subject", ["model", "previous"])
@pytest.mark.parametrize("metric", ORACLES)
def test_every_estimate_equals_scikit_learn_on_the_same_rows(
    content: RunContent, frame: pd.DataFrame, metric: str, subject: str, population_id: str
) -> None:
    rows = rows_of(frame, population_id)
    row = pick(content, metric, subject, population_id)
    assert row.value == pytest.approx(ORACLES[metric](rows["price"], rows[OTHERS[subject]]))
    assert row.low is not None
    assert row.high is not None
    assert row.low < row.value < row.high
    assert (row.n, row.unit) == (len(rows), "score" if metric == "r2" else "label")


def test_the_baselines_are_the_mean_and_the_middle_value(content: RunContent, frame: pd.DataFrame) -> None:
    price = frame["price"]
    assert pick(content, "r2", "baseline:mean").value == pytest.approx(0.0, abs=1e-12)
    middle = pick(content, "mean_absolute_error", "baseline:median").value
    assert middle == pytest.approx(float((price - price.median()).abs().mean()))


def test_statuses_follow_from_what_was_planted(content: RunContent) -> None:
    found = {row.criterion_id: row.status for row in content.criteria}
    assert found == {
        "close": "met", "no-lean-south": "not_met", "better": "met", "not-worse": "met", "alike": "not_met",
    }  # fmt: skip


def test_the_planted_lean_is_found_between_the_regions(content: RunContent) -> None:
    gap = next(
        row
        for row in content.tables.gaps
        if (row.metric, row.attribute, row.subject, row.kind) == ("mean_error", "region", MODEL, "difference")
    )
    assert gap.at_least is not None
    assert gap.at_most is not None
    assert gap.at_least < LEAN < gap.at_most
    assert (gap.group_low, gap.group_high) == ("region=north", "region=south")


def test_the_curve_of_seen_by_predicted_is_that_of_ten_equal_groups(content: RunContent, frame: pd.DataFrame) -> None:
    tenths = frame.groupby(pd.qcut(frame["predicted"], 10))
    for name, column in (("seen_by_predicted", "price"), ("error_by_predicted", None)):
        points = [row for row in content.tables.curves if (row.name, row.population_id) == (name, ALL)]
        points = [row for row in points if row.subject == MODEL]
        up = frame[column] if column else frame["predicted"] - frame["price"]
        assert [row.y for row in points] == pytest.approx(up.groupby(pd.qcut(frame["predicted"], 10)).mean().tolist())
        assert [row.x for row in points] == pytest.approx(tenths["predicted"].mean().tolist())
        assert all(row.low < row.y < row.high for row in points if row.low is not None and row.high is not None)


def test_errors_grow_with_the_price(content: RunContent) -> None:
    points = [row for row in content.tables.curves if (row.name, row.subject) == ("size_by_label", MODEL)]
    assert len(points) == 10
    assert points[-1].low is not None
    assert points[0].high is not None
    assert points[-1].low > points[0].high


def test_the_share_within_a_distance_is_counted(content: RunContent, frame: pd.DataFrame) -> None:
    size = (frame["predicted"] - frame["price"]).abs()
    points = [row for row in content.tables.curves if (row.name, row.subject) == ("within_distance", MODEL)]
    assert [row.y for row in points] == pytest.approx([float((size <= row.x).mean()) for row in points])
    assert points[-1].y == pytest.approx(0.99, abs=0.002)


def test_every_window_has_its_error(content: RunContent) -> None:
    windows = [row for row in content.populations if row.kind == "window"]
    assert len(windows) == 4
    for window in windows:
        assert pick(content, "mean_absolute_error", MODEL, window.population_id).status == "ok"


def test_findings_say_what_was_planted(content: RunContent) -> None:
    found = {row.code: row.outcome for row in content.tables.findings}
    assert (found["PERF01"], found["PERF02"], found["PERF03"]) == ("clear", "found", "clear")
    assert found["FAIR01"] == "found"
    assert all(row.sentence for row in content.tables.findings)


def test_a_model_no_better_than_one_value_is_named(frame: pd.DataFrame, tmp_path: Path) -> None:
    shuffled = frame.assign(predicted=np.random.default_rng(1).permutation(frame["price"].to_numpy()))
    found = {row.code: row for row in evaluated(tmp_path, shuffled).tables.findings}
    assert found["PERF01"].outcome == "found"


def test_what_if_answers_equal_the_same_rows_of_the_table(frame: pd.DataFrame, tmp_path: Path) -> None:
    store = tmp_path / "store"
    run_id = published(tmp_path, store, frame)
    rows = load_rows(store, run_id)
    asked = Question((Filter("region", "in", ("south",)), Filter("size", "between", low=80.0)))
    found = answer(rows, asked)
    inside = frame[(frame["region"] == "south") & (frame["size"] >= 80)]
    rest = frame.drop(inside.index)
    for metric, oracle in ORACLES.items():
        both = [oracle(part["price"], part["predicted"]) for part in (inside, rest)]
        assert found.asked.today[metric].value == pytest.approx(both[0])
        if metric != "median_absolute_error":
            assert found.apart[metric].difference == pytest.approx(both[0] - both[1])
    spoken = sentences(found, rows.facts.words)
    assert spoken.lead
    assert "kEUR" in str(spoken.lead[0])
    assert dots(found) is not None
    assert len(metric_lines(found)[0]) == len(metric_columns(found))
    with pytest.raises(InputError, match="no cut-off can be tried"):
        answer(rows, Question(threshold=0.5))


def test_the_earlier_model_can_be_asked_about(frame: pd.DataFrame, tmp_path: Path) -> None:
    store = tmp_path / "store"
    rows = load_rows(store, published(tmp_path, store, frame))
    found = answer(rows, Question((Filter("region", "in", ("north",)),), compare="previous"))
    inside = frame[frame["region"] == "north"]
    both = [mean_absolute_error(inside["price"], inside[name]) for name in ("predicted", "predicted_1")]
    assert found.versus["mean_absolute_error"].difference == pytest.approx(both[0] - both[1])
    assert sentences(found, rows.facts.words).lead[1:]
