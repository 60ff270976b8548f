"""All that a published run holds, to be held against what was handed over."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from store_samples import LATER_TABLES

from evaluator.records import RunContent
from evaluator.store import RowsReader, ScoredRows, open_rows, open_run, result_sha256, verify_ledger


def read_all(store: Path, run_id: str) -> dict[str, Any]:
    """Every table of a published run but `run`."""
    reader = open_run(store, run_id)
    return {
        "plan": reader.plan(),
        "populations": reader.populations(),
        "estimates": reader.estimates(),
        "gaps": reader.gaps(),
        "quality": reader.quality(),
        "paired": reader.paired(),
        "curves": reader.curves(),
        "importances": reader.importances(),
        "effects": reader.effects(),
        "calibrations": reader.calibrations(),
        **{name: reader.rows_of(record) for name, record in LATER_TABLES.items()},
        "criteria": reader.criteria(),
        "recommendation": reader.recommendation(),
        "findings": reader.findings(),
        "not_tested": reader.not_tested(),
        "provenance": reader.provenance(),
        "timings": reader.timings(),
    }


def as_written(content: RunContent) -> dict[str, Any]:
    """What `read_all` must give for a run that was published with `content`."""
    tables = content.tables
    return {
        "plan": content.plan,
        "populations": content.populations,
        "estimates": tables.estimates,
        "gaps": tables.gaps,
        "quality": tables.quality,
        "paired": tables.paired,
        "curves": tables.curves,
        "importances": tables.importances,
        "effects": tables.effects,
        "calibrations": tables.calibrations,
        **{name: getattr(tables, name) for name in LATER_TABLES},
        "criteria": content.criteria,
        "recommendation": content.recommendation,
        "findings": tables.findings,
        "not_tested": tables.not_tested,
        "provenance": content.provenance,
        "timings": content.timings,
    }


def expect_whole(store: Path, content: RunContent, rows: ScoredRows) -> None:
    """The run and its rows are exactly those that were published, by every check the store has."""
    run_id = content.run.run_id
    assert read_all(store, run_id) == as_written(content), run_id
    run = open_run(store, run_id).run()
    assert run.result_sha256 == result_sha256(content), run_id
    assert run == replace(content.run, rows_sha256=run.rows_sha256, result_sha256=run.result_sha256), run_id
    expect_rows(open_rows(store, run_id), rows)
    assert verify_ledger(store, run_id) == [], run_id


def expect_rows(reader: RowsReader, rows: ScoredRows) -> None:
    """The identifiers, scores and labels are those of `rows`, by descending score."""
    names = ["row_id", "score", "label"]
    expected = rows.frame.sort_values(["score", "row_id"], ascending=[False, True])
    assert reader.frame(names).to_dict("list") == expected[names].to_dict("list")
