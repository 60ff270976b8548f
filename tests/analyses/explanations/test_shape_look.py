"""The whole look: what it writes, who sits where, curves in bands, slow models and hostile tables."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from explained_samples import FEATURES, people, sigmoid
from shape_samples import all_rows, explained_by, means
from statsmodels.stats.proportion import proportion_confint

from evaluator.analyses.explanations.contributions import Contributions
from evaluator.analyses.explanations.explained import Explained
from evaluator.analyses.explanations.shape.look import DEPENDENCES, PAIRS, shape
from evaluator.analyses.explanations.shape.seats import who_sits_where
from evaluator.analyses.explanations.ways import TOO_SLOW
from evaluator.records import ALL, AnalysisTables, FeatureShare

N = 1_500


def score(rows: pd.DataFrame) -> np.ndarray:
    """Debt counts for three times as much in the north; income and debt also meet in a product."""
    debt = rows["debt"] * np.where(rows["region"] == "north", 3.0, 1.0)
    return (rows["income"] - debt + 0.5 * rows["income"] * rows["debt"]).to_numpy(float)


def frame_of(n: int = N) -> pd.DataFrame:
    frame = people(n)
    frame["sex"] = np.where(frame["income"] > 3.5, "m", "f")
    return frame


@pytest.fixture(scope="module")
def look(tmp_path_factory: pytest.TempPathFactory) -> Explained:
    return explained_by(tmp_path_factory.mktemp("look"), score, frame_of(), FEATURES, data={"sensitive": ["sex"]})


@pytest.fixture(scope="module")
def tables(look: Explained) -> AnalysisTables:
    return shape(look)


def test_every_curve_has_its_mean_and_at_most_twenty_cases(look: Explained, tables: AnalysisTables) -> None:
    assert {row.feature for row in tables.dependences} == set(FEATURES)
    for found, name in zip(look.curves, FEATURES, strict=True):
        assert found is not None
        mean = means(tables, name)
        assert [(row.x, row.level) for row in mean] == [found.place(point)[:2] for point in range(found.y.size)]
        assert {row.n for row in mean} == {500}
        assert {row.line for row in tables.dependences if row.feature == name} == set(range(21))
    keys = [(row.feature, row.kind, row.line, row.position) for row in tables.dependences]
    assert len(set(keys)) == len(keys)
    assert not tables.not_tested


def test_pairs_are_ranked_and_drawn_in_bands(tables: AnalysisTables) -> None:
    assert [row.rank for row in tables.interactions] == [1, 2, 3, 4, 5, 6]
    values = [row.value or 0.0 for row in tables.interactions]
    assert values == sorted(values, reverse=True)
    proven = {frozenset((row.feature, row.other)) for row in tables.interactions if row.proven}
    assert proven == {frozenset(("debt", "region")), frozenset(("income", "debt"))}
    curves: dict[tuple[str, str], set[str]] = {}
    for row in tables.interaction_points:
        curves.setdefault((row.feature, row.other), set()).add(row.band_words)
    assert curves[("debt", "region")] == {"east", "north", "south"}
    bands = curves.get(("debt", "income")) or curves[("income", "debt")]
    assert len(bands) == 3


def test_lines_in_bands_have_the_slope_of_their_band(look: Explained, tables: AnalysisTables) -> None:
    for band, factor in (("north", 3.0), ("south", 1.0)):
        points = [row for row in tables.interaction_points if row.other == "region" and row.band_words == band]
        first, last = points[0], points[-1]
        assert first.x is not None
        assert last.x is not None
        slope = (last.y - first.y) / (last.x - first.x)
        assert slope == pytest.approx(0.5 * look.asked.frame["income"].mean() - factor, abs=0.15)
        assert all(row.low is not None and row.high is not None and row.low <= row.y <= row.high for row in points)
        assert points[0].n >= 30


def seats(rows: tuple[FeatureShare, ...], feature: str, population: str = ALL) -> list[FeatureShare]:
    return [row for row in rows if (row.feature, row.population_id) == (feature, population)]


def test_shares_are_those_of_the_rows_with_wilsons_range(tables: AnalysisTables) -> None:
    frame = frame_of()
    for population, inside in ((ALL, frame), ("sex=f", frame[frame.sex == "f"]), ("sex=m", frame[frame.sex == "m"])):
        parts = seats(tables.feature_shares, "income", population)
        assert len(parts) == 6
        assert sum(row.n for row in parts) == len(inside) == parts[0].total
        assert sum(row.share or 0 for row in parts) == pytest.approx(1.0)
        for row in parts:
            low, high = row.low_edge or -np.inf, row.high_edge or np.inf
            assert row.n == ((inside.income >= low) & (inside.income < high)).sum()
            if 5 <= row.n < row.total:
                ends = proportion_confint(row.n, row.total, method="wilson")
                assert (row.low, row.high) == (pytest.approx(ends[0]), pytest.approx(ends[1]))
    assert [row.level for row in seats(tables.feature_shares, "region")] == ["east", "north", "south"]
    assert [row.label for row in seats(tables.feature_shares, "loans")] == ["0", "1", "2", "3"]


def test_shares_with_weights_clusters_missing_values_and_small_groups(tmp_path: Path) -> None:
    frame = frame_of(600)
    frame["sex"] = np.where(np.arange(600) < 12, "x", frame["sex"])
    frame.loc[::6, "income"] = np.nan
    frame["region"] = np.array(["east", "north"])[frame["home"] % 2]
    look = explained_by(
        tmp_path, lambda r: r["income"].fillna(0) + r["debt"] + (r["region"] == "east"), frame, FEATURES,
        data={"sensitive": ["sex"], "weight": "w", "cluster": "home"},
    )  # fmt: skip
    rows = shape(look).feature_shares
    parts = seats(rows, "income")
    assert parts[-1].label == "missing"
    assert parts[-1].share == pytest.approx(frame.w[frame.income.isna()].sum() / frame.w.sum())
    few = seats(rows, "income", "sex=x")
    assert {(row.share, row.low, row.status, row.total) for row in few} == {(None, None, "too_few", 12)}
    east = seats(rows, "region")[0]
    plain = proportion_confint(east.n, east.total, method="wilson")
    assert east.low is not None
    assert east.high is not None
    assert east.high - east.low > 1.5 * (plain[1] - plain[0])


def test_the_same_look_gives_the_same_tables(look: Explained, tables: AnalysisTables) -> None:
    assert json.dumps(asdict(shape(look)), default=str) == json.dumps(asdict(tables), default=str)


def test_one_class_of_several_leaves_the_shares_to_all_classes_together(look: Explained) -> None:
    classes = [replace(look, asked=replace(look.asked, class_=name)) for name in ("a", "b")]
    found = [shape(one) for one in classes]
    assert [part.feature_shares for part in found] == [(), ()]
    assert {row.class_ for row in (*found[0].dependences, *found[0].interactions, *found[0].interaction_points)} == {
        "a"
    }
    assert who_sits_where(classes) == who_sits_where([look])
    assert who_sits_where([]) == ()


def test_a_slow_model_is_said_and_not_waited_for(look: Explained) -> None:
    found = shape(replace(look, rate=50.0))
    assert (found.dependences, found.interactions, found.interaction_points) == ((), (), ())
    assert [(row.what, row.reason) for row in found.not_tested] == [(DEPENDENCES, TOO_SLOW), (PAIRS, TOO_SLOW)]
    assert found.feature_shares
    middling = shape(replace(look, rate=8_000.0))
    assert {row.n for row in means(middling, "income")} == {150}


def test_parts_of_scores_decide_which_features_come_first(look: Explained) -> None:
    drawn = all_rows(look.asked, 200)
    values = np.tile([0.1, -0.4, 0.3, 0.2], (drawn.n, 1))
    parts = Contributions(drawn, values, np.zeros(drawn.n), "tree", "score", 50, 0.0, 0)
    found = shape(replace(look, parts=parts)).feature_shares
    assert list(dict.fromkeys(row.feature for row in found)) == ["debt", "loans", "region", "income"]


def test_hostile_tables_are_looked_at_all_the_same(tmp_path: Path) -> None:
    frame = people(400)
    frame["income"] = np.nan
    frame["loans"] = 1
    frame["region"] = [f'<script>{"x" * 10_000}</script> 🙂 "{row}"' for row in range(400)]
    look = explained_by(tmp_path, lambda r: r["debt"], frame, FEATURES)
    found = shape(look)
    assert {row.feature for row in found.dependences} == {"debt", "region"}
    assert [(row.proven, row.value) for row in found.interactions] == [(False, 0.0)]
    assert len(seats(found.feature_shares, "region")) == 6


def test_few_rows_and_a_constant_model(tmp_path: Path) -> None:
    for n in (3, 12):
        look = explained_by(tmp_path, lambda r: np.full(len(r), 0.5), people(n), FEATURES, kind="binary")
        found = shape(look)
        assert {row.status for row in found.interactions} <= {"too_few"}
        assert {row.status for row in found.feature_shares} <= {"too_few"}
        assert all(row.thin for row in found.dependences)
        assert {row.y for row in found.dependences} <= {0.5}


def test_features_that_bend_the_chance_alone_get_no_curves_in_bands(tmp_path: Path) -> None:
    look = explained_by(
        tmp_path, lambda r: sigmoid((r["income"] - r["debt"]).to_numpy()), frame_of(), FEATURES, kind="binary"
    )
    found = shape(look)
    assert found.interactions[0].reason
    assert not any(row.proven for row in found.interactions)
    assert found.interaction_points == ()
