"""A run file of schema version 2, made as that version made it, is read by this release."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from store_reading import as_written, read_all
from store_samples import make_content

from evaluator.errors import StoreError
from evaluator.records import RunContent
from evaluator.store import list_runs, open_run
from evaluator.store.database import open_for_writing
from evaluator.store.layout import run_path, runs_folder
from evaluator.store.tables import TABLES, records_by_table

VERSION_2 = {
    "run": "run_id:text schema_version:int plan_id:text title:text question:text model:text version:text "
    "task:text started_at:time seconds:float seed:int plan_sha256:text data_sha256:text "
    "model_sha256:text? rows_sha256:text? code_version:text environment:text result_sha256:text n:int "
    "period:text",
    "plan": "yaml:text canonical_json:text sha256:text locked_at:time? lock_history:text",
    "population": "population_id:text words:text label:text definition:text attribute:text kind:text position:int "
    "origin:text n:int share:float",
    "estimate": "analysis:text metric:text class:text subject:text population_id:text value:float? low:float? "
    "high:float? se:float? level:float method:text coverage:text n:int relevant_count:int? successes:int? "
    "n_clusters:int? n_effective:float? weighted:bool family:text family_size:int unit:text status:text "
    "reason:text",
    "gap": "analysis:text metric:text class:text subject:text attribute:text within:text kind:text value:float? "
    "group_low:text group_high:text at_least:float? at_most:float? best_guess:float? chance_value:float? "
    "level:float method:text family_size:int status:text reason:text against:text se:float? n_low:int? "
    "n_high:int? excluded:text",
    "quality": "check:text column:text population_id:text count:int n:int share:float low:float? high:float? "
    "level:float method:text words:text",
    "paired": "metric:text class:text population_id:text a:text b:text difference:float? low:float? high:float? "
    "se:float? level:float method:text n:int relevant_count:int? status:text reason:text",
    "curve": "analysis:text name:text class:text subject:text population_id:text x:float y:float low:float? "
    "high:float? n:int",
    "importance": "method:text subject:text population_id:text feature:text words:text value:float? low:float? "
    "high:float? se:float? level:float share:float? share_low:float? share_high:float? rank_low:int? "
    "rank_high:int? times_first:int? repeats:int direction:text moves_with:text space:text unit:text "
    "how:text n:int background:int? weighted:bool status:text reason:text",
    "effect": "subject:text population_id:text feature:text words:text kind:text position:int x:float? level:text "
    "label:text y:float low:float? high:float? se:float? confidence:float n:int share:float thin:bool "
    "space:text unit:text",
    "criterion": "criterion_id:text position:int question:text analysis:text metric:text class:text subject:text "
    "population_id:text gap_by:text gap_kind:text gap_against:text against:text limit_low:float? "
    "limit_high:float? value:float? low:float? high:float? level:float method:text n:int status:text "
    "reason:text rows_needed:int? blocking:bool why:text",
    "recommendation": "recommendation:text deciding_criterion:text sentence:text counts:text",
    "finding": "code:text analysis:text severity:text outcome:text sentence:text population_id:text metric:text "
    "evidence:text action:text",
    "not_tested": "analysis:text what:text reason:text add_to_plan:text failed:bool",
    "provenance": "role:text path:text rows:int columns:int sha256:text source:text licence:text collected:text "
    "declared_sha256:text?",
    "timing": "analysis:text seconds:float peak_mib:float",
}
"""Every table of version 2 in its order: columns with their types, "?" for those that may be empty."""

SQL_TYPES = {"text": "VARCHAR", "int": "BIGINT", "float": "DOUBLE", "bool": "BOOLEAN", "time": "TIMESTAMP"}
Columns = list[tuple[str, str]]


def columns_of(table: str) -> Columns:
    """Name and declaration of each column of version 2."""
    declared = [word.split(":") for word in VERSION_2[table].split()]
    return [
        (name, SQL_TYPES[kind.rstrip("?")] + ("" if kind.endswith("?") else " NOT NULL")) for name, kind in declared
    ]


def write_version_2(store: Path, content: RunContent, *, without: tuple[str, str] = ("", "")) -> str:
    """A run file with the tables and columns of version 2; `without` names a table and a column to leave out."""
    path = run_path(store, content.run.run_id)
    runs_folder(store).mkdir(parents=True)
    records = records_by_table(content)
    with open_for_writing(path) as connection:
        for table in VERSION_2:
            columns = [(name, kind) for name, kind in columns_of(table) if (table, name) != without]
            listed = ", ".join(f'"{name}" {kind}' for name, kind in columns)
            connection.execute(f'CREATE TABLE "{table}" ({listed})')
            for record in records[table]:
                values = [stored(getattr(record, TABLES[table].column(name).field)) for name, _ in columns]
                connection.execute(f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(values))})', values)
    return content.run.run_id


def stored(value: Any) -> Any:
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value


def content_of_version_2() -> RunContent:
    content = make_content()
    return replace(content, run=replace(content.run, schema_version=2))


def as_read_now(table: str, records: tuple[Any, ...]) -> tuple[Any, ...]:
    """What a file of version 2 must give: nothing for a table that came later, defaults for later columns."""
    if table not in VERSION_2:
        return ()
    known = {name for name, _ in columns_of(table)}
    fields = [column.field for column in TABLES[table].columns if column.name in known]
    return tuple(TABLES[table].record(**{name: getattr(record, name) for name in fields}) for record in records)


def test_all_that_a_file_of_version_2_holds_is_read_and_what_came_later_has_its_default(tmp_path: Path) -> None:
    content = content_of_version_2()
    run_id = write_version_2(tmp_path, content)
    expected = {table: as_read_now(table, records) for table, records in records_by_table(content).items()}
    reader = open_run(tmp_path, run_id)
    assert (reader.run(),) == expected["run"]
    assert (reader.run().schema_version, reader.gaps()) == (2, expected["gap"])
    assert (reader.criteria(), reader.importances()) == (expected["criterion"], expected["importance"])
    assert reader.estimates(metric="metric 1") == expected["estimate"][:1]
    names = {id(records): name for name, records in records_by_table(content).items()}
    written = {field: names[id(records)] for field, records in as_written(content).items() if id(records) in names}
    for field, records in read_all(tmp_path, run_id).items():
        if field in written:
            assert records == expected[written[field]], field


def test_a_gap_of_version_2_says_nothing_about_its_family(tmp_path: Path) -> None:
    reader = open_run(tmp_path, write_version_2(tmp_path, content_of_version_2()))
    (gap, *_), (criterion, *_) = reader.gaps(), reader.criteria()
    assert (gap.family, gap.pair_level, gap.names_proven) == ("", None, None)
    assert (criterion.family, criterion.family_size) == ("", None)
    assert gap.family_size == make_content().tables.gaps[0].family_size


def test_a_file_of_version_2_is_listed(tmp_path: Path) -> None:
    run_id = write_version_2(tmp_path, content_of_version_2())
    runs, damaged = list_runs(tmp_path)
    assert ([run.run_id for run in runs], damaged) == ([run_id], ())


def test_a_file_of_version_2_without_a_column_that_it_must_have_is_damaged(tmp_path: Path) -> None:
    run_id = write_version_2(tmp_path, content_of_version_2(), without=("gap", "at_most"))
    with pytest.raises(StoreError, match=r"expected gap\.at_most as DOUBLE, found no such column"):
        open_run(tmp_path, run_id)


def test_every_column_that_came_after_version_2_has_a_default() -> None:
    later = {
        (table, column.name)
        for table in VERSION_2
        for column in TABLES[table].columns
        if column.name not in {name for name, _ in columns_of(table)} and not column.has_default
    }
    assert later == set(), "an older run file has no value for these"
    assert {table for table in TABLES if table not in VERSION_2 and TABLES[table].since < 3} == set()
