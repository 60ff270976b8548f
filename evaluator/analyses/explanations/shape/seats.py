"""Who sits where: how many of each group have a value in each part of a feature's range."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from evaluator.analyses.explanations.explained import Explained
from evaluator.analyses.explanations.shape.cutting import Cut, cut
from evaluator.analyses.explanations.shape.order import by_weight
from evaluator.catalogue.settings import MIN_RELEVANT
from evaluator.metrics.cell_table import CellTable, cell_table
from evaluator.metrics.cells import share_interval
from evaluator.records import ALL, FeatureShare, Interval
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.spread import without_gaps
from evaluator.subject.columns import sensitive_columns
from evaluator.subject.subject import ColumnInfo, Subject

MOST_FEATURES = 8
MOST_PARTS = 6
TOO_FEW = "too few cases"
ONE_CLUSTER = "one_cluster"


def who_sits_where(looks: Sequence[Explained]) -> tuple[FeatureShare, ...]:
    """Of everyone and of every group of every sensitive attribute, the share in each part of a feature's range.

    Parameters
    ----------
    looks : one, or for several classes one for each, all at the same rows: they decide together which features count
        most. The shares themselves are of the rows and the same for all of them.

    Notes
    -----
    By weight; exact or Wilson's intervals for independent rows, else on the log-odds scale with weights and clusters
    counted (`metrics.cells.share_interval`). Each interval stands alone.
    """
    if not looks:
        return ()
    asked, groups = looks[0].asked, list(_groups(looks[0]))
    chosen = [(asked.columns[place], asked.frame.iloc[:, place]) for place in by_weight(looks)[:MOST_FEATURES]]
    return tuple(
        row
        for column, series in chosen
        for row in _of_feature(looks[0], column, cut(series, column, MOST_PARTS), groups)
    )


def _groups(look: Explained) -> Iterator[tuple[str, BoolArray]]:
    """Everyone, then the groups, with which of the asked rows belong to each."""
    yield ALL, np.ones(look.asked.n, dtype=np.bool_)
    for name, _ in sensitive_columns(look.asked.plan):
        partition = look.subject.find_partition(name)
        for group in () if partition is None else partition.groups:
            if (inside := _inside(look.subject, group)) is not None:
                yield group, inside[look.positions]


def _inside(subject: Subject, population_id: str) -> BoolArray | None:
    rows = subject.find_rows(population_id)
    if rows is None:
        return None
    inside = np.zeros(subject.n, dtype=np.bool_)
    inside[slice(None) if rows.index is None else rows.index] = True
    return inside


def _of_feature(
    look: Explained, column: ColumnInfo, found: Cut, groups: Sequence[tuple[str, BoolArray]]
) -> Iterator[FeatureShare]:
    for population_id, inside in groups:
        table = _table(look, found, inside)
        for position in range(len(found.parts)):
            yield _share(look, column, found, table, population_id, position)


def _table(look: Explained, found: Cut, inside: BoolArray) -> CellTable:
    """The rows of a group by part."""
    asked = look.asked
    weight = None if asked.weight is None else asked.weight[inside]
    cluster = None if asked.cluster is None else without_gaps(asked.cluster[inside])
    return cell_table(found.code[inside], len(found.parts), weight=weight, cluster=cluster)


def _share(
    look: Explained, column: ColumnInfo, found: Cut, table: CellTable, population_id: str, position: int
) -> FeatureShare:
    plan, part = look.asked.plan, found.parts[position]
    enough = table.n >= max(plan.data.min_group, MIN_RELEVANT)
    interval = _interval(table, position, look.asked.level) if enough else None
    return FeatureShare(
        feature=column.name, words=column.words, population_id=population_id, position=position, low_edge=part.low,
        high_edge=part.high, level=part.level, label=part.label, n=int(table.rows[position]), total=table.n,
        share=float(table.weight[position] / table.weight.sum()) if enough else None,
        low=None if interval is None else interval.low, high=None if interval is None else interval.high,
        confidence=look.asked.level, method="" if interval is None else interval.method,
        status="ok" if enough else "too_few", reason="" if enough else TOO_FEW,
    )  # fmt: skip


def _interval(table: CellTable, position: int, level: float) -> Interval:
    if table.clusters is not None and table.clusters.n == 1:
        return Interval(None, None, level, ONE_CLUSTER, "none")
    every = np.ones(table.rows.size, dtype=np.bool_)
    return share_interval(np.arange(table.rows.size) == position, every, table, level)
