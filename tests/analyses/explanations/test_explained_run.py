"""The analysis as a whole: what it refuses, what it records, and that it comes back from a run file."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from explained_samples import (
    FEATURES,
    clock_of,
    effects,
    explained,
    finding,
    importances,
    loaded,
    model_of,
    people,
    plan_of,
    quiet,
    sigmoid,
)

from evaluator.analyses.explanations.findings import CHECKS
from evaluator.analyses.explanations.pace import affordable
from evaluator.analyses.explanations.run import explain, run
from evaluator.analyses.explanations.untested import EVERYTHING, what_was_not_tested
from evaluator.errors import ModelError
from evaluator.pipeline import evaluate
from evaluator.plan.loading import LoadedPlan
from evaluator.records import AnalysisTables
from evaluator.store import open_run, publish_run


def steady(frame) -> np.ndarray:
    """Leans on income, a little on debt and on region, and not on loans."""
    region = frame["region"].map({"east": 0.0, "north": 0.4, "south": -0.4}).astype(float)
    return sigmoid(2 * frame["income"] - 0.5 * frame["debt"] + region - 5).to_numpy()


MODEL = model_of(steady, FEATURES)


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> AnalysisTables:
    return explained(tmp_path_factory.mktemp("steady"), plan_of(), MODEL)


def test_the_first_screen_has_its_records(tables: AnalysisTables) -> None:
    found = importances(tables)
    assert list(found) == list(FEATURES)
    income = found["income"]
    assert (income.rank_low, income.rank_high, income.direction, income.space) == (1, 1, "higher", "chance")
    assert (income.times_first, income.repeats, income.unit) == (1000, 1000, "points")
    assert income.value is not None
    assert income.low is not None
    assert income.high is not None
    assert 0 < income.low < income.value < income.high < 1
    assert sum(row.share or 0.0 for row in found.values()) == pytest.approx(1.0)
    assert found["debt"].direction == "lower"
    assert found["region"].direction == "by_level"
    assert (found["loans"].value, found["loans"].direction, found["loans"].rank_low) == (0.0, "unused", 4)
    assert all(json.loads(row.moves_with) == [] for row in found.values())


def test_one_feature_has_its_records(tables: AnalysisTables) -> None:
    points = effects(tables, "income")
    assert [row.position for row in points] == list(range(len(points)))
    assert [row.x for row in points] == sorted(row.x for row in points if row.x is not None)
    assert points[0].y < 0 < points[-1].y
    assert all(row.low is not None and row.high is not None and row.low <= row.y <= row.high for row in points)
    assert [row.label for row in effects(tables, "region")] == ["east", "north", "south"]


def test_every_check_is_recorded_once(tables: AnalysisTables) -> None:
    assert [row.code for row in tables.findings] == list(CHECKS)
    outcomes = {row.code: row.outcome for row in tables.findings}
    assert outcomes == {
        "EXPL01": "clear", "EXPL02": "clear", "EXPL03": "clear", "EXPL04": "found", "EXPL05": "found",
        "EXPL06": "clear",
    }  # fmt: skip
    assert "600 of 600 supplied scores, to within 0.000001" in finding(tables, "EXPL01").sentence
    assert "1 feature without a part in the score: loans" in finding(tables, "EXPL05").sentence
    assert tables.not_tested == ()


def test_a_sensitive_column_that_the_model_uses_is_named(tmp_path: Path) -> None:
    tables = explained(tmp_path, plan_of(data={"sensitive": ["region"]}), MODEL)
    said = finding(tables, "EXPL06")
    assert (said.outcome, said.sentence) == ("found", "The model reads region and makes use of it.")


def test_without_a_model_the_line_to_add_is_said(tmp_path: Path) -> None:
    subject = replace(loaded(tmp_path, plan_of(), MODEL), model=None)
    tables = run(plan_of(), subject, quiet)
    assert [row.what for row in tables.not_tested] == list(EVERYTHING)
    assert {row.add_to_plan for row in tables.not_tested} == {"model: {artifact: {path: models/NAME.skops}}"}
    assert tables.not_tested == what_was_not_tested(plan_of(), subject)
    assert {row.outcome for row in tables.findings} == {"not_tested"}
    assert (tables.importances, tables.effects) == ((), ())


@pytest.mark.parametrize(("off", "outcome"), [(1, "clear"), (3, "found")])
def test_a_model_that_made_other_scores_is_not_explained(tmp_path: Path, off: int, outcome: str) -> None:
    frame = people(2_000)
    frame["score"] = steady(frame)
    frame.loc[: off - 1, "score"] += 0.001
    tables = explained(tmp_path, plan_of(), MODEL, frame)
    said = finding(tables, "EXPL01")
    assert said.outcome == outcome
    assert f"{2_000 - off:,} of 2,000 supplied scores" in said.sentence
    assert bool(tables.importances) == (outcome == "clear")
    if outcome == "found":
        assert {row.reason for row in tables.not_tested} == {"the model does not give the supplied scores"}


def test_a_model_that_changes_its_mind_is_not_explained(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    model = model_of(lambda frame: steady(frame) * rng.uniform(0.999, 1.0, len(frame)), FEATURES)
    frame = people().assign(score=steady)
    plan = plan_of(task={"score": None, "prediction": "repaid", "threshold": None, "label": "good"})
    tables = explained(tmp_path, plan, model, frame.assign(good=frame["repaid"]))
    assert finding(tables, "EXPL01").outcome == "not_tested"
    assert finding(tables, "EXPL02").outcome == "found"
    assert tables.importances == ()


def test_a_model_that_cannot_answer_is_quoted(tmp_path: Path) -> None:
    def broken(frame) -> np.ndarray:
        raise ModelError("sample raised ValueError: no.", "Look into it.")

    subject = loaded(tmp_path, plan_of(), MODEL)
    tables = explain(plan_of(), subject, model_of(broken, FEATURES), quiet, clock_of())
    assert {row.reason for row in tables.not_tested} == {"the model could not be asked: sample raised ValueError: no"}
    assert [row.code for row in tables.findings] == list(CHECKS)


def test_a_slow_model_is_looked_at_as_far_as_time_allows(tmp_path: Path) -> None:
    plan = plan_of()
    frame = people(2_000)
    tables = explained(tmp_path, plan, MODEL, frame, step=2.0)
    assert {row.status for row in importances(tables).values()} == {"not_tested"}
    assert "300 of 300 supplied scores" in finding(tables, "EXPL01").sentence
    assert {row.what for row in tables.not_tested} >= set(EVERYTHING[:3])
    assert affordable(1_000.0, 2.0, 2.0, (300, 1_000, 3_000)) == 1_000
    assert affordable(1_000.0, 2.0, 20.0, (300, 1_000)) is None


def test_rows_of_no_weight_are_no_evidence(tmp_path: Path) -> None:
    frame = people()
    frame["w"] = np.where(np.arange(600) < 300, frame["w"], 0.0)
    plan = plan_of(data={"weight": "w", "cluster": "home"})
    tables = explained(tmp_path, plan, MODEL, frame)
    row = importances(tables)["income"]
    assert (row.n, row.weighted, row.status) == (300, True, "ok")
    assert row.times_first == 1000


def test_the_same_plan_gives_the_same_tables(tmp_path: Path, tables: AnalysisTables) -> None:
    assert explained(tmp_path, plan_of(), MODEL) == tables
    other = explained(tmp_path, plan_of(settings={"seed": 8}), MODEL)
    assert importances(other)["income"].value != importances(tables)["income"].value


def test_what_is_published_comes_back(tmp_path: Path) -> None:
    plan = plan_of()
    subject = loaded(tmp_path, plan, MODEL)
    content = evaluate(LoadedPlan(plan, "plan: people\n", "0" * 64, tmp_path, tmp_path / "p.yaml"), subject, quiet)
    assert content.tables.importances
    assert not [row for row in content.tables.not_tested if row.failed]
    reader = open_run(tmp_path, publish_run(tmp_path, content, None))
    assert reader.importances() == content.tables.importances
    assert reader.effects() == content.tables.effects
    assert reader.effects("region") == tuple(effects(content.tables, "region"))
