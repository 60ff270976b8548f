"""The analysis as a whole: what it refuses, what it records, and that it comes back from a run file."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
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

from evaluator.analyses.explanations.agreement import is_driver
from evaluator.analyses.explanations.explained import Explained
from evaluator.analyses.explanations.findings import CHECKS
from evaluator.analyses.explanations.pace import (
    CHECK_SECONDS,
    CONTRIBUTION_SECONDS,
    EFFECT_SECONDS,
    SHIFT_SECONDS,
    affordable,
)
from evaluator.analyses.explanations.run import explain, run
from evaluator.analyses.explanations.untested import (
    EVERYTHING,
    FREE_TEXT,
    ONLY_FREE_TEXT,
    SCORE_LINE,
    not_tested,
    what_was_not_tested,
)
from evaluator.analyses.explanations.ways import TOO_SLOW
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
    assert {code: outcome for code, outcome in outcomes.items() if code <= "EXPL06"} == {
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
    """Five thousandths of a second for each row, on a clock that stands still otherwise."""
    now = [0.0]

    def slow(frame: pd.DataFrame) -> np.ndarray:
        now[0] += 0.005 * len(frame)
        return steady(frame)

    subject = loaded(tmp_path, plan_of(), MODEL, people(2_000))
    tables = explain(plan_of(), subject, model_of(slow, FEATURES), quiet, lambda: now[0])
    assert now[0] < 2 * (CHECK_SECONDS + CONTRIBUTION_SECONDS + SHIFT_SECONDS + EFFECT_SECONDS)
    assert {row.status for row in importances(tables).values()} == {"not_tested"}
    assert "300 of 300 supplied scores" in finding(tables, "EXPL01").sentence
    assert {row.what for row in tables.not_tested} >= set(EVERYTHING[:3])
    assert affordable(1_000.0, 2.0, 2.0, (300, 1_000, 3_000)) == 1_000
    assert affordable(1_000.0, 2.0, 20.0, (300, 1_000)) is None


def test_a_slow_model_without_supplied_scores_is_not_asked_for_all(tmp_path: Path) -> None:
    now = [0.0]

    def slow(frame: pd.DataFrame) -> np.ndarray:
        now[0] += 0.05 * len(frame)
        return steady(frame)

    frame = people(2_000).assign(good=lambda rows: rows["repaid"])
    plan = plan_of(task={"score": None, "prediction": "repaid", "threshold": None, "label": "good"})
    subject = loaded(tmp_path, plan, MODEL, frame)
    tables = explain(plan, subject, model_of(slow, FEATURES), quiet, lambda: now[0])
    assert now[0] < 20
    assert {(row.reason, row.add_to_plan) for row in tables.not_tested} == {(TOO_SLOW, SCORE_LINE)}


def only_income(frame: pd.DataFrame) -> np.ndarray:
    return sigmoid(frame["income"].to_numpy() - 3)


def test_a_constant_feature_ranks_last_and_drives_nothing(tmp_path: Path) -> None:
    frame = people().assign(debt=1.0, region="east")
    model = model_of(lambda rows: sigmoid(2 * rows["income"] - rows["debt"] - 5).to_numpy(), FEATURES)
    found = importances(explained(tmp_path, plan_of(), model, frame))
    for name in ("debt", "region"):
        row = found[name]
        assert (row.value, row.rank_low, row.rank_high, row.direction) == (0.0, 2, 4, "unused")
        assert not is_driver(row)
    assert is_driver(found["income"])


def test_of_many_levels_the_hidden_ones_are_counted(tmp_path: Path) -> None:
    n = 5_200
    frame = people(n).assign(region=[f"town {row % 5_000}" for row in range(n)])
    tables = explained(tmp_path, plan_of(), model_of(only_income, FEATURES), frame)
    said = next(row for row in tables.not_tested if row.what == "What every level of region does to the score")
    assert said.reason == "the 12 levels of the most applicants are shown, 4,988 are not"
    assert len(effects(tables, "region")) == 12
    assert (importances(tables)["region"].value, importances(tables)["region"].direction) == (0.0, "unused")


def test_long_free_text_counts_as_one_feature_and_this_is_said(tmp_path: Path) -> None:
    frame = people().assign(
        region=lambda rows: [f"asked for a loan number {row} to buy a new car" for row in rows.index]
    )
    tables = explained(tmp_path, plan_of(), model_of(only_income, FEATURES), frame)
    assert [(row.what, row.reason) for row in tables.not_tested] == [
        ("What single words of region do to the score", FREE_TEXT)
    ]
    assert effects(tables, "region") == []
    assert importances(tables)["region"].status == "ok"
    alone = model_of(lambda rows: np.full(len(rows), 0.4) + rows["region"].str.len().to_numpy() / 1e4, ("region",))
    (tmp_path / "alone").mkdir()
    refused = explained(tmp_path / "alone", plan_of(data={"features": ["region"]}), alone, frame)
    assert {row.reason for row in refused.not_tested} == {ONLY_FREE_TEXT}
    assert refused.importances == ()


def test_missing_values_are_values(tmp_path: Path) -> None:
    frame = people()
    frame.loc[::3, "income"] = np.nan
    frame.loc[::4, "region"] = None
    model = model_of(lambda rows: sigmoid(rows["income"].fillna(3.0) - 3 + 0.0 * rows["loans"]).to_numpy(), FEATURES)
    tables = explained(tmp_path, plan_of(), model, frame)
    found = importances(tables)
    assert (found["income"].status, found["income"].rank_high, is_driver(found["income"])) == ("ok", 1, True)
    assert found["region"].value == 0.0


def test_labels_alone_are_refused_with_the_reason(tmp_path: Path) -> None:
    labels = model_of(lambda rows: (rows["income"] > 3).to_numpy().astype(float), FEATURES)
    tables = explain(plan_of(), loaded(tmp_path, plan_of(), MODEL), labels, quiet, clock_of())
    assert tables.importances == ()
    (reason,) = {row.reason for row in tables.not_tested}
    assert "answered with labels alone (0, 1); expected probabilities" in reason


def test_a_model_that_ignores_everything_has_no_drivers(tmp_path: Path) -> None:
    tables = explained(tmp_path, plan_of(), model_of(lambda rows: np.full(len(rows), 0.3), FEATURES))
    rows = [row for row in tables.importances if row.method == "shap"]
    assert {(row.value, row.rank_low, row.rank_high, row.direction, row.drives) for row in rows} == {
        (0.0, 1, 4, "unused", False)
    }
    assert finding(tables, "EXPL04").sentence == "No feature moves the score."


@pytest.mark.parametrize("rows", [2, 3, 29])
def test_few_rows_are_too_few_to_tell(tmp_path: Path, rows: int) -> None:
    tables = explained(tmp_path, plan_of(), MODEL, people(600).head(rows).assign(repaid=lambda rows: rows.index % 2))
    assert {(row.status, row.value, row.reason) for row in tables.importances} == {
        ("too_few", None, "fewer than 30 applicants")
    }
    assert [row.code for row in tables.findings] == list(CHECKS)


def test_few_of_one_outcome_say_nothing_about_the_loss(tmp_path: Path) -> None:
    frame = people().assign(repaid=lambda rows: (rows.index < 9).astype(int))
    found = explained(tmp_path, plan_of(), MODEL, frame).importances
    assert {row.status for row in found if row.method == "shap"} == {"ok"}
    reasons = {(row.status, row.reason, row.drives) for row in found if row.method == "permutation"}
    assert reasons == {("too_few", "fewer than 10 applicants of one outcome", None)}


def test_one_feature_alone_is_the_first(tmp_path: Path) -> None:
    plan = plan_of(data={"features": ["income"]})
    row = importances(explained(tmp_path, plan, model_of(only_income, ("income",))))["income"]
    assert (row.share, row.rank_low, row.rank_high, is_driver(row)) == (1.0, 1, 1, True)


def test_three_hundred_features_are_looked_at(tmp_path: Path) -> None:
    rng, names = np.random.default_rng(4), tuple(f"f{number}" for number in range(300))
    frame = people(150).join(pd.DataFrame(rng.normal(size=(150, 300)), columns=list(names)))
    frame["days"] = 5 * frame["f7"] - 3 * frame["f11"] + rng.normal(size=150)
    model = model_of(lambda rows: (5 * rows["f7"] - 3 * rows["f11"]).to_numpy(), names, wanted="number")
    found = importances(explained(tmp_path, plan_of("regression", data={"features": list(names)}), model, frame))
    assert [name for name, row in found.items() if is_driver(row)] == ["f7", "f11"]
    assert (found["f7"].rank_low, found["f7"].rank_high, found["f11"].rank_low) == (1, 1, 2)
    assert {(row.rank_low, row.rank_high) for name, row in found.items() if name not in ("f7", "f11")} == {(3, 300)}


def test_further_looks_are_called_in_turn_and_their_tables_join(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Explained] = []

    def look(explained: Explained) -> AnalysisTables:
        seen.append(explained)
        return AnalysisTables(not_tested=(not_tested("a look", f"number {len(seen)}"),))

    monkeypatch.setattr(sys.modules[explain.__module__], "LOOKS", (look, look))
    tables = explained(tmp_path, plan_of(), MODEL)
    assert [row.reason for row in tables.not_tested] == ["number 1", "number 2"]
    assert seen[0].parts is not None
    assert seen[0].parts.drawn.n == 600
    assert len(seen[0].curves) == len(FEATURES)


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
