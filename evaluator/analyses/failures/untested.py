"""What was not looked through, and the line of the plan that would change it."""

from __future__ import annotations

from typing import NamedTuple

from evaluator.analyses.failures.features import Features, features_of
from evaluator.analyses.failures.losses import Outcomes, outcomes_of
from evaluator.metrics.rows import BinaryRows
from evaluator.plan.plan_words import words_of
from evaluator.plan.schema import Plan
from evaluator.records import NotTested
from evaluator.subject.subject import Subject
from evaluator.wording.losses import loss_label

ANALYSIS_NAME = "failures"
GROUPS, BEHIND = "Groups of cases that fail more often", "What could be behind such groups"
EVERYTHING = (GROUPS, BEHIND)


class Obstacle(NamedTuple):
    """Why nothing can be looked through, and the line of the plan that would change it."""

    reason: str
    line: str


NO_ANSWER = Obstacle(
    "the score is a ranking: it decides nothing and promises no chance, so that no single answer is wrong",
    "task: {threshold: 0.5}",
)
NO_FEATURES = Obstacle("the data hold no column that tells cases apart", "data: {features: [NAME_OF_A_COLUMN]}")


def obstacle(outcomes: Outcomes | None, features: Features) -> Obstacle | None:
    """What keeps the whole analysis from looking; None when nothing does."""
    if outcomes is None:
        return NO_ANSWER
    return None if features.features else NO_FEATURES


def what_was_not_tested(plan: Plan, subject: Subject) -> tuple[NotTested, ...]:
    """Everything where nothing can be looked through, else the kinds of error that no case could have."""
    outcomes = outcomes_of(subject)
    stopped = obstacle(outcomes, features_of(plan, subject))
    if outcomes is None or stopped is not None:
        return nothing_tested(stopped or NO_ANSWER)
    return without_cases(plan, outcomes)


def nothing_tested(stopped: Obstacle) -> tuple[NotTested, ...]:
    return tuple(not_tested(what, stopped.reason, stopped.line) for what in EVERYTHING)


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
