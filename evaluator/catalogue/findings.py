"""Finding codes: one stable code per judgement an analysis can make."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.records import Severity


@dataclass(frozen=True, slots=True)
class FindingEntry:
    """`fires_when` says in words when the finding is recorded; `action` what the reader can do about it."""

    code: str
    analysis: str
    severity: Severity
    fires_when: str
    action: str


FINDINGS: dict[str, FindingEntry] = {
    entry.code: entry
    for entry in (
        FindingEntry(
            "PERF01", "performance", "high",
            "the model is not shown to be better than giving everyone the most common answer",
            "Ask what the model adds over treating everyone alike.",
        ),
        FindingEntry(
            "PERF02", "performance", "medium",
            "the promised probabilities differ from what happened by more than chance explains",
            "Recalibrate the score on recent data and test it again.",
        ),
        FindingEntry(
            "PERF03", "performance", "medium",
            "the last time window is provably worse than the windows before it",
            "Check whether the model still suits the people it now meets.",
        ),
    )
}  # fmt: skip
