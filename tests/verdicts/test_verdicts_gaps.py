"""Criteria on gaps: the status follows from what the gap is at least and at most."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from evaluator.plan.resolving import resolve
from evaluator.plan.schema import Plan
from evaluator.records import AnalysisTables, CriterionResult, Gap
from evaluator.subject.loading import load_subject
from evaluator.verdicts.judge import judge

GAP = Gap(
    analysis="fairness", metric="true_positive_rate", class_="", subject="model", attribute="sex", within="all",
    kind="difference", value=0.04, group_low="sex=F", group_high="sex=M", at_least=0.02, at_most=0.06, best_guess=0.04,
    chance_value=0.01, level=0.95, method="newcombe_simultaneous", family_size=1, status="ok", reason="", se=0.01, n_low=40,
    n_high=110, family="the one pair of groups by sex", pair_level=0.95, names_proven=True,
)  # fmt: skip


def judged(folder: Path, gaps: tuple[Gap, ...] = (GAP,), **changes: Any) -> CriterionResult:
    criterion = {"id": "gap", "metric": "recall", "gap": {"by": "sex"}, "at_most": 0.05} | changes
    content = {
        "plan_version": 1, "plan": "loans", "title": "Loans", "model": {"name": "loans", "version": "2"},
        "task": {"kind": "binary", "label": "repaid", "positive": 1, "score": "score"},
        "data": {"evaluation": {"path": "loans.csv"}, "sensitive": ["sex", "region"]}, "criteria": [criterion],
    }  # fmt: skip
    plan = resolve(Plan.model_validate(content))
    row = np.arange(300)
    frame = pd.DataFrame(
        {
            "repaid": row % 2,
            "score": 0.5,
            "sex": np.where(row % 4 == 0, "F", "M"),
            "region": np.array(["a", "b"])[row // 150],
        }
    )
    frame.to_csv(folder / "loans.csv", index=False)
    (result,) = judge(plan, load_subject(plan, folder), AnalysisTables(gaps=gaps))
    return result


@pytest.mark.parametrize(
    ("at_least", "at_most", "limit", "status"),
    [
        (0.02, 0.06, 0.05, "inconclusive"),
        (0.02, 0.05, 0.05, "met"),
        (0.00, 0.049, 0.05, "met"),
        (0.05, 0.06, 0.05, "inconclusive"),
        (0.051, 0.09, 0.05, "not_met"),
        (0.00, 0.01, 0.0, "inconclusive"),
        (0.001, 0.01, 0.0, "not_met"),
    ],
)
def test_a_difference_is_judged_by_its_range(
    tmp_path: Path, at_least: float, at_most: float, limit: float, status: str
) -> None:
    gap = replace(GAP, at_least=at_least, at_most=at_most, value=(at_least + at_most) / 2)
    found = judged(tmp_path, (gap,), at_most=limit)
    assert found.status == status
    assert (found.low, found.high, found.limit_low, found.limit_high) == (at_least, at_most, None, limit)


@pytest.mark.parametrize(
    ("at_least", "at_most", "status"),
    [
        (0.80, 0.95, "met"),
        (0.79, 0.95, "inconclusive"),
        (0.5, 0.79, "not_met"),
        (0.5, 0.8, "inconclusive"),
        (0.9, 1.0, "met"),
    ],
)
def test_a_ratio_is_judged_by_its_range(tmp_path: Path, at_least: float, at_most: float, status: str) -> None:
    gap = replace(GAP, kind="ratio", at_least=at_least, at_most=at_most, value=(at_least + at_most) / 2)
    found = judged(tmp_path, (gap,), gap={"by": "sex", "kind": "ratio"}, at_most=None, at_least=0.8)
    assert found.status == status


def test_the_result_says_what_was_compared(tmp_path: Path) -> None:
    found = judged(tmp_path)
    assert (found.analysis, found.metric) == ("fairness", "true_positive_rate")
    assert (found.gap_by, found.gap_kind, found.gap_against, found.against) == ("sex", "difference", "extremes", "")
    assert (found.value, found.method, found.n, found.population_id) == (0.04, "newcombe_simultaneous", 300, "all")
    assert (found.family, found.family_size) == ("the one pair of groups by sex", 1)


def test_rows_needed_are_those_of_the_smaller_group(tmp_path: Path) -> None:
    found = judged(tmp_path)
    # 75 women; n ((1.960 + 0.842) width / distance)^2 - n, the width that of the range on the side of the limit.
    assert found.value is not None
    assert found.high is not None
    assert found.limit_high is not None
    width = (found.high - found.value) / 1.95996
    assert width > 0.01, "wider than the standard error"
    further = 75 * ((1.95996 + 0.84162) * width / (found.value - found.limit_high)) ** 2 - 75
    assert found.rows_needed == math.ceil(further / 10) * 10
    larger = judged(tmp_path, (replace(GAP, n_low=500),))
    assert larger.rows_needed == 1700, "225 men"


def test_more_pairs_need_more_rows(tmp_path: Path) -> None:
    one, ten = (judged(tmp_path, (replace(GAP, pair_level=level),)).rows_needed for level in (0.95, 0.99))
    assert one is not None
    assert ten is not None
    assert ten > one


def test_only_the_gap_asked_for_counts(tmp_path: Path) -> None:
    others = [
        replace(GAP, subject="previous"), replace(GAP, metric="auc"), replace(GAP, attribute="region"),
        replace(GAP, within="region=a"), replace(GAP, kind="ratio"), replace(GAP, against="overall"),
    ]  # fmt: skip
    found = judged(tmp_path, tuple(others))
    assert (found.status, found.reason) == ("not_tested", "No analysis produced this number.")
    assert judged(tmp_path, (*others, GAP)).status == "inconclusive"


@pytest.mark.parametrize(
    ("gap_status", "status"),
    [("too_few", "too_few"), ("undefined", "not_tested"), ("not_tested", "not_tested"), ("failed", "not_tested")],
)
def test_a_gap_without_a_value_passes_its_reason_on(tmp_path: Path, gap_status: Any, status: str) -> None:
    empty = replace(GAP, status=gap_status, reason="Because.", value=None, at_least=None, at_most=None, se=None)
    found = judged(tmp_path, (empty,))
    assert (found.status, found.reason, found.value, found.rows_needed) == (status, "Because.", None, None)


def test_an_unknown_level_is_not_tested_with_the_nearest(tmp_path: Path) -> None:
    found = judged(tmp_path, gap={"by": "region", "against": "A"})
    assert (found.status, found.gap_by, found.gap_against) == ("not_tested", "region", "A")
    assert found.reason == "The data hold no 'A' in column 'region'. The nearest is 'a'."


def test_several_columns_and_a_population_find_their_gap(tmp_path: Path) -> None:
    pair = replace(GAP, attribute="sex & region")
    assert judged(tmp_path, (pair,), gap={"by": ["region", "sex"]}).status == "inconclusive"
    inside = replace(GAP, within="region=a", group_low="region=a&sex=F", group_high="region=a&sex=M")
    found = judged(tmp_path, (inside,), population={"region": "a"})
    assert (found.status, found.population_id, found.n) == ("inconclusive", "region=a", 150)
    assert judged(tmp_path, (replace(GAP, against="F"),), gap={"by": "sex", "against": "F"}).gap_against == "F"


def test_a_gap_without_a_question_says_that_it_is_one(tmp_path: Path) -> None:
    assert judged(tmp_path).question == "Found among positive (true positive rate), gap by sex?"
