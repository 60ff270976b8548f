"""What was not looked through, and the line of the plan that would change it."""

from __future__ import annotations

from evaluator.analyses.failures.losses import Outcomes
from evaluator.metrics.rows import BinaryRows
from evaluator.plan.plan_words import words_of
from evaluator.plan.schema import Plan
from evaluator.records import NotTested
from evaluator.wording.losses import loss_label

ANALYSIS_NAME = "failures"
GROUPS, BEHIND = "Groups of cases that fail more often", "What could be behind such groups"
EVERYTHING = (GROUPS, BEHIND)
NO_ANSWER = "the score is a ranking: it decides nothing and promises no chance, so that no single answer is wrong"
THRESHOLD_LINE = "task: {threshold: 0.5}"
NO_FEATURES = "the data hold no column that tells cases apart"
FEATURES_LINE = "data: {features: [NAME_OF_A_COLUMN]}"


def not_tested(what: str, reason: str, line: str) -> NotTested:
    """A row of this analysis."""
    return NotTested(ANALYSIS_NAME, what, reason, line)


def without_cases(plan: Plan, outcomes: Outcomes) -> tuple[NotTested, ...]:
    """Kinds of error that no case could have, as all had the same outcome."""
    if not isinstance(outcomes.rows, BinaryRows) or outcomes.size is not None:
        return ()
    there = {loss.name for loss in outcomes.losses}
    missing = [name for name in ("false_negative", "false_positive") if name not in there]
    reason = "the data hold no case of that outcome"
    words = words_of(plan)
    return tuple(not_tested(f"{GROUPS}: {loss_label(name, words)}", reason, "") for name in missing)
