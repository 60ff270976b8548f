"""`report --kind ll144`: the tables of Local Law 144 as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluator.errors import InputError

if TYPE_CHECKING:
    from evaluator.report.document.nodes import Document
    from evaluator.report.evidence import Evidence
    from evaluator.report.standing import Standing

KIND = "ll144"
FORMAT = "csv"
"""Rows for machines; the other documents have none."""


def check_formats(kinds: tuple[str, ...], formats: tuple[str, ...]) -> None:
    """CSV is for the tables of the law alone; InputError where nothing else could be written."""
    if FORMAT in formats and KIND not in kinds:
        raise InputError("These documents are not written as csv.", f"Add --kind {KIND}, or choose html or pdf.")


def is_written(kind: str, suffix: str) -> bool:
    """Whether a kind of document comes in a format."""
    return suffix != FORMAT or kind == KIND


def law_document(evidence: Evidence, standing: Standing) -> Document:
    """The summary to print."""
    from evaluator.report.statutory_export import statutory_document

    return statutory_document(evidence, standing)


def law_csv(evidence: Evidence) -> bytes:
    """All tables in one file."""
    from evaluator.report.statutory_export import statutory_csv

    return statutory_csv(evidence).encode()
