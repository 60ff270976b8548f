"""Rows drawn again agree with calculated standard errors, and a wrong one is found and said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from evaluator.analyses.performance.compute import measure_all
from evaluator.analyses.performance.second_opinion import CHECKED, Opinion, same_by_drawing, second_opinions
from evaluator.analyses.performance.views import View
from evaluator.metrics.number_rows import NumberRows
from evaluator.metrics.rows import BinaryRows
from evaluator.plan.schema import Plan
from evaluator.records import MODEL, PREVIOUS, Estimate
from evaluator.wording import errors, lint_sentence
from evaluator.wording.sentence import Sentence

N = 1_200


def plan_of(kind: str = "binary", **settings: object) -> Plan:
    task = (
        {"kind": kind, "label": "y", "score": "s"}
        if kind == "binary"
        else {"kind": kind, "label": "y", "prediction": "p"}
    )
    return Plan.model_validate(
        {
            "plan_version": 1, "plan": "p", "title": "P", "model": {"name": "m", "version": "1"}, "task": task,
            "data": {"evaluation": {"path": "rows.csv"}}, "settings": settings,
        }
    )  # fmt: skip


def rows(seed: int = 4, **columns: np.ndarray) -> BinaryRows:
    """Cases scored and decided better than chance."""
    rng = np.random.default_rng(seed)
    label = rng.random(N) < 0.35
    score = np.clip(0.3 + 0.25 * label + rng.normal(0, 0.15, N), 0.01, 0.99)
    return BinaryRows(label, score >= 0.5, score, True, **columns)


def clustered() -> BinaryRows:
    """Four cases of each of 300 people, all alike."""
    first, person = rows().take(np.arange(300)), np.repeat(np.arange(300), 4)
    return replace(first.take(person), cluster=person)


def opinions_of(seen: BinaryRows, plan: Plan, *, wrong: float = 1.0, name: str = MODEL) -> tuple[Opinion, ...]:
    """Second opinions on estimates whose standard errors are multiplied by `wrong`."""
    views = [View(name, seen)]
    estimates = [replace(row, se=row.se * wrong if row.se else row.se) for row in measure_all(views, "all", plan)]
    return second_opinions(views, estimates, plan)


@pytest.mark.parametrize(
    "seen",
    [rows(), rows(weight=np.random.default_rng(1).gamma(4.0, 0.25, N)), clustered()],
    ids=["independent", "weights", "clusters"],
)
def test_both_ways_agree_on_what_is_calculated_rightly(seen: BinaryRows) -> None:
    found = opinions_of(seen, plan_of())
    assert [opinion.estimate.metric for opinion in found] != []
    assert {opinion.estimate.metric for opinion in found} == set(CHECKED)
    assert not any(opinion.differs for opinion in found)
    assert {opinion.replicates for opinion in found} == {1024}
    outcome, said, _, evidence = same_by_drawing(found)
    assert outcome == "clear"
    assert isinstance(said, Sentence)
    assert "1,024 times: all 5 numbers" in str(said)
    assert len(evidence) == 5
    assert errors(lint_sentence(said)) == []


def test_clusters_that_are_ignored_are_found() -> None:
    seen = clustered()
    calculated = measure_all([View(MODEL, replace(seen, cluster=None))], "all", plan_of())
    found = second_opinions([View(MODEL, seen)], calculated, plan_of())
    assert all(opinion.differs and opinion.drawn > 1.5 * opinion.calculated for opinion in found)


@pytest.mark.parametrize("wrong", [0.8, 1.25], ids=["too small", "too large"])
def test_a_standard_error_that_is_wrong_is_found_and_said(wrong: float) -> None:
    outcome, said, metric, evidence = same_by_drawing(opinions_of(rows(), plan_of(), wrong=wrong, name=PREVIOUS))
    assert outcome == "found"
    assert metric in CHECKED
    assert len(evidence) == 5
    assert isinstance(said, Sentence)
    assert errors(lint_sentence(said)) == []
    assert "5 numbers vary more or less than calculated" in str(said)
    assert "of the earlier model is" in str(said)


def test_one_number_of_many_is_told_alone() -> None:
    views = [View(MODEL, rows())]
    estimates = measure_all(views, "all", plan_of())
    wrong = [replace(row, se=row.se * 2) if row.metric == "f1" and row.se else row for row in estimates]
    outcome, said, metric, evidence = same_by_drawing(second_opinions(views, wrong, plan_of()))
    assert (outcome, metric, len(evidence)) == ("found", "f1", 1)
    assert "1 number varies more or less than calculated" in str(said)


def test_the_difference_allowed_shrinks_with_the_number_of_replicates() -> None:
    estimate = next(row for row in measure_all([View(MODEL, rows())], "all", plan_of()) if row.metric == "auc")
    assert estimate.se is not None
    for times, most in ((64, 0.05 + 3 / np.sqrt(128)), (1024, 0.05 + 3 / np.sqrt(2048))):
        assert not Opinion(estimate, estimate.se * (1 + most - 1e-9), times).differs
        assert Opinion(estimate, estimate.se * (1 + most + 1e-9), times).differs
        assert Opinion(estimate, estimate.se * (1 - most - 1e-9), times).differs


def test_the_plan_says_how_often_and_with_which_seed() -> None:
    found, other = (opinions_of(rows(), plan_of(resamples=100, seed=seed)) for seed in (1, 2))
    assert found[0].replicates == 128
    assert found[0].drawn != other[0].drawn
    assert found == opinions_of(rows(), plan_of(resamples=100, seed=1, threads=1))


def test_decisions_without_scores_are_checked_alone() -> None:
    found = opinions_of(replace(rows(), score=None, probability=False), plan_of())
    assert [opinion.estimate.metric for opinion in found] == ["accuracy", "f1"]
    ranked = opinions_of(replace(rows(), decision=None, probability=False), plan_of())
    assert [opinion.estimate.metric for opinion in ranked] == ["auc", "average_precision"]


def few() -> tuple[Opinion, ...]:
    return opinions_of(rows().take(np.arange(12)), plan_of())


def numbers() -> tuple[Opinion, ...]:
    values = np.random.default_rng(2).normal(0, 1, 200)
    views, plan = [View(MODEL, NumberRows(values, values + 0.1))], plan_of("regression")
    return second_opinions(views, measure_all(views, "all", plan), plan)


@pytest.mark.parametrize("made", [few, numbers])
def test_without_two_outcomes_or_enough_rows_it_is_not_tested(made) -> None:  # type: ignore[no-untyped-def]
    found = made()
    assert found == ()
    outcome, said, _, evidence = same_by_drawing(found)
    assert (outcome, list(evidence)) == ("not_tested", [])
    assert str(said).endswith(".")


def test_other_subjects_than_the_two_models_are_left_out() -> None:
    assert opinions_of(rows(), plan_of(), name="baseline:majority") == ()


def test_estimates_of_one_class_are_left_out() -> None:
    estimates: list[Estimate] = measure_all([View(MODEL, rows())], "all", plan_of())
    of_class = [replace(row, class_="a") for row in estimates]
    assert second_opinions([View(MODEL, rows())], of_class, plan_of()) == ()
