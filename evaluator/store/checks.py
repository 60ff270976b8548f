"""What is checked before a run is written, so that every reader can trust what a run file holds."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from numbers import Integral, Real
from typing import Any

from evaluator.errors import StoreError
from evaluator.records import RunContent
from evaluator.store.canonical import JSON_FIELDS
from evaluator.store.layout import check_run_id, plan_of
from evaluator.store.tables import SCHEMA_VERSION, TABLES, Column, Table, records_by_table

SHOWN_PROBLEMS = 5

_EXPECTED = {str: "text", int: "a whole number", float: "a number", bool: "true or false", datetime: "a time"}


def check_content(content: RunContent) -> None:
    """Raise StoreError unless every value fits its column and the run's ids agree."""
    _check_identity(content)
    problems = [
        problem
        for name, records in records_by_table(content).items()
        for problem in table_problems(TABLES[name], records)
    ]
    if problems:
        more = len(problems) - SHOWN_PROBLEMS
        listed = "; ".join(problems[:SHOWN_PROBLEMS]) + (f"; and {more} more" if more > 0 else "")
        raise StoreError(f"The run cannot be stored: {listed}.", "Nothing was written; correct the values named.")


def table_problems(table: Table, records: tuple[Any, ...]) -> list[str]:
    """What is wrong with the records of one table, with table, column and row."""
    problems = [
        f"{table.name}.{column.name}, row {row}: {problem}"
        for row, record in enumerate(records, start=1)
        for column in table.columns
        if (problem := value_problem(column, getattr(record, column.field)))
    ]
    return problems + list(_repeated_keys(table, records))


def value_problem(column: Column, value: Any) -> str | None:
    """Why `value` does not fit the column, or None."""
    if value is None:
        return None if column.optional else f"expected {_EXPECTED[column.kind]}, found nothing"
    if column.kind is str:
        return _text_problem(column, value)
    if column.kind is datetime:
        aware = isinstance(value, datetime) and value.tzinfo is not None
        return None if aware else f"expected a time with its zone, found {value!r}"
    if column.kind is bool:
        return None if isinstance(value, bool) else _mismatch(column, value)
    return _number_problem(column, value)


def _check_identity(content: RunContent) -> None:
    run = content.run
    if plan_of(check_run_id(run.run_id)) != run.plan_id:
        raise StoreError(f"The run {run.run_id} names the plan {run.plan_id!r}.", "Build run ids with make_run_id.")
    if run.schema_version != SCHEMA_VERSION:
        raise StoreError(f"Expected schema version {SCHEMA_VERSION}, found {run.schema_version}, in {run.run_id}.")


def _number_problem(column: Column, value: Any) -> str | None:
    if isinstance(value, bool):
        return _mismatch(column, value)
    if column.kind is int and isinstance(value, Integral):
        return None if -(2**63) <= int(value) < 2**63 else f"{value} needs more than 64 bits"
    if column.kind is float and isinstance(value, Real):
        return "expected a number or nothing, found NaN" if math.isnan(value) else None
    return _mismatch(column, value)


def _text_problem(column: Column, value: Any) -> str | None:
    if not isinstance(value, str):
        return _mismatch(column, value)
    if "\x00" in value:
        return "text with a NUL character"
    if column.choices and value not in column.choices:
        return f"expected one of {', '.join(column.choices)}, found {value!r}"
    if column.field in JSON_FIELDS and value and not _is_json(value):
        return f"expected JSON without NaN, found {value[:40]!r}"
    return None if _is_unicode(value) else "text that is not valid Unicode"


def _mismatch(column: Column, value: Any) -> str:
    return f"expected {_EXPECTED[column.kind]}, found {type(value).__name__} {str(value)[:40]!r}"


def _is_json(text: str) -> bool:
    try:
        json.loads(text, parse_constant=_refuse_constant)
    except ValueError:
        return False
    return True


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _repeated_keys(table: Table, records: tuple[Any, ...]) -> Iterator[str]:
    if table.key:
        counts = Counter(tuple(getattr(record, name) for name in table.key) for record in records)
        for key, count in counts.items():
            if count > 1:
                yield f"{table.name}: {count} records share the key {key}"
