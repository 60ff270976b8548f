"""Answers to random questions against scikit-learn on the same rows, which pandas picks."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
import sklearn.metrics as skm
from recompute_samples import THRESHOLD, applications, loaded, oracle

from evaluator.recompute import Filter, LoadedRows, Question, answer
from evaluator.recompute import scored as scored_module
from evaluator.recompute.answer import SideAnswer
from evaluator.recompute.conditions import filters_of
from evaluator.records import Estimate
from evaluator.statistics import score_pass

KINDS = ("low", "middle", "high")
CUTOFFS = (None, 0.3, THRESHOLD, 0.7)
CHOICES: dict[str, Callable[[pd.DataFrame], pd.Series[bool]]] = {
    "sex=F": lambda rows: rows["sex"] == "F",
    "sex!=F": lambda rows: rows["sex"] != "F",
    "region=north,east": lambda rows: rows["region"].isin(["north", "east"]),
    "region!=west": lambda rows: rows["region"] != "west",
    "age>=40": lambda rows: rows["age"] >= 40,
    "age<61.5": lambda rows: rows["age"] < 61.5,
    "age=18,30,31,40,41,42,50,51,52,53": lambda rows: rows["age"].isin([18, 30, 31, 40, 41, 42, 50, 51, 52, 53]),
    "income=missing": lambda rows: rows["income"].isna(),
    "income>=3000": lambda rows: rows["income"] >= 3_000,
    "online=true": lambda rows: rows["online"],
    "applied_on<2025-07-01": lambda rows: rows["applied_on"] < pd.Timestamp("2025-07-01"),
}


def questions(rows: LoadedRows, count: int, seed: int) -> Iterator[tuple[Question, Callable[[pd.DataFrame], Any]]]:
    """Random questions, each with how pandas picks its rows."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        texts = rng.choice(list(CHOICES), rng.integers(1, 4), replace=False).tolist()
        combine, join = (("all", np.logical_and), ("any", np.logical_or))[int(rng.integers(2))]
        compare = ("rest", "all")[int(rng.integers(2))]
        # One text at a time, because two on one column would be joined to one range.
        filters = tuple(one for text in texts for one in filters_of([text], rows.columns))

        def pick(frame: pd.DataFrame, texts: list[str] = texts, join: Any = join) -> Any:
            return join.reduce([CHOICES[text](frame).to_numpy(dtype=bool) for text in texts])

        yield Question(filters, combine, compare=compare), pick  # type: ignore[arg-type]


def check(found: Mapping[str, Estimate], n: int, expected: Callable[[str], float]) -> int:
    """Compare what is known; what is not has a sentence and no number. Returns how many were compared."""
    known = [one for one in found.values() if one.status == "ok"]
    for one in known:
        assert one.value is not None
        allowed = 2e-4 if one.metric == "calibration_slope" else 1e-8
        assert one.value == pytest.approx(expected(one.metric), rel=1e-8, abs=allowed), one.metric
        assert one.n == n
        assert one.low is not None
        assert one.high is not None
        assert one.low <= one.value <= one.high or math.isclose(one.low, one.high, abs_tol=1e-9), one.metric
    for one in found.values():
        if one.status != "ok":
            assert (one.value, one.low, one.high) == (None, None, None)
            assert one.reason.endswith(".")
    return len(known)


def check_sides(
    found: Any, frame: pd.DataFrame, inside: Any, check_side: Callable[[SideAnswer, pd.DataFrame], int]
) -> int:
    """The rows asked about, the compared ones and everyone."""
    compared = frame if found.question.compare == "all" else frame[~inside]
    known = check_side(found.asked, frame[inside]) + check_side(found.everyone, frame)
    return known + (check_side(found.compared, compared) if found.compared is not None else 0)


@pytest.mark.parametrize(
    "how", ["row by row", "numpy", "compiled", "weights", pytest.param("clusters", marks=pytest.mark.slow)]
)
def test_two_outcomes(how: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    if how in ("numpy", "compiled"):
        monkeypatch.setattr(scored_module, "QUICK_FROM", 100)
        monkeypatch.setattr(score_pass, "COMPILED_FROM", 1 if how == "compiled" else math.inf)
    frame = applications(1_500, seed=21)
    changes: dict[str, Any] = {}
    if how == "weights":
        frame = frame.assign(weight=np.random.default_rng(5).integers(0, 5, len(frame)) / 2)
        changes = {"weight": "weight"}
    if how == "clusters":
        frame = frame.assign(home=np.arange(len(frame)) // 3)
        changes = {"cluster": "home"}
    rows = loaded(tmp_path, frame, lambda plan: plan["data"].update(changes))
    counted = frame[frame["weight"] > 0] if how == "weights" else frame
    known = 0
    for number, (question, pick) in enumerate(questions(rows, 4, seed=len(how))):
        cutoff = CUTOFFS[number]
        found = answer(rows, Question(question.filters, question.combine, cutoff, question.compare))

        def side(one: SideAnswer, part: pd.DataFrame, cutoff: float | None = cutoff) -> int:
            today = check(one.today, len(part), lambda metric: oracle(metric, part))
            return today + check(one.tried, len(part), lambda metric: oracle(metric, part, cutoff or 0.0))

        known += check_sides(found, counted, pick(counted), side)
    assert known > 300


def graded(n: int, seed: int) -> pd.DataFrame:
    """Cases of three grades in order with a probability for each."""
    rng = np.random.default_rng(seed)
    grade = rng.choice(3, n, p=[0.5, 0.3, 0.2])
    odds = rng.normal(0, 1, (n, 3))
    odds[np.arange(n), grade] += 1.2
    chance = np.exp(odds) / np.exp(odds).sum(axis=1, keepdims=True)
    of_class = {f"p_{name}": chance[:, place] for place, name in enumerate(KINDS)}
    return applications(n, seed).assign(grade=np.array(KINDS)[grade], **of_class)


def of_classes(metric: str, part: pd.DataFrame) -> float:
    """A metric of all classes together by scikit-learn."""
    chance = part[[f"p_{name}" for name in KINDS]].to_numpy()
    truth, chosen = part["grade"].map(KINDS.index).to_numpy(), chance.argmax(axis=1)
    one_hot = np.eye(3, dtype=int)[truth]
    name, _, average = metric.rpartition("_")
    averaged: dict[str, Callable[[], float]] = {
        "true_positive_rate": lambda: skm.recall_score(truth, chosen, average=average),
        "precision": lambda: skm.precision_score(truth, chosen, average=average),
        "f1": lambda: skm.f1_score(truth, chosen, average=average),
        "auc": lambda: skm.roc_auc_score(one_hot, chance, average=average),
        "average_precision": lambda: skm.average_precision_score(one_hot, chance, average=average),
    }
    if name in averaged:
        return float(averaged[name]())
    alone: dict[str, Callable[[], float]] = {
        "accuracy": lambda: skm.accuracy_score(truth, chosen),
        "balanced_accuracy": lambda: skm.balanced_accuracy_score(truth, chosen),
        "mcc": lambda: skm.matthews_corrcoef(truth, chosen),
        "brier_loss": lambda: skm.brier_score_loss(truth, chance, scale_by_half=True),
        "log_loss": lambda: skm.log_loss(truth, chance),
        "top_2_accuracy": lambda: skm.top_k_accuracy_score(truth, chance, k=2),
        "top_3_accuracy": lambda: 1.0,
        "quadratic_kappa": lambda: skm.cohen_kappa_score(truth, chosen, weights="quadratic"),
    }
    return float(alone[metric]())


def test_several_classes_together_and_one_by_one(tmp_path: Any) -> None:
    frame = graded(1_500, 22)
    told = "expected_calibration_error"  # scikit-learn has none for several classes

    def change(plan: dict[str, Any]) -> None:
        plan["task"] = {"kind": "multiclass", "label": "grade", "score_prefix": "p_"}
        plan["words"] = {"case": ["case", "cases"], "people": False}
        plan.pop("compare_with")

    rows = loaded(tmp_path, frame, change)
    known = 0
    for question, pick in questions(rows, 2, seed=3):
        found = answer(rows, question)

        def side(one: SideAnswer, part: pd.DataFrame) -> int:
            shown = {metric: row for metric, row in one.today.items() if metric != told}
            return check(shown, len(part), lambda metric: of_classes(metric, part))

        known += check_sides(found, frame, pick(frame), side)
        kind = KINDS[known % 3]

        def of_kind(one: SideAnswer, part: pd.DataFrame, kind: str = kind) -> int:
            chance = part[[f"p_{name}" for name in KINDS]].to_numpy()
            is_kind = (part["grade"] == kind).astype(int)
            against = part.assign(
                repaid=is_kind,
                score=part[f"p_{kind}"],
                chosen=(chance.argmax(axis=1) == KINDS.index(kind)).astype(float),
            )
            by_score = {"auc", "average_precision", "brier_loss", told, "calibration_slope", "calibration_intercept"}
            return check(
                one.today, len(part),
                lambda metric: oracle(metric, against, 0.5, "score" if metric in by_score else "chosen"),
            )  # fmt: skip

        asked = Question(question.filters, question.combine, compare=question.compare, class_=kind)
        known += check_sides(answer(rows, asked), frame, pick(frame), of_kind)
    assert known > 150


@pytest.mark.parametrize("weighted", [False, True])
def test_numbers(weighted: bool, tmp_path: Any) -> None:
    rng = np.random.default_rng(8)
    frame = applications(1_500, 23).assign(
        paid=lambda all: 100 + 3 * all["age"] + rng.normal(0, 40, len(all)), score=lambda all: 90 + 3.1 * all["age"],
        weight=rng.integers(1, 4, 1_500) / 1.0,
    )  # fmt: skip

    def change(plan: dict[str, Any]) -> None:
        plan["task"] = {"kind": "regression", "label": "paid", "score": "score"}
        plan["words"] = {"case": ["case", "cases"], "people": False}
        plan.pop("compare_with")
        plan["data"] |= {"weight": "weight"} if weighted else {}

    def side(one: SideAnswer, part: pd.DataFrame) -> int:
        paid, said = part["paid"], part["score"]
        w = part["weight"] if weighted else None
        expected: dict[str, Callable[[], float]] = {
            "mean_absolute_error": lambda: skm.mean_absolute_error(paid, said, sample_weight=w),
            "mean_error": lambda: float(np.average(said - paid, weights=w)),
            "median_absolute_error": lambda: skm.median_absolute_error(paid, said),
            "p90_absolute_error": lambda: float(np.quantile((said - paid).abs(), 0.9)),
            "root_mean_squared_error": lambda: skm.root_mean_squared_error(paid, said, sample_weight=w),
            "r2": lambda: skm.r2_score(paid, said, sample_weight=w),
        }
        # Quantiles of weighted rows have several definitions, of which none is scikit-learn's alone.
        skipped = ("median_absolute_error", "p90_absolute_error") if weighted else ("p90_absolute_error",)
        shown = {metric: row for metric, row in one.today.items() if metric not in skipped}
        return check(shown, len(part), lambda metric: expected[metric]())

    rows = loaded(tmp_path, frame, change)
    known = 0
    for question, pick in questions(rows, 4, seed=31):
        known += check_sides(answer(rows, question), frame, pick(frame), side)
    assert known > 40


@pytest.mark.parametrize(
    "conditions",
    [("age<40", "sex=F", "sex!=F"), ("income=missing", "income>=3000"), ("age>=500",)],
    ids=["contradictory", "missing and known", "beyond"],
)
def test_nobody_is_a_sentence_and_never_a_number(conditions: tuple[str, ...], tmp_path: Any) -> None:
    frame = applications(600, 24)
    rows = loaded(tmp_path, frame)
    filters = tuple(one for text in conditions for one in filters_of([text], rows.columns))
    found = answer(rows, Question(filters, threshold=0.4))
    assert found.asked.population.n == 0
    for one in (*found.asked.today.values(), *found.asked.tried.values()):
        assert (one.status, one.value, one.low, one.high) == ("too_few", None, None, None)
        assert one.reason.endswith(".")
    for moved in (*found.asked.moved.values(), *found.apart.values(), *found.tried_apart.values()):
        assert (moved.status, moved.difference, moved.low, moved.high) == ("too_few", None, None, None)
    assert {one.status for one in found.everyone.today.values()} == {"ok"}


@pytest.mark.parametrize("how", ["row by row", "one pass"])
def test_one_outcome_alone_is_a_sentence_and_never_a_number(
    how: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    if how == "one pass":
        monkeypatch.setattr(scored_module, "QUICK_FROM", 100)
    frame = applications(600, 25).assign(repaid=lambda all: np.where(all["sex"] == "F", 1, all["repaid"]))
    found = answer(loaded(tmp_path, frame), Question((Filter("sex", "in", ("F",)),)))
    part = frame[frame["sex"] == "F"]
    assert check(found.asked.today, len(part), lambda metric: oracle(metric, part)) > 3
    for metric in ("auc", "false_positive_rate", "mcc", "calibration_slope"):
        one = found.asked.today[metric]
        assert one.status != "ok"
        assert one.value is None
