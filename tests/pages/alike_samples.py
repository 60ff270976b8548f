"""Groups among people who are alike: the Berkeley admissions of 1973, and small invented worlds with a known truth."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from evaluator.analyses.fairness.compute import Seen
from evaluator.analyses.fairness.conditional import conditional
from evaluator.analyses.fairness.measured import Measured
from evaluator.analyses.fairness.three_way import planned_partitions
from evaluator.analyses.seen import rows_as_seen
from evaluator.plan.plan_words import words_of
from evaluator.plan.resolving import resolve
from evaluator.plan.schema import Plan
from evaluator.records import AnalysisTables, Recommendation, Run
from evaluator.report.evidence import Evidence
from evaluator.subject.loading import load_subject
from evaluator.subject.subject import Subject

PUBLISHED = Path(__file__).parents[2] / "data" / "published" / "berkeley_1973.csv"


def berkeley() -> pd.DataFrame:
    """One row for each of the 4,526 applicants; the decision is what happened."""
    counts = pd.read_csv(PUBLISHED)
    rows = counts.loc[counts.index.repeat(counts["applicants"]), ["department", "sex", "admitted"]].reset_index(
        drop=True
    )
    return rows.assign(applicant=np.arange(len(rows)), decision=rows["admitted"])


def alike_plan(**changes: Any) -> Plan:
    """A plan about admissions; each section given is laid over it."""
    base: dict[str, Any] = {
        "plan_version": 1,
        "plan": "admissions",
        "title": "Admissions",
        "model": {"name": "admissions", "version": "1973"},
        "words": {
            "case": ["applicant", "applicants"], "positive": "was suited", "negative": "was not suited",
            "predicted_positive": "admitted", "predicted_negative": "rejected",
        },
        "task": {"kind": "binary", "label": "admitted", "positive": "yes", "prediction": "decision"},
        "data": {
            "evaluation": {"path": "applicants.parquet"}, "id": "applicant", "sensitive": ["sex"],
            "columns": {"sex": {"levels": {"women": "women", "men": "men"}}},
        },
        "fairness": {"legitimate": ["department"]},
    }  # fmt: skip
    for name, section in changes.items():
        base[name] = base[name] | section if isinstance(section, dict) and name in base else section
    return resolve(Plan.model_validate(base))


def alike_subject(folder: Path, frame: pd.DataFrame, plan: Plan) -> Subject:
    frame.to_parquet(folder / "applicants.parquet", index=False)
    return load_subject(plan, folder)


def measured_of(plan: Plan, subject: Subject) -> Measured:
    """What the analysis hands to its parts, without anything measured before."""
    scores = subject.scores[0]
    seen = Seen(scores.subject, rows_as_seen(subject, scores), subject, plan)
    planned = planned_partitions(plan, subject)
    return Measured(plan, subject, (seen,), planned, {}, ())


def alike_tables(folder: Path, frame: pd.DataFrame, **changes: Any) -> AnalysisTables:
    """The tables of this part alone."""
    plan = alike_plan(**changes)
    return conditional(measured_of(plan, alike_subject(folder, frame, plan)))


def alike_evidence(folder: Path, frame: pd.DataFrame, **changes: Any) -> Evidence:
    """A run that holds the tables of this part alone."""
    plan = alike_plan(**changes)
    subject = alike_subject(folder, frame, plan)
    tables = conditional(measured_of(plan, subject))
    run = Run(
        "admissions_20260101T000000Z_00000000", 5, "admissions", "Admissions", "", "admissions", "1973", plan.task.kind,
        datetime(2026, 1, 1, tzinfo=UTC), 0.0, 7, "", "", None, None, "", "", "", subject.n, "",
    )  # fmt: skip
    return Evidence(
        run=run, plan=plan, words=words_of(plan),
        populations={rows.population.population_id: rows.population for rows in subject.populations}, estimates={},
        paired={}, curves={}, criteria=(), recommendation=Recommendation("defer", "", "", "{}"),
        findings=tables.findings, not_tested=tables.not_tested, provenance=(), timings=(), gaps=(), quality=(),
        importances=(), effects=(), file_sha256="", conditionals=tables.conditionals, strata=tables.strata,
    )  # fmt: skip


def admissions(n: int = 4000, seed: int = 3, **effects: float) -> pd.DataFrame:
    """Applicants to four departments. `pull` sends women to the strict ones, `sex` changes their log-odds of admission."""
    rng = np.random.default_rng(seed)
    women = rng.random(n) < 0.45
    lean = np.clip(0.5 + effects.get("pull", 0.0) * np.where(women, 0.3, -0.3), 0.05, 0.95)
    strict = rng.random(n) < lean
    department = np.where(strict, rng.choice(["strict", "stern"], n), rng.choice(["open", "wide"], n))
    logit = np.where(strict, -1.2, 1.2) * effects.get("strictness", 1.0) + effects.get("sex", 0.0) * women
    decision = np.where(rng.random(n) < 1 / (1 + np.exp(-logit)), "yes", "no")
    return pd.DataFrame(
        {
            "applicant": np.arange(n), "sex": np.where(women, "women", "men"), "department": department,
            "decision": decision, "admitted": np.where(rng.random(n) < 0.5, "yes", "no"),
            "grade": rng.normal(50, 10, n).round(1), "site": rng.integers(0, n // 4, n), "w": rng.uniform(0.5, 2, n),
        }
    )  # fmt: skip
