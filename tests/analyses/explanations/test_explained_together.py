"""Features that move together: who does, the sets they make up, the rows of sets, and where two ways disagree."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from explained_samples import FEATURES, asked_of, explained, importances, model_of, people, plan_of
from scipy import stats

from evaluator.analyses.explanations.agreement import disagreements, is_driver
from evaluator.analyses.explanations.drawing import draw_alike
from evaluator.analyses.explanations.shifting import mean_growth, shifted_losses
from evaluator.analyses.explanations.together import associations, moving_with, sets_of
from evaluator.analyses.explanations.weighting import weighted_means
from evaluator.statistics.streams import stream


def found_in(tmp_path: Path, frame: pd.DataFrame) -> np.ndarray:
    model = model_of(lambda rows: np.full(len(rows), 0.5), FEATURES)
    asked = asked_of(tmp_path, plan_of(), model, frame)
    return associations(asked, draw_alike(10_000, stream(7, "test"), asked.n))


def test_numbers_move_together_by_their_ranks_over_rows_that_have_both(tmp_path: Path) -> None:
    frame = people(2_000)
    frame["debt"] = np.exp(frame["income"]) + np.random.default_rng(1).normal(0, 3, 2_000)
    frame.loc[::5, "debt"] = np.nan
    both = frame.dropna(subset=["debt"])
    expected = stats.spearmanr(both["income"], both["debt"]).statistic
    assert found_in(tmp_path, frame)[0, 1] == pytest.approx(expected, abs=0.003)


def test_levels_that_tell_a_number_or_other_levels_move_with_them(tmp_path: Path) -> None:
    frame = people(2_000)
    frame["region"] = np.where(frame["income"] > 3, "rich", "poor")
    ranks = frame["income"].rank().to_numpy()
    groups = [ranks[frame["region"] == name] for name in ("rich", "poor")]
    between = sum(len(group) * (group.mean() - ranks.mean()) ** 2 for group in groups)
    ratio = between / ((ranks - ranks.mean()) ** 2).sum()
    assert found_in(tmp_path, frame)[0, 3] == pytest.approx(np.sqrt(1 - (1 - ratio) * 1999 / 1998))


def test_many_levels_at_random_tell_nothing(tmp_path: Path) -> None:
    """Without a correction thirty levels of forty rows would seem to tell much of each other."""
    rng = np.random.default_rng(2)
    frame = people(40)
    frame["region"] = [f"town {row}" for row in rng.integers(0, 25, 40)]
    frame["loans"] = pd.Series([f"kind {row}" for row in rng.integers(0, 25, 40)])
    found = found_in(tmp_path, frame)
    assert found[2, 3] < 0.5
    assert found[0, 3] < 0.7


def test_the_finer_of_two_levels_tells_the_coarser(tmp_path: Path) -> None:
    frame = people(1_000)
    frame["loans"] = [f"branch {row % 40}" for row in range(1_000)]
    frame["region"] = [f"area {row % 40 // 10}" for row in range(1_000)]
    assert found_in(tmp_path, frame)[2, 3] > 0.9


def test_a_set_is_no_chain() -> None:
    chain = np.array([[1, 0.8, 0.3], [0.8, 1, 0.8], [0.3, 0.8, 1]])
    assert sets_of(chain) == ((0, 1), (2,))
    assert sets_of(np.full((3, 3), 0.75)) == ((0, 1, 2),)
    assert sets_of(np.eye(3)) == ((0,), (1,), (2,))
    assert sets_of(np.ones((1, 1))) == ((0,),)


def both_debts(n: int = 1_500) -> pd.DataFrame:
    frame = people(n)
    return frame.assign(loans=frame["debt"] + np.random.default_rng(3).normal(0, 0.2, n))


def halves(rows: pd.DataFrame) -> np.ndarray:
    """One debt in two columns; the second takes back some of what the first adds."""
    return (10 * rows["income"] - 8 * rows["debt"] + 4 * rows["loans"]).to_numpy()


def test_a_set_has_one_row_and_its_parts_are_added_before_their_size_is_taken(tmp_path: Path) -> None:
    frame, plan = both_debts(), plan_of("regression")
    tables = explained(tmp_path, plan, model_of(halves, FEATURES, wanted="number"), frame)
    single, together = importances(tables), importances(tables, "shap_together")
    assert list(together) == ["income", "debt", "region"]
    assert json.loads(together["debt"].members) == ["debt", "loans"]
    assert (together["debt"].words, together["income"].members) == ("debt and loans", '["income"]')
    exact = -8 * (frame["debt"] - frame["debt"].mean()) + 4 * (frame["loans"] - frame["loans"].mean())
    assert together["debt"].value == pytest.approx(np.abs(exact).mean(), rel=0.01)
    assert together["debt"].value < single["debt"].value
    assert together["income"].value == pytest.approx(single["income"].value)
    assert together["debt"].direction == "mixed"
    assert sum(row.share or 0.0 for row in together.values()) == pytest.approx(1.0)


def test_the_features_of_a_set_are_shifted_together(tmp_path: Path) -> None:
    frame, plan = both_debts(), plan_of("regression")
    tables = explained(tmp_path, plan, model_of(halves, FEATURES, wanted="number"), frame)
    single, together = importances(tables, "permutation"), importances(tables, "permutation_together")
    change = (-8 * frame["debt"] + 4 * frame["loans"]).var()
    assert together["debt"].value == pytest.approx(2 * change, rel=0.2)
    assert together["debt"].value < single["debt"].value
    assert together["income"].value == single["income"].value
    assert is_driver(importances(tables, "shap_together")["debt"])


def test_without_sets_there_are_no_rows_of_sets(tmp_path: Path) -> None:
    tables = explained(tmp_path, plan_of(), model_of(lambda rows: np.full(len(rows), 0.5), FEATURES))
    assert {row.method for row in tables.importances} == {"shap", "permutation"}


def test_names_of_those_that_move_together(tmp_path: Path) -> None:
    model = model_of(halves, FEATURES, wanted="number")
    asked = asked_of(tmp_path, plan_of("regression"), model, both_debts())
    found = associations(asked, draw_alike(10_000, stream(7, "test"), asked.n))
    assert moving_with(asked, found) == ((), ("loans",), ("debt",), ())


@pytest.mark.parametrize("cluster", [False, True])
def test_pairs_of_rows_that_share_a_row_are_not_independent(tmp_path: Path, cluster: bool) -> None:
    """Against every product of two pairs that share a row, or a cluster."""
    plan = plan_of("regression", data={"weight": "w", **({"cluster": "home"} if cluster else {})})
    model = model_of(lambda rows: (10 * rows["income"] - rows["debt"]).to_numpy(), FEATURES, wanted="number")
    asked = asked_of(tmp_path, plan, model, people(60))
    drawn = draw_alike(60, stream(7, "test"), asked.n, weight=asked.weight, cluster=asked.cluster)
    shifted = shifted_losses(asked, drawn)
    group = np.arange(60) if drawn.cluster is None else drawn.cluster
    weight = (drawn.own * drawn.own[shifted.donor]).ravel()
    pairs = shifted.pairs[:, :, 0].ravel()
    mean = weight @ pairs / weight.sum()
    part = weight * (pairs - mean) / weight.sum()
    own, other = np.tile(group, len(shifted.donor)), group[shifted.donor].ravel()
    share = sum((a[:, None] == b[None, :]).astype(int) for a in (own, other) for b in (own, other)) > 0
    groups = np.unique(group).size
    expected = groups / (groups - 1) * (part @ share @ part)
    found = mean_growth(shifted)
    assert found.value[0] == pytest.approx(mean)
    assert found.covariance[0, 0] == pytest.approx(expected)
    assert found.df == groups - 1


def test_rows_alone_would_be_too_sure(tmp_path: Path) -> None:
    model = model_of(lambda rows: (10 * rows["income"]).to_numpy(), FEATURES, wanted="number")
    frame = people(600).assign(days=lambda rows: 10 * rows["income"])
    asked = asked_of(tmp_path, plan_of("regression"), model, frame)
    drawn = draw_alike(600, stream(7, "test"), asked.n)
    shifted = shifted_losses(asked, drawn)
    assert mean_growth(shifted).se[0] > 1.25 * weighted_means(shifted.growth, drawn).se[0]


def test_ways_disagree_where_their_ranks_do_not_meet(tmp_path: Path) -> None:
    """The outcome follows debt alone, and the model leans on income most."""
    frame = people(3_000)
    rng = np.random.default_rng(5)
    frame["days"] = -3 * frame["debt"] + rng.normal(0, 1, 3_000)
    model = model_of(lambda rows: (3.6 * rows["income"] - 1.5 * rows["debt"]).to_numpy(), FEATURES, wanted="number")
    tables = explained(tmp_path, plan_of("regression"), model, frame)
    parts, shifts = list(importances(tables).values()), list(importances(tables, "permutation").values())
    assert (is_driver(parts[0]), is_driver(parts[1])) == (False, True)
    assert [(pair.part.feature, pair.shift.rank_low) for pair in disagreements(parts, shifts)] == [
        ("income", 2), ("debt", 1),
    ]  # fmt: skip
    assert disagreements(parts, [replace(row, rank_low=None, rank_high=None) for row in shifts]) == ()
    assert disagreements(parts, [replace(row, class_="a") for row in shifts]) == ()
    assert disagreements(parts, parts) == ()
