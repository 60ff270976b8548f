"""Groups compared on several classes together and on each class against the rest."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import sklearn.metrics as skm
from fairlearn.metrics import MetricFrame

from evaluator.analyses.fairness.judged import fair_metrics
from evaluator.pipeline import evaluate
from evaluator.plan.loading import LoadedPlan, parse_plan
from evaluator.records import ALL, MODEL, RunContent
from evaluator.report import fairness as page
from evaluator.report.evidence import Evidence, read_evidence
from evaluator.store import open_run, publish_run
from evaluator.subject.loading import load_subject

KINDS = ("apple", "pear", "plum")
PLAN = """
plan_version: 1
plan: fruit
title: Sorting fruit
model: {name: sorter, version: "1"}
words:
  case: [fruit, fruits]
  people: false
  positive: was {class}
  negative: was something else
  predicted_positive: sorted as {class}
  predicted_negative: sorted as something else
task: {kind: multiclass, label: kind, score_prefix: p_}
data:
  evaluation: {path: fruit.parquet}
  sensitive: [farm]
criteria:
  - {id: farms-alike, metric: accuracy, gap: {by: farm}, at_most: 0.5}
  - {id: pears-alike, metric: true_positive_rate, class: pear, gap: {by: farm}, at_most: 0.1}
  - {id: plums-alike, metric: true_positive_rate, class: plum, gap: {by: farm}, at_most: 0.3}
"""


def fruit(n: int = 3_000, seed: int = 5) -> pd.DataFrame:
    """Pears from the valley are taken for something else far more often."""
    rng = np.random.default_rng(seed)
    kind, farm = rng.integers(0, 3, n), rng.choice(["hill", "valley", "shore"], n)
    odds = rng.normal(0, 1, (n, 3))
    odds[np.arange(n), kind] += np.where((kind == 1) & (farm == "valley"), 0.2, 2.0)
    chance = np.exp(odds) / np.exp(odds).sum(axis=1, keepdims=True)
    scores = {f"p_{name}": chance[:, place] for place, name in enumerate(KINDS)}
    return pd.DataFrame({"kind": np.array(KINDS)[kind], "farm": farm, **scores})


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return fruit()


@pytest.fixture(scope="module")
def content(frame: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> RunContent:
    folder = tmp_path_factory.mktemp("fruit")
    frame.to_parquet(folder / "fruit.parquet")
    plan = parse_plan(PLAN, source="fruit.yaml")
    loaded = LoadedPlan(plan, PLAN, "0" * 64, folder, folder / "fruit.yaml")
    return evaluate(loaded, load_subject(plan, folder), _quiet)


def _quiet(what: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


@pytest.fixture(scope="module")
def evidence(content: RunContent, tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    store = tmp_path_factory.mktemp("store")
    return read_evidence(open_run(store, publish_run(store, content, None)))


def _chosen(frame: pd.DataFrame) -> np.ndarray:
    return np.array(KINDS)[frame[[f"p_{name}" for name in KINDS]].to_numpy().argmax(axis=1)]


ORACLES: dict[str, Any] = {
    "precision": skm.precision_score,
    "true_positive_rate": skm.recall_score,
    "false_negative_rate": lambda truth, chosen: 1 - skm.recall_score(truth, chosen),
    "false_positive_rate": lambda truth, chosen: 1 - skm.recall_score(truth, chosen, pos_label=0),
    "selection_rate": lambda truth, chosen: float(np.mean(chosen)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_class_has_the_rates_and_gaps_of_fairlearn(content: RunContent, frame: pd.DataFrame, kind: str) -> None:
    truth, chosen = (frame["kind"] == kind).astype(int), (_chosen(frame) == kind).astype(int)
    by_group = MetricFrame(metrics=ORACLES, y_true=truth, y_pred=chosen, sensitive_features=frame["farm"])
    rows = {
        (row.metric, row.population_id): row
        for row in content.tables.estimates
        if (row.analysis, row.class_, row.subject) == ("fairness", kind, MODEL)
    }
    assert {metric for metric, _ in rows} == set(fair_metrics("multiclass", kind))
    for metric in ORACLES:
        for farm, value in by_group.by_group[metric].items():
            assert rows[metric, f"farm={farm}"].value == pytest.approx(value)
        (gap,) = (
            row
            for row in content.tables.gaps
            if (row.metric, row.class_, row.kind, row.against) == (metric, kind, "difference", "extremes")
        )
        assert gap.value == pytest.approx(by_group.difference()[metric])
        assert gap.at_least is not None
        assert gap.at_most is not None
        assert gap.value is not None
        assert gap.at_least <= gap.value <= gap.at_most
        assert gap.family_size == 3


def test_all_classes_together_are_compared_as_well(content: RunContent, frame: pd.DataFrame) -> None:
    metrics = {"accuracy": skm.accuracy_score, "balanced_accuracy": skm.balanced_accuracy_score}
    by_group = MetricFrame(
        metrics=metrics, y_true=frame["kind"], y_pred=_chosen(frame), sensitive_features=frame["farm"]
    )
    for metric in metrics:
        (gap,) = (
            row
            for row in content.tables.gaps
            if (row.metric, row.class_, row.kind, row.against) == (metric, "", "difference", "extremes")
        )
        assert gap.value == pytest.approx(by_group.difference()[metric])
        assert gap.within == ALL


def test_a_requirement_on_the_gap_of_one_class_is_judged_on_that_class(content: RunContent) -> None:
    found = {row.criterion_id: row for row in content.criteria}
    assert {name: row.status for name, row in found.items()} == {
        "farms-alike": "met", "pears-alike": "not_met", "plums-alike": "met",
    }  # fmt: skip
    assert found["pears-alike"].class_ == "pear"


def test_the_page_tells_the_gap_of_a_class_in_its_words(evidence: Evidence) -> None:
    whole = page.fairness_of(evidence)
    assert (whole.metric, whole.class_) == ("accuracy", "")
    assert list(whole.classes) == list(KINDS)
    pear = page.fairness_of(evidence, "true_positive_rate", "pear")
    said = " ".join(str(sentence) for told in pear.told for sentence in told.sentences)
    assert "were pear" in said
    assert "sorted as pear" in said
    assert "the limit is 100" in said
    assert "valley" in said
    assert page.group_picture(evidence, "farm", "true_positive_rate", "pear") is not None
    assert page.gap_lines(evidence, "farm", "pear") != page.gap_lines(evidence, "farm", "plum")


def test_a_metric_that_was_not_compared_falls_back_to_the_leading_one(evidence: Evidence) -> None:
    assert page.fairness_of(evidence, "auc", "pear").metric == "false_negative_rate"
    assert page.fairness_of(evidence, "precision").metric == "accuracy"
