"""Every catalogue entry is implemented, worded, documented and shown."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from house_sources import ROOT

from evaluator.analyses.question import load_analysis
from evaluator.catalogue.analyses import ANALYSES
from evaluator.catalogue.findings import FINDINGS
from evaluator.catalogue.metrics import ALIASES, CLASS_PROPORTIONS, METRICS, MULTICLASS, PROPORTIONS, class_metrics_for
from evaluator.catalogue.roles import ROLES
from evaluator.catalogue.settings import SETTINGS
from evaluator.catalogue.statuses import RECOMMENDATIONS, RUN_STATES, STATUSES
from evaluator.metrics.class_rows import ClassRows
from evaluator.metrics.measure import Measurement, measure
from evaluator.metrics.number_rows import AnyRows, NumberRows
from evaluator.metrics.rows import BinaryRows
from evaluator.plan.schema import SettingsPart
from evaluator.records import Estimate, Population, Words
from evaluator.store import list_runs, open_run
from evaluator.wording import direction_sentence, explain_metric, metric_sentence

CASES = Words("parcel", "parcels", "arrived", "got lost", "promised", "refused", people=False)
EVERYONE = Population("all", "parcels", "parcels", "{}", "", "all", 0, "planned", 400, 1.0)


def rows() -> BinaryRows:
    """Four hundred cases, decided and scored better than chance."""
    rng = np.random.default_rng(11)
    label = rng.random(400) < 0.4
    score = np.clip(0.35 + 0.25 * label + rng.normal(0.0, 0.15, 400), 0.02, 0.98)
    return BinaryRows(label, score >= 0.5, score, True)


def numbers() -> NumberRows:
    """Four hundred numbers, predicted better than by their average."""
    rng = np.random.default_rng(12)
    label = rng.normal(100.0, 20.0, 400)
    return NumberRows(label, label + rng.normal(1.0, 9.0, 400))


def classes() -> ClassRows:
    """Four hundred cases of four ordered classes, recognised better than by guessing."""
    rng = np.random.default_rng(13)
    label = rng.integers(0, 4, 400)
    raw = np.exp(rng.normal(0.0, 1.0, (400, 4)) + 2.0 * np.eye(4)[label])
    scores = raw / raw.sum(axis=1, keepdims=True)
    return ClassRows(label, scores.argmax(axis=1), scores, True, 4, True)


SEEN = {"binary": rows, MULTICLASS: classes, "regression": numbers}
ASKED = [
    (metric, task)
    for metric, entry in METRICS.items()
    for task in entry.tasks
    if task != MULTICLASS or entry.scope != "one_class"
]
"""Every metric with every task kind whose rows it is about as a whole."""


def measured(metric: str, seen: AnyRows | None = None) -> Measurement:
    seen = SEEN[METRICS[metric].tasks[0]]() if seen is None else seen
    return measure(metric, seen, level=0.95, min_group=30, seed=7)


def estimate(metric: str) -> Estimate:
    found = measured(metric)
    assert found.interval is not None
    return Estimate(
        "performance", metric, "", "model", "all", found.value, found.interval.low, found.interval.high, found.se, 0.95,
        found.interval.method, found.interval.coverage, found.n, found.relevant_count, found.successes, None, None,
        False, "", 1, METRICS[metric].unit, "ok", "",
    )  # fmt: skip


@pytest.mark.parametrize(("metric", "task"), ASKED)
def test_a_metric_is_measured_within_its_range(metric: str, task: str) -> None:
    check_measured(metric, measured(metric, SEEN[task]()))


@pytest.mark.parametrize("metric", [entry.name for entry in class_metrics_for(MULTICLASS)])
def test_a_metric_of_one_class_is_measured_within_its_range(metric: str) -> None:
    for position in range(4):
        check_measured(metric, measured(metric, classes().one_class(position)))


def check_measured(metric: str, found: Measurement) -> None:
    entry = METRICS[metric]
    assert (found.status, found.reason) == ("ok", "")
    assert found.value is not None
    assert found.interval is not None
    assert entry.low is None or entry.low <= found.value
    assert entry.high is None or found.value <= entry.high


@pytest.mark.parametrize("metric", METRICS)
def test_a_metric_is_said_in_the_words_of_the_plan(metric: str) -> None:
    words = replace(CASES, unit="grams", outcome="weight") if "regression" in METRICS[metric].tasks else CASES
    said = str(metric_sentence(estimate(metric), words, EVERYONE))
    assert said[0].isupper()
    assert said.endswith(".")
    assert metric not in said
    absent = replace(estimate(metric), value=None, low=None, high=None, status="too_few", n=12, relevant_count=3)
    assert "oo few" in str(metric_sentence(absent, words, EVERYONE))


@pytest.mark.parametrize("metric", METRICS)
def test_a_metric_is_explained(metric: str) -> None:
    entry = METRICS[metric]
    assert str(direction_sentence(metric)).endswith(".")
    assert all(str(part) for part in explain_metric(metric, CASES))
    assert entry.definition.endswith(".")
    assert entry.caveat.endswith(".")
    assert entry.tasks


def test_no_name_of_a_metric_means_two_things() -> None:
    assert set(ALIASES) & set(METRICS) == set()
    assert len(ALIASES) == sum(len(entry.aliases) for entry in METRICS.values())
    assert set(METRICS) > PROPORTIONS | CLASS_PROPORTIONS


@pytest.mark.parametrize("name", ANALYSES)
def test_an_analysis_has_a_folder_that_answers_to_its_name(name: str) -> None:
    analysis = load_analysis(name)
    assert analysis.name == ANALYSES[name].name == name
    assert callable(analysis.run)


def test_every_folder_of_an_analysis_is_in_the_catalogue() -> None:
    folders = {path.parent.name for path in (ROOT / "evaluator" / "analyses").glob("*/__init__.py")}
    assert folders == set(ANALYSES)


@pytest.mark.parametrize("name", ANALYSES)
def test_every_finding_has_its_check(name: str) -> None:
    module = import_module(f"evaluator.analyses.{name}.findings")
    folder = ROOT / "evaluator" / "analyses" / name
    named = {code for path in folder.glob("*.py") for code in re.findall(r'"([A-Z]{4}\d\d)"', path.read_text("utf-8"))}
    judged = set(module.CHECKS) | named
    assert judged == {code for code, entry in FINDINGS.items() if entry.analysis == name}


def test_every_finding_belongs_to_an_analysis() -> None:
    assert {entry.analysis for entry in FINDINGS.values()} <= set(ANALYSES)
    assert [code for code, entry in FINDINGS.items() if not (entry.fires_when and entry.action.endswith("."))] == []


def test_the_demo_records_every_finding_once_whatever_came_of_it(demo_store: Path) -> None:
    runs = list_runs(demo_store).runs
    assert runs
    for run in runs:
        reader = open_run(demo_store, run.run_id)
        served = {name for name, entry in ANALYSES.items() if reader.run().task in entry.tasks}
        codes = [finding.code for finding in reader.findings()]
        assert sorted(codes) == sorted(code for code, entry in FINDINGS.items() if entry.analysis in served), (
            run.plan_id
        )


def test_no_analysis_of_the_demo_failed(demo_store: Path) -> None:
    failed = [
        f"{run.plan_id}: {row.what}: {row.reason}"
        for run in list_runs(demo_store).runs
        for row in open_run(demo_store, run.run_id).not_tested()
        if row.failed
    ]
    assert failed == []


def test_the_settings_of_the_catalogue_are_those_of_the_plan() -> None:
    fields = SettingsPart.model_fields
    listed = {name: entry.default for name, entry in SETTINGS.items() if entry.where == "plan"}
    assert listed == {name: str(field.default).lower() for name, field in fields.items()}


def methods() -> str:
    return (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "names",
    [METRICS, ANALYSES, FINDINGS, SETTINGS, STATUSES, RECOMMENDATIONS, RUN_STATES],
    ids=["metrics", "analyses", "findings", "settings", "statuses", "recommendations", "states"],
)
def test_the_methods_document_names_everything(names: dict[str, object]) -> None:
    document = methods()
    assert [name for name in names if f"`{name}`" not in document and f"| {name} |" not in document] == []


def test_serving_explains_every_role() -> None:
    document = (ROOT / "docs" / "serving.md").read_text(encoding="utf-8")
    assert [name for name in ROLES if f"`{name}`" not in document] == []
