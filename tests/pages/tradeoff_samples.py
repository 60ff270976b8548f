"""Runs about goals in conflict as evidence, without a store: synthetic people, and plans of both polarities."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from evaluator.analyses.fairness.compute import Seen
from evaluator.analyses.fairness.measured import Measured
from evaluator.analyses.fairness.three_way import planned_partitions
from evaluator.analyses.fairness.tradeoffs import tradeoffs
from evaluator.analyses.seen import rows_as_seen
from evaluator.plan.plan_words import words_of
from evaluator.plan.resolving import resolve
from evaluator.plan.schema import Plan
from evaluator.records import AnalysisTables, Recommendation, Run
from evaluator.report.evidence import Evidence
from evaluator.subject.loading import load_subject
from evaluator.subject.subject import Subject

REPAID = {
    "case": ["applicant", "applicants"], "positive": "repaid", "negative": "did not repay",
    "predicted_positive": "approved", "predicted_negative": "refused",
}  # fmt: skip
DEFAULTED = {
    "case": ["applicant", "applicants"], "positive": "defaulted", "negative": "repaid",
    "predicted_positive": "refused", "predicted_negative": "approved",
}  # fmt: skip
PARTS = {"case": ["part", "parts"], "positive": "failed", "negative": "held",
         "predicted_positive": "rejected", "predicted_negative": "kept", "people": False}  # fmt: skip


def rows_of(n: int = 2400, seed: int = 11, bases: Mapping[str, float] | None = None) -> pd.DataFrame:
    """Groups A, B and a small C whose shares of positive outcomes are `bases`; scores favour B."""
    shares = bases or {"A": 0.35, "B": 0.6, "C": 0.5}
    rng = np.random.default_rng(seed)
    group = rng.choice(["A", "B"], n, p=[0.4, 0.6]).astype(object)
    group[:7] = "C"
    label = rng.random(n) < np.array([shares[name] for name in group])
    logit = 1.6 * label - 0.8 + rng.normal(0, 1, n) + 0.4 * (group == "B")
    return pd.DataFrame(
        {
            "id": [f"r{place}" for place in range(n)], "label": label.astype(int), "score": 1 / (1 + np.exp(-logit)),
            "group": group, "w": rng.uniform(0.5, 2.0, n), "home": rng.integers(0, n // 2, n),
            "decided": (logit >= 0).astype(int),
        }
    )  # fmt: skip


def plan_of(words: Mapping[str, Any] | None = None, **changes: Any) -> Plan:
    """A plan about `rows_of`; each section given is laid over it."""
    base: dict[str, Any] = {
        "plan_version": 1, "plan": "goals", "title": "Goals", "model": {"name": "goals", "version": "1"},
        "use": {"volume_per_year": 40_000},
        "task": {"kind": "binary", "label": "label", "positive": 1, "score": "score", "threshold": 0.5},
        "data": {
            "evaluation": {"path": "rows.parquet"}, "id": "id", "sensitive": ["group"],
            "columns": {"group": {"words": "group", "levels": {"A": "people of A", "B": "people of B"}}},
        },
    }  # fmt: skip
    if words is not None:
        base["words"] = words
    for name, section in changes.items():
        base[name] = base[name] | section if isinstance(section, dict) and name in base else section
    return resolve(Plan.model_validate(base))


def measured_of(folder: Path, frame: pd.DataFrame, plan: Plan) -> Measured:
    """What the first part of the analysis hands on, without its estimates."""
    frame.to_parquet(folder / "rows.parquet", index=False)
    subject = load_subject(plan, folder)
    views = tuple(Seen(one.subject, rows_as_seen(subject, one), subject, plan) for one in subject.scores)
    planned = planned_partitions(plan, subject)
    return Measured(plan, subject, views, planned, {}, ())


def evidence_of(plan: Plan, subject: Subject, tables: AnalysisTables) -> Evidence:
    """A run that holds these tables alone."""
    run = Run(
        "goals_20260101T000000Z_00000000", 5, "goals", "Goals", "", "goals", "1", plan.task.kind,
        datetime(2026, 1, 1, tzinfo=UTC), 0.0, 7, "", "", None, None, "", "", "", subject.n, "",
    )  # fmt: skip
    populations = {rows.population.population_id: rows.population for rows in subject.populations}
    return Evidence(
        run=run, plan=plan, words=words_of(plan), populations=populations, estimates={}, paired={}, curves={},
        criteria=(), recommendation=Recommendation("defer", "", "", "{}"), findings=tables.findings, not_tested=(),
        provenance=(), timings=(), gaps=(), quality=(), importances=(), effects=(), file_sha256="",
        conflicts=tables.conflicts, prices=tables.prices,
    )  # fmt: skip


def goals_evidence(folder: Path, frame: pd.DataFrame | None = None, words: Any = REPAID, **changes: Any) -> Evidence:
    """Evidence about the goals of a synthetic run."""
    plan = plan_of(words, **changes)
    measured = measured_of(folder, rows_of() if frame is None else frame, plan)
    return evidence_of(plan, measured.subject, tradeoffs(measured))
