"""The technical file: every number of the run, and how each was made."""

from __future__ import annotations

from evaluator.report.brief import brief_of
from evaluator.report.document.closing import check_section, unknown_section
from evaluator.report.document.explanations import explanations_section
from evaluator.report.document.failures import failures_section
from evaluator.report.document.nodes import Block, Document, Section
from evaluator.report.document.pieces import grid, said
from evaluator.report.document.technical_data import data_section, provenance_section
from evaluator.report.document.technical_methods import methods_section
from evaluator.report.document.technical_numbers import calibration_section, group_section, numbers_section
from evaluator.report.document.verdict import answer, badges
from evaluator.report.document.works import NO_CRITERIA, requirement_sections, requirement_table
from evaluator.report.evidence import Evidence
from evaluator.report.identity import identity_of
from evaluator.report.standing import Standing
from evaluator.verdicts.draw import worst_first

KIND = "technical"
NAME = "Technical file"


def technical_document(evidence: Evidence, standing: Standing) -> Document:
    """Everything that the run file tells, in tables and pictures."""
    brief = brief_of(evidence)
    top: tuple[Block, ...] = (*answer(brief, standing), badges(brief))
    sections = (
        _requirements(evidence),
        numbers_section(evidence),
        group_section(evidence),
        calibration_section(evidence),
        failures_section(evidence),
        explanations_section(evidence),
        data_section(evidence),
        _findings(evidence),
        unknown_section(brief, None),
        provenance_section(evidence),
        methods_section(evidence),
        check_section(evidence),
    )
    return Document(KIND, NAME, evidence.run.question, identity_of(evidence, standing), top, sections, contents=True)


def _requirements(evidence: Evidence) -> Section:
    ordered = worst_first(evidence.criteria)
    blocks = requirement_table(evidence, "Every requirement, worst first", ordered) or (NO_CRITERIA,)
    return Section("requirements", "Every requirement", blocks, requirement_sections(evidence, ordered))


def _findings(evidence: Evidence) -> Section:
    """Every judgement of every analysis, the clear ones too."""
    rows = [(row.code, row.severity, row.outcome.replace("_", " "), row.sentence) for row in evidence.findings]
    table = grid("Every check with its outcome", ("Code", "Severity", "Outcome", "What was seen"), rows)
    return Section("findings", "Every check", table or said(["This run holds no checks."]))
