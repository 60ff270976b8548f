"""The committee pack: everything a committee reads before it decides, in twelve parts."""

from __future__ import annotations

from dataclasses import replace

from evaluator.report.brief import Brief, brief_of
from evaluator.report.document.about import about_section, breaks_section
from evaluator.report.document.closing import check_section, sign_off_section, unknown_section
from evaluator.report.document.failures import failures_part
from evaluator.report.document.groups import groups_section
from evaluator.report.document.nodes import Block, Document, Section
from evaluator.report.document.origin import origin_section
from evaluator.report.document.people import people_section, risks_section, rules_section
from evaluator.report.document.pieces import picture
from evaluator.report.document.verdict import answer, badges, first_requirements, for_and_against, in_a_year
from evaluator.report.document.works import works_section
from evaluator.report.evidence import Evidence
from evaluator.report.identity import identity_of
from evaluator.report.standing import Standing

KIND = "pack"
NAME = "Committee pack"
MOST_PICTURED = 6
"""Rows of the picture of the requirements that fit on a page together with the answer."""


def pack_document(evidence: Evidence, standing: Standing) -> Document:
    """Twelve parts, each there even when the run cannot fill it."""
    brief = brief_of(evidence)
    sections = (
        _decision(brief, standing),
        about_section(evidence),
        works_section(evidence),
        groups_section(evidence),
        breaks_section(evidence),
        origin_section(evidence),
        rules_section(evidence),
        unknown_section(brief),
        people_section(evidence),
        _risks(evidence),
        sign_off_section(brief, standing),
        check_section(evidence),
    )
    identity = identity_of(evidence, standing)
    return Document(KIND, NAME, evidence.run.question, identity, (), sections, contents=True)


def _risks(evidence: Evidence) -> Section:
    """Whom it fails most, then who bears the errors and what to do."""
    section = risks_section(evidence)
    return replace(section, sections=(failures_part(evidence), *section.sections))


def _decision(brief: Brief, standing: Standing) -> Section:
    """What is asked, what is recommended and decided, for and against, and how far to trust it."""
    chart = brief.requirements
    blocks: tuple[Block, ...] = (
        *answer(brief, standing),
        for_and_against(brief),
        badges(brief),
        *picture(first_requirements(chart, MOST_PICTURED) if chart is not None else None),
    )
    return Section("decision", "The decision", blocks, (Section("year", "In a year", in_a_year(brief)),))
