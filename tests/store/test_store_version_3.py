"""A run file of schema version 3, which knows neither first results nor uses of the test data, is read and said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from store_samples import make_content
from test_store_older_files import stored

from evaluator.errors import StoreError
from evaluator.plan import lock_of
from evaluator.records import RunContent
from evaluator.store import list_runs, open_run, uses_of
from evaluator.store.database import open_for_writing
from evaluator.store.layout import run_path, runs_folder
from evaluator.store.tables import SCHEMA_VERSION, TABLES, records_by_table

CAME_LATER = {("run", "test_set_use"), ("plan", "criteria_sha256"), ("plan", "first_result_at")}


def content_of_version_3() -> RunContent:
    content = make_content()
    return replace(content, run=replace(content.run, schema_version=3), plan=replace(content.plan, lock_history="[]"))


def write_version_3(store: Path, content: RunContent) -> str:
    """A run file with every table, without the columns that version 4 added."""
    path = run_path(store, content.run.run_id)
    runs_folder(store).mkdir(parents=True)
    with open_for_writing(path) as connection:
        for name, records in records_by_table(content).items():
            columns = [column for column in TABLES[name].columns if (name, column.name) not in CAME_LATER]
            listed = ", ".join(f'"{c.name}" {c.sql_type}{"" if c.optional else " NOT NULL"}' for c in columns)
            connection.execute(f'CREATE TABLE "{name}" ({listed})')
            for record in records:
                values = [stored(getattr(record, column.field)) for column in columns]
                connection.execute(f'INSERT INTO "{name}" VALUES ({", ".join("?" * len(values))})', values)
    return content.run.run_id


def test_a_file_of_version_3_is_read_with_defaults_for_what_came_later(tmp_path: Path) -> None:
    content = content_of_version_3()
    reader = open_run(tmp_path, write_version_3(tmp_path, content))
    assert reader.run() == replace(content.run, test_set_use=None)
    assert reader.plan() == replace(content.plan, criteria_sha256="", first_result_at=None)
    assert reader.calibrations() == content.tables.calibrations
    assert lock_of(reader.plan(), reader.run()).state == "no_lock"


def test_a_file_of_version_3_is_listed_and_counted(tmp_path: Path) -> None:
    content = content_of_version_3()
    first, *others = content.provenance
    content = replace(content, provenance=(replace(first, role="evaluation", sha256="d" * 64), *others))
    run_id = write_version_3(tmp_path, content)
    runs, damaged = list_runs(tmp_path)
    assert ([run.run_id for run in runs], damaged) == ([run_id], ())
    assert uses_of(tmp_path, "d" * 64) == 1


@pytest.mark.parametrize(("table", "column"), sorted(CAME_LATER))
def test_what_came_in_version_4_has_a_default(table: str, column: str) -> None:
    assert TABLES[table].column(column).has_default


def test_a_file_that_claims_version_4_must_have_its_columns(tmp_path: Path) -> None:
    content = content_of_version_3()
    content = replace(content, run=replace(content.run, schema_version=SCHEMA_VERSION))
    run_id = write_version_3(tmp_path, content)
    with pytest.raises(StoreError, match=r"expected run\.test_set_use as BIGINT, found no such column"):
        open_run(tmp_path, run_id)
