"""Partial dependence and single cases against functions whose curves are known; how it differs from local effects."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from shape_samples import all_rows, asked_by, curve, numbers

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.effects import Curve
from evaluator.analyses.explanations.shape.dependence import answers, dependence_rows, lines
from evaluator.analyses.explanations.shape.reach import Reach
from evaluator.records import Dependence
from evaluator.statistics.spread import FloatArray


def rows_of(asked: Asked, name: str, found: Curve | None = None) -> list[Dependence]:
    drawn = all_rows(asked)
    at = answers(asked, asked.names.index(name), found or curve(asked, name), drawn)
    return list(dependence_rows(asked, at, lines(asked, drawn), Reach(asked, drawn)))


def mean_curve(rows: list[Dependence]) -> tuple[FloatArray, FloatArray]:
    mean = [row for row in rows if row.kind == "mean"]
    return np.array([row.x for row in mean], dtype=float), np.array([row.y for row in mean])


def test_a_line_and_the_rest_as_it_is_on_average() -> None:
    frame = numbers(800, 1, "a", "b")
    x, y = mean_curve(rows_of(asked_by(lambda r: 3 * r.a - r.b + 7, frame), "a"))
    assert y == pytest.approx(3 * x - frame.b.mean() + 7)


def test_a_step_stays_a_step() -> None:
    frame = numbers(800, 2, "a", "b")
    x, y = mean_curve(rows_of(asked_by(lambda r: np.where(r.a > 0.3, 2.0, -1.0), frame), "a"))
    assert y.tolist() == np.where(x > 0.3, 2.0, -1.0).tolist()


def test_sums_give_local_effects_and_dependence_alike() -> None:
    """Even where the features go together."""
    frame = numbers(2_000, 3, "a", "b")
    frame["b"] = 0.9 * frame.a + 0.4 * frame.b
    asked = asked_by(lambda r: np.sin(r.a) + r.b**2, frame)
    found = curve(asked, "a")
    _, y = mean_curve(rows_of(asked, "a", found))
    assert y - found.weights @ y == pytest.approx(found.y, abs=1e-9)


def test_products_of_features_that_go_together_tell_them_apart() -> None:
    """With b = a + noise and f = a b, the mean over everyone is a E[b], the local effect a^2 / 2."""
    frame = numbers(6_000, 4, "a", "b")
    frame["b"] = frame.a + 0.3 * frame.b + 1
    asked = asked_by(lambda r: r.a * r.b, frame)
    found = curve(asked, "a")
    x, y = mean_curve(rows_of(asked, "a", found))
    inner = slice(1, -1)
    assert y == pytest.approx(x * frame.b.mean())
    local = x**2 / 2 + x
    assert (found.y - found.y[10])[inner] == pytest.approx((local - local[10])[inner], abs=0.05)


def test_levels_are_given_to_everyone() -> None:
    frame = numbers(500, 5, "b")
    frame.insert(0, "a", np.random.default_rng(5).choice(["x", "y", "<b>z</b>"], 500))
    worth = {"x": 1.0, "y": -2.0, "<b>z</b>": 0.5}
    rows = rows_of(asked_by(lambda r: r.a.map(worth).astype(float) * (1 + r.b), frame), "a")
    mean = {row.level: row.y for row in rows if row.kind == "mean"}
    assert mean == pytest.approx({name: part * (1 + frame.b.mean()) for name, part in worth.items()})
    assert {row.x for row in rows} == {None}


def test_single_cases_are_the_models_own_answers_and_have_no_ids() -> None:
    frame = numbers(300, 6, "a", "b")
    asked = asked_by(lambda r: r.a * r.b, frame)
    rows = rows_of(asked, "a")
    shown = lines(asked, all_rows(asked))
    assert shown.size == 20
    for line, row in enumerate(shown, start=1):
        case = [point for point in rows if point.line == line]
        assert [point.y for point in case] == pytest.approx([point.x * frame.b[row] for point in case])
        assert {(point.kind, point.n, point.low, point.se) for point in case} == {("case", 1, None, None)}
    scores = asked.score[shown]
    assert (np.diff(scores) >= 0).all()
    assert scores[0] == asked.score.min()
    assert scores[-1] == asked.score.max()


def test_the_range_is_that_of_a_mean_over_rows() -> None:
    frame = numbers(400, 7, "a", "b")
    mean = [row for row in rows_of(asked_by(lambda r: r.a * r.b, frame), "a") if row.kind == "mean"]
    for row in mean[::5]:
        low, high = stats.t.interval(0.95, 399, row.y, abs(row.x or 0) * frame.b.std(ddof=1) / 20)
        assert (row.low, row.high) == (pytest.approx(low, rel=2e-3), pytest.approx(high, rel=2e-3))


def test_weights_move_the_mean_and_clusters_widen_it() -> None:
    frame = numbers(600, 8, "a", "b")
    house = np.repeat(np.arange(60), 10)
    frame["b"] = np.random.default_rng(8).normal(size=60)[house]
    weight = np.linspace(0.2, 3.0, 600)
    plain = rows_of(asked_by(lambda r: r.a + r.b, frame), "a")[0]
    weighed = rows_of(asked_by(lambda r: r.a + r.b, frame, weight=weight), "a")[0]
    housed = rows_of(asked_by(lambda r: r.a + r.b, frame, cluster=house), "a")[0]
    assert weighed.y == pytest.approx(plain.x + np.average(frame.b, weights=weight))
    totals = (frame.b - frame.b.mean()).groupby(house).sum() / 600
    assert housed.se == pytest.approx(np.sqrt((totals**2).sum() * 60 / 59))
    assert plain.se is not None
    assert housed.se == pytest.approx(plain.se * np.sqrt(10), rel=0.05)


def test_one_cluster_leaves_the_range_unknown() -> None:
    frame = numbers(100, 9, "a", "b")
    asked = asked_by(lambda r: r.a + r.b, frame, cluster=np.zeros(100, dtype=np.int64))
    assert {(row.low, row.high, row.se) for row in rows_of(asked, "a")} == {(None, None, None)}


def test_missing_values_are_filled_for_the_mean_and_kept_elsewhere() -> None:
    frame = numbers(400, 10, "a", "b")
    frame.loc[::4, "a"] = np.nan
    frame.loc[::5, "b"] = np.nan
    x, y = mean_curve(rows_of(asked_by(lambda r: 2 * r.a.fillna(50) + r.b.fillna(-3), frame), "a"))
    assert np.isfinite(x).all()
    assert y == pytest.approx(2 * x + frame.b.fillna(-3).mean())


def test_two_values_and_thousands_of_levels() -> None:
    frame = numbers(6_000, 11, "b")
    frame.insert(0, "a", (np.arange(6_000) % 3 == 0).astype(float))
    frame["name"] = [f"name {row % 5_000}" for row in range(6_000)]
    asked = asked_by(lambda r: 4 * r.a + r.b, frame)
    x, y = mean_curve(rows_of(asked, "a"))
    assert x.tolist() == [0.0, 1.0]
    assert y[1] - y[0] == pytest.approx(4.0)
    named = rows_of(asked, "name")
    assert len({row.level for row in named}) == 12
    assert {row.thin for row in named} == {True}


def far_points(frame: pd.DataFrame, name: str) -> list[bool]:
    return [row.far for row in rows_of(asked_by(lambda r: np.zeros(len(r)), frame), name) if row.kind == "mean"]


def test_nothing_is_far_where_features_have_nothing_to_do_with_each_other() -> None:
    frame = numbers(3_000, 12, "a", "b", "c")
    frame["d"] = np.random.default_rng(12).choice(["x", "y", "rare"], 3_000, p=[0.5, 0.48, 0.02])
    assert not any(far for name in frame for far in far_points(frame, name))


def test_the_ends_are_far_where_another_feature_says_the_same() -> None:
    frame = numbers(3_000, 13, "a", "b", "c")
    frame["b"] = frame.a + 0.05 * frame.b
    found = far_points(frame, "a")
    assert found[0]
    assert found[-1]
    assert not any(far_points(frame, "c"))


def test_a_level_that_goes_with_another_is_far_from_most() -> None:
    frame = numbers(2_000, 14, "b")
    frame.insert(0, "a", np.where(np.arange(2_000) % 20 == 0, "farm", "town"))
    frame["b"] = np.where(frame.a == "farm", 8.0, 0.0) + frame.b
    assert far_points(frame, "a") == [True, False]


def test_a_rare_level_is_not_far_for_being_rare() -> None:
    """The common levels go with b; the rare one does not, and its few rows are everywhere."""
    rng = np.random.default_rng(15)
    frame = numbers(4_000, 15, "b", "c")
    frame.insert(0, "a", np.where(frame.b > 0, "high", "low"))
    frame.loc[rng.permutation(4_000)[:100], "a"] = "rare"
    frame.loc[::50, "c"] = np.nan
    assert not far_points(frame, "a")[2]
    assert not any(far_points(frame, "c"))
