"""Data checks, what was tested, and where everything came from, as tables and pictures."""

from __future__ import annotations

from evaluator.report.coverage import coverage_of
from evaluator.report.data_quality import column_words, data_quality_of
from evaluator.report.document.nodes import Block, Item, Items, Missing, Section
from evaluator.report.document.origin import checks_table, file_table, model_missing
from evaluator.report.document.pieces import facts, grid, said
from evaluator.report.evidence import Evidence
from evaluator.report.lock_words import ENTRY_COLUMNS, entry_rows, lock_facts


def data_section(evidence: Evidence) -> Section:
    """Every check of the data, what is missing for whom, and what was tested and what not."""
    quality, coverage = data_quality_of(evidence), coverage_of(evidence)
    checks: tuple[Block, ...] = (
        checks_table(quality) if quality else (Missing("Checks of the data", "This run holds none."),)
    )
    missing: tuple[Block, ...] = ()
    if quality is not None:
        missing = grid("Columns that miss values", ("Column", *quality.missing_columns), quality.missing)
        for column, rows in quality.missing_by.items():
            caption = f"Missing by group: {column_words(evidence, column)}"
            missing += grid(caption, ("Whom", *quality.missing_columns), rows)
    tested = grid("What was tested", ("Question", "Numbers", "Groups and windows", "Seconds"), coverage.tested)
    untested = Items(tuple(Item(what, (why,), None, line) for what, why, line in coverage.not_tested))
    parts = (
        Section("missing", "What is missing", missing or said(["No column misses anything."])),
        Section("coverage", "What was tested", (*said([coverage.headline]), *tested)),
        *((Section("untested", "What was not tested", (untested,)),) if untested.items else ()),
    )
    return Section("data", "Checks of the data", checks, parts)


def provenance_section(evidence: Evidence) -> Section:
    """Files with their whole fingerprints, what identifies the run, and how long it took."""
    hashes = [
        (row.role.capitalize(), row.path, row.sha256, row.declared_sha256 or "none") for row in evidence.provenance
    ]
    whole = grid("Fingerprints", ("Role", "File", "SHA-256", "Declared in the plan"), hashes)
    took = [(row.analysis, f"{row.seconds:.2f}", f"{row.peak_mib:.0f}") for row in evidence.timings]
    timings = grid("What each analysis took", ("Analysis", "Seconds", "Most memory, MiB"), took, (1, 2))
    parts = (
        Section("lock", "Whether the limits were fixed first", _lock(evidence)),
        Section("identity", "How to repeat it", facts(coverage_of(evidence).identity)),
        Section("timings", "What it took", timings),
    )
    return Section("provenance", "Where it came from", (*file_table(evidence), *whole, *model_missing(evidence)), parts)


def _lock(evidence: Evidence) -> tuple[Block, ...]:
    """State, hashes and times of the criteria lock, and every entry of its history."""
    history = grid("What was fixed and changed, oldest first", ENTRY_COLUMNS, entry_rows(evidence.lock))
    return (*facts(lock_facts(evidence.lock)), *history)
