"""What was asked: the plan file, checked and turned into records.

`load_plan` and `parse_plan` are the only doors; everything behind them may trust what a plan says.
"""

from __future__ import annotations

from evaluator.plan.canonical import canonical_json, criteria_json, criteria_sha256, plan_sha256
from evaluator.plan.cautions import plan_warnings
from evaluator.plan.column_summary import ColumnSummary
from evaluator.plan.json_schema import json_schema
from evaluator.plan.loading import LoadedPlan, load_plan, parse_plan
from evaluator.plan.lock import NO_LOCK, Lock, lock_from, lock_of
from evaluator.plan.lock_chain import LockEntry, history_json
from evaluator.plan.lock_changes import CriteriaChange, criteria_changes
from evaluator.plan.lock_file import Locked, lock_path, lock_plan
from evaluator.plan.plan_words import words_of
from evaluator.plan.resolving import resolve
from evaluator.plan.schema import Plan
from evaluator.plan.starter import starter_plan

__all__ = [
    "NO_LOCK",
    "ColumnSummary",
    "CriteriaChange",
    "LoadedPlan",
    "Lock",
    "LockEntry",
    "Locked",
    "Plan",
    "canonical_json",
    "criteria_changes",
    "criteria_json",
    "criteria_sha256",
    "history_json",
    "json_schema",
    "load_plan",
    "lock_from",
    "lock_of",
    "lock_path",
    "lock_plan",
    "parse_plan",
    "plan_sha256",
    "plan_warnings",
    "resolve",
    "starter_plan",
    "words_of",
]
