"""Check the columns everything rests on: ids, labels, scores, predictions, weights, clusters and times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.subject.levels import Coded, canonical_codes, canonical_keys, find_level
from evaluator.subject.problems import Problems, bad_rows, count_words, listed

Names = NDArray[np.object_]
NUMBER_HINT = "Write numbers with a point, like 0.25; a decimal comma is not guessed."


def row_ids(frame: pd.DataFrame, column: str | None, problems: Problems) -> Names:
    """The ids of the rows as text; their positions from 1 when there is no id column."""
    positions = np.asarray(pd.RangeIndex(1, len(frame) + 1).astype(str), dtype=object)
    if column is None:
        return positions
    ids = canonical_keys(frame[column])
    missing = pd.isna(ids)
    if missing.any():
        problems.add(f"data.id: '{column}' is missing in {bad_rows(missing, positions)}.", "Give every row an id.")
    repeated = pd.Index(ids[~missing]).value_counts(sort=False)
    repeated = repeated[repeated > 1]
    if len(repeated):
        examples = [f"{key} ({n} times)" for key, n in list(repeated.items())[:3]]
        found = f"{count_words(len(repeated), 'id')} in several rows, {', '.join(examples)}"
        problems.add(f"data.id: '{column}' has {found}.", "Every row needs its own id; are rows duplicated?")
    return np.where(missing, positions, ids)


def check_label(series: pd.Series[Any], positive: Any, names: Names, problems: Problems) -> tuple[Coded, str] | None:
    """The label's two levels and which of them is positive; None after adding what is wrong."""
    where, coded = f"task.label: '{series.name}'", canonical_codes(series)
    if coded.n_missing:
        problems.add(
            f"{where} is missing in {bad_rows(coded.codes < 0, names)}.",
            "Leave out rows without an outcome, and say so in the plan's limitations.",
        )
    if not coded.levels:
        return None
    found = listed(coded.levels)
    if len(coded.levels) == 1:
        problems.add(
            f"{where} has one class only, {found}; a binary task needs both.", "Is it the right column and file?"
        )
        return None
    if len(coded.levels) > 2:
        n = {3: "three"}.get(len(coded.levels), f"{len(coded.levels):,}")
        problems.add(f"{where} has {n} classes in a binary task: {found}.", "A binary label has two values.")
        return None
    level = find_level(positive, coded.levels)
    if level is None:
        problems.add(
            f"task.positive: {positive!r} is not among the values of '{series.name}', which are {found}.",
            f"Write positive: {coded.levels[1]} or positive: {coded.levels[0]}.",
        )
    return None if level is None or coded.n_missing else (coded, level)


def check_numbers(where: str, series: pd.Series[Any], names: Names, problems: Problems) -> NDArray[np.float64] | None:
    """A column of finite numbers; None after adding what is wrong."""
    where = f"{where}: '{series.name}'"
    if pd.api.types.is_bool_dtype(series.dtype) or not pd.api.types.is_numeric_dtype(series.dtype):
        texts = np.asarray(series, dtype=object)
        wrong = np.asarray(pd.to_numeric(series.astype(str), errors="coerce").isna() & series.notna())
        wrong = wrong if wrong.any() else np.asarray(series.notna())
        problems.add(f"{where} is not a column of numbers: {bad_rows(wrong, names, texts)}.", NUMBER_HINT)
        return None
    values = np.asarray(series, dtype=np.float64)
    missing, infinite = np.isnan(values), np.isinf(values)
    if missing.any():
        problems.add(
            f"{where} is missing in {bad_rows(missing, names)}.", "Every row needs one; find out why it has none."
        )
    if infinite.any():
        problems.add(f"{where} is infinite in {bad_rows(infinite, names)}.", "Every value must be finite.")
    return None if missing.any() or infinite.any() else values


def check_score(
    where: str, series: pd.Series[Any], probability: bool, names: Names, problems: Problems
) -> NDArray[np.float64] | None:
    """Scores, which lie between 0 and 1 when they are probabilities; None after adding what is wrong."""
    values = check_numbers(where, series, names, problems)
    if values is None or not probability:
        return values
    outside = (values < 0) | (values > 1)
    if outside.any():
        problems.add(
            f"{where}: '{series.name}' is a probability but lies outside 0 to 1 in {bad_rows(outside, names, values)}.",
            "Write probabilities as fractions, or score_kind: rank if it is not a probability.",
        )
        return None
    return values


def check_prediction(
    where: str, series: pd.Series[Any], levels: Sequence[str], positive: str, names: Names, problems: Problems
) -> NDArray[np.bool_] | None:
    """Recorded decisions in the label's own two values; None after adding what is wrong."""
    coded = canonical_codes(series)
    if coded.n_missing:
        problems.add(
            f"{where}: '{series.name}' is missing in {bad_rows(coded.codes < 0, names)}.",
            "Every row needs a prediction.",
        )
    meant = [find_level(level, levels) for level in coded.levels]
    strange = np.isin(coded.codes, [code for code, level in enumerate(meant) if level is None])
    if strange.any():
        examples = np.asarray(series, dtype=object)
        problems.add(
            f"{where}: '{series.name}' has values other than the label's ({listed(levels)}) in "
            f"{bad_rows(strange, names, examples)}.",
            "Write predictions in the values of the label.",
        )
    if coded.n_missing or strange.any():
        return None
    return np.asarray([level == positive for level in meant], dtype=bool)[coded.codes]


def check_weight(series: pd.Series[Any], names: Names, problems: Problems) -> NDArray[np.float64] | None:
    """Weights, none negative and not all zero; None after adding what is wrong."""
    values = check_numbers("data.weight", series, names, problems)
    if values is None:
        return None
    negative = values < 0
    if negative.any():
        problems.add(
            f"data.weight: '{series.name}' is negative in {bad_rows(negative, names, values)}.",
            "Weights are zero or more.",
        )
        return None
    if not values.any():
        problems.add(f"data.weight: '{series.name}' is zero in every row.", "Is it the right column?")
        return None
    return values


def check_cluster(series: pd.Series[Any], names: Names, problems: Problems) -> NDArray[np.int64] | None:
    """Dense codes from 0 in the order of first appearance; None after adding what is wrong."""
    codes, _ = pd.factorize(canonical_keys(series))
    if (codes < 0).any():
        problems.add(
            f"data.cluster: '{series.name}' is missing in {bad_rows(codes < 0, names)}.",
            "Give rows that belong to nobody else a cluster of their own, such as their id.",
        )
        return None
    return np.asarray(codes, dtype=np.int64)


def check_time(series: pd.Series[Any], names: Names, problems: Problems) -> NDArray[np.datetime64[Any]] | None:
    """Times in UTC without a zone, nanoseconds; missing ones are NaT; None after adding what is wrong."""
    where = f"data.time: '{series.name}'"
    if not pd.api.types.is_datetime64_any_dtype(series.dtype) and not isinstance(series.dtype, pd.StringDtype):
        problems.add(f"{where} holds no dates ({series.dtype}).", "Write dates like 2026-01-31.")
        return None
    times = pd.to_datetime(series, format="ISO8601", utc=True, errors="coerce")
    wrong = np.asarray(times.isna() & series.notna())
    if wrong.any():
        found = bad_rows(wrong, names, np.asarray(series, dtype=object))
        problems.add(f"{where} is not a date in {found}.", "Write dates like 2026-01-31 or 2026-01-31T09:30:00Z.")
        return None
    try:
        return np.asarray(times.dt.tz_localize(None).astype("datetime64[ns]"))
    except pd.errors.OutOfBoundsDatetime:
        early_or_late = np.asarray((times.dt.year < 1678) | (times.dt.year > 2261))
        problems.add(f"{where} is before 1678 or after 2261 in {bad_rows(early_or_late, names)}.", "Mend these dates.")
        return None
