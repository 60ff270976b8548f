"""Ways out, recourse and reasons of a whole model: what is said when something cannot be."""

from __future__ import annotations

import json
from dataclasses import astuple, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from explained_samples import fitted, people, plan_of, sigmoid
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
from ways_out_samples import changed_plan, explained_by, frame_of, function_model, turned

from evaluator.analyses.explanations.cases.chosen import chosen
from evaluator.analyses.explanations.changes import changes
from evaluator.analyses.explanations.changes.decision import NoTurn, turn_of
from evaluator.analyses.explanations.changes.listing import favourable_background, listed, pulls, usual_rows
from evaluator.analyses.explanations.changes.recourse import Looked, drawn_unfavourable, recourse_rows
from evaluator.analyses.explanations.explained import Explained
from evaluator.analyses.explanations.ways import NOT_ADDING_UP
from evaluator.plan.schema import Plan
from evaluator.records import AnalysisTables, ReasonCheck, RecourseRate
from evaluator.subject.subject import Classes

NAMES = ("income", "debt", "loans", "region")
SLOPES = {"income": 1.0, "debt": -0.8, "loans": -0.4}


def linear(frame: pd.DataFrame) -> np.ndarray:
    total = sum(slope * frame[name] for name, slope in SLOPES.items())
    return sigmoid(np.asarray(total, dtype=np.float64) - 0.6)


def rank_score(frame: pd.DataFrame) -> np.ndarray:
    return np.asarray(sum(slope * frame[name] for name, slope in SLOPES.items()), dtype=np.float64)


def explained_people(folder: Path, plan: Plan | None = None, *, n: int = 600, **options: Any) -> Explained:
    plan = plan or plan_of(data={"sensitive": ["region"]})
    return explained_by(folder, plan, function_model(linear, NAMES), people(n), **options)


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> tuple[Explained, AnalysisTables]:
    explained = explained_people(tmp_path_factory.mktemp("changes"), parts=True)
    return explained, changes(explained)


def checks(tables: AnalysisTables) -> dict[str, ReasonCheck]:
    return {row.test: row for row in tables.reason_checks}


def test_every_table_is_filled_and_agrees_with_the_others(everything: tuple[Explained, AnalysisTables]) -> None:
    _, tables = everything
    assert not tables.not_tested
    numbers = {row.number for row in tables.ways_out}
    assert numbers == {row.number for row in tables.reasons}
    options = {(row.number, row.option): row.changes for row in tables.ways_out if row.found}
    told = [(row.number, row.option) for row in tables.way_out_changes]
    assert options == {key: told.count(key) for key in options}
    assert {row.feature for row in tables.way_out_changes} <= set(NAMES[:3])
    assert all(json.loads(row.immutable) == ["region"] for row in tables.recourse_rates)
    assert all(row.plausible is not None and row.nearest is not None for row in tables.ways_out if row.found)
    assert {row.test: row.status for row in tables.reason_checks} == dict.fromkeys(checks(tables), "ok")


def test_rows_hold_plain_values_that_a_run_file_takes(everything: tuple[Explained, AnalysisTables]) -> None:
    _, tables = everything
    for name in ("ways_out", "way_out_changes", "recourse_rates", "reasons", "reason_checks"):
        rows = getattr(tables, name)
        assert rows
        assert {type(value) for row in rows for value in astuple(row)} <= {str, int, float, bool, type(None)}
        assert all(np.isfinite(value) for row in rows for value in astuple(row) if isinstance(value, float))


def test_the_same_twice(everything: tuple[Explained, AnalysisTables]) -> None:
    explained, tables = everything
    assert changes(explained) == tables


def test_reasons_are_the_features_behind_favourable_cases(everything: tuple[Explained, AnalysisTables]) -> None:
    """The log-odds are additive: a reason is a feature on the wrong side of the favourable mean."""
    explained, tables = everything
    frame = explained.asked.frame
    favourable = frame[~turned(explained).unfavourable]
    for row in tables.reasons:
        if row.feature == "region":
            pytest.fail("a feature the model does not read is no reason")
        assert row.part > 0
        assert row.can_change
    firsts = [row for row in tables.reasons if row.position == 1]
    texts = [float(row.value) for row in firsts]
    for row, value in zip(firsts, texts, strict=True):
        assert (value - favourable[row.feature].mean()) * SLOPES[row.feature] < 0
    parts = [row.part for row in tables.reasons if row.number == firsts[0].number]
    assert parts == sorted(parts, reverse=True)


def test_pulls_of_a_linear_score_are_the_closed_form(tmp_path: Path) -> None:
    plan = plan_of(task={"score_kind": "rank", "threshold": 0.0})
    explained = explained_by(
        tmp_path, plan, replace(function_model(rank_score, NAMES), wanted="rank"), people(400), parts=True
    )
    turn = turned(explained)
    background = favourable_background(explained, turn, 60)
    index = np.flatnonzero(turn.unfavourable)[:20]
    found = pulls(explained, turn, index, background)
    frame = explained.asked.frame
    for place, name in enumerate(NAMES[:3]):
        x = frame[name].to_numpy(dtype=np.float64)
        expected = -SLOPES[name] * (x[index] - x[background].mean())
        np.testing.assert_allclose(found[:, place], expected, atol=1e-9)
    np.testing.assert_allclose(found[:, 3], 0, atol=1e-9)
    assert (turn.reached(explained.asked.score[background])).all()


def test_lists_are_ordered_and_hold_what_pulls_alone() -> None:
    found = listed(np.array([[0.1, -0.3, 0.4, 0.0], [0.0, 0.0, 0.0, 0.0], [1e-15, 2.0, 2.0, -1.0]]))
    assert found.place.tolist() == [[2, 0, -1, -1], [-1, -1, -1, -1], [1, 2, -1, -1]]
    assert found.n.tolist() == [2, 0, 2]


def test_the_usual_is_the_median_and_the_commonest(tmp_path: Path) -> None:
    explained = explained_people(tmp_path)
    rows = np.arange(0, 401)
    usual = usual_rows(explained.asked, rows)
    frame = explained.asked.frame
    assert frame["income"].iloc[usual[0]] == pytest.approx(frame["income"].iloc[rows].median())
    assert frame["region"].iloc[usual[3]] == frame["region"].iloc[rows].mode()[0]


def test_checks_of_a_score_that_is_easy_to_explain(everything: tuple[Explained, AnalysisTables]) -> None:
    _, tables = everything
    found = checks(tables)
    fidelity = found["fidelity"]
    assert fidelity.value is not None
    assert fidelity.value > 0.9
    assert fidelity.by_chance is not None
    assert 0.4 < fidelity.by_chance < 0.55  # either of two random lists, but for ties
    assert fidelity.count == round(fidelity.value * fidelity.n)
    assert (found["stability"].value or 0) > 0.9
    assert (found["other_method"].value or 0) > 0.8
    assert found["actionable"].value == 1.0
    assert all((row.low or 0) <= (row.value or 0) <= (row.high or 0) for row in found.values())


def test_reasons_read_at_random_are_found_out(
    everything: tuple[Explained, AnalysisTables], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lists that do not belong to the case: no better than chance, and the checks say so."""
    from evaluator.analyses.explanations.changes import run

    explained, _ = everything
    rng = np.random.default_rng(4)
    monkeypatch.setattr(run, "pulls", lambda explained, turn, index, background: rng.normal(size=(index.size, 4)))
    found = checks(changes(explained))
    assert _by_chance(found["fidelity"])
    assert _by_chance(found["stability"])
    assert not _by_chance(checks(everything[1])["stability"])


def _by_chance(row: ReasonCheck) -> bool:
    """Whether chance explains the value at 0.001, given its 95 % range."""
    assert row.low is not None
    assert row.high is not None
    assert row.value is not None
    assert row.by_chance is not None
    end = row.low if row.value > row.by_chance else row.high
    return abs(row.value - row.by_chance) <= abs(end - row.value) * 3.29 / 1.96


def test_without_parts_ways_out_stay(tmp_path: Path) -> None:
    tables = changes(explained_people(tmp_path))
    assert tables.ways_out
    assert not tables.reasons
    assert {row.reason for row in tables.reason_checks} == {"no parts were asked for"}
    assert [row.what for row in tables.not_tested] == [
        "The main reasons for a decision", "Whether lists of reasons can be relied on",
    ]  # fmt: skip


def test_reasons_that_do_not_add_up_are_withheld(
    everything: tuple[Explained, AnalysisTables], monkeypatch: pytest.MonkeyPatch
) -> None:
    from evaluator.analyses.explanations.changes import listing

    explained, tables = everything
    true = listing.parts_under
    monkeypatch.setattr(
        listing, "parts_under", lambda *question: (found := true(*question))._replace(values=found.values + 0.001)
    )
    withheld = changes(explained)
    assert not withheld.reasons
    assert {row.reason for row in withheld.reason_checks} == {NOT_ADDING_UP}
    assert withheld.ways_out == tables.ways_out


def test_nothing_may_change(tmp_path: Path) -> None:
    columns = {name: {"immutable": True} for name in NAMES}
    tables = changes(explained_people(tmp_path, plan_of(data={"columns": columns})))
    assert {(row.status, row.reason) for row in tables.ways_out} == {
        ("not_applicable", "nothing may change, so nothing was looked for")
    }
    assert not tables.recourse_rates
    assert any("immutable: false" in row.add_to_plan for row in tables.not_tested)


@pytest.mark.parametrize(
    ("plan", "reason"),
    [
        (plan_of("regression"), "a predicted number is no decision"),
        (plan_of(task={"threshold": None, "score_kind": "rank"}), "there is no cut-off"),
        (plan_of(task={"prediction": "said"}), "the decisions come from a column"),
    ],
)
def test_no_decision_to_turn(tmp_path: Path, plan: Plan, reason: str) -> None:
    frame = people(200).assign(said=np.arange(200) % 2)
    model = function_model(linear, NAMES)
    if plan.task.kind == "regression":
        model = replace(model, wanted="number")
    explained = explained_by(tmp_path, plan, model, frame)
    assert isinstance(turn_of(explained), NoTurn)
    tables = changes(explained)
    assert len(tables.not_tested) == 4
    assert all(row.reason.startswith(reason) for row in tables.not_tested)
    assert tables == AnalysisTables(not_tested=tables.not_tested)


def test_recorded_decisions_that_follow_the_cut_off_are_a_rule(tmp_path: Path) -> None:
    frame = people(200)
    frame["said"] = (linear(frame) >= 0.5).astype(int)
    explained = explained_by(tmp_path, plan_of(task={"prediction": "said"}), function_model(linear, NAMES), frame)
    assert turned(explained).cut_off == 0.5


def test_everyone_alike(tmp_path: Path) -> None:
    model = function_model(lambda rows: np.full(len(rows), 0.2), NAMES)
    tables = changes(explained_by(tmp_path, plan_of(), model, people(100)))
    assert {row.reason for row in tables.not_tested} == {"every case has the same decision"}


def test_a_slow_model_is_not_asked(tmp_path: Path) -> None:
    asked = {"rows": 0}

    def counting(frame: pd.DataFrame) -> np.ndarray:
        asked["rows"] += len(frame)
        return linear(frame)

    explained = explained_by(tmp_path, plan_of(), function_model(counting, NAMES), people(200), rate=50.0, parts=True)
    asked["rows"] = 0
    tables = changes(explained)
    assert asked["rows"] == 0
    assert {row.reason for row in tables.not_tested} == {
        "the model answers too slowly to be explained in the time there is"
    }
    assert {row.status for row in tables.ways_out} == {"not_tested"}


@pytest.mark.parametrize("rate", [3_000.0, 20_000.0])
def test_questions_keep_to_the_budget(tmp_path: Path, rate: float) -> None:
    """At most so many questions as the stated pace allows in 6.5 seconds."""
    asked = {"rows": 0}

    def counting(frame: pd.DataFrame) -> np.ndarray:
        asked["rows"] += len(frame)
        return linear(frame)

    explained = explained_by(tmp_path, plan_of(), function_model(counting, NAMES), people(1_500), rate=rate, parts=True)
    asked["rows"] = 0
    changes(explained)
    assert 0 < asked["rows"] <= 6.5 * rate


def test_a_model_whose_own_answer_differs_is_not_turned(tmp_path: Path) -> None:
    """Supplied scores just below the cut-off, the model's own just above."""
    frame = people(200)
    own = linear(frame)
    frame["score"] = np.where((own >= 0.5) & (own < 0.52), 0.49999, own)
    explained = explained_by(tmp_path, plan_of(), function_model(linear, NAMES), frame)
    tables = changes(explained)
    differing = [row for row in tables.ways_out if row.status == "not_tested"]
    assert differing
    assert all("own answer" in row.reason and not row.found for row in differing)


def test_rates_are_counted_weighted_and_kept_from_small_groups(tmp_path: Path) -> None:
    plan = plan_of(data={"sensitive": ["region"], "weight": "w", "cluster": "home", "columns": {}})
    explained = explained_people(tmp_path, plan, n=900)
    turn = turned(explained)
    rows = np.flatnonzero(turn.unfavourable)
    rng = np.random.default_rng(8)
    first = np.where(rng.random(rows.size) < 0.6, rng.uniform(0.5, 3, rows.size), np.inf)
    cost = np.stack([first, np.minimum(first, 2.5), np.full(rows.size, 1.0)], axis=1)
    told = {(row.population_id, row.changes): row for row in recourse_rows(explained, turn, Looked(rows, cost))}
    weight = explained.asked.weight
    assert weight is not None
    everyone = told["all", 1]
    assert everyone.value == pytest.approx(np.average(np.isfinite(first), weights=weight[rows]))
    assert everyone.count == np.isfinite(first).sum()
    assert (everyone.n, everyone.total) == (rows.size, rows.size)
    assert told["all", 2].value == 1.0
    region = explained.asked.frame["region"].to_numpy()[rows]
    for name in ("east", "north", "south"):
        row = told[f"region={name}", 1]
        inside = region == name
        assert row.n == inside.sum()
        assert row.count == np.isfinite(first[inside]).sum()
        assert _wider(row, everyone)


def _wider(row: RecourseRate, everyone: RecourseRate) -> bool:
    assert row.low is not None
    assert row.high is not None
    assert everyone.low is not None
    assert everyone.high is not None
    return row.method.endswith("_bonferroni") and row.high - row.low > everyone.high - everyone.low


def test_groups_without_enough_cases_say_so(tmp_path: Path) -> None:
    frame = people(500)
    frame.loc[:15, "region"] = "west"
    plan = plan_of(data={"sensitive": ["region"]})
    tables = changes(explained_by(tmp_path, plan, function_model(linear, NAMES), frame))
    west = [row for row in tables.recourse_rates if row.population_id == "region=west"]
    assert {row.status for row in west} == {"too_few"}
    assert all(row.value is None and row.low is None and row.cost is None for row in west)
    everyone = [row for row in tables.recourse_rates if row.population_id == "all"]
    counts = [row.count for row in everyone]
    assert counts == sorted(counts)


def test_drawn_cases_are_unfavourable_and_different(tmp_path: Path) -> None:
    explained = explained_people(tmp_path, n=900)
    drawn = drawn_unfavourable(explained, turned(explained), 50)
    assert drawn.n == 50
    assert turned(explained).unfavourable[drawn.index].all()
    assert np.unique(drawn.index).size == 50


def test_the_favourable_decision_may_be_the_negative_one(tmp_path: Path) -> None:
    plan = plan_of(task={"favourable": 0})
    tables = changes(explained_people(tmp_path, plan, parts=True))
    found = [row for row in tables.ways_out if row.found]
    assert found
    assert all(row.decision == 0.0 and (row.score or 0) < 0.5 for row in found)
    assert all(row.part > 0 for row in tables.reasons)
    assert (checks(tables)["fidelity"].value or 0) > 0.9


def test_one_feature_has_no_others_to_be_compared_with(tmp_path: Path) -> None:
    frame = frame_of(300, 3, income=np.random.default_rng(3).normal(size=300))
    model = function_model(lambda rows: sigmoid(rows["income"].to_numpy()), ("income",))
    tables = changes(explained_by(tmp_path, changed_plan(("income",)), model, frame, parts=True))
    fidelity = checks(tables)["fidelity"]
    assert (fidelity.status, fidelity.n) == ("not_tested", 0)
    assert "no others" in fidelity.reason
    assert checks(tables)["stability"].value == 1.0


def test_a_fitted_pipeline_with_text_gets_the_decisions_that_are_told(tmp_path: Path) -> None:
    frame = people(500)
    frame.loc[::9, "income"] = np.nan
    text = ColumnTransformer([("text", OneHotEncoder(), ["region"])], remainder="passthrough")
    estimator = make_pipeline(text, HistGradientBoostingClassifier(max_iter=8, random_state=0))
    estimator.fit(frame[list(NAMES)], frame["repaid"])
    plan = plan_of(data={"sensitive": [], "columns": {"loans": {"immutable": True}}})
    explained = explained_by(tmp_path, plan, fitted(estimator, plan), frame, rate=4e4, parts=True)
    tables = changes(explained)
    case_of = {case.number: case.position for case in chosen(explained)}
    found = [row for row in tables.ways_out if row.found]
    assert found
    for way in found:
        case = frame[list(NAMES)].iloc[[case_of[way.number]]].copy()
        for change in tables.way_out_changes:
            if (change.number, change.option) == (way.number, way.option):
                assert change.feature != "loans"
                case[change.feature] = change.to_text if change.to_value is None else change.to_value
        assert estimator.predict_proba(case)[0, 1] == pytest.approx(way.score, abs=1e-12)
        assert estimator.predict_proba(case)[0, 1] >= 0.5
    assert {row.status for row in tables.reason_checks} == {"ok"}


def test_of_several_classes_it_is_said_once(tmp_path: Path) -> None:
    explained = explained_people(tmp_path, n=60)
    several = Classes(("a", "b"), ("a", "b"), ordered=False)
    task = explained.plan.task.model_copy(update={"kind": "multiclass"})
    said = [
        changes(
            replace(
                explained, plan=explained.plan.model_copy(update={"task": task}),
                subject=replace(explained.subject, classes=several), asked=replace(explained.asked, class_=name),
            )
        ).not_tested
        for name in several.values
    ]  # fmt: skip
    assert [len(rows) for rows in said] == [4, 0]
    assert all("several classes" in row.reason for row in said[0])


def test_a_way_out_far_from_every_real_case_is_not_plausible(tmp_path: Path) -> None:
    """Two features that always go together: changing one of them alone makes a case unlike any other."""
    rng = np.random.default_rng(12)
    debt = rng.normal(size=400).round(3)
    frame = frame_of(400, 12, debt=debt, loans=debt + rng.normal(scale=0.01, size=400))
    model = function_model(lambda rows: sigmoid(-4 * rows["loans"].to_numpy()), ("debt", "loans"))
    plan = changed_plan(("debt", "loans"), {"debt": {"immutable": True}})
    tables = changes(explained_by(tmp_path, plan, model, frame))
    cost = {(row.number, row.option): row.cost for row in tables.way_out_changes}
    far = [row for row in tables.ways_out if row.found and cost[row.number, row.option] > 1.0]
    near = [row for row in tables.ways_out if row.found and cost[row.number, row.option] < 0.01]
    assert far
    assert not any(row.plausible for row in far)
    assert all(row.plausible for row in near)
    assert all(row.nearest_row_id in set(frame["id"]) for row in far)
