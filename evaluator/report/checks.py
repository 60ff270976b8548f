"""Findings for readers: what needs attention with what to do about it, and every check with its outcome."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evaluator.catalogue.findings import FINDINGS
from evaluator.records import Finding

SEVERITY = ("critical", "high", "medium", "low", "observation")
OUTCOME = ("found", "not_tested", "clear")
OUTCOME_WORDS = {"found": "Needs attention", "clear": "Nothing found", "not_tested": "Not tested"}
CHECK_COLUMNS = ("Check", "Outcome", "What was seen", "What the check looks for")


@dataclass(frozen=True, slots=True)
class Attention:
    """One thing that needs attention: what it is, what was seen, and what to do."""

    about: str
    sentence: str
    action: str


def worst_findings(findings: Iterable[Finding], analysis: str) -> list[Finding]:
    """The judgements of one analysis: found, then not tested, then clear, each from the gravest."""
    return sorted((row for row in findings if row.analysis == analysis), key=_rank)


def _rank(row: Finding) -> tuple[int, int, str]:
    return OUTCOME.index(row.outcome), SEVERITY.index(row.severity), row.code


def attention(findings: Sequence[Finding], labels: Mapping[str, str]) -> tuple[Attention, ...]:
    """What was found; `labels` say in a few words what each code is about."""
    return tuple(Attention(about(row, labels), row.sentence, row.action) for row in findings if row.outcome == "found")


def check_rows(findings: Sequence[Finding], labels: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    """One row per check under CHECK_COLUMNS."""
    return tuple((about(row, labels), OUTCOME_WORDS[row.outcome], row.sentence, _when(row)) for row in findings)


def about(row: Finding, labels: Mapping[str, str]) -> str:
    """The label of a finding, as a heading; its code where this version has no label for it."""
    label = labels.get(row.code, row.code)
    return label[:1].upper() + label[1:]


def _when(row: Finding) -> str:
    """When this check reports something."""
    entry = FINDINGS.get(row.code)
    return entry.fires_when if entry else ""
