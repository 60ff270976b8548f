"""Local effects where bins are thin: unknown slopes are not zero, and their ranges say how little is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from shape_samples import all_rows, asked_by, curve, numbers

from evaluator.analyses.explanations.drawing import draw_alike
from evaluator.analyses.explanations.effects import among, curve_of
from evaluator.statistics.streams import stream


def lumpy(n: int = 2_000) -> pd.DataFrame:
    """Values in lumps of a twentieth, so that one row between two lumps would be a bin of its own."""
    frame = numbers(n, 1, "a", "b")
    frame["a"] = np.repeat(np.arange(20.0), n // 20)
    frame.loc[n // 2 - 1, "a"] = 9.5
    return frame


def test_a_bin_without_drawn_rows_joins_its_neighbour_and_is_not_flat() -> None:
    asked = asked_by(lambda r: 4 * r.a + r.b, lumpy())
    drawn = draw_alike(200, stream(3, "test"), asked.n)
    found = curve_of(asked, 0, drawn)
    assert found is not None
    assert found.at is not None
    assert np.diff(found.y) / np.diff(found.at) == pytest.approx(np.full(found.at.size - 1, 4.0))
    assert (found.at[0], found.at[-1]) == (0.0, 19.0)
    taken = np.histogram(asked.frame.a.iloc[drawn.index], [-1.0, *found.at[1:]])[0]
    assert taken.min() >= 5
    assert found.n.sum() == asked.n


def test_points_on_few_rows_have_few_degrees_of_freedom() -> None:
    frame = numbers(40, 2, "a", "b")
    few, many = (curve(asked_by(lambda r: r.a * r.b, rows), "a") for rows in (frame, numbers(4_000, 2, "a", "b")))
    assert 4 <= few.df < 35
    assert many.df > 150
    assert (few.se > 0).all()


def test_very_few_rows_are_one_bin_and_a_single_one_has_no_curve() -> None:
    asked = asked_by(lambda r: 2 * r.a + r.b, numbers(4, 3, "a", "b"))
    found = curve(asked, "a")
    assert found.at is not None
    assert found.at.tolist() == sorted(asked.frame.a)[1:3]
    one = asked_by(lambda r: r.a, numbers(300, 3, "a", "b").assign(a=lambda r: np.where(r.index == 7, 1.0, np.nan)))
    assert curve_of(one, 0, all_rows(one)) is None


def test_a_curve_is_zero_on_average_over_its_own_points() -> None:
    frame = numbers(1_000, 4, "a", "b")
    frame["c"] = np.random.default_rng(4).choice(["x", "y", "z"], 1_000, p=[0.7, 0.2, 0.1])
    asked = asked_by(lambda r: np.exp(r.a) + r.c.map({"x": 1.0, "y": 5.0, "z": -9.0}).astype(float), frame)
    for name in ("a", "c"):
        found = curve(asked, name)
        assert found.weights.sum() == pytest.approx(1.0)
        assert found.weights @ found.y == pytest.approx(0.0, abs=1e-9)


def test_the_standard_error_of_a_single_step_is_that_of_a_mean() -> None:
    """One bin: the curve goes from minus to plus half of the mean difference."""
    frame = numbers(500, 5, "b")
    frame.insert(0, "a", np.arange(500) % 2)
    found = curve(asked_by(lambda r: r.a * r.b, frame), "a")
    assert found.y == pytest.approx([-frame.b.mean() / 2, frame.b.mean() / 2])
    assert found.se == pytest.approx(np.full(2, frame.b.std(ddof=1) / np.sqrt(500) / 2), rel=2e-3)
    house = np.repeat(np.arange(50), 10)
    housed = curve(asked_by(lambda r: r.a * r.b, frame, cluster=house), "a")
    totals = (frame.b - frame.b.mean()).groupby(house).sum() / 500
    assert housed.se == pytest.approx(np.full(2, np.sqrt((totals**2).sum() * 50 / 49) / 2))
    assert housed.df == 49


def test_some_of_the_drawn_rows_stand_for_all_like_them() -> None:
    asked = asked_by(lambda r: r.a, numbers(1_000, 6, "a", "b"))
    drawn = draw_alike(100, stream(3, "test"), asked.n)
    some = among(drawn, np.arange(100) < 30)
    assert (some.n, some.size.tolist(), some.taken.tolist()) == (30, [300], [30])
    assert some.weight == pytest.approx(drawn.weight[:30])
