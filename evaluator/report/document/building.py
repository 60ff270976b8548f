"""One document of a run, by its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from evaluator.report.document.brief import brief_document
from evaluator.report.document.minutes import minutes_of
from evaluator.report.document.nodes import Document
from evaluator.report.document.pack import pack_document
from evaluator.report.document.technical import technical_document
from evaluator.report.evidence import Evidence
from evaluator.report.standing import Standing

Builder = Callable[[Evidence, Standing], Document]

KINDS: Mapping[str, Builder] = {
    "brief": brief_document,
    "pack": pack_document,
    "technical": technical_document,
    "minutes": minutes_of,
}
"""Every kind of document with its builder."""


def build(kind: str, evidence: Evidence, standing: Standing) -> Document:
    """The document of one kind; KeyError for a kind that is not in `KINDS`.

    Evidence from which figures about few people were taken out gives a document without them.
    """
    return KINDS[kind](evidence, standing)
