"""Reasons about a predicted number: the errors that remain, and a provable gain."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from evaluator.records import Estimate, Paired, Population, Words
from evaluator.report.evidence import Evidence
from evaluator.report.reasons import reasons_against, reasons_for

PATIENTS = Words("patient", "patients", "", "", "", "", unit="points", outcome="disease progression")
EVERYONE = Population("all", "patients", "all", "{}", "", "all", 0, "planned", 400, 1.0)


def estimate(metric: str, value: float, low: float, high: float) -> Estimate:
    return Estimate(
        analysis="performance", metric=metric, class_="", subject="model", population_id="all", value=value, low=low,
        high=high, se=None, level=0.95, method="t", coverage="nominal", n=400, relevant_count=400, successes=None,
        n_clusters=None, n_effective=None, weighted=False, family="", family_size=1, unit="label", status="ok", reason="",
    )  # fmt: skip


def evidence(difference: tuple[float, float, float]) -> Evidence:
    value, low, high = difference
    gained = Paired(
        "mean_absolute_error", "", "all", "model", "previous", value, low, high, None, 0.95, "t", 400, 400, "ok", ""
    )
    estimates = [estimate("mean_absolute_error", 43, 39, 47), estimate("p90_absolute_error", 90, 82, 99)]
    unused: dict[str, Any] = dict.fromkeys(Evidence.__dataclass_fields__)
    given = {
        "run": SimpleNamespace(task="regression"),
        "plan": SimpleNamespace(compare_with=SimpleNamespace(version="2.2")),
        "words": PATIENTS,
        "populations": {"all": EVERYONE},
        "estimates": {(row.metric, row.subject, row.population_id): row for row in estimates},
        "paired": {("mean_absolute_error", "previous", "all"): gained},
        "criteria": (),
        "findings": (),
    }
    return Evidence(**cast("dict[str, Any]", {**unused, **given}))


def test_without_requirements_the_errors_that_remain_speak_against() -> None:
    said = [tuple(map(str, reason.sentences)) for reason in reasons_against(evidence((-5, -8, -2)))]
    assert said == [
        ("Predictions are off by 43 points on average (95% range 39 to 47).",),
        ("Nine in ten patients are predicted within 90 points (95% range 82 to 99).",),
    ]


def test_a_gain_that_is_proven_speaks_for_it() -> None:
    (gain,) = reasons_for(evidence((-5, -8, -2)))
    assert tuple(map(str, gain.sentences)) == (
        "Predictions are off by 5 points less on average than with version 2.2 (95% range 2 to 8).",
    )
    assert reasons_for(evidence((-1, -4, 2))) == ()
    assert reasons_for(evidence((5, 2, 8))) == ()
