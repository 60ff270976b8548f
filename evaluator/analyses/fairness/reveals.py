"""How well each feature, the score, and all features together tell a group from everyone else."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from evaluator.analyses.fairness.measured import Measured
from evaluator.analyses.fairness.read_features import Feature, bins_of
from evaluator.catalogue.settings import MIN_RELEVANT, PAIRS_TOGETHER_FROM
from evaluator.metrics.rank_ranges import auc_range
from evaluator.metrics.rows import BinaryRows
from evaluator.records import MODEL, EstimateStatus, Population, Trace
from evaluator.records.traces import SCORE
from evaluator.statistics.cross_fitted import (
    Told,
    additive_scores,
    correlations,
    forward_folds,
    level_scores,
    told,
    told_forward,
)
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.quantiles import normal_level
from evaluator.statistics.side_clusters import grown, part_of_cell, spread_of_sides
from evaluator.statistics.simultaneous import max_t_quantile
from evaluator.statistics.spread import FloatArray, IntArray, Spread, spread_of, without_gaps, without_rounding
from evaluator.statistics.streams import stream
from evaluator.subject.subject import Partition, Subject

TOGETHER = ""
MOST_ROWS, FEWEST_ROWS = 20_000, 2_000
ROWS_TO_ORDER = 400_000
"""Rows of one attribute to be put in order, over all groups and features."""
TEXT = "its values are text, of which nearly every one is different"
NOTHING = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """The rows looked at for one attribute.

    Attributes
    ----------
    index : positions among all rows, sorted, shape (n,).
    group : group of each, numbered as in the partition.
    weight : what each row stands for, or None when all rows stand for one.
    """

    index: IntArray
    group: IntArray
    weight: FloatArray | None
    cluster: IntArray | None
    fold: IntArray

    @property
    def plain(self) -> bool:
        return self.weight is None and self.cluster is None


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One thing that may tell the groups: scores of shape (n,), or of shape (n, groups) where they were fitted."""

    name: str
    words: str
    score: FloatArray
    fitted: bool
    known: BoolArray


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """What one column tells about one group, before its range is known."""

    column: Column
    found: Told | None
    n: int
    n_rest: int


def reveals(measured: Measured, features: Sequence[Feature]) -> tuple[Trace, ...]:
    """Every attribute, group by group: each feature, the score, and all features together without the attribute itself.

    Notes
    -----
    At most `MOST_ROWS` rows of an attribute, half of them shared out equally among its groups, weighted back.
    """
    return tuple(row for partition in measured.attributes for row in _of_attribute(measured, partition, features))


def _of_attribute(measured: Measured, partition: Partition, features: Sequence[Feature]) -> Iterator[Trace]:
    others = [feature for feature in features if feature.name not in partition.columns]
    if not others or not partition.groups:
        return
    sample = _sample(measured, partition, len(others))
    taken = [feature.take(sample.index) for feature in others]
    columns = _columns(measured, sample, taken)
    for number, group in enumerate(partition.groups):
        population = _population(measured.subject, group)
        if population is not None and not is_missing(population):
            yield from _of_group(measured, partition, population, sample, columns, number)
            for feature in taken:
                if feature.is_text:
                    yield _blank(measured, partition, population, feature.name, feature.words, TEXT, "not_applicable")


def is_missing(population: Population) -> bool:
    """Whether these are the cases whose group is not known."""
    terms = json.loads(population.definition).get("terms", [])
    return any(term.get("levels") == [None] for term in terms)


def _population(subject: Subject, population_id: str) -> Population | None:
    rows = subject.find_rows(population_id)
    return None if rows is None else rows.population


def groups_of(subject: Subject, partition: Partition) -> IntArray:
    """The group of every row, numbered as in the partition."""
    group = np.zeros(subject.n, dtype=np.int64)
    for number, name in enumerate(partition.groups):
        rows = subject.find_rows(name)
        if rows is not None:
            group[slice(None) if rows.index is None else rows.index] = number
    return group


def _sample(measured: Measured, partition: Partition, width: int) -> Sample:
    subject, group = measured.subject, groups_of(measured.subject, partition)
    rng = stream(measured.plan.settings.seed, "fairness/reveals", partition.attribute)
    known = np.arange(subject.n) if subject.weight is None else np.flatnonzero(subject.weight > 0)
    size = np.bincount(group[known], minlength=len(partition.groups))
    most = min(MOST_ROWS, max(FEWEST_ROWS, ROWS_TO_ORDER // (size.size * (width + 2))))
    taken = shared_out(size, most)
    order = np.lexsort((rng.random(known.size), group[known]))
    place = np.arange(known.size) - (np.cumsum(size) - size)[group[known][order]]
    index = np.sort(known[order[place < taken[group[known][order]]]])
    own = None if subject.weight is None else subject.weight[index]
    if (taken < size).any():
        own = (1.0 if own is None else own) * (size / np.maximum(taken, 1))[group[index]]
    cluster = None if subject.cluster is None else without_gaps(subject.cluster[index])
    fold = forward_folds(group[index], rng, cluster=cluster)
    return Sample(index, group[index], own, cluster, fold)


def shared_out(size: IntArray, most: int) -> IntArray:
    """Rows to look at from each group: all, or half equally and half in proportion to its size."""
    if size.sum() <= most:
        return size
    share = most / 2 / size.size + most / 2 * size / size.sum()
    taken: IntArray = np.minimum(size, np.ceil(share).astype(np.int64))
    return taken


def _columns(measured: Measured, sample: Sample, features: Sequence[Feature]) -> list[Column]:
    found = [_column(feature, sample) for feature in features if not feature.is_text]
    scores = measured.subject.scores[0]
    taken = any(feature.name == SCORE for feature in features)
    if scores.score is not None and measured.subject.task != "multiclass" and not taken:
        words = "the predicted number" if measured.subject.task == "regression" else "the score"
        found.append(_number(SCORE, words, scores.score[sample.index].astype(np.float64)))
    binned = bins_of(features)
    if len(binned) > 1:
        ordered = [feature.values is not None for feature in features if not feature.is_text]
        summed = additive_scores(binned, sample.group, sample.fold, sample.weight, ordered=ordered)
        every = np.ones(sample.index.size, dtype=np.bool_)
        found.append(Column(TOGETHER, "all features together", summed, fitted=True, known=every))
    return found


def _column(feature: Feature, sample: Sample) -> Column:
    if feature.values is not None:
        return _number(feature.name, feature.words, feature.values)
    assert feature.codes is not None
    levels, code = np.unique(feature.codes, return_inverse=True)
    if levels.size <= 2:
        return _number(feature.name, feature.words, code.astype(np.float64))
    scores = level_scores(code.astype(np.int64), sample.group, sample.fold, sample.weight)
    return Column(feature.name, feature.words, scores, fitted=True, known=np.ones(code.size, dtype=np.bool_))


def _number(name: str, words: str, values: FloatArray) -> Column:
    return Column(name, words, values, fitted=False, known=~np.isnan(values))


def _of_group(
    measured: Measured, partition: Partition, population: Population, sample: Sample, columns: Sequence[Column],
    number: int,
) -> Iterator[Trace]:  # fmt: skip
    member = sample.group == number
    least = measured.plan.data.min_group
    read = [_read(column, sample, member, number) for column in columns]
    few = [least > min(one.n, one.n_rest) or min(one.n, one.n_rest) < MIN_RELEVANT for one in read]
    usable = [one for one, short in zip(read, few, strict=True) if not short and one.found is not None]
    level = _pair_level(measured, sample, usable)
    for one, short in zip(read, few, strict=True):
        if short or one.found is None:
            column = one.column
            reason = "too few cases on one side"
            blank = _blank(measured, partition, population, column.name, column.words, reason, "too_few")
            yield _with_counts(blank, one)
        else:
            yield _row(measured, partition, population, sample, member, number, one, level, len(usable))


def _read(column: Column, sample: Sample, member: BoolArray, number: int) -> Read:
    index = np.flatnonzero(column.known)
    own = member[index]
    score = _scores_of(column, number)[index]
    weight = None if sample.weight is None else sample.weight[index]
    rows, judged = np.zeros(member.size), np.zeros(member.size, dtype=np.bool_)
    if column.fitted:
        part = told_forward(own, score, sample.fold[index], weight, plain=sample.plain)
        if part is not None:
            rows[index], judged[index] = part.rows, part.judged
        found = None if part is None else Told(part.value, rows, judged)
    else:
        plain = told(own, score, weight, plain=sample.plain)
        if plain is not None:
            rows[index], judged[index] = plain.rows, True
        found = None if plain is None else Told(plain.value, rows, judged)
    n = int(np.count_nonzero(own))
    return Read(column, found, n, own.size - n)


def _scores_of(column: Column, number: int) -> FloatArray:
    """What orders the rows for one group. Nothing was fitted for a last group whose rows all weigh nothing."""
    if column.score.ndim == 1:
        return column.score
    fitted: FloatArray = column.score[:, number] if number < column.score.shape[1] else np.zeros(len(column.score))
    return fitted


def _pair_level(measured: Measured, sample: Sample, read: Sequence[Read]) -> float:
    """The level of one range at which those of all features hold together for a group."""
    level, size = measured.plan.settings.level, len(read)
    if size <= 1:
        return level
    if min(min(one.n, one.n_rest) for one in read) < PAIRS_TOGETHER_FROM:
        return 1 - (1 - level) / size
    together = correlations([one.found.rows for one in read if one.found is not None], sample.cluster)
    rng = stream(measured.plan.settings.seed, "simultaneous")
    return normal_level(max_t_quantile(together, level, rng=rng))


def _row(
    measured: Measured, partition: Partition, population: Population, sample: Sample, member: BoolArray, number: int,
    one: Read, level: float, family: int,
) -> Trace:  # fmt: skip
    found = one.found
    assert found is not None
    index = np.flatnonzero(found.judged)
    cluster = None if sample.cluster is None else without_gaps(sample.cluster[index])
    spread = without_rounding(_spread(one, sample, index, member[index], cluster), found.value)
    if sample.plain:
        # The factor n / (n - 1) stands for both sides in the influence already.
        spread = spread._replace(se=spread.se * math.sqrt(max(0, index.size - 1) / max(1, index.size)))
    score = _scores_of(one.column, number)
    rows = BinaryRows(
        member[index], None, score[index], False, None if sample.weight is None else sample.weight[index], cluster
    )
    blank = _blank(measured, partition, population, one.column.name, one.column.words, "", "ok")
    if spread.n_clusters == 1 or not math.isfinite(spread.se):
        return _with_counts(replace(blank, status="too_few", reason="too few clusters on one side"), one)
    interval = auc_range(rows, found.value, spread, min(rows.positives, rows.negatives), level)
    low, high = interval.low, interval.high
    if low is None or high is None:
        return _with_counts(replace(blank, status="too_few", reason="there is no range to tell by"), one)
    # An area is a sum of parts: one of all pairs may miss 1 by a rounding, and would not be said to be all of them.
    value = round(found.value, 12)
    low, high = min(low, value), max(min(high, 1.0), value)
    if not one.column.fitted:
        value, low, high = better_way(value, low, high)
    words = f"all {family} ranges about this group" if family > 1 else "the one range about this group"
    return replace(
        blank, value=value, low=low, high=high, se=spread.se, method=f"{interval.method}_simultaneous",
        family=words, family_size=family, n=one.n, n_rest=one.n_rest, proven=low > NOTHING,
    )  # fmt: skip


def _spread(one: Read, sample: Sample, index: IntArray, own: BoolArray, cluster: IntArray | None) -> Spread:
    """How uncertain an area is. No more certain than the clusters of either side make it; of fitted scores, of either
    side in every fold."""
    assert one.found is not None
    influence = one.found.rows[index]
    if cluster is None:
        return spread_of(influence)
    part = part_of_cell((2 * sample.fold[index] if one.column.fitted else 0) + own, cluster)
    if (part >= 1).any():
        return Spread(math.nan, 1.0, None, 1.0)
    return spread_of_sides(influence * grown(part), own, cluster)


def better_way(value: float, low: float, high: float) -> tuple[float, float, float]:
    """The same read in its better direction: the image of the range under max(a, 1 - a), which covers as often."""
    if low > NOTHING:
        return value, low, high
    if high < NOTHING:
        return 1 - value, 1 - high, 1 - low
    return max(value, 1 - value), NOTHING, max(high, 1 - low)


def _with_counts(row: Trace, one: Read) -> Trace:
    return replace(row, n=one.n, n_rest=one.n_rest)


def _blank(
    measured: Measured, partition: Partition, population: Population, feature: str, words: str, reason: str,
    status: EstimateStatus,
) -> Trace:  # fmt: skip
    return Trace(
        kind="reveals", subject=MODEL, attribute=partition.attribute, population_id=population.population_id,
        feature=feature, words=words, value=None, low=None, high=None, se=None, level=measured.plan.settings.level,
        method="none", family="", family_size=0, space="auc", n=0, n_rest=0, proven=False, status=status, reason=reason,
    )  # fmt: skip
