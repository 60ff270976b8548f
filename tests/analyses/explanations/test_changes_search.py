"""Ways out against closed forms, brute force, and the rules that a plan sets."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from explained_samples import sigmoid
from ways_out_samples import (
    asker_of,
    cases_at,
    changed_plan,
    explained_by,
    frame_of,
    function_model,
    turned,
)

from evaluator.analyses.explanations.changes.allowed import changeable, immutable_features
from evaluator.analyses.explanations.changes.options import confirmed
from evaluator.analyses.explanations.changes.recourse import looked_for
from evaluator.analyses.explanations.changes.searching import NONE
from evaluator.analyses.explanations.changes.ways_out import options_of, way_out_rows
from evaluator.analyses.explanations.explained import Explained
from evaluator.records import WayOut, WayOutChange

QUANTITIES = ("income", "debt", "loans")


def people_of(n: int = 400, seed: int = 11) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return frame_of(
        n, seed, income=rng.normal(3, 1, n).round(3), debt=rng.gamma(2.0, 1.0, n).round(3), loans=rng.integers(0, 6, n),
        region=rng.choice(["east", "north", "south"], n),
    )  # fmt: skip


def linear(frame: pd.DataFrame) -> np.ndarray:
    return sigmoid((frame["income"] - 0.8 * frame["debt"] - 0.3 * frame["loans"] - 1.0).to_numpy())


def some_unfavourable(explained: Explained, most: int = 12) -> np.ndarray:
    return np.flatnonzero(turned(explained).unfavourable)[:most]


def ways(explained: Explained, positions: np.ndarray) -> tuple[list[WayOut], list[WayOutChange]]:
    options = options_of(asker_of(explained, positions), turned(explained))
    return way_out_rows(explained, cases_at(positions), options)


def spread(values: pd.Series[float]) -> float:
    return float((values - values.median()).abs().median())


def test_the_single_change_of_a_linear_score_is_the_closed_form(tmp_path: Path) -> None:
    frame = people_of()
    plan = changed_plan(QUANTITIES)
    explained = explained_by(tmp_path, plan, function_model(linear, QUANTITIES), frame)
    rows = some_unfavourable(explained, 40)
    found = options_of(asker_of(explained, rows), turned(explained)).found
    slopes = {"income": 1.0, "debt": -0.8, "loans": -0.3}
    checked = 0
    for at, row in enumerate(rows):
        for number, (name, slope) in enumerate(slopes.items()):
            case = frame.iloc[row]
            logit = case["income"] - 0.8 * case["debt"] - 0.3 * case["loans"] - 1.0
            needed = case[name] - logit / slope
            real = np.unique(frame[name])
            reach = real[real >= needed - 1e-12] if slope > 0 else real[real <= needed + 1e-12]
            own = [i for i in np.flatnonzero(found.case == at) if set(found.feature[i]) - {NONE} == {number}]
            if reach.size:
                nearest = reach.min() if slope > 0 else reach.max()
                assert len(own) == 1
                assert found.cost[own[0]] == pytest.approx(abs(nearest - case[name]) / spread(frame[name]), rel=1e-9)
                checked += 1
            else:
                assert not own
    assert checked > 60


def table_model(values: np.ndarray, names: tuple[str, ...], sizes: tuple[int, ...]) -> Any:
    """A score for every combination of a few values, without any order."""

    def function(frame: pd.DataFrame) -> np.ndarray:
        return values[tuple(frame[name].to_numpy(dtype=np.int64) for name in names)]

    return function_model(function, names)


def brute(explained: Explained, row: int, score: np.ndarray, sizes: tuple[int, ...]) -> dict[int, float]:
    """The cheapest cost with exactly 1 and with exactly 2 changes."""
    turn = turned(explained)
    features = changeable(explained.asked, up=turn.up)
    own = [int(one.own[row]) for one in features]
    best = {1: np.inf, 2: np.inf}
    for other in itertools.product(*(range(size) for size in sizes)):
        changed = [at for at in range(len(sizes)) if other[at] != own[at]]
        if len(changed) not in best or not turn.reached(np.array([score[other]]))[0]:
            continue
        cost = sum(float(features[at].cost(np.array([own[at]]), np.array([other[at]]))[0]) for at in changed)
        best[len(changed)] = min(best[len(changed)], cost)
    return best


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nothing_cheaper_is_found_by_trying_everything(tmp_path: Path, seed: int) -> None:
    sizes, names = (5, 4, 6, 3), ("a", "b", "c", "d")
    rng = np.random.default_rng(seed)
    score = rng.beta(1.2, 6.0, sizes)
    frame = frame_of(500, seed, **{name: rng.integers(0, size, 500) for name, size in zip(names, sizes, strict=True)})
    explained = explained_by(tmp_path, changed_plan(names), table_model(score, names, sizes), frame)
    rows = some_unfavourable(explained, 25)
    found = options_of(asker_of(explained, rows), turned(explained)).found
    quick = looked_for(asker_of(explained, rows), turned(explained))
    by_all = [brute(explained, int(row), score, sizes) for row in rows]
    for at, best in enumerate(by_all):
        one = found.cost[(found.case == at) & (found.changes == 1)]
        up_to_two = found.cost[(found.case == at) & (found.changes <= 2)]
        assert min(one, default=np.inf) == pytest.approx(best[1])
        assert min(up_to_two, default=np.inf) == pytest.approx(min(best.values()))
        assert quick.cost[at, 0] == pytest.approx(best[1])
        assert quick.cost[at, 1] >= min(best.values()) - 1e-9
    assert sum(np.isinf(best[1]) for best in by_all) < len(by_all)


def _rules(rng: np.random.Generator) -> dict[str, dict[str, Any]]:
    """Random rules for every feature."""
    columns: dict[str, dict[str, Any]] = {}
    for name in (*QUANTITIES, "region"):
        rule: dict[str, Any] = {}
        if rng.random() < 0.25:
            rule["immutable"] = bool(rng.random() < 0.8)
        if name != "region":
            if rng.random() < 0.4:
                rule["monotone"] = ["increasing", "decreasing"][int(rng.integers(2))]
            if rng.random() < 0.4:
                rule["min"] = float(rng.uniform(0, 2))
            if rng.random() < 0.4:
                rule["max"] = float(rng.uniform(2, 5))
        columns[name] = rule
    return columns


def bumpy(frame: pd.DataFrame) -> np.ndarray:
    """A score with interactions and no direction."""
    x = np.sin(2 * frame["income"]) + np.cos(3 * frame["debt"]) * (frame["region"] == "north") - 0.2 * frame["loans"]
    return sigmoid(x.to_numpy(dtype=np.float64) - 0.4)


@pytest.mark.parametrize("seed", range(12))
def test_rules_are_kept_and_every_way_out_turns_the_model(tmp_path: Path, seed: int) -> None:
    rng = np.random.default_rng(1000 + seed)
    columns, up = _rules(rng), bool(rng.random() < 0.6)
    frame = people_of(300, seed)
    if rng.random() < 0.5:
        frame.loc[rng.random(len(frame)) < 0.2, "debt"] = np.nan
    function = bumpy if seed % 2 else (lambda rows: linear(rows.fillna({"debt": 2.0})))
    model = function_model(lambda rows: function(rows.fillna({"debt": 2.0})), (*QUANTITIES, "region"))
    plan = changed_plan(
        (*QUANTITIES, "region"), columns, task={"favourable": 1 if up else 0}, data={"sensitive": ["region"]}
    )
    explained = explained_by(tmp_path, plan, model, frame)
    rows = some_unfavourable(explained)
    if not changeable(explained.asked, up=up):
        return
    told, changes = ways(explained, rows)
    assert {way.number for way in told} == set(range(1, rows.size + 1))
    for way in told:
        own = [change for change in changes if (change.number, change.option) == (way.number, way.option)]
        if not way.found:
            assert not own
            continue
        case = frame.iloc[[rows[way.number - 1]]].copy()
        for change in own:
            _keeps_rules(change, columns.get(change.feature, {}), up)
            to = change.to_text if change.to_value is None else change.to_value
            assert to in set(frame[change.feature])
            case[change.feature] = to
        again = float(model.scores(case[list(model.features or ())])[0])
        assert again == way.score
        assert (again >= 0.5) is up
        assert way.decision == float(up)
        assert len(own) == way.changes == len({change.feature for change in own})
        assert sum(change.cost for change in own) == pytest.approx(way.cost)
        assert way.changes <= 3


def _keeps_rules(change: WayOutChange, rule: dict[str, Any], up: bool) -> None:
    assert not rule.get("immutable", change.feature == "region")
    if change.to_value is None:
        return
    assert rule.get("min", -np.inf) <= change.to_value <= rule.get("max", np.inf)
    if "monotone" in rule and change.from_value is not None:
        rises = (rule["monotone"] == "increasing") == up
        assert (change.to_value > change.from_value) is rises


def test_options_differ_and_no_change_is_needless(tmp_path: Path) -> None:
    names = (*QUANTITIES, "region")
    frame = people_of()
    model = function_model(bumpy, names)
    explained = explained_by(tmp_path, changed_plan(names), model, frame)
    rows = some_unfavourable(explained)
    told, changes = ways(explained, rows)
    assert sum(way.option == 2 for way in told) > 3
    for number in range(1, rows.size + 1):
        options = sorted((way for way in told if way.number == number and way.found), key=lambda way: way.option)
        costs = [way.cost for way in options]
        assert costs == sorted(costs)  # type: ignore[type-var]
        sets = [frozenset(c.feature for c in changes if (c.number, c.option) == (number, w.option)) for w in options]
        assert all(not first <= second for first, second in itertools.combinations(sets, 2))
        for way in options:
            _each_is_needed(
                frame.iloc[[rows[number - 1]]],
                [c for c in changes if (c.number, c.option) == (number, way.option)],
                model,
            )


def _each_is_needed(case: pd.DataFrame, own: list[WayOutChange], model: Any) -> None:
    for left_out in own:
        tried = case.copy()
        for change in own:
            if change is not left_out:
                tried[change.feature] = change.to_text if change.to_value is None else change.to_value
        assert model.scores(tried[list(model.features)])[0] < 0.5


def test_what_cannot_be_reached_is_said(tmp_path: Path) -> None:
    frame = people_of(200)
    model = function_model(lambda rows: np.where(rows["loans"] == 0, 0.9, 0.1), QUANTITIES)
    explained = explained_by(tmp_path, changed_plan(QUANTITIES, {"loans": {"immutable": True}}), model, frame)
    rows = some_unfavourable(explained)
    told, changes = ways(explained, rows)
    assert not changes
    assert [way.found for way in told] == [False] * rows.size
    assert all(way.asked > 0 and way.status == "ok" and "none of the changes" in way.reason for way in told)
    assert np.isinf(looked_for(asker_of(explained, rows), turned(explained)).cost).all()


def test_sensitive_columns_ids_and_dates_do_not_change_by_themselves(tmp_path: Path) -> None:
    frame = people_of(200).assign(when=pd.Timestamp("2026-01-01"), home=np.arange(200) // 2)
    names = (*QUANTITIES, "region", "home")
    model = function_model(linear, names)
    data = {"sensitive": ["region", "loans"], "cluster": "home", "time": "when"}
    plan = changed_plan(names, {"loans": {"immutable": False}}, data=data)
    explained = explained_by(tmp_path, plan, model, frame)
    assert immutable_features(explained.asked) == ("region", "home")
    assert json.dumps(immutable_features(explained.asked))
    assert [explained.asked.names[one.place] for one in changeable(explained.asked, up=True)] == list(QUANTITIES)


def test_missing_values_can_be_filled_in_and_nobody_loses_a_value(tmp_path: Path) -> None:
    frame = people_of(300)
    frame["debt"] = frame["debt"].astype("Float64")
    frame.loc[::2, "debt"] = pd.NA
    frame["region"] = frame["region"].where(np.arange(300) % 3 > 0, None)
    names = ("debt", "region")

    def function(rows: pd.DataFrame) -> np.ndarray:
        known = rows["debt"].notna().to_numpy() & rows["region"].notna().to_numpy()
        return np.where(known, 0.9, 0.1)

    explained = explained_by(tmp_path, changed_plan(names), function_model(function, names), frame)
    rows = some_unfavourable(explained, 30)
    told, changes = ways(explained, rows)
    assert all(way.found for way in told)
    assert all(change.from_text == "not known" and change.to_text != "not known" for change in changes)
    assert all(change.from_value is None for change in changes)
    debt = [change.cost for change in changes if change.feature == "debt"]
    assert min(debt) == 1.0


def test_hostile_columns_are_survived(tmp_path: Path) -> None:
    frame = people_of(200).assign(
        same=1.0, nothing=np.nan, far=np.where(np.arange(200) % 2, np.inf, 1.0),
        wild=np.where(np.arange(200) % 2, '<b>"a" & \N{GRINNING FACE}</b>', "x" * 10_000),
    )  # fmt: skip
    names = ("same", "nothing", "far", "wild", "income")
    model = function_model(lambda rows: np.where(rows["wild"].str.len() > 9_000, 0.2, 0.8), names)
    explained = explained_by(tmp_path, changed_plan(names), model, frame)
    rows = some_unfavourable(explained, 5)
    told, changes = ways(explained, rows)
    assert all(way.found and way.changes == 1 for way in told)
    assert {change.feature for change in changes} == {"wild"}
    assert max(len(change.from_text) for change in changes) <= 80
    usable = {explained.asked.names[one.place] for one in changeable(explained.asked, up=True)}
    assert {"same", "nothing"} & usable == set()


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    frame = people_of(250)
    names = (*QUANTITIES, "region")
    plan, model = changed_plan(names), function_model(bumpy, names)
    shuffled = frame.sample(frac=1.0, random_state=5).reset_index(drop=True)
    told = []
    for number, rows in enumerate((frame, shuffled)):
        folder = tmp_path / str(number)
        folder.mkdir()
        explained = explained_by(folder, plan, model, rows)
        ids = [f"r{row:04}" for row in range(250)][:40]
        positions = [
            at for name in ids for at in np.flatnonzero(rows["id"] == name) if turned(explained).unfavourable[at]
        ]
        told.append(
            [(c.number, c.option, c.feature, c.to_text, c.cost) for c in ways(explained, np.array(positions))[1]]
        )
    assert told[0] == told[1]


def test_a_plan_of_ordered_levels_steps_through_them(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    order = ["none", "school", "college", "degree"]
    frame = frame_of(300, 2, school=rng.choice(order, 300), income=rng.normal(0, 1, 300))
    columns = {"school": {"levels": {name: name for name in order}, "ordered": True, "monotone": "increasing"}}
    names = ("school", "income")
    score = {"none": 0.6, "school": 0.1, "college": 0.7, "degree": 0.9}
    model = function_model(lambda rows: rows["school"].map(score).to_numpy(dtype=np.float64), names)
    explained = explained_by(tmp_path, changed_plan(names, columns), model, frame)
    _, changes = ways(explained, some_unfavourable(explained))
    assert {(change.from_text, change.to_text) for change in changes} == {("school", "college")}


def test_what_does_not_turn_when_asked_again_is_not_told(tmp_path: Path) -> None:
    frame = people_of(200)
    answers = {"function": linear}
    model = function_model(lambda rows: answers["function"](rows), QUANTITIES)
    explained = explained_by(tmp_path, changed_plan(QUANTITIES), model, frame)
    asker = asker_of(explained, some_unfavourable(explained))
    found = options_of(asker, turned(explained)).found
    assert found.case.size > 12
    answers["function"] = lambda rows: np.where(rows["loans"] == 0, 0.9, 0.1)
    again, score = confirmed(asker, turned(explained), found)
    assert 0 < again.case.size < found.case.size
    assert (score == 0.9).all()
