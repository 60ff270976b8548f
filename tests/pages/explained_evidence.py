"""Evidence about the explanations of a made-up loan model, without evaluating anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from explained_runs import made_up

from evaluator.plan.plan_words import words_of
from evaluator.plan.resolving import resolve
from evaluator.plan.schema import Plan
from evaluator.records import ALL, Effect, Importance, Population, Recommendation, Run, Trace
from evaluator.report.evidence import Evidence

FEATURES = (
    ("debt_share", "debt share"),
    ("monthly_income", "monthly income"),
    ("housing", "housing"),
    ("branch", "branch"),
)


def loan_plan() -> Plan:
    return resolve(
        Plan.model_validate(
            {
                "plan_version": 1, "plan": "loans", "title": "Loans", "model": {"name": "loans", "version": "2"},
                "words": {
                    "case": ["applicant", "applicants"], "positive": "repaid", "negative": "did not repay",
                    "predicted_positive": "approved", "predicted_negative": "refused",
                },
                "task": {"kind": "binary", "label": "repaid", "positive": 1, "score": "score", "threshold": 0.78, "favourable": 1},
                "data": {
                    "evaluation": {"path": "loans.parquet"}, "sensitive": ["sex"],
                    "columns": {"debt_share": {"words": "debt share", "unit": "%"}, "late_payments": {"words": "late payments"}},
                },
            }
        )
    )  # fmt: skip


def importance(place: int, **changes: Any) -> Importance:
    name, words = FEATURES[place]
    value = 0.08 / (place + 1)
    row = Importance(
        "shap", "model", ALL, name, words, value, value * 0.9, value * 1.1, 0.002, 0.95, 0.3, 0.2, 0.4, place + 1, place + 1, 900,
        1000, "lower", "[]", "chance", "points", "tree", 1000, 1000, False, "ok", "",
    )  # fmt: skip
    return replace(row, **changes)


def effects() -> tuple[Effect, ...]:
    row = Effect(
        "model", ALL, "debt_share", "debt share", "quantity", 0, 10.0, "", "", 0.0, -0.01, 0.01, 0.005, 0.95, 0, 0.0, False, "chance",
        "points",
    )  # fmt: skip
    curve = [
        replace(row, position=place, x=10.0 + 20 * place, y=0.1 - 0.06 * place, low=0.08 - 0.06 * place, high=0.12 - 0.06 * place,
                n=n, share=n / 1000, thin=n < 30)
        for place, n in enumerate((0, 400, 500, 88, 12))
    ]  # fmt: skip
    level = replace(row, feature="housing", words="housing", kind="levels", x=None)
    levels = [
        replace(level, position=place, level=name, label=name, y=y, low=y - 0.01, high=y + 0.01, n=500, share=0.5)
        for place, (name, y) in enumerate((("tenants", -0.05), ("owners", 0.04)))
    ]
    return (*curve, *levels)


def score_gaps() -> tuple[Trace, ...]:
    total = Trace(
        "score_gap", "model", "sex", "sex=F", "", "all together", -0.04, -0.05, -0.03, 0.005, 0.95, "influence", "f", 4, "chance", 1000,
        1000, True, "ok", "",
    )  # fmt: skip
    part = replace(total, feature="debt_share", words="debt share", value=-0.03, low=-0.04, high=-0.02)
    return (total, part)


def evidence_of(plan: Plan | None = None, **changes: Any) -> Evidence:
    """The whole of it; any field may be laid over."""
    plan = plan or loan_plan()
    run = Run(
        "loans_20260101T000000Z_00000000", 7, "loans", "Loans", "May it?", "loans", "2", plan.task.kind,
        datetime(2026, 1, 1, tzinfo=UTC), 1.0, 1, "", "", None, None, "1", "", "", 2000, "",
    )  # fmt: skip
    populations = {
        row.population_id: row
        for row in (
            Population(ALL, "applicants", "applicants", "{}", "", "all", 0, "planned", 2000, 1.0),
            Population("sex=F", "women", "women", "{}", "sex", "group", 1, "planned", 1000, 0.5),
            Population("sex=M", "men", "men", "{}", "sex", "group", 2, "planned", 1000, 0.5),
        )
    }
    shifts = tuple(
        importance(place, method="permutation", space="brier", unit="", rank_low=rank, rank_high=rank, how="shifted")
        for place, rank in enumerate((2, 1, 3, 4))
    )
    bare = Evidence(
        run=run, plan=plan, words=words_of(plan), populations=populations, estimates={}, paired={}, curves={}, criteria=(),
        recommendation=Recommendation("defer", "", "", "{}"), findings=(), not_tested=(), provenance=(), timings=(), gaps=(), quality=(),
        importances=(*(importance(place) for place in range(4)), *shifts), effects=effects(), file_sha256="", traces=score_gaps(),
    )  # fmt: skip
    return replace(bare, **(made_up(bare) | changes))
