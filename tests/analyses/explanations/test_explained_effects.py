"""Accumulated local effects and effects of levels against functions whose effects are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from explained_samples import FEATURES, asked_of, effects, explained, model_of, people, plan_of
from scipy import stats

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.direction import direction_of
from evaluator.analyses.explanations.drawing import draw_alike
from evaluator.analyses.explanations.effects import Curve, _edges, curve_of
from evaluator.analyses.explanations.together import associations, moving_with
from evaluator.statistics.quantiles import t_quantile
from evaluator.statistics.streams import stream

PLAN = plan_of("regression")


def asked_about(folder: Path, function, frame: pd.DataFrame | None = None, **changes) -> Asked:
    model = model_of(lambda rows: np.asarray(function(rows), dtype=float), FEATURES, wanted="number")
    return asked_of(folder, plan_of("regression", **changes) if changes else PLAN, model, frame)


def curve(asked: Asked, name: str, n: int = 10_000) -> Curve:
    drawn = draw_alike(n, stream(7, "test"), asked.n, weight=asked.weight, cluster=asked.cluster)
    found = curve_of(asked, asked.names.index(name), drawn)
    assert found is not None
    return found


def test_a_line_has_its_slope_and_no_range(tmp_path: Path) -> None:
    asked = asked_about(tmp_path, lambda rows: 3 * rows["income"] - rows["debt"])
    found = curve(asked, "income")
    assert found.at is not None
    assert np.diff(found.y) / np.diff(found.at) == pytest.approx(np.full(found.at.size - 1, 3.0))
    assert found.se == pytest.approx(np.zeros(found.y.size), abs=1e-12)
    assert np.interp(asked.frame["income"], found.at, found.y).mean() == pytest.approx(0, abs=0.05)
    assert direction_of(found) == "higher"
    assert direction_of(curve(asked, "debt")) == "lower"
    assert direction_of(curve(asked, "loans")) == "unused"


def test_a_parabola_is_followed(tmp_path: Path) -> None:
    frame = people(5_000)
    asked = asked_about(tmp_path, lambda rows: (rows["income"] - 3) ** 2 + rows["debt"], frame)
    found = curve(asked, "income")
    assert found.at is not None
    truth = (found.at - 3) ** 2
    assert found.y - found.y.min() == pytest.approx(truth - truth.min(), abs=0.02)
    assert direction_of(found) == "mixed"


def test_what_goes_with_a_feature_is_not_counted_as_its_effect(tmp_path: Path) -> None:
    """Debt and income move together here; a plain average by debt would rise."""
    frame = people(4_000)
    frame["debt"] = frame["income"] + np.random.default_rng(1).normal(0, 0.1, 4_000)
    asked = asked_about(tmp_path, lambda rows: 5 * rows["income"] - rows["debt"], frame)
    found = curve(asked, "debt")
    assert found.at is not None
    assert (found.y[-1] - found.y[0]) / (found.at[-1] - found.at[0]) == pytest.approx(-1.0)
    together = moving_with(asked, associations(asked, draw_alike(1_000, stream(7, "test"), asked.n)))
    assert together == (("debt",), ("income",), (), ())


def test_an_interaction_is_averaged_over_the_cases_at_hand(tmp_path: Path) -> None:
    asked = asked_about(tmp_path, lambda rows: rows["income"] * (rows["debt"] - 2), people(8_000))
    found = curve(asked, "income")
    assert found.at is not None
    slope = asked.frame["debt"].mean() - 2
    inner = slice(1, -1)
    assert np.abs(found.y - slope * (found.at - asked.frame["income"].mean()))[inner].max() < 0.15
    assert (found.se[inner] > 0).all()


def test_the_range_of_a_curve_keeps_its_promise(tmp_path: Path) -> None:
    """The slope of each row is random, so that the truth is its mean; the bins stay as they are."""
    frame = people(4_000)
    asked = asked_about(tmp_path, lambda rows: rows["income"] * (rows["debt"] - 2), frame)
    everyone, held, tries = curve(asked, "income"), 0, 400
    for attempt in range(tries):
        drawn = draw_alike(300, stream(7, "test", str(attempt)), asked.n)
        found = curve_of(asked, 0, drawn)
        assert found is not None
        held += abs(found.y[3] - everyone.y[3]) <= t_quantile(0.95, found.df) * found.se[3]
    assert stats.binomtest(held, tries, 0.93, alternative="less").pvalue > 0.001


def test_levels_have_the_mean_of_everyone_given_that_level(tmp_path: Path) -> None:
    worth = {"east": -1.0, "north": 0.5, "south": 2.0}
    asked = asked_about(tmp_path, lambda rows: rows["region"].map(worth).astype(float) + rows["income"])
    found = curve(asked, "region")
    assert (found.at, found.levels) == (None, ("east", "north", "south"))
    mean = np.mean([worth[region] for region in asked.frame["region"]])
    assert found.y == pytest.approx(np.array([-1.0, 0.5, 2.0]) - mean)
    assert found.n.tolist() == asked.frame["region"].value_counts().sort_index().tolist()
    assert direction_of(found) == "by_level"


def test_weights_move_the_centre(tmp_path: Path) -> None:
    worth = {"east": -1.0, "north": 0.5, "south": 2.0}
    asked = asked_about(tmp_path, lambda rows: rows["region"].map(worth).astype(float), data={"weight": "w"})
    frame = people()
    weights = frame.groupby("region")["w"].sum()
    mean = sum(worth[name] * weights[name] for name in worth) / weights.sum()
    assert curve(asked, "region").y == pytest.approx(np.array([-1.0, 0.5, 2.0]) - mean)


def test_missing_values_take_no_part(tmp_path: Path) -> None:
    frame = people()
    frame.loc[::5, "income"] = np.nan
    asked = asked_about(tmp_path, lambda rows: 2 * rows["income"].fillna(9.0), frame)
    found = curve(asked, "income")
    assert found.at is not None
    assert np.isfinite(found.at).all()
    assert found.n.sum() == 480
    assert np.diff(found.y) / np.diff(found.at) == pytest.approx(np.full(found.at.size - 1, 2.0))


def test_thin_places_are_marked_and_columns_that_do_not_vary_have_no_curve(tmp_path: Path) -> None:
    frame = people()
    frame["region"] = np.where(np.arange(600) < 12, "isles", frame["region"])
    frame["loans"] = 1
    frame["debt"] = np.where(np.arange(600) < 20, 50.0, 1.0)
    model = model_of(lambda rows: (rows["income"] + rows["debt"]).to_numpy(float), FEATURES, wanted="number")
    tables = explained(tmp_path, PLAN, model, frame)
    assert [row.label for row in effects(tables, "region") if row.thin] == ["isles"]
    assert effects(tables, "loans") == []
    assert [(row.x, row.n, row.thin) for row in effects(tables, "debt")] == [(1.0, 0, False), (50.0, 600, False)]
    assert {row.kind for row in effects(tables, "income")} == {"quantity"}
    assert sum(row.share for row in effects(tables, "income")) == pytest.approx(1.0)


def test_the_ends_of_a_curve_are_the_tenth_lowest_and_the_tenth_highest_value(tmp_path: Path) -> None:
    """A single person's value is no end; those beyond it belong to the bins at the ends, so that no row is left out."""
    frame = people(400)
    frame.loc[0, "income"], frame.loc[1, "income"] = -999.0, 101_640.0
    asked = asked_about(tmp_path, lambda rows: np.clip(rows["income"], -5, 20) + rows["debt"], frame)
    found, ordered = curve(asked, "income"), np.sort(frame["income"].to_numpy())
    assert found.at is not None
    assert (found.at[0], found.at[-1]) == (ordered[9], ordered[-10])
    assert found.n.sum() == 400
    assert np.diff(found.y) / np.diff(found.at) == pytest.approx(np.ones(found.at.size - 1))


@pytest.mark.parametrize(("n", "outside"), [(2, 0), (3, 0), (20, 5), (36, 9), (400, 9)])
def test_of_few_rows_a_quarter_lies_beyond_the_ends(n: int, outside: int) -> None:
    x = np.random.default_rng(n).permutation(n).astype(float)
    edges = x[_edges(x)]
    assert (edges[0], edges[-1]) == (outside, n - 1 - outside)
