"""What the plan declares about its files, held against what they hold."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.analyses.data.examined import Examined
from evaluator.analyses.data.quality_rows import counted
from evaluator.records import MODEL, Provenance, Quality
from evaluator.subject.dates import DAY, parse_period
from evaluator.subject.levels import nfc

Times = NDArray[np.datetime64[Any]]


def outside_period(examined: Examined) -> tuple[Quality, ...]:
    """Rows dated outside the declared period, in the evaluation and in the training data, where both can be read."""
    data, subject = examined.plan.data, examined.subject
    if data.time is None:
        return ()
    time = nfc(data.time)
    rows = []
    if subject.time is not None and data.evaluation.period:
        rows.append(_outside(examined, "outside_period", time, subject.time, data.evaluation.period))
    training = subject.training
    if training is not None and data.training is not None and data.training.period and time in training.columns:
        times = times_of(training[time])
        rows.append(_outside(examined, "training_outside_period", time, times, data.training.period))
    return tuple(row for row in rows if row is not None)


def times_of(series: pd.Series[Any]) -> Times:
    """Dates in UTC; what is not a date is missing."""
    if pd.api.types.is_numeric_dtype(series.dtype):
        return np.full(len(series), np.datetime64("NaT"), dtype="datetime64[ns]")
    times = pd.to_datetime(series, format="ISO8601", utc=True, errors="coerce")
    return np.asarray(times.dt.tz_localize(None))


def _outside(examined: Examined, check: str, column: str, times: Times, period: str) -> Quality | None:
    days = parse_period(period)
    known = times[~np.isnat(times)]
    if days is None or known.size == 0:
        return None
    outside = (known < np.datetime64(days[0])) | (known >= np.datetime64(days[1] + DAY))
    return counted(check, column, int(np.count_nonzero(outside)), known.size, examined.level, words=period)


def undeclared_files(examined: Examined) -> list[Provenance]:
    """Data files for which the plan declares no fingerprint."""
    return [row for row in data_files(examined) if row.declared_sha256 is None]


def data_files(examined: Examined) -> list[Provenance]:
    """What was read, without the model."""
    return [row for row in examined.subject.provenance if row.role != MODEL]
