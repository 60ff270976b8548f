"""Models that read hundreds of features: what would take too much time or memory is bounded, with the same results."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from explained_samples import people
from shape_samples import all_rows, asked_by, explained_by, numbers

from evaluator.analyses.explanations.additive_way import additive_parts
from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.cases.distance import alike_by
from evaluator.analyses.explanations.changes import plausibility, searching
from evaluator.analyses.explanations.changes.allowed import Changeable
from evaluator.analyses.explanations.mixing import ROWS_AT_ONCE, Mixer
from evaluator.analyses.explanations.shape.look import MOST_LINED, shape
from evaluator.analyses.explanations.shape.reach import MOST_TIES, Reach
from evaluator.analyses.explanations.together import associations
from evaluator.statistics.spread import FloatArray, IntArray


class Watched(Mixer):
    """Remembers how many rows it is asked about at once."""

    def __init__(self, frame: pd.DataFrame, answer) -> None:
        super().__init__(frame, answer)
        self.sizes: list[int] = []

    def mixed(self, source: IntArray) -> FloatArray:
        self.sizes.append(len(source))
        return super().mixed(source)


def watched(asked: Asked) -> Watched:
    return Watched(asked.frame, lambda rows: rows.to_numpy(dtype=np.float64) @ np.arange(1.0, rows.shape[1] + 1))


def moving(k: int, n: int = 400) -> pd.DataFrame:
    """Features that all go with one another."""
    rng = np.random.default_rng(5)
    shared = rng.normal(size=n)
    return pd.DataFrame({f"f{place:03d}": shared + 0.1 * rng.normal(size=n) for place in range(k)})


def test_far_points_are_looked_for_where_single_cases_are_shown(tmp_path: Path) -> None:
    frame = moving(MOST_LINED + 3)
    names = tuple(frame)
    frame = people(len(frame)).join(frame)
    found = explained_by(tmp_path, lambda rows: rows.sum(axis=1), frame, names, data={"features": list(names)})
    rows = shape(found).dependences
    lined = {row.feature for row in rows if row.kind == "case"}
    assert len(lined) == MOST_LINED
    assert {row.feature for row in rows if row.far} == lined


def test_near_and_far_are_measured_by_the_strongest_ties() -> None:
    asked = asked_by(lambda rows: np.zeros(len(rows)), moving(MOST_TIES + 5))
    ties = Reach(asked, all_rows(asked))._ties
    every = associations(asked, all_rows(asked))
    np.fill_diagonal(every, 0.0)
    assert ((ties > 0).sum(axis=1) == MOST_TIES).all()
    assert [sorted(row[row > 0]) for row in ties] == [sorted(np.sort(row)[-MOST_TIES:]) for row in every]


def test_the_nearest_real_case_is_that_of_all_features_together() -> None:
    frame = numbers(300, 6, *(f"f{place}" for place in range(60)))
    frame.loc[::7, "f3"] = np.nan
    frame["f4"] = np.where(frame["f4"] > 0, "up", "down")
    asked = asked_by(lambda rows: np.zeros(len(rows)), frame)
    like = alike_by(asked, range(60))
    near = plausibility.Plausibility(asked, like)
    source = np.where(np.arange(60) < 50, 12, 80)
    distance = like.to_case(source)
    distance[12] = np.inf
    found = near.nearest(source, 12)
    assert (found.position, found.distance) == (int(np.argmin(distance)), float(distance.min()) / like.usual)


def test_terms_are_read_off_part_by_part() -> None:
    asked = asked_by(lambda rows: np.zeros(len(rows)), numbers(2_000, 7, *(f"f{place}" for place in range(60))))
    mixer = watched(asked)
    parts = additive_parts(replace(asked, mixer=mixer), np.arange(2_000), np.arange(500), "score")
    assert parts is not None
    assert max(mixer.sizes) <= ROWS_AT_ONCE
    values = asked.frame.to_numpy()
    assert parts.values == pytest.approx((values - values[:500].mean(axis=0)) * np.arange(1, 61))


def test_associations_of_levels_take_little_memory() -> None:
    """60 features of 40 levels, of which 31 are told apart: all pairs at once would take 28 MB for one table alone."""
    rng = np.random.default_rng(8)
    codes = rng.integers(0, 40, (400, 60))
    codes[:, 1] = codes[:, 0]
    frame = pd.DataFrame({f"f{place}": [f"v{code}" for code in codes[:, place]] for place in range(60)})
    asked = asked_by(lambda rows: np.zeros(len(rows)), frame)
    tracemalloc.start()
    found = associations(asked, all_rows(asked))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20e6
    assert found[0, 1] == pytest.approx(1.0)
    assert found == pytest.approx(found.T)
    assert np.median(found[2:, 2:][~np.eye(58, dtype=bool)]) < 0.1


def test_changed_cases_are_asked_about_part_by_part(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = asked_by(lambda rows: np.zeros(len(rows)), numbers(50, 9, "a", "b"))
    mixer = watched(asked)
    values = asked.frame["a"].to_numpy()
    order = np.argsort(values)
    one = Changeable(0, True, values[order], order, np.ones(50), values, 0.0, 1.0, 0)
    asker = searching.Asker(mixer, (one,), np.arange(50))
    case, feature, value = np.arange(50), np.zeros((50, 1), dtype=np.int64), np.arange(50)[:, None]
    whole = asker.scores(case, feature, value)
    mixer.sizes.clear()
    monkeypatch.setattr(searching, "ROWS_AT_ONCE", 7)
    assert (asker.scores(case, feature, value) == whole).all()
    assert max(mixer.sizes) == 7
    assert whole == pytest.approx(values[order] + 2 * asked.frame["b"].to_numpy())
