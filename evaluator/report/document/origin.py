"""Where data and model came from, in a document: files, checks of the data, and fingerprints."""

from __future__ import annotations

from evaluator.records import MODEL, Provenance
from evaluator.report.coverage import coverage_of
from evaluator.report.data_quality import DataQuality, data_quality_of
from evaluator.report.document.nodes import Block, Missing, Section
from evaluator.report.document.pieces import grid, said
from evaluator.report.evidence import Evidence
from evaluator.wording import format_count

CHECK_COLUMNS = ("Check", "Outcome", "What was seen", "What the check looks for")


def origin_section(evidence: Evidence) -> Section:
    """The part of the committee pack."""
    quality = data_quality_of(evidence)
    files = (*file_table(evidence), *said(["Their fingerprints stand in the technical file."], "note"))
    parts = (
        Section("files", "The files", (*files, *_undeclared(evidence), *model_missing(evidence))),
        Section("attention", "What needs attention", _attention(quality)),
    )
    lead = said(coverage_of(evidence).lead[:1], "lead")
    return Section("origin", "Where it came from", lead, parts)


def file_table(evidence: Evidence) -> tuple[Block, ...]:
    """Every file: what it holds and from where."""
    rows = [
        (
            f"{row.role.capitalize()}: {row.path}", _size(row), row.source or "not declared", row.licence or "not declared",
            row.collected or "not declared",
        )
        for row in evidence.provenance
    ]  # fmt: skip
    columns = ("File", "Holds", "Source", "Licence", "Collected")
    return grid("The files that were read", columns, rows)


def _size(row: Provenance) -> str:
    """What a file holds; a model has no rows, and does not always say its columns."""
    if row.role != MODEL:
        return f"{format_count(row.rows)} rows, {format_count(row.columns)} columns"
    return f"a model of {format_count(row.columns)} columns" if row.columns else "a model"


def _undeclared(evidence: Evidence) -> tuple[Block, ...]:
    """Files without a source or a licence."""
    bare = [row for row in evidence.provenance if row.role != MODEL and not (row.source and row.licence)]
    if not bare:
        return ()
    roles = ", ".join(dict.fromkeys(row.role for row in bare))
    return (
        Missing(
            f"Source or licence of: {roles}",
            "The plan does not declare them.",
            "data: {evaluation: {path: ..., source: ..., licence: ..., period: ...}}",
        ),
    )


def model_missing(evidence: Evidence) -> tuple[Block, ...]:
    """That the model itself was not there; where it was, its file stands in the tables."""
    if evidence.run.model_sha256 is not None:
        return ()
    return (
        Missing(
            "The model itself",
            "Its answers were supplied, not the model. Whether it gives these answers was not tried.",
            "model: {artifact: {path: ...}}",
        ),
    )


def _attention(quality: DataQuality | None) -> tuple[Block, ...]:
    if quality is None:
        return (Missing("Checks of the data", "This run holds none.", "analyses: all"),)
    more = "What was seen, and what to do, stands with the findings." if quality.attention else None
    return said([quality.headline, more])


def checks_table(quality: DataQuality) -> tuple[Block, ...]:
    """Every check of the data with its outcome."""
    return grid("Every check of the data", CHECK_COLUMNS, quality.checks)
