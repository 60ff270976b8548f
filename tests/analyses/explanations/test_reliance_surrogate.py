"""EXPL13: a small tree that imitates the score, in words."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from explained_samples import FEATURES, model_of, people, plan_of, sigmoid
from reliance_samples import explained_by, judged_as, withheld
from sklearn.tree import DecisionTreeRegressor

from evaluator.analyses.explanations.reliance.coded_columns import coded_column, span_words
from evaluator.analyses.explanations.reliance.rows import NOTHING_MOVES, TOO_FEW
from evaluator.analyses.explanations.reliance.small_tree import Grower
from evaluator.analyses.explanations.reliance.surrogate import surrogate
from evaluator.records import ExplanationCheck, SurrogateLeaf
from evaluator.subject.subject import ColumnInfo

UNITS = {"columns": {"income": {"words": "monthly income", "unit": "kEUR"}, "debt": {"unit": "%"}}}
FEW = 400.0


def steps(frame: pd.DataFrame) -> np.ndarray:
    """A score that a small tree can repeat."""
    low = np.where(frame["region"] == "south", 0.2, 0.3)
    high = np.where(frame["loans"] >= 2, 0.6, 0.9)
    return np.where(frame["income"] < frame["income"].median(), low, high)


def imitated(folder: Path, function, frame: pd.DataFrame | None = None, **data: object):
    frame = people(2_000) if frame is None else frame
    explained = explained_by(folder, plan_of(data={**UNITS, **data}), model_of(function, FEATURES), frame, rate=FEW)
    found = surrogate(explained)
    return explained, found.check, found.leaves


def test_a_score_made_of_few_rules_is_repeated_in_words(tmp_path: Path) -> None:
    def ruled(frame: pd.DataFrame) -> np.ndarray:
        return np.where(frame["loans"] >= 2, np.where(frame["region"] == "south", 0.2, 0.3), 0.8)

    explained, check, leaves = imitated(tmp_path, ruled)
    assert (check.value, check.high, check.proven, check.by_chance) == (1.0, 1.0, True, 0.0)
    assert check.low is not None
    assert 0.95 < check.low < 1
    assert [leaf.words for leaf in leaves] == [
        "loans at least 2, region: south", "loans at least 2, region: east or north", "loans under 2",
    ]  # fmt: skip
    assert [leaf.score for leaf in leaves] == pytest.approx([0.2, 0.3, 0.8])
    assert json.loads(leaves[0].path) == [["loans", "loans at least 2"], ["region", "region: south"]]
    assert sum(leaf.share for leaf in leaves) == pytest.approx(1.0)
    assert sum(leaf.n for leaf in leaves) == check.n
    assert [leaf.position for leaf in leaves] == [0, 1, 2]
    said = judged_as(explained, "EXPL13", [check], leaves)
    assert said.outcome == "clear"
    assert "100 of 100 parts of how scores differ" in said.sentence


def test_a_score_that_it_cannot_repeat_is_said(tmp_path: Path) -> None:
    def waves(frame: pd.DataFrame) -> np.ndarray:
        return sigmoid(2 * np.sin(9 * frame["income"]) + frame["debt"] - 2).to_numpy()

    explained, check, leaves = imitated(tmp_path, waves)
    assert check.value is not None
    assert check.low is not None
    assert check.low < check.value < 0.8
    said = judged_as(explained, "EXPL13", [check], leaves)
    assert said.outcome == "found"
    assert "sketch" in said.sentence
    assert all(leaf.low is not None and leaf.low < leaf.score < (leaf.high or 0) for leaf in leaves)
    assert len(leaves) <= 8


def test_what_the_words_say_is_what_the_tree_did(tmp_path: Path) -> None:
    def smooth(frame: pd.DataFrame) -> np.ndarray:
        return sigmoid(frame["income"] - frame["debt"]).to_numpy()

    frame = people(3_000)
    frame.loc[::5, "debt"] = np.nan
    explained, check, leaves = imitated(tmp_path, lambda rows: np.nan_to_num(smooth(rows), nan=0.4), frame)
    assert any("not known" in leaf.words for leaf in leaves)
    _hold_words_against_rows(explained, check, leaves)


def _hold_words_against_rows(explained, check: ExplanationCheck, leaves: tuple[SurrogateLeaf, ...]) -> None:
    """Rows that fit the words of a leaf have the mean score and share that it claims, within its range."""
    frame, score = explained.asked.frame, explained.asked.score
    covered = np.zeros(len(frame), dtype=int)
    for leaf in leaves:
        inside = np.ones(len(frame), dtype=bool)
        for name, words in json.loads(leaf.path):
            inside &= _fits(frame[name], words)
        covered += inside
        assert leaf.share == pytest.approx(inside.mean(), abs=0.03)
        assert leaf.score == pytest.approx(score[inside].mean(), abs=0.05)
    assert (covered == 1).all()


def _fits(series: pd.Series, words: str) -> np.ndarray:
    numbers = [float(part.replace(",", "").rstrip("%")) for part in words.split() if part[0].isdigit()]
    known = series.notna()
    if "under" in words and "to under" not in words:
        inside = series < numbers[0]
    elif "at least" in words:
        inside = series >= numbers[0]
    elif "to under" in words:
        inside = series.between(numbers[0], numbers[1], inclusive="left")
    else:
        inside = known if words.endswith(" known") and "not known" not in words else ~known & False
    return (inside | (~known if "not known" in words else False)).to_numpy()


def test_the_first_split_is_the_best_there_is() -> None:
    rng = np.random.default_rng(3)
    column = ColumnInfo("x", "feature", "number", "x", "", (), ())
    series = pd.Series(rng.integers(0, 12, 900).astype(float))
    coded = coded_column(column, series)
    assert coded is not None
    score = np.where(series < 7, 0.2, 0.6) + rng.normal(0, 0.05, 900)
    own = np.arange(900) % 2 == 0
    leaves = Grower([coded], score, np.ones(900), own, 30).leaves()
    oracle = DecisionTreeRegressor(max_depth=1).fit(series.to_numpy()[own, None], score[own])
    assert oracle.tree_.threshold[0] == 6.5
    first = leaves[0].allowed[0]
    assert "under 7" in coded.words(first) or float(series[leaves[0].rows].max()) < 7


def test_every_leaf_can_be_judged(tmp_path: Path) -> None:
    rare = people(1_000)
    rare["region"] = np.where(np.arange(1_000) < 25, "south", "north")
    _, _, leaves = imitated(tmp_path, lambda frame: np.where(frame["region"] == "south", 0.9, 0.1), rare)
    assert [leaf.words for leaf in leaves] == ["all"]
    assert min(leaf.n for leaf in leaves) >= 30


def test_without_spread_or_cases_the_reason_is_said(tmp_path: Path) -> None:
    explained, check, leaves = imitated(tmp_path, lambda frame: np.full(len(frame), 0.4))
    assert (check.status, check.reason, check.value, leaves) == ("undefined", NOTHING_MOVES, None, ())
    assert judged_as(explained, "EXPL13", [check]).outcome == "not_tested"
    _, few, none = imitated(tmp_path, steps, people(80))
    assert (few.status, few.reason, none) == ("too_few", TOO_FEW, ())


def test_it_needs_no_parts(tmp_path: Path) -> None:
    explained, check, _ = imitated(tmp_path, steps)
    assert surrogate(withheld(explained)).check == check


def test_weights_and_clusters_count(tmp_path: Path) -> None:
    _, plain, _ = imitated(tmp_path, steps)
    _, weighted, leaves = imitated(tmp_path, steps, weight="w")
    assert weighted.value != plain.value
    assert sum(leaf.share for leaf in leaves) == pytest.approx(1.0)
    frame = people(2_000)
    housed = pd.concat([frame] * 3, ignore_index=True).assign(id=[f"r{row}" for row in range(6_000)])
    housed["home"] = np.tile(np.arange(2_000), 3)
    _, alone, _ = imitated(tmp_path, lambda rows: sigmoid(rows["income"] - rows["debt"]).to_numpy(), housed)
    _, together, _ = imitated(
        tmp_path, lambda rows: sigmoid(rows["income"] - rows["debt"]).to_numpy(), housed, cluster="home"
    )
    widths = [(row.high or 0) - (row.low or 0) for row in (alone, together)]
    assert widths[1] > 1.4 * widths[0]


def test_hostile_levels_are_cut_and_kept_on_one_line() -> None:
    column = ColumnInfo("x", "feature", "category", "x", "", (), ())
    values = ["<script>\nalert(1)</script>", "a" * 10_000, "\U0001f600", None]
    coded = coded_column(column, pd.Series(values * 30, dtype=object))
    assert coded is not None
    assert all(len(label) <= 80 and "\n" not in label for label in coded.labels)
    assert coded.words(np.array([True, False, False, False])) == "x not known"
    assert coded_column(column, pd.Series([None] * 9, dtype=object)) is None


def test_many_levels_are_named_short() -> None:
    column = ColumnInfo("town", "feature", "category", "town", "", (), ())
    coded = coded_column(column, pd.Series([f"t{number % 30:02d}" for number in range(900)]))
    assert coded is not None
    assert coded.size == 14
    assert coded.labels[-1] == "any other"
    allowed = np.ones(coded.size, dtype=bool)
    allowed[[0, 1]] = False
    assert coded.words(allowed) == "town: all but “t00”"


@pytest.mark.parametrize(
    ("low", "high", "unit", "words"),
    [
        (None, 2_000.0, "EUR", "under 2,000 EUR"), (40.0, None, "%", "at least 40%"), (10_000.0, 25_000.0, "", "10,000 to under 25,000"),
        (None, None, "EUR", "known"),
    ],
)  # fmt: skip
def test_spans_read_as_people_say_them(low: float | None, high: float | None, unit: str, words: str) -> None:
    assert span_words(low, high, unit) == words
