"""The judgements about groups: in few words, and those that the top of the page does not tell already."""

from __future__ import annotations

from collections.abc import Mapping

from evaluator.records import Finding, Words
from evaluator.report.checks import worst_findings
from evaluator.report.evidence import Evidence
from evaluator.report.fairness import FairnessPage

_LABELS = {
    "FAIR01": "large gaps without a limit",
    "FAIR02": "groups too small to judge",
    "FAIR03": "gaps beyond their limit",
    "FAIR04": "gaps that the data cannot settle",
    "FAIR05": "selection below four fifths",
    "FAIR06": "differences that change among people alike",
    "FAIR07": "goals that exclude each other",
    "FAIR08": "features that reveal a group",
    "FAIR09": "decisions that follow the group",
    "FAIR10": "people whose group is not known",
    "FAIR11": "who bears the errors",
}
_ABOUT_LIMITS = {"FAIR03": frozenset({"not_met"}), "FAIR04": frozenset({"inconclusive", "too_few"})}
"""Checks of limited gaps, with the statuses of the requirements that they tell of."""


def check_labels(words: Words) -> Mapping[str, str]:
    """Each check in a few words."""
    if words.people:
        return _LABELS
    return {code: label.replace("people", "cases") for code, label in _LABELS.items()}


def checks_of(evidence: Evidence) -> list[Finding]:
    """The judgements about groups, what needs attention first."""
    return worst_findings(evidence.findings, "fairness")


def checks_not_told(evidence: Evidence, shown: FairnessPage) -> list[Finding]:
    """The judgements without those about limits where the sentences at the top tell of every gap concerned."""
    told = {name for one in shown.told for name in one.criteria}
    return [row for row in checks_of(evidence) if not _is_told(evidence, row.code, told)]


def _is_told(evidence: Evidence, code: str, told: set[str]) -> bool:
    statuses = _ABOUT_LIMITS.get(code)
    if statuses is None:
        return False
    return all(row.criterion_id in told for row in evidence.criteria if row.gap_by and row.status in statuses)
