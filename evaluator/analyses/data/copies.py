"""Rows that are in the data twice: within the evaluation data, and in the training data too; and what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.analyses.data.examined import FREE_ROLES, Examined, is_number, model_rows
from evaluator.analyses.seen import TaskRows
from evaluator.catalogue.settings import MIN_RELEVANT
from evaluator.metrics.class_rows import ClassRows
from evaluator.metrics.influences import influence_of
from evaluator.metrics.number_rows import NumberRows
from evaluator.metrics.rows import BinaryRows
from evaluator.records import ALL, MODEL, EstimateStatus, Paired
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.intervals import t_interval
from evaluator.statistics.spread import spread_of, without_rounding
from evaluator.subject.row_codes import MISSING, Codes, chance_alike, row_keys
from evaluator.subject.subject import ColumnInfo

CHANCE_SHARE = 0.1
"""Copies are not told from rows alike by chance when chance alone would give more than this share of them."""
MOST_NAMED = 40


@dataclass(frozen=True, slots=True, eq=False)
class Copies:
    """Evaluation rows that have a twin.

    Attributes
    ----------
    rows : which evaluation rows.
    surplus : those to leave out so that every row counts once.
    columns : the columns in which twins are alike.
    by_chance : rows that would have a twin if the columns were independent of each other.
    same_label : of `rows`, how many have a twin with the same outcome; None when that was not asked.
    """

    rows: BoolArray
    surplus: BoolArray
    columns: tuple[str, ...]
    by_chance: float
    same_label: int | None = None

    @property
    def count(self) -> int:
        return int(np.count_nonzero(self.rows))

    @property
    def may_be_chance(self) -> bool:
        """Whether the columns say too little to tell copies from rows that are alike anyway."""
        return self.by_chance > CHANCE_SHARE * max(self.count, 1)


def twins(examined: Examined) -> Copies:
    """Rows that are alike in every column but the id."""
    columns = [column.name for column in examined.columns.values() if column.role != "id"]
    codes = [examined.codes[name].evaluation for name in columns]
    keys = row_keys(codes, examined.n)
    twin = np.bincount(keys)[keys] > 1
    alike = chance_alike([(code, code) for code in codes])
    surplus = np.asarray(pd.Series(keys).duplicated())
    return Copies(twin, surplus, tuple(columns), _expected(examined.n, examined.n - 1, alike))


def compared_columns(examined: Examined) -> list[str]:
    """Columns of both tables that describe a case: no id, cluster, weight, time, score, decision or outcome."""
    joined = {file.on for file in examined.plan.data.join}
    return [
        column.name
        for column in examined.with_role(*FREE_ROLES)
        if examined.codes[column.name].training is not None
        and column.name not in joined
        and not _names_rows(examined, column)
    ]


def _names_rows(examined: Examined, column: ColumnInfo) -> bool:
    """Text of many values, none of them in both tables: an id that the plan does not name, new in every table."""
    if column.type != "text" or is_number(examined.series(column.name)):
        return False
    evaluation, training = _both(examined, column.name)
    return not np.isin(evaluation[evaluation != MISSING], training).any()


def overlap(examined: Examined) -> Copies | None:
    """Evaluation rows that are in the training data too, whatever their id, date and outcome; None when not comparable."""
    columns = compared_columns(examined)
    training = examined.subject.training
    if training is None or not columns:
        return None
    pairs = [_both(examined, name) for name in columns]
    keys = row_keys([np.concatenate(pair) for pair in pairs], examined.n + len(training))
    seen = np.isin(keys[: examined.n], keys[examined.n :])
    by_chance = _expected(examined.n, len(training), chance_alike(pairs))
    return Copies(seen, seen, tuple(columns), by_chance, _same_label(examined, keys))


def shared_clusters(examined: Examined) -> BoolArray | None:
    """Evaluation rows whose cluster is in the training data; None without a cluster column in both tables."""
    column = next(iter(examined.with_role("cluster")), None)
    if column is None or examined.codes[column.name].training is None:
        return None
    evaluation, training = _both(examined, column.name)
    return np.asarray(np.isin(evaluation, training) & (evaluation != MISSING), dtype=bool)


def cost(examined: Examined, surplus: BoolArray, name: str) -> tuple[Paired, ...]:
    """How far the model's numbers on all rows exceed those without the rows of `surplus`.

    Notes
    -----
    The rows kept are part of all rows, so the influence of the difference is that on all rows minus that on the rows
    kept, which is zero for the rows left out.
    """
    rows = model_rows(examined.subject)
    if isinstance(rows, NumberRows):
        return (_cost(examined, rows, "r2", ~surplus, name),)
    if isinstance(rows, ClassRows):
        return () if rows.chosen is None else (_cost(examined, rows, "accuracy", ~surplus, name),)
    metrics = [("auc", rows.score), ("accuracy", rows.decision)]
    return tuple(_cost(examined, rows, metric, ~surplus, name) for metric, given in metrics if given is not None)


def _cost(examined: Examined, rows: TaskRows, metric: str, keep: NDArray[np.bool_], name: str) -> Paired:
    part = rows.take(keep)
    left = min(part.positives, part.negatives) if isinstance(part, BinaryRows) else part.n
    few = left < MIN_RELEVANT
    everyone, kept = (None, None) if few else (influence_of(metric, rows), influence_of(metric, part))
    if everyone is None or kept is None:
        return _paired(examined, metric, name, None, None, None, None, "too_few")
    difference = everyone.value - kept.value
    influence = everyone.rows.copy()
    influence[keep] -= kept.rows
    spread = without_rounding(spread_of(influence, rows.real_clusters), difference)
    if not spread.se > 0:
        return _paired(examined, metric, name, difference, None, None, None, "ok")
    interval = t_interval(difference, spread, examined.level, low=-1.0, high=1.0, method="paired_influence")
    return _paired(examined, metric, name, difference, interval.low, interval.high, spread.se, "ok")


def _paired(
    examined: Examined, metric: str, name: str, difference: float | None, low: float | None, high: float | None,
    se: float | None, status: EstimateStatus,
) -> Paired:  # fmt: skip
    of_one = " of one outcome" if examined.subject.task == "binary" else ""
    reason = "" if status == "ok" else f"fewer than {MIN_RELEVANT} cases{of_one} are left"
    return Paired(
        metric=metric, class_="", population_id=ALL, a=MODEL, b=f"without:{name}", difference=difference, low=low,
        high=high, se=se, level=examined.level, method="paired_influence" if low is not None else "none", n=examined.n,
        relevant_count=None, status=status, reason=reason,
    )  # fmt: skip


def _same_label(examined: Examined, keys: Codes) -> int | None:
    label = next(iter(examined.with_role("label")))
    if examined.codes[label.name].training is None:
        return None
    labelled = row_keys([keys, np.concatenate(_both(examined, label.name))], keys.size)
    return int(np.count_nonzero(np.isin(labelled[: examined.n], labelled[examined.n :])))


def _both(examined: Examined, column: str) -> tuple[Codes, Codes]:
    evaluation, training = examined.codes[column]
    assert training is not None
    return evaluation, training


def _expected(n: int, others: int, alike: float) -> float:
    """Of `n` rows, how many equal at least one of `others`, when each does with chance `alike`."""
    return float(-n * np.expm1(others * np.log1p(-min(alike, 1 - 1e-12))))


def names_of(columns: Sequence[str]) -> str:
    """Which columns were compared, in words."""
    more = f" and {len(columns) - MOST_NAMED} more" if len(columns) > MOST_NAMED else ""
    return "compared on " + ", ".join(columns[:MOST_NAMED]) + more
