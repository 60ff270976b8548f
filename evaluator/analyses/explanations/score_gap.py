"""How far apart the scores of a group and of everyone else lie on average, split over the features."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.contributions import Contributions
from evaluator.analyses.explanations.weighting import Means, weighted_means
from evaluator.catalogue.settings import MIN_RELEVANT
from evaluator.records import MODEL, Population, Trace
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.simultaneous import max_t_quantile
from evaluator.statistics.spread import FloatArray
from evaluator.statistics.streams import stream
from evaluator.subject.columns import sensitive_columns
from evaluator.subject.subject import Rows, Subject

SUM = ""
ROUNDING = 1e-12
"""A part whose spread is this small beside that of the scores is the same in every row."""


def score_gaps(asked: Asked, found: Contributions | None, subject: Subject) -> tuple[Trace, ...]:
    """Every group of every sensitive attribute against everyone else; nothing without parts that add up.

    Returns
    -------
    For each group one row per feature and one, with feature '', for their sum: the group's mean score minus that of
    everyone else, in the space of the parts, which is the model's own.

    Notes
    -----
    Part of feature j: mean of phi_j in the group minus its mean among the others, rows weighted back to the population.
    All parts of a group and their sum hold together (max-|t|).
    """
    if found is None:
        return ()
    parts = centred_parts(found)
    member_of = _Membership(asked, found, subject)
    return tuple(
        row
        for name, _ in sensitive_columns(asked.plan)
        if (partition := subject.find_partition(name)) is not None
        for group in partition.groups
        if (rows := subject.find_rows(group)) is not None
        for row in _of_group(asked, found, parts, rows.population, member_of(rows))
    )


class _Membership:
    """Which of the drawn rows belong to a population; rows of weight zero were never asked about."""

    def __init__(self, asked: Asked, found: Contributions, subject: Subject) -> None:
        kept = np.arange(subject.n) if subject.weight is None else np.flatnonzero(subject.weight > 0)
        self._n = subject.n
        self._position = kept[found.drawn.index]

    def __call__(self, rows: Rows) -> BoolArray:
        inside = np.zeros(self._n, dtype=np.bool_)
        inside[slice(None) if rows.index is None else rows.index] = True
        return inside[self._position]


def centred_parts(found: Contributions) -> FloatArray:
    """Parts that add up to the score minus one number for all rows, shape (n, k).

    Where rows are compared with backgrounds of their own, what these differ by is spread over the features of each row
    in proportion to the size of its parts: by chance alone, so that it stays a small and unbiased share of each.
    """
    apart = found.base - found.base.mean()
    size = np.abs(found.values)
    total = size.sum(axis=1)
    equal = 1.0 / max(1, size.shape[1])
    share = np.where(total[:, None] > 0, size / np.where(total > 0, total, 1.0)[:, None], equal)
    parts: FloatArray = found.values + apart[:, None] * share
    return parts


def _of_group(
    asked: Asked, found: Contributions, parts: FloatArray, group: Population, member: BoolArray
) -> Iterator[Trace]:
    n, n_rest = int(np.count_nonzero(member)), int(np.count_nonzero(~member))
    names = [*((column.name, column.words) for column in asked.columns), (SUM, "all features together")]
    if min(n, n_rest) < max(asked.plan.data.min_group, MIN_RELEVANT):
        for name, words in names:
            yield _row(asked, found, group, name, words, n, n_rest)
        return
    columns = np.concatenate([parts, parts.sum(axis=1, keepdims=True)], axis=1)
    value, means = apart_of(columns, found, member)
    se = np.where(means.se > ROUNDING * float(np.abs(columns).max(initial=0.0)), means.se, 0.0)
    quantile = _quantile(asked, means, se) if np.isfinite(se).all() else np.inf
    for place, (name, words) in enumerate(names):
        yield _row(asked, found, group, name, words, n, n_rest, (float(value[place]), float(se[place]), quantile))


def apart_of(columns: FloatArray, found: Contributions, member: BoolArray) -> tuple[FloatArray, Means]:
    """Weighted mean of each column among the members minus that among the others, and how uncertain it is.

    Notes
    -----
    A difference of two ratios of Horvitz-Thompson sums varies like the mean of its influence: for members
    (phi - mean) / share of the members, for the others the same with a minus; see `weighting.weighted_means`.
    """
    weight = found.drawn.weight
    value, linear = np.zeros(columns.shape[1]), np.zeros_like(columns)
    for side, sign in ((member, 1.0), (~member, -1.0)):
        inside = weight[side]
        mean = inside @ columns[side] / inside.sum()
        value += sign * mean
        linear[side] = sign * (columns[side] - mean) * (weight.sum() / inside.sum())
    return value, weighted_means(linear, found.drawn)


def _quantile(asked: Asked, means: Means, se: FloatArray) -> float:
    spread = se > 0
    scale = np.outer(se[spread], se[spread])
    correlation = (means.covariance[np.ix_(spread, spread)] / scale).clip(-1.0, 1.0)
    return max_t_quantile(correlation, asked.level, rng=stream(asked.seed, "simultaneous"), df=float(means.df))


def _row(
    asked: Asked, found: Contributions, group: Population, name: str, words: str, n: int, n_rest: int,
    seen: tuple[float, float, float] | None = None,
) -> Trace:  # fmt: skip
    value, se, quantile = (None, None, None) if seen is None else seen
    known = value is not None and se is not None and quantile is not None and np.isfinite(quantile * se)
    if value is None or se is None or quantile is None or not known:
        value, low, high, se = None, None, None, None
    else:
        low, high = value - quantile * se, value + quantile * se
    size = len(asked.columns) + 1
    return Trace(
        kind="score_gap", subject=MODEL, attribute=group.attribute, population_id=group.population_id, feature=name,
        words=words, value=value, low=low, high=high, se=se, level=asked.level,
        method=f"{found.how}_simultaneous" if known else "none", family=f"all {size} parts of this group" if known else "",
        family_size=size if known else 0, space=found.space, n=n, n_rest=n_rest,
        proven=bool(known and low is not None and high is not None and (low > 0 or high < 0)),
        status="ok" if known else "too_few", reason="" if known else "too few of the explained cases on one side",
    )  # fmt: skip
