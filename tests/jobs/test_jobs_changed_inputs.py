"""Changed inputs from the question to the answer of the job, held against the model asked directly."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import sklearn.metrics as skm
from changed_samples import HOSTILE, THRESHOLD, Case, N, make_case
from job_samples import EVALUATOR, ended
from scipy.stats import binomtest

from evaluator.errors import EvaluatorError, JobError, UnsafeModelError
from evaluator.jobs import KINDS, start_job
from evaluator.jobs.changed_inputs import run
from evaluator.jobs.kinds import LONGEST_CHANGE, LONGEST_QUESTION
from evaluator.jobs.requests import make_request
from evaluator.recompute import Question, filters_of
from evaluator.recompute.changed.asked import payload_of
from evaluator.recompute.changed.change import LONGEST, read_changes
from evaluator.recompute.changed.result import Result, result_of
from evaluator.recompute.changed.words import sentences
from evaluator.recompute.link import LONGEST as LONGEST_LINK
from evaluator.store import open_run
from evaluator.wording import check_figures, errors, lint_block, lint_sentence

Put = Callable[[pd.DataFrame], dict[str, Any]]
CHANGES: dict[str, tuple[str, Put]] = {
    "shift": ("income:shift:-400", lambda frame: {"income": frame["income"] - 400}),
    "scale": ("age:scale:1.1", lambda frame: {"age": frame["age"] * 1.1}),
    "set number": ("income:set:2500", lambda frame: {"income": np.full(len(frame), 2_500.0)}),
    "set level": ("region:set:south", lambda frame: {"region": pd.Series(["south"] * len(frame), dtype="str")}),
    "set truth": ("new:set:true", lambda frame: {"new": np.full(len(frame), True)}),
    "never seen": ("region:set:the%20moon", lambda frame: {"region": pd.Series(["the moon"] * len(frame), dtype="str")}),
    "missing": ("income:missing:", lambda frame: {"income": np.full(len(frame), np.nan)}),
    "swap": ("sex:swap:F,M", lambda frame: {"sex": frame["sex"].map({"F": "M", "M": "F"}).astype("str")}),
    "three": (
        "age:shift:5;income:scale:0.9;new:swap:true,false",
        lambda frame: {"age": frame["age"] + 5, "income": frame["income"] * 0.9, "new": ~frame["new"]},
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Case]:
    folder = tmp_path_factory.mktemp("changed")
    return {kind: make_case(folder / kind, kind) for kind in ("binary", "regression", "multiclass")}


def asked(case: Case, change: str, conditions: tuple[str, ...] = (), **more: Any) -> Result:
    """The answer, computed here, after the way of a request and back through JSON."""
    question = Question(filters_of(conditions, case.rows.columns), **more)
    payload = payload_of(case.run_id, question, read_changes(change, case.rows.columns))
    make_request(KINDS["changed_inputs"], payload)
    steps: list[tuple[str, int, int]] = []
    answer = run(case.store, payload, lambda *step: steps.append(step))
    assert all(done <= total for _, done, total in steps)
    result = result_of(json.loads(json.dumps(answer, allow_nan=False)))
    said = sentences(result, case.rows, question, read_changes(change, case.rows.columns))
    for sentence in said.all:
        check_figures(sentence)
        assert errors(lint_sentence(sentence)) == []
    assert errors(lint_block([said.lead])) == []
    return result


def directly(case: Case, put: Put, mask: Any = None) -> tuple[Any, Any, Any]:
    """Label and scores of the model asked about the rows as they are, and about a frame changed by hand."""
    inside = np.ones(case.rows.n, dtype=bool) if mask is None else mask
    frame = case.frame[inside].reset_index(drop=True)
    changed = frame.assign(**put(frame))
    return case.rows.label[inside], case.model.scores(frame), case.model.scores(changed)


@pytest.mark.parametrize("kind", CHANGES)
def test_decisions_are_those_of_the_model_asked_directly(kind: str, cases: dict[str, Case]) -> None:
    case, (change, put) = cases["binary"], CHANGES[kind]
    result, (label, before, after) = asked(case, change), directly(case, put)
    today, changed = before >= THRESHOLD, after >= THRESHOLD
    flips = result.everyone.flips
    assert flips is not None
    assert flips.count == np.count_nonzero(today != changed)
    assert flips.count_to_positive == np.count_nonzero(~today & changed)
    assert flips.count_to_negative == np.count_nonzero(today & ~changed)
    moves = result.everyone.moves
    assert [moves.higher, moves.lower] == [np.count_nonzero(after > before), np.count_nonzero(after < before)]
    exact = binomtest(flips.count, N).proportion_ci(0.95, method="exact")
    assert (flips.changed.low, flips.changed.high) == pytest.approx((exact.low, exact.high), abs=1e-9)
    oracle: dict[str, Callable[[Any, Any], float]] = {
        "selection_rate": lambda decided, _: float(np.mean(decided)),
        "false_negative_rate": lambda decided, _: 1 - float(skm.recall_score(label, decided)),
        "false_positive_rate": lambda decided, _: 1 - float(skm.recall_score(label, decided, pos_label=0)),
        "accuracy": lambda decided, _: float(skm.accuracy_score(label, decided)),
        "auc": lambda _, score: float(skm.roc_auc_score(label, score)),
        "mean": lambda _, score: float(np.mean(score)),
    }
    assert [one.metric for one in result.everyone.metrics] == list(oracle)
    for one in result.everyone.metrics:
        expected = [oracle[one.metric](today, before), oracle[one.metric](changed, after)]
        assert [one.today.value, one.changed.value] == pytest.approx(expected, abs=1e-12)
        assert one.difference.value == pytest.approx(expected[1] - expected[0], abs=1e-12)


@pytest.mark.parametrize("kind", ["shift", "set level", "three"])
def test_predicted_numbers_are_those_of_the_model_asked_directly(kind: str, cases: dict[str, Case]) -> None:
    case, (change, put) = cases["regression"], CHANGES[kind]
    result, (label, before, after) = asked(case, change), directly(case, put)
    assert result.everyone.flips is None
    assert result.no_decisions == ""
    mean, absolute, error = result.everyone.metrics
    for found, before_value, after_value in (
        (mean, before.mean(), after.mean()),
        (absolute, np.abs(before - label).mean(), np.abs(after - label).mean()),
        (error, (before - label).mean(), (after - label).mean()),
    ):
        assert found.today.value == pytest.approx(before_value, abs=1e-9)
        assert found.changed.value == pytest.approx(after_value, abs=1e-9)
        assert found.difference.value == pytest.approx(after_value - before_value, abs=1e-9)
    moves = np.sort(np.abs(after - before))
    assert moves[N // 2 - 1] - 1e-9 <= (result.everyone.moves.median.value or 0) <= moves[N // 2] + 1e-9


@pytest.mark.parametrize("kind", ["scale", "missing", "swap"])
def test_choices_among_classes_are_those_of_the_model_asked_directly(kind: str, cases: dict[str, Case]) -> None:
    case, (change, put) = cases["multiclass"], CHANGES[kind]
    result, (label, before, after) = asked(case, change), directly(case, put)
    flips = result.everyone.flips
    assert flips is not None
    assert flips.to_positive is None
    assert flips.count == np.count_nonzero(before.argmax(axis=1) != after.argmax(axis=1))
    (accuracy,) = result.everyone.metrics
    assert accuracy.today.value == pytest.approx(np.mean(before.argmax(axis=1) == label))
    assert accuracy.changed.value == pytest.approx(np.mean(after.argmax(axis=1) == label))


def test_one_class_against_the_rest(cases: dict[str, Case]) -> None:
    case, (change, put) = cases["multiclass"], CHANGES["three"]
    result, (label, before, after) = asked(case, change, class_="b"), directly(case, put)
    today, changed = before.argmax(axis=1) == 1, after.argmax(axis=1) == 1
    flips = result.everyone.flips
    assert flips is not None
    ways = [flips.count_to_positive, flips.count_to_negative]
    assert ways == [np.count_nonzero(~today & changed), np.count_nonzero(today & ~changed)]
    missed = result.everyone.metric("false_negative_rate")
    assert missed is not None
    assert missed.changed.value == pytest.approx(np.mean(~changed[label == 1]))


def test_the_question_chooses_the_rows_and_the_cut_off(cases: dict[str, Case]) -> None:
    case, (change, put) = cases["binary"], CHANGES["shift"]
    result = asked(case, change, ("age>=40", "sex=F"), threshold=0.6)
    mask = (case.rows.columns["age"].values >= 40) & (case.frame["sex"] == "F").to_numpy()
    _, before, after = directly(case, put, mask)
    flips = result.everyone.flips
    assert flips is not None
    assert (result.everyone.population.n, result.n_fit, result.cutoff) == (mask.sum(), mask.sum(), 0.6)
    assert flips.count == np.count_nonzero((before >= 0.6) != (after >= 0.6)) > 0


def test_groups_are_those_of_the_plan_and_their_ranges_hold_together(cases: dict[str, Case]) -> None:
    case, (change, put) = cases["binary"], CHANGES["shift"]
    result, (_, before, after) = asked(case, change), directly(case, put)
    other = (before >= THRESHOLD) != (after >= THRESHOLD)
    age = case.rows.columns["age"].values
    masks = {
        "women": (case.frame["sex"] == "F").to_numpy(), "men": (case.frame["sex"] == "M").to_numpy(),
        "under 30": age < 30, "30 to under 60": (age >= 30) & (age < 60), "60 or over": age >= 60,
    }  # fmt: skip
    assert [part.population.label for part in result.groups] == list(masks)
    for part in result.groups:
        mask = masks[part.population.label]
        assert part.flips is not None
        assert (part.population.n, part.flips.count) == (mask.sum(), other[mask].sum())
        level = 1 - 0.05 / (2 if part.attribute == "sex" else 3)
        exact = binomtest(int(other[mask].sum()), int(mask.sum())).proportion_ci(level, method="exact")
        assert (part.flips.changed.low, part.flips.changed.high) == pytest.approx((exact.low, exact.high), abs=1e-9)


def test_what_lies_beyond_the_data_and_the_plan_is_counted(cases: dict[str, Case]) -> None:
    case = cases["binary"]
    income = case.frame["income"]
    (found,) = asked(case, "income:shift:-1500").inputs
    assert found.still_missing == income.isna().sum()
    assert found.outside_plan == (income - 1_500 < 0).sum() > 0
    assert found.outside_data == (income - 1_500 < income.min()).sum()
    (level,) = asked(case, "region:set:the%20moon").inputs
    assert level.unseen == ("the moon",)
    (known,) = asked(case, CHANGES["swap"][0]).inputs
    assert known.unseen == ()


def test_rows_of_no_weight_are_no_evidence_and_weights_and_clusters_count(tmp_path: Path) -> None:
    def weigh(plan: dict[str, Any], frame: pd.DataFrame) -> None:
        rng = np.random.default_rng(3)
        frame["weight"] = np.where(rng.random(N) < 0.1, 0.0, rng.integers(1, 4, N))
        frame["family"] = rng.integers(0, 200, N)
        plan["data"] |= {"weight": "weight", "cluster": "family"}

    case = make_case(tmp_path, "binary", weigh)
    change, put = CHANGES["shift"]
    result, (label, before, after) = asked(case, change), directly(case, put)
    assert case.rows.weight is not None
    flipped = (before >= THRESHOLD) != (after >= THRESHOLD)
    flips = result.everyone.flips
    assert flips is not None
    assert result.weighted
    assert result.everyone.population.n == case.rows.n < N
    assert flips.changed.value == pytest.approx(np.average(flipped, weights=case.rows.weight))
    assert flips.count == flipped.sum()
    accuracy = result.everyone.metric("accuracy")
    assert accuracy is not None
    assert accuracy.changed.value == pytest.approx(np.average((after >= THRESHOLD) == label, weights=case.rows.weight))
    assert case.rows.cluster is not None
    share = np.average(flipped, weights=case.rows.weight)
    sums = np.bincount(case.rows.cluster, case.rows.weight * (flipped - share)) / case.rows.weight.sum()
    families = np.unique(case.rows.cluster).size
    error = np.sqrt(families / (families - 1) * (sums**2).sum())
    assert flips.changed.high is not None
    assert flips.changed.low is not None
    assert flips.changed.high - flips.changed.low == pytest.approx(2 * 1.972 * error, rel=0.06)


def test_recorded_decisions_that_follow_no_cut_off_leave_the_scores_alone(tmp_path: Path) -> None:
    def record(plan: dict[str, Any], frame: pd.DataFrame) -> None:
        frame["decided"] = (frame["score"] > 0.3).astype(int)
        plan["task"] |= {"prediction": "decided"}

    case = make_case(tmp_path, "binary", record)
    result = asked(case, "income:scale:0.9")
    assert result.everyone.flips is None
    assert "follow no cut-off" in result.no_decisions
    assert result.everyone.metrics[-1].changed.value is not None
    tried = asked(case, "income:scale:0.9", threshold=0.3)
    assert tried.everyone.flips is not None


def test_the_job_answers_end_to_end(cases: dict[str, Case]) -> None:
    case = cases["binary"]
    payload = payload_of(case.run_id, Question(), read_changes("income:scale:0.9", case.rows.columns))
    state = ended(case.store, start_job(case.store, "changed_inputs", payload, role=EVALUATOR))
    assert (state.status, state.message) == ("done", "")
    assert state.result is not None
    assert result_of(state.result) == result_of(run(case.store, payload, lambda *_: None))


@pytest.mark.parametrize(
    ("change", "question", "message"),
    [
        ("", "{}", "No input is changed"),
        ("person:missing:", "{}", "no column 'person'"),
        ("income:scale:1e308", "{}", "no finite number"),
        ("shoe_size:shift:1", "{}", "does not read 'shoe_size'"),
        ("new:missing:", "{}", "With the changed inputs, Pipeline raised"),
        ("income:scale:0.9", "[", "cannot be read"),
        ("income:scale:0.9", '{"where": 3}', "cannot be read"),
        ("income:scale:0.9", '{"where": "age:between:500,"}', "Nobody fits"),
        ("income:scale:0.9", '{"class": "b"}', "not one of several classes"),
    ],
)
def test_a_request_that_cannot_be_answered_is_said(
    change: str, question: str, message: str, cases: dict[str, Case]
) -> None:
    case = cases["binary"]
    payload = {"run_id": case.run_id, "question": question, "change": change}
    with pytest.raises(EvaluatorError) as caught:
        run(case.store, payload, lambda *_: None)
    assert message in caught.value.message
    assert caught.value.hint


def test_a_hostile_level_comes_through_the_link_and_the_request(cases: dict[str, Case]) -> None:
    case = cases["binary"]
    (change,) = read_changes("region:set:x", case.rows.columns)
    changes = (type(change)("region", "set", None, (HOSTILE,)),)
    payload = payload_of(case.run_id, Question(), changes)
    result = result_of(run(case.store, payload, lambda *_: None))
    assert result.inputs[0].unseen == ()
    frame = case.frame.assign(region=HOSTILE)
    flipped = (case.model.scores(frame) >= THRESHOLD) != (case.model.scores(case.frame) >= THRESHOLD)
    assert result.everyone.flips is not None
    assert result.everyone.flips.count == flipped.sum()


def test_a_request_holds_what_a_link_can_hold() -> None:
    assert LONGEST_CHANGE == LONGEST
    assert LONGEST_QUESTION > LONGEST_LINK
    with pytest.raises(JobError, match="at most"):
        make_request(
            KINDS["changed_inputs"],
            {"run_id": "changed-binary_20260101T000000Z_00000000", "question": "{}", "change": "x" * (LONGEST + 1)},
        )


def test_a_model_that_runs_code_is_not_asked(cases: dict[str, Case], monkeypatch: pytest.MonkeyPatch) -> None:
    case = cases["binary"]

    def refuse(*_args: object, **_more: object) -> None:
        raise UnsafeModelError("It can run code.")

    monkeypatch.setattr("evaluator.jobs.kept_model.load_model", refuse)
    payload = payload_of(case.run_id, Question(), read_changes("age:shift:1", case.rows.columns))
    with pytest.raises(UnsafeModelError, match="can run code") as caught:
        run(case.store, payload, lambda *_: None)
    assert "skops" in caught.value.hint
    assert open_run(case.store, case.run_id).run().model_sha256 == case.model.sha256
