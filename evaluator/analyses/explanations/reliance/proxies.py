"""Features that count for the score and tell a sensitive group apart."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.contributions import Contributions
from evaluator.analyses.explanations.drawing import Drawn, draw
from evaluator.analyses.explanations.explained import Explained
from evaluator.analyses.explanations.reliance.rows import TOO_FEW, About, Seen, about_feature, blank_row, seen_row
from evaluator.analyses.explanations.weighting import weighted_means
from evaluator.catalogue.settings import MIN_RELEVANT
from evaluator.metrics.measure import measure
from evaluator.metrics.rows import BinaryRows
from evaluator.records import EstimateStatus, ExplanationCheck, Population
from evaluator.statistics.cross_fitted import forward_folds, level_scores
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.statistics.streams import stream
from evaluator.subject.columns import sensitive_columns
from evaluator.subject.levels import canonical_codes
from evaluator.subject.subject import Partition

PROXY = "proxy"
COUNTS = 0.05
"""A feature counts when provably at least this part of all that moves the score is its own."""
MOST_ROWS = 6_000
MOST_LEVELS = 200
"""A column with more levels is text; `identifiers` looks at it."""
GUESSING = 0.5
NO_GROUPS = "the plan names no sensitive column that the model does not read itself"
NONE_COUNTS = "no feature is shown to count for the score"
TEXT = "its values are text, of which nearly every one is different"


class Group(NamedTuple):
    """One group of the drawn rows: its population and who belongs to it, shape (n,)."""

    population_id: str
    member: BoolArray


class Sides(NamedTuple):
    """What one feature says about one group, before its range is known; `rows` is None with too few cases."""

    about: About
    rows: BinaryRows | None
    reason: str
    n: int


def proxies(explained: Explained) -> tuple[ExplanationCheck, ...]:
    """Each feature that counts, against each group of each sensitive attribute that it does not define itself.

    Notes
    -----
    Area under the ROC curve between members and everyone else in the better direction. Levels are ordered by their
    share of members in one half of the rows and judged on the other. The ranges of all pairs of feature and group hold
    together (Bonferroni). Rows are drawn from each group in proportion to the root of its size, and weighted back.
    """
    asked, parts = explained.asked, explained.parts
    if parts is None:
        return (blank_row(asked, PROXY, "not_tested", explained.withheld),)
    counting = features_that_count(parts, asked.level)
    if not counting.size:
        return (blank_row(asked, PROXY, "not_applicable", NONE_COUNTS),)
    sides = [one for partition in _partitions(explained) for one in _of_attribute(explained, partition, counting)]
    if not sides:
        return (blank_row(asked, PROXY, "not_applicable", NO_GROUPS),)
    family = sum(one.rows is not None for one in sides)
    level = 1 - (1 - asked.level) / max(family, 1)
    return tuple(_row(asked, one, level) for one in sides)


def features_that_count(parts: Contributions, level: float) -> IntArray:
    """Places of the features whose part of all that moves the score is provably at least `COUNTS`, the largest first.

    Notes
    -----
    share_j >= c exactly when the mean of |phi_j| - c sum |phi| is at least 0; the lower end of its t interval is.
    """
    size = np.abs(parts.values)
    means = weighted_means(size - COUNTS * size.sum(axis=1, keepdims=True), parts.drawn)
    low = means.value - means.half_width(level)
    counting = np.flatnonzero(low >= 0) if size.any() else np.zeros(0, dtype=np.int64)
    return counting[np.argsort(-means.value[counting], kind="stable")].astype(np.int64)


def _partitions(explained: Explained) -> Iterator[Partition]:
    for name, _ in sensitive_columns(explained.plan):
        partition = explained.subject.find_partition(name)
        if partition is not None and partition.groups:
            yield partition


def _of_attribute(explained: Explained, partition: Partition, counting: IntArray) -> Iterator[Sides]:
    asked = explained.asked
    others = [place for place in counting.tolist() if asked.columns[place].name not in partition.columns]
    if not others:
        return
    groups = _groups(explained, partition)
    code = np.full(asked.n, len(groups), dtype=np.int64)
    for number, group in enumerate(groups):
        code[group.member] = number
    unit = f"{partition.attribute}{asked.class_}"
    rng = stream(asked.seed, "explanations/proxies", unit)
    stratum = np.unique(code, return_inverse=True)[1].astype(np.int64)
    drawn = draw(MOST_ROWS, rng, stratum, weight=asked.weight, cluster=asked.cluster)
    fold = forward_folds(code[drawn.index], rng, cluster=drawn.cluster, folds=2)
    for place in others:
        yield from _of_feature(explained, place, groups, code[drawn.index], drawn, fold)


def _groups(explained: Explained, partition: Partition) -> list[Group]:
    """Groups to tell from everyone else: not the cases without a group, and of two groups that are all, the first."""
    groups = []
    for name in partition.groups:
        rows = explained.subject.find_rows(name)
        inside = np.zeros(explained.subject.n, dtype=np.bool_)
        if rows is not None and not _is_missing(rows.population):
            inside[slice(None) if rows.index is None else rows.index] = True
            groups.append(Group(name, inside[explained.positions]))
    if len(groups) == 2 and bool((groups[0].member | groups[1].member).all()):
        return groups[:1]
    return groups


def _is_missing(population: Population) -> bool:
    terms = json.loads(population.definition).get("terms", [])
    return any(term.get("levels") == [None] for term in terms)


def _of_feature(
    explained: Explained, place: int, groups: list[Group], code: IntArray, drawn: Drawn, fold: IntArray
) -> Iterator[Sides]:
    asked = explained.asked
    column, series = asked.columns[place], asked.frame.iloc[drawn.index, place]
    orders = _orders(series, column.type == "number", code, drawn, fold)
    for number, group in enumerate(groups):
        about = about_feature(column, group.population_id)
        if orders is None:
            yield Sides(about, None, TEXT, 0)
            continue
        score, used = _order_of(orders[0], number), orders[1]
        member = group.member[drawn.index][used]
        n = int(np.count_nonzero(member))
        least = max(explained.plan.data.min_group, MIN_RELEVANT)
        if min(n, member.size - n) < least:
            yield Sides(about, None, TOO_FEW, n)
            continue
        plain = asked.weight is None and drawn.n == asked.n
        weight = None if plain else drawn.weight[used]
        cluster = None if drawn.cluster is None else drawn.cluster[used]
        yield Sides(about, BinaryRows(member, None, score[used], False, weight, cluster), "", member.size)


def _orders(
    series: pd.Series[float], number: bool, code: IntArray, drawn: Drawn, fold: IntArray
) -> tuple[FloatArray, BoolArray] | None:
    """What orders the rows, shape (n, 1) or (n, groups), and which rows can be judged by it; None for text."""
    if number or pd.api.types.is_bool_dtype(series.dtype):
        values = series.to_numpy(dtype=np.float64, na_value=np.nan)
        known: BoolArray = np.isfinite(values)
        return np.where(known, values, 0.0)[:, None], known
    levels = canonical_codes(series.astype(str).where(series.notna(), None))
    if len(levels.levels) > MOST_LEVELS:
        return None
    scores = level_scores(levels.codes.astype(np.int64) + 1, code, fold, drawn.weight)
    judged: BoolArray = fold == 1
    return scores, judged


def _order_of(scores: FloatArray, number: int) -> FloatArray:
    """What orders the rows for one group; levels have an order for each, and none for a last group without rows."""
    place = 0 if scores.shape[1] == 1 else number
    order: FloatArray = scores[:, place] if place < scores.shape[1] else np.zeros(len(scores))
    return order


def _row(asked: Asked, one: Sides, level: float) -> ExplanationCheck:
    if one.rows is None:
        status: EstimateStatus = "not_applicable" if one.reason == TEXT else "too_few"
        return blank_row(asked, PROXY, status, one.reason, one.about, n=one.n)
    found = measure("auc", one.rows, level=level, min_group=0, seed=asked.seed, unit=one.about.feature)
    if found.value is None or found.interval is None or found.interval.low is None or found.interval.high is None:
        return blank_row(asked, PROXY, "too_few", found.reason or TOO_FEW, one.about, n=one.n)
    value, low, high = found.value, found.interval.low, found.interval.high
    if value < GUESSING:
        value, low, high = 1 - value, 1 - high, 1 - low
    method = f"{found.interval.method}_simultaneous"
    seen = Seen(value, low, high, one.n, method, low > GUESSING, GUESSING, "pairs")
    return seen_row(asked, PROXY, seen, one.about)
