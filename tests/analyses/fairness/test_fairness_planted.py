"""Faults that the demo plants for some groups are found there, and where nothing was planted nothing is proven."""

from __future__ import annotations

from pathlib import Path

import pytest
from fairness_samples import pick, quiet

from evaluator.analyses.fairness.run import run
from evaluator.demo import lending
from evaluator.plan import load_plan
from evaluator.records import AnalysisTables
from evaluator.subject.loading import load_subject


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> AnalysisTables:
    plan = load_plan(lending.build(tmp_path_factory.mktemp("loans"), 12_000)[0])
    return run(plan.plan, load_subject(plan.plan, plan.folder), quiet)


@pytest.mark.parametrize(
    ("metric", "attribute", "low"),
    [
        ("calibration_intercept", "employment", "employment=self_employed"),
        ("auc", "employment", "employment=seasonal"),
        ("auc", "region", "region=north"),
    ],
    ids=["self-employed-change", "weak-subgroup", "label-noise"],
)
def test_a_planted_gap_is_proven_and_the_group_named(
    tables: AnalysisTables, metric: str, attribute: str, low: str
) -> None:
    gap = pick(tables, metric=metric, attribute=attribute)
    assert gap.at_least is not None
    assert gap.at_least > 0
    assert gap.group_low == low


@pytest.mark.parametrize("metric", ["auc", "calibration_slope", "calibration_intercept"])
def test_between_women_and_men_nothing_was_planted(tables: AnalysisTables, metric: str) -> None:
    assert pick(tables, metric=metric, attribute="sex").at_least == 0


def test_the_few_applicants_under_21_are_named_and_not_judged(tables: AnalysisTables) -> None:
    finding = next(row for row in tables.findings if row.code == "FAIR02")
    assert (finding.outcome, finding.population_id) == ("found", "age=[18,21)")
    assert finding.sentence == "Too few cases to judge 1 group: applicants under 21."


def test_every_row_falls_into_one_group_of_every_pair(tables: AnalysisTables, tmp_path: Path) -> None:
    n = {row.population_id: row.n for row in tables.estimates if (row.metric, row.subject) == ("accuracy", "model")}
    for sex in "FM":
        cells = [n[key] for key in n if key.count("&") == 1 and key.endswith(f"&sex={sex}") and key.startswith("age=")]
        assert sum(cells) == n[f"sex={sex}"]
