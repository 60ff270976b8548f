"""Parts under another background, the same way as those shown, for models of every way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from explained_samples import asked_of, clock_of, fitted, loaded, model_of, people, plan_of, sigmoid
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LinearRegression

from evaluator.analyses.explanations.contributions import to_space
from evaluator.analyses.explanations.explained import Explained
from evaluator.analyses.explanations.parts_under import other_background, parts_under, questions_per_row
from evaluator.analyses.explanations.ways import contributions_of
from evaluator.plan.schema import Plan
from evaluator.subject.models.model import Model

NUMBERS = ("income", "debt", "loans")
ROWS = np.array([5, 17, 400, 3])


def explained_by(folder: Path, plan: Plan, model: Model, frame: pd.DataFrame, how: str) -> Explained:
    asked = asked_of(folder, plan, model, frame)
    parts = contributions_of(asked, 1e6, clock_of()).shown
    assert parts is not None
    assert parts.how == how
    return Explained(plan, loaded(folder, plan, model, frame), asked, 1e6, clock_of(), parts, "", ())


def by_trees(folder: Path) -> Explained:
    frame, plan = people(), plan_of(data={"features": list(NUMBERS)})
    model = GradientBoostingClassifier(n_estimators=20, random_state=1).fit(frame[list(NUMBERS)], frame["repaid"])
    return explained_by(folder, plan, fitted(model, plan), frame, "tree")


def by_sum(folder: Path) -> Explained:
    frame, plan = people(), plan_of("regression", data={"features": list(NUMBERS)})
    model = LinearRegression().fit(frame[list(NUMBERS)], frame["days"])
    return explained_by(folder, plan, fitted(model, plan), frame, "additive")


def by_orders(folder: Path) -> Explained:
    model = model_of(lambda frame: sigmoid(frame["income"] * frame["debt"] - frame["loans"]).to_numpy(), NUMBERS)
    return explained_by(folder, plan_of(data={"features": list(NUMBERS)}), model, people(), "sampled")


WAYS = pytest.mark.parametrize("way", [by_trees, by_sum, by_orders])


@WAYS
def test_parts_add_up_and_each_row_has_its_own_in_any_company(tmp_path: Path, way: Callable[[Path], Explained]) -> None:
    explained = way(tmp_path)
    background = other_background(explained, 40, 1)
    found = parts_under(explained, ROWS, background)
    assert explained.parts is not None
    space = explained.parts.space
    own = to_space(explained.asked.mixer.rows(ROWS), space)
    assert found.base + found.values.sum(axis=1) == pytest.approx(own, abs=1e-9)
    assert found.base == pytest.approx(to_space(explained.asked.mixer.rows(background), space).mean(), abs=1e-9)
    for place, row in enumerate(ROWS):
        alone = parts_under(explained, np.array([row]), background)
        assert alone.values[0] == pytest.approx(found.values[place], abs=1e-12)


@WAYS
def test_another_background_gives_other_parts_and_the_same_one_the_same(
    tmp_path: Path, way: Callable[[Path], Explained]
) -> None:
    explained = way(tmp_path)
    first, again, second = (parts_under(explained, ROWS, other_background(explained, 40, k)) for k in (1, 1, 2))
    assert (first.values == again.values).all()
    assert np.abs(first.values - second.values).max() > 1e-4


def test_other_backgrounds_are_drawn_from_every_band_of_the_scores(tmp_path: Path) -> None:
    explained = by_orders(tmp_path)
    sets = [other_background(explained, 60, number) for number in range(3)]
    place = np.argsort(np.argsort(explained.asked.order, kind="stable"))
    for chosen in sets:
        assert sorted(place[chosen] // 10) == list(range(60))
    assert len({tuple(chosen) for chosen in sets}) == 3
    assert sorted(other_background(explained, 600, 1)) == list(range(600))


def test_how_often_the_model_is_asked_is_told(tmp_path: Path) -> None:
    counts = [questions_per_row(way(tmp_path), 40) for way in (by_trees, by_sum, by_orders)]
    assert counts == [0, 3, 40 * 2 * 2]


def test_without_contributions_there_is_nothing_to_follow(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="withheld"):
        parts_under(replace(by_sum(tmp_path), parts=None), ROWS, ROWS)
