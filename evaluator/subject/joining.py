"""Join files by key: every row must find exactly one partner, whatever the order of the files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.errors import did_you_mean
from evaluator.subject.levels import canonical_keys
from evaluator.subject.problems import Problems, count_words, listed

Keys = NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A file that was read, as the plan names it; `on` is its key when it is joined to the others."""

    path: str
    frame: pd.DataFrame
    on: str = ""


def join_tables(base: Table, others: Sequence[Table], problems: Problems) -> pd.DataFrame:
    """The base table with the columns of all others, in the order of its own rows.

    A file may be joined by a column of another joined file. The result is the same for any order of the files.
    """
    frame = base.frame
    waiting = sorted(others, key=lambda table: table.path)
    while waiting:
        table = next((table for table in waiting if table.on in frame.columns), None)
        if table is None:
            _add_missing_keys(waiting, frame, problems)
            return frame
        waiting.remove(table)
        frame = _join(frame, table, problems)
    return frame


def _add_missing_keys(waiting: Sequence[Table], frame: pd.DataFrame, problems: Problems) -> None:
    for table in waiting:
        problems.add(
            f"{table.path} is joined on '{table.on}', a column the evaluation data does not have.",
            did_you_mean(table.on, map(str, frame.columns)),
        )


def _join(frame: pd.DataFrame, table: Table, problems: Problems) -> pd.DataFrame:
    if table.on not in table.frame.columns:
        hint = did_you_mean(table.on, map(str, table.frame.columns))
        problems.add(f"{table.path} has no column '{table.on}' to join on.", hint)
        return frame
    shared = sorted(set(frame.columns) & set(table.frame.columns) - {table.on})
    if shared:
        problems.add(
            f"{table.path} has columns that are in another file too: {listed(shared)}.",
            "Rename or leave out one of each pair.",
        )
    left, right = canonical_keys(frame[table.on]), canonical_keys(table.frame[table.on])
    found = _partners(left, right, table, problems)
    if shared or found is None:
        return frame
    added = table.frame.drop(columns=table.on).take(found).reset_index(drop=True)
    return pd.concat([frame, added], axis=1)


def _partners(left: Keys, right: Keys, table: Table, problems: Problems) -> NDArray[np.intp] | None:
    """For every left row the position of its one partner, or None after adding what is wrong."""
    where = f"{table.path}, joined on '{table.on}'"
    right_index = pd.Index(right, dtype=object)
    repeated = right_index[right_index.duplicated() & right_index.notna()].unique()
    if len(repeated):
        found = f"{count_words(len(repeated), 'key')} several times ({listed(list(repeated))})"
        problems.add(f"{where}: one row per key is required, but it has {found}.", "Keep one row of each.")
        return None
    positions = right_index.get_indexer(pd.Index(left, dtype=object))
    partnerless = pd.isna(left) | (positions < 0)
    unused = np.ones(len(right), dtype=bool)
    unused[positions[~partnerless]] = False
    _add_partnerless(f"{where}: {{}} of the evaluation data have no row in it", left[partnerless], problems)
    _add_partnerless(f"{where}: {{}} of it have no row in the evaluation data", right[unused], problems)
    return None if partnerless.any() or unused.any() else np.asarray(positions, dtype=np.intp)


def _add_partnerless(message: str, keys: Any, problems: Problems) -> None:
    if len(keys):
        examples = listed(["no key" if key is None else key for key in keys])
        problems.add(
            f"{message.format(count_words(len(keys), 'row'))} ({examples}).",
            "Both must hold the same rows; add or remove these, and say so in the plan's limitations.",
        )
