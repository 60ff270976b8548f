"""Parts of single scores against closed forms, what the background leaves open, and values as people read them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from case_samples import FAST, explained_of
from explained_samples import FEATURES, fitted, model_of, people, plan_of, sigmoid
from scipy import stats
from sklearn.compose import make_column_transformer
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from evaluator.analyses.explanations.cases.chosen import chosen
from evaluator.analyses.explanations.cases.run import cases
from evaluator.analyses.explanations.cases.splitting import Split, Unsplit, split
from evaluator.analyses.explanations.cases.values import Values
from evaluator.analyses.explanations.contributions import to_space
from evaluator.analyses.explanations.explained import Explained
from evaluator.analyses.explanations.untested import SINGLE
from evaluator.analyses.explanations.ways import NOT_ADDING_UP, TOO_SLOW
from evaluator.records import AnalysisTables, CasePart

FACTORS = {"income": 10.0, "debt": -4.0, "loans": 2.5}
REJECT_BELOW = 0.001


def linear(frame: pd.DataFrame) -> np.ndarray:
    return sum(factor * frame[name].to_numpy(dtype=float) for name, factor in FACTORS.items())  # type: ignore[return-value]


def crossed(frame: pd.DataFrame) -> np.ndarray:
    north = (frame["region"] == "north").to_numpy(dtype=float)
    return sigmoid(np.asarray(frame["income"] * (1 + north) - frame["debt"] * frame["loans"], dtype=float) / 2)


LINEAR = model_of(linear, FEATURES, wanted="number")
CROSSED = model_of(crossed, FEATURES)


def by_feature(tables: AnalysisTables, number: int) -> dict[str, CasePart]:
    return {row.feature: row for row in tables.case_parts if row.number == number}


def exact(found: Explained, positions: np.ndarray) -> np.ndarray:
    """Parts of the linear model with every row as the background."""
    frame, weight = found.asked.frame, found.asked.weight
    return np.stack(
        [
            FACTORS.get(name, 0.0)
            * (
                (
                    frame[name].to_numpy(dtype=float)[positions]
                    - np.average(frame[name].to_numpy(dtype=float), weights=weight)
                )
                if name in FACTORS
                else np.zeros(positions.size)
            )
            for name in FEATURES
        ],
        axis=1,
    )


def test_parts_of_an_additive_model_in_closed_form(tmp_path: Path) -> None:
    found = explained_of(tmp_path, plan_of("regression"), LINEAR)
    positions = np.array([case.position for case in chosen(found)])
    parts = split(found, positions)
    assert isinstance(parts, Split)
    assert parts.parts == pytest.approx(exact(found, positions), abs=0.5)
    assert parts.base + parts.parts.sum(axis=1) == pytest.approx(found.asked.score[positions], abs=1e-9)
    assert np.abs(parts.parts[:, 3]).max() < 1e-9
    assert (parts.low[:, :3] < parts.high[:, :3]).all()


def test_a_background_of_every_row_leaves_nothing_open(tmp_path: Path) -> None:
    found = explained_of(tmp_path, plan_of("regression"), LINEAR, people(100))
    positions = np.array([case.position for case in chosen(found)])
    parts = split(found, positions)
    assert isinstance(parts, Split)
    assert parts.parts == pytest.approx(exact(found, positions), abs=1e-9)
    assert parts.low == pytest.approx(parts.high, abs=1e-9)
    assert parts.other == pytest.approx(parts.parts, abs=1e-9)
    assert parts.background == 100


def seeded(found: Explained, seeds: int) -> Iterator[Explained]:
    """The same question with other draws."""
    plan = found.asked.plan
    for seed in range(seeds):
        other = plan.model_copy(update={"settings": plan.settings.model_copy(update={"seed": 1_000 + seed})})
        yield replace(found, asked=replace(found.asked, plan=other))


def assert_as_promised(inside: np.ndarray, seeds: int) -> None:
    """Feature by feature, since features share the draw."""
    for count in inside:
        assert stats.binomtest(int(count), seeds, 0.95, alternative="less").pvalue >= REJECT_BELOW, inside


@pytest.mark.parametrize(
    ("weighted", "seeds"),
    [(True, 30), pytest.param(False, 500, marks=pytest.mark.slow), pytest.param(True, 500, marks=pytest.mark.slow)],
)
def test_ranges_hold_the_parts_under_all_cases_as_often_as_promised(tmp_path: Path, weighted: bool, seeds: int) -> None:
    """The range is what the draw of the background leaves open: it covers the parts that count from every case."""
    plan = plan_of("regression", data={"weight": "w"} if weighted else {})
    found = explained_of(tmp_path, plan, LINEAR, people(2_000))
    truth, inside = exact(found, np.array([7]))[0, :3], np.zeros(3, dtype=int)
    for one in seeded(found, seeds):
        parts = split(one, np.array([7]))
        assert isinstance(parts, Split)
        inside += (parts.low[0, :3] <= truth) & (truth <= parts.high[0, :3])
    assert_as_promised(inside, seeds)


def shapley(
    answer: Callable[[pd.DataFrame], np.ndarray], frame: pd.DataFrame, position: int, background: np.ndarray
) -> np.ndarray:
    """Shapley values over every order of the features, each against every background row."""
    from itertools import permutations

    width, total = frame.shape[1], np.zeros(frame.shape[1])
    for order in permutations(range(width)):
        mixed = frame.iloc[background].copy().reset_index(drop=True)
        before = answer(mixed).mean()
        for place in order:
            mixed[frame.columns[place]] = frame.iloc[position, place]
            after = answer(mixed).mean()
            total[place] += after - before
            before = after
    return total / 24


@pytest.mark.parametrize("seeds", [30, pytest.param(500, marks=pytest.mark.slow)])
def test_parts_of_a_model_with_interactions_lie_in_their_ranges(tmp_path: Path, seeds: int) -> None:
    """24 orders of four features against all rows; what random orders leave to chance must be in the range too."""
    found = explained_of(tmp_path, plan_of(), CROSSED)
    assert found.parts is not None
    assert found.parts.how == "sampled"
    truth, inside = shapley(crossed, found.asked.frame, 11, np.arange(600)), np.zeros(4, dtype=int)
    for one in seeded(found, seeds):
        parts = split(one, np.array([11]))
        assert isinstance(parts, Split)
        assert parts.parts[0] == pytest.approx(truth, abs=0.03)
        inside += (parts.low[0] <= truth) & (truth <= parts.high[0])
    assert_as_promised(inside, seeds)


def boosted() -> Any:
    frame = people()
    return fitted(
        GradientBoostingRegressor(n_estimators=20, random_state=0).fit(frame[["income", "debt"]], frame["days"]),
        plan_of("regression"),
    )


def log_odds() -> Any:
    frame = people()
    encode = make_column_transformer((OneHotEncoder(), ["region"]), remainder="passthrough")
    estimator = make_pipeline(encode, LogisticRegression(max_iter=500)).fit(frame[list(FEATURES)], frame["repaid"])
    return fitted(estimator, plan_of())


@pytest.mark.parametrize(("kind", "make"), [("regression", boosted), ("binary", log_odds), ("binary", lambda: CROSSED)])
def test_base_and_parts_give_the_score_whatever_the_way(tmp_path: Path, kind: str, make: Callable[[], Any]) -> None:
    model = make()
    found = explained_of(tmp_path, plan_of(kind, data={"features": list(model.features)}), model)
    tables = cases(found)
    assert tables.cases
    assert not tables.not_tested
    for case in tables.cases:
        rows = sorted((row for row in tables.case_parts if row.number == case.number), key=lambda row: row.position)
        assert case.base is not None
        own = to_space(np.array([case.score]), case.space)[0]
        assert case.base + sum(row.part for row in rows) == pytest.approx(own, abs=1e-6 if kind == "binary" else 1e-5)
        assert [row.position for row in rows] == list(range(1, len(model.features) + 1))
        assert np.all(np.diff([abs(row.part) for row in rows]) <= 0)
        assert all(row.low <= row.part <= row.high for row in rows if row.low is not None and row.high is not None)
        largest = max(rows, key=lambda row: abs(row.other_part or 0.0))
        assert case.same_first == (largest.feature == rows[0].feature)
        assert case.moved == pytest.approx(max(abs((row.other_part or 0.0) - row.part) for row in rows))
        assert (case.status, case.reason, case.subject) == ("ok", "", "model")


def test_the_order_of_columns_changes_no_part_of_an_additive_model(tmp_path: Path) -> None:
    turned = model_of(linear, FEATURES[::-1], wanted="number")
    first = cases(explained_of(tmp_path, plan_of("regression"), LINEAR))
    second = cases(explained_of(tmp_path, plan_of("regression", data={"features": list(FEATURES[::-1])}), turned))
    for case in first.cases:
        one, two = by_feature(first, case.number), by_feature(second, case.number)
        assert {name: row.part for name, row in one.items()} == pytest.approx(
            {name: row.part for name, row in two.items()}
        )
        assert [row.position for row in one.values()] == [two[name].position for name in one]


def test_the_same_plan_gives_the_same_rows(tmp_path: Path) -> None:
    found = explained_of(tmp_path, plan_of(), CROSSED)
    assert cases(found) == cases(found)


def test_parts_that_do_not_add_up_are_withheld_for_that_case_alone(tmp_path: Path) -> None:
    """The model says something else about one row when it is asked about it as it stands in the table."""
    found = explained_of(tmp_path, plan_of("regression"), LINEAR)
    picked, n = chosen(found), len(chosen(found))
    first = picked[0].position
    plain = found.asked.mixer.rows

    def off(index: np.ndarray) -> np.ndarray:
        return plain(index) + (np.where(index == first, 1.0, 0.0) if index.size == n else 0.0)

    found.asked.mixer.rows = off  # type: ignore[method-assign, assignment]
    tables = cases(found)
    bad, *others = tables.cases
    assert (bad.status, bad.reason, bad.base, bad.moved, bad.same_first) == (
        "not_tested",
        NOT_ADDING_UP,
        None,
        None,
        None,
    )
    assert {row.status for row in others} == {"ok"}
    assert bad.number not in {row.number for row in tables.case_parts}
    assert [(row.what, row.reason) for row in tables.not_tested] == [(SINGLE, NOT_ADDING_UP)]


def test_a_slow_model_is_not_asked_for_parts(tmp_path: Path) -> None:
    """The cases and what is similar to them need no further question."""
    found = explained_of(tmp_path, plan_of(), CROSSED)
    asked = []
    found.asked.mixer.mixed = lambda source: asked.append(source) or np.zeros(len(source))  # type: ignore
    tables = cases(replace(found, rate=100.0))
    assert not asked
    assert len(tables.cases) == len(tables.similar_cases) > 0
    assert {(row.status, row.reason) for row in tables.cases} == {("not_tested", TOO_SLOW)}
    assert not tables.case_parts
    assert tables.not_tested[0].reason == TOO_SLOW


@pytest.mark.parametrize("rate", [3e3, 3e4, 3e5, FAST])
def test_questions_keep_to_the_pace_of_the_model(tmp_path: Path, rate: float) -> None:
    found = explained_of(tmp_path, plan_of(), CROSSED)
    asked, mixed = [], found.asked.mixer.mixed

    def counting(source: np.ndarray) -> np.ndarray:
        asked.append(len(source))
        return mixed(source)

    found.asked.mixer.mixed = counting  # type: ignore[method-assign, assignment]
    parts = split(replace(found, rate=rate), np.arange(12))
    assert sum(asked) <= 1.5 * rate
    assert isinstance(parts, Split) == (rate > 1e4)


def test_withheld_contributions_withhold_the_parts(tmp_path: Path) -> None:
    found = replace(explained_of(tmp_path, plan_of(), CROSSED), parts=None, withheld=NOT_ADDING_UP)
    assert split(found, np.arange(3)) == Unsplit(NOT_ADDING_UP)
    tables = cases(found)
    assert {row.reason for row in tables.cases} == {NOT_ADDING_UP}
    assert {row.status for row in tables.similar_cases} == {"ok"}
    assert json.loads(tables.similar_cases[0].features) == list(FEATURES)


def test_values_as_people_read_them(tmp_path: Path) -> None:
    frame = people(200)
    frame["income"] = np.where(np.arange(200) == 0, 1_300.0, np.nan)
    frame["debt"] = 48.0
    frame["region"] = ["north", "<b>east</b>", None, "x" * 10_000] * 50
    columns: dict[str, Any] = {
        "income": {"words": "monthly income", "unit": "EUR"},
        "debt": {"unit": "%"},
        "region": {"levels": {"north": "applicants in the north"}},
    }
    found = explained_of(
        tmp_path, plan_of(data={"columns": columns}), model_of(lambda rows: np.full(len(rows), 0.5), FEATURES), frame
    )
    values = Values(found.asked)
    assert [values.text(0, row) for row in (0, 1)] == ["1,300 EUR", "not known"]
    assert (values.text(1, 5), values.usual[0], values.usual[1]) == ("48%", "1,300 EUR", "48%")
    assert [values.text(3, row) for row in range(3)] == ["applicants in the north", "<b>east</b>", "not known"]
    assert values.text(3, 3) == "x" * 79 + "…"
    assert values.text(2, 0) == str(frame["loans"][0])


def test_the_usual_value_is_weighted(tmp_path: Path) -> None:
    frame = people(200).assign(loans=np.arange(200) // 150, region=["north"] * 150 + ["east"] * 50)
    frame["w"] = [1.0] * 150 + [9.0] * 50
    usual = [
        Values(explained_of(tmp_path, plan_of(data=data), CROSSED, frame).asked).usual[2:]
        for data in ({}, {"weight": "w"})
    ]
    assert usual == [("0", "north"), ("1", "east")]


def test_a_row_tells_all_about_its_case(tmp_path: Path) -> None:
    frame = people().assign(earlier=lambda rows: np.clip(crossed(rows) + 0.1, 0, 1))
    plan = plan_of(compare_with={"version": "1", "score": "earlier", "threshold": 0.6})
    found = explained_of(tmp_path, plan, CROSSED, frame)
    for case in cases(found).cases:
        row = frame.set_index("id").loc[case.row_id]
        assert (case.outcome, case.label) == (str(row["repaid"]), float(row["repaid"]))
        assert case.previous == pytest.approx(row["earlier"])
        assert (case.cut_off, case.decision) == (0.5, float(case.score >= 0.5))
        assert case.wrong == (case.decision != case.label)
        assert (case.class_, case.space, case.unit) == ("", "chance", "points")
        assert case.how == "sampled"


def test_a_regression_has_no_decision(tmp_path: Path) -> None:
    case = cases(explained_of(tmp_path, plan_of("regression"), LINEAR)).cases[0]
    assert (case.cut_off, case.decision, case.wrong, case.previous) == (None, None, None, None)
    assert (case.unit, case.space) == ("days", "score")
    assert case.outcome == str(case.label)
