"""Trees are explained only where there is time: told before anything is calculated, for large and for extreme models."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from case_samples import explained_of
from explained_samples import asked_of, clock_of, fitted, people, plan_of
from sklearn.compose import make_column_transformer
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
from sklearn.tree import DecisionTreeRegressor

from evaluator.analyses.explanations import nominal_pace, tree_columns, ways
from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.cases import splitting
from evaluator.analyses.explanations.cases.splitting import FEWER_SETS, SETS, Split, Unsplit, split
from evaluator.analyses.explanations.nominal_pace import nominal_tree_pace
from evaluator.analyses.explanations.tree_columns import TreeColumns
from evaluator.analyses.explanations.tree_way import BACKGROUNDS, TreeWay, tree_way_of
from evaluator.analyses.explanations.ways import TOO_SLOW, contributions_of
from evaluator.statistics.tree_parts.compiled import tree_kernels
from evaluator.statistics.tree_parts.ensemble import Tree, ensemble_of

NUMBERS = ("income", "debt", "loans")
PLAN = plan_of(data={"features": list(NUMBERS)})


def booster() -> GradientBoostingClassifier:
    frame = people()
    model = GradientBoostingClassifier(n_estimators=20, random_state=1)
    return model.fit(frame[list(NUMBERS)], frame["repaid"])


def boosted(folder: Path) -> Asked:
    return asked_of(folder, PLAN, fitted(booster(), PLAN), people())


def test_scores_that_need_every_pair_have_the_pace_of_pairs(tmp_path: Path) -> None:
    asked = boosted(tmp_path)
    usual, extreme = tree_way_of(asked), tree_way_of(replace(asked, score=np.append(asked.score[1:], 1.0)))
    assert usual is not None
    assert extreme is not None
    index = np.arange(30)
    assert usual.reads(index)
    assert extreme.reads(index)
    assert extreme.pace(1_000).row > 20 * usual.pace(1_000).row


def test_a_tree_of_one_leaf_has_a_pace_and_every_node_counts() -> None:
    kernels = tree_kernels()
    assert kernels is not None
    leaf = Tree(*(np.array([number]) for number in (-1, -1, 0)), np.zeros(1), np.zeros(1, bool), np.zeros(1))  # type: ignore[arg-type]
    few, many = (ensemble_of([leaf] * n, np.zeros(1, int), 0.0, kernels) for n in (1, 100))
    assert 0 < nominal_tree_pace(few, 10, 1).row < nominal_tree_pace(many, 10, 1).row
    assert nominal_tree_pace(many, 10, 1).background > 10 * nominal_pace.NODE_SECONDS


def test_slow_trees_are_left_before_any_part_is_calculated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = boosted(tmp_path)
    monkeypatch.setattr(nominal_pace, "FILL_SECONDS", 1.0)
    calculated: list[int] = []
    monkeypatch.setattr(TreeWay, "parts_of", lambda self, index, background: calculated.append(index.size))
    attempts = contributions_of(asked, 1e6, clock_of())
    assert [found.how for found in attempts.tried] == ["sampled"]
    assert not calculated


def test_a_background_counts_against_the_time(tmp_path: Path) -> None:
    way = tree_way_of(boosted(tmp_path))
    assert way is not None
    assert way.reads(np.arange(30))
    pace = way.pace(200)
    assert ways._tree_size(pace, 200, 1) == ways.SIZES[0]
    assert ways._tree_size(pace._replace(background=ways.CONTRIBUTION_SECONDS / 5), 200, 1) is None


def test_levels_of_many_rows_are_learnt_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the first rows all have one level, which by themselves would tell nothing of the others."""
    n, levels = 3_000, 400
    rng = np.random.default_rng(5)
    code = np.concatenate([np.zeros(1_500, int), rng.integers(0, levels, n - 1_500)])
    frame = people(n).assign(loans=code, income=rng.integers(0, 3, n))
    plan = plan_of("regression", data={"features": ["income", "loans"]})
    model = make_pipeline(OneHotEncoder(handle_unknown="ignore"), DecisionTreeRegressor(max_depth=8, random_state=1))
    model.fit(frame[["income", "loans"]], frame["days"] + 9 * (code % 7))
    asked = asked_of(tmp_path, plan, fitted(model, plan), frame)
    learn, learnt = TreeColumns._learn, []
    monkeypatch.setattr(TreeColumns, "_learn", lambda self, index: learnt.append(index.size) or learn(self, index))
    columns = TreeColumns(asked)
    made = columns.of(np.arange(n))
    assert made is not None
    assert len(learnt) == 1
    named = [*(f"income {i}" for i in range(3)), *(f"loans {i}" for i in np.unique(code))]
    differs = (made != made[0]).any(axis=0)
    assert differs.all()
    assert columns.owner.tolist() == [int(name.startswith("loans")) for name in named]


def test_slow_trees_have_fewer_backgrounds_for_cases_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found, index = explained_of(tmp_path, PLAN, fitted(booster(), PLAN)), np.arange(5)
    assert found.parts is not None
    assert found.parts.how == "tree"
    way = tree_way_of(found.asked)
    assert way is not None
    smallest = way.pace(splitting.SIZES[-1])
    counted: list[int] = []
    drawn = splitting.other_background
    monkeypatch.setattr(splitting, "other_background", lambda *given: counted.append(given[1]) or drawn(*given))
    assert isinstance(split(found, index), Split)
    assert counted == [splitting.SIZES[0]] * SETS + [SETS * splitting.SIZES[0]]
    counted.clear()
    monkeypatch.setattr(splitting, "TREE_SECONDS", 5 * (smallest.background + 5 * smallest.row))
    assert isinstance(split(found, index), Split)
    assert len(counted) == FEWER_SETS + 1
    monkeypatch.setattr(splitting, "TREE_SECONDS", smallest.background)
    assert split(found, index) == Unsplit(TOO_SLOW)


def test_every_background_meets_rows_of_every_place_in_the_file(tmp_path: Path) -> None:
    way = tree_way_of(boosted(tmp_path))
    assert way is not None
    turns = way.turns(1_000)
    assert (np.bincount(turns) == 1_000 // BACKGROUNDS).all()
    met = pd.crosstab(np.arange(1_000) % BACKGROUNDS, turns).to_numpy()
    assert met.shape == (BACKGROUNDS, BACKGROUNDS)
    assert 20 < met.min() < met.max() < 65
    assert (turns == way.turns(1_000)).all()


def test_the_level_of_the_first_row_alone_is_learnt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What rows are held against is one of them, so that its own level differs in all others."""
    monkeypatch.setattr(tree_columns, "LEARNT_FROM", 20)
    frame = people(600).assign(loans=np.minimum(np.arange(600), 3))
    plan = plan_of("regression", data={"features": ["income", "loans"]})
    model = make_pipeline(
        make_column_transformer((OneHotEncoder(), ["loans"]), remainder="passthrough"),
        DecisionTreeRegressor(max_depth=4, random_state=1),
    )
    model.fit(frame[["income", "loans"]], frame["days"])
    columns = TreeColumns(asked_of(tmp_path, plan, fitted(model, plan), frame))
    assert columns.of(np.arange(600)) is not None
    assert columns.owner.tolist() == [1, 1, 1, 1, 0]
