"""What could not be said about changing decisions, and why."""

from __future__ import annotations

from evaluator.analyses.explanations.changes.decision import NoTurn
from evaluator.analyses.explanations.untested import not_tested
from evaluator.records import NotTested

WAYS_OUT = "What would change a decision"
RECOURSE = "For how many a change would turn the decision"
REASONS = "The main reasons for a decision"
RELIANCE = "Whether lists of reasons can be relied on"
NOTHING_MAY_CHANGE = "nothing may change, so nothing was looked for"
MUTABLE_LINE = "data: {columns: {NAME_OF_A_FEATURE: {immutable: false}}}"
ALL_ALIKE = "every case has the same decision"


def no_turn(why: NoTurn) -> tuple[NotTested, ...]:
    """There is no decision to be turned."""
    return tuple(not_tested(what, why.reason, why.line) for what in (WAYS_OUT, RECOURSE, REASONS, RELIANCE))


def no_search(reason: str, line: str = "") -> tuple[NotTested, ...]:
    """There are decisions, and no change could be looked for."""
    return tuple(not_tested(what, reason, line) for what in (WAYS_OUT, RECOURSE))


def no_reasons(reason: str) -> tuple[NotTested, ...]:
    """There are no parts of the score that reasons could be read from."""
    return tuple(not_tested(what, reason) for what in (REASONS, RELIANCE))
