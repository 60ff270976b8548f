"""Run files, rows files and the ledger: publishing and reading. Importing this loads neither DuckDB nor pandas."""

from __future__ import annotations

from evaluator.store.canonical import canonical_json, result_sha256
from evaluator.store.history import first_result_at, uses_of, with_history
from evaluator.store.layout import check_run_id, make_run_id, run_ids, store_folder
from evaluator.store.ledger import EVENT_KINDS, append_event, read_events
from evaluator.store.listing import DamagedRun, RunListing, StoreListing, list_runs
from evaluator.store.meeting import decisions_of, keep_question, questions_of, record_decision
from evaluator.store.models import keep_model, stored_model
from evaluator.store.publish import STEPS, publish_run
from evaluator.store.reader import RunReader, open_run
from evaluator.store.release import check_unchanged, release_run, run_state, verify_ledger, withdraw_run
from evaluator.store.rows import ColumnRow, ColumnSpan, RowsReader, ScoredRows, has_rows, open_rows, rows_stamp
from evaluator.store.saved import save_question, saved_questions_of
from evaluator.store.tables import SCHEMA_VERSION

__all__ = [
    "EVENT_KINDS",
    "SCHEMA_VERSION",
    "STEPS",
    "ColumnRow",
    "ColumnSpan",
    "DamagedRun",
    "RowsReader",
    "RunListing",
    "RunReader",
    "ScoredRows",
    "StoreListing",
    "append_event",
    "canonical_json",
    "check_run_id",
    "check_unchanged",
    "decisions_of",
    "first_result_at",
    "has_rows",
    "keep_model",
    "keep_question",
    "list_runs",
    "make_run_id",
    "open_rows",
    "open_run",
    "publish_run",
    "questions_of",
    "read_events",
    "record_decision",
    "release_run",
    "result_sha256",
    "rows_stamp",
    "run_ids",
    "run_state",
    "save_question",
    "saved_questions_of",
    "store_folder",
    "stored_model",
    "uses_of",
    "verify_ledger",
    "with_history",
    "withdraw_run",
]
