"""Criteria on one class: the number of that class decides, and never that of another class or of the whole."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from evaluator.plan.resolving import resolve
from evaluator.plan.schema import Plan
from evaluator.records import AnalysisTables, CriterionResult, Estimate, Gap, Paired
from evaluator.subject.loading import load_subject
from evaluator.verdicts.judge import judge
from evaluator.wording.judged import as_estimate, as_gap, as_paired

KINDS = ("box", "letter", "tube")


def share(class_: str, value: float, population_id: str = "all") -> Estimate:
    return Estimate(
        "performance", "true_positive_rate", class_, "model", population_id, value, value - 0.02, value + 0.02, 0.01, 0.95,
        "wilson", "nominal", 300, 100, None, None, None, False, "", 1, "fraction", "ok", "",
    )  # fmt: skip


def apart(class_: str, difference: float) -> Paired:
    low, high = difference - 0.02, difference + 0.02
    return Paired(
        "true_positive_rate", class_, "all", "model", "previous", difference, low, high, 0.01, 0.95, "paired", 300, 100,
        "ok", "",
    )  # fmt: skip


GAP = Gap(
    analysis="fairness", metric="true_positive_rate", class_="tube", subject="model", attribute="depot", within="all",
    kind="difference", value=0.04, group_low="depot=a", group_high="depot=b", at_least=0.02, at_most=0.06, best_guess=0.04,
    chance_value=0.01, level=0.95, method="newcombe_simultaneous", family_size=1, status="ok", reason="", se=0.01, n_low=40,
    n_high=110,
)  # fmt: skip
TABLES = AnalysisTables(
    estimates=(share("box", 0.95), share("letter", 0.75), share("tube", 0.85), share("tube", 0.60, "depot=a")),
    paired=(apart("box", -0.1), apart("tube", 0.1)),
    gaps=(replace(GAP, class_="box", at_least=0.1, at_most=0.2, value=0.15), GAP),
)


def judged(folder: Path, tables: AnalysisTables = TABLES, **changes: Any) -> CriterionResult:
    content = {
        "plan_version": 1, "plan": "parcels", "title": "Parcels", "model": {"name": "sorter", "version": "2"},
        "task": {"kind": "multiclass", "label": "kind", "score_prefix": "p_"},
        "data": {"evaluation": {"path": "parcels.csv"}, "sensitive": ["depot"]},
        "compare_with": {"version": "1", "score_prefix": "p_"},
        "criteria": [{"id": "c", "metric": "recall"} | changes],
    }  # fmt: skip
    plan = resolve(Plan.model_validate(content))
    row = np.arange(300)
    frame = pd.DataFrame({"kind": np.array(KINDS)[row % 3], "depot": np.array(["a", "b"])[row // 150]})
    for kind in KINDS:
        frame[f"p_{kind}"] = np.where(frame["kind"] == kind, 0.8, 0.1)
    frame.to_csv(folder / "parcels.csv", index=False)
    (result,) = judge(plan, load_subject(plan, folder), tables)
    return result


@pytest.mark.parametrize(
    ("class_", "value", "status"), [("box", 0.95, "met"), ("letter", 0.75, "not_met"), ("tube", 0.85, "inconclusive")]
)
def test_the_number_of_the_class_decides(class_: str, value: float, status: str, tmp_path: Path) -> None:
    row = judged(tmp_path, **{"class": class_, "at_least": 0.84})
    assert (row.class_, row.value, row.status) == (class_, value, status)
    assert as_estimate(row).class_ == class_


def test_a_population_and_a_class_go_together(tmp_path: Path) -> None:
    row = judged(tmp_path, **{"class": "tube", "population": {"depot": "a"}, "at_least": 0.7})
    assert (row.class_, row.population_id, row.value, row.status) == ("tube", "depot=a", 0.60, "not_met")


def test_a_comparison_is_that_of_the_class(tmp_path: Path) -> None:
    row = judged(tmp_path, **{"class": "tube", "against": "previous", "at_least": 0.0})
    assert (row.class_, row.value, row.status) == ("tube", 0.1, "met")
    worse = judged(tmp_path, **{"class": "box", "against": "previous", "at_least": 0.0})
    assert (worse.class_, worse.value, worse.status) == ("box", -0.1, "not_met")
    assert as_paired(worse).class_ == "box"


def test_a_gap_is_that_of_the_class(tmp_path: Path) -> None:
    tube = judged(tmp_path, **{"class": "tube", "gap": {"by": "depot"}, "at_most": 0.07})
    assert (tube.class_, tube.value, tube.status, tube.gap_by) == ("tube", 0.04, "met", "depot")
    box = judged(tmp_path, **{"class": "box", "gap": {"by": "depot"}, "at_most": 0.07})
    assert (box.class_, box.value, box.status) == ("box", 0.15, "not_met")
    assert as_gap(box).class_ == "box"


@pytest.mark.parametrize(
    "what", [{}, {"against": "previous"}, {"gap": {"by": "depot"}}], ids=["plain", "paired", "gap"]
)
def test_a_number_of_another_class_is_no_evidence(what: dict[str, Any], tmp_path: Path) -> None:
    others = AnalysisTables(
        estimates=tuple(row for row in TABLES.estimates if row.class_ != "tube"),
        paired=tuple(row for row in TABLES.paired if row.class_ != "tube"),
        gaps=tuple(row for row in TABLES.gaps if row.class_ != "tube"),
    )
    row = judged(tmp_path, others, **({"class": "tube", "at_least": 0.0, "at_most": 1.0} | what))
    assert (row.status, row.value) == ("not_tested", None)


def test_a_class_that_no_row_has_is_not_tested_and_the_nearest_is_named(tmp_path: Path) -> None:
    row = judged(tmp_path, **{"class": "lettr", "at_least": 0.84})
    assert (row.status, row.value) == ("not_tested", None)
    assert "'lettr'" in row.reason
    assert "'letter'" in row.reason


def test_a_question_left_out_names_the_metric_and_the_class(tmp_path: Path) -> None:
    row = judged(tmp_path, **{"class": "tube", "at_least": 0.84})
    assert row.question == "Found among positive (true positive rate): tube?"
