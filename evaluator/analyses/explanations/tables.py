"""Calculations to rows of the importance and effect tables."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import numpy as np

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.contributions import Contributions
from evaluator.analyses.explanations.effects import Curve
from evaluator.analyses.explanations.ranks import REPEATS, Ranks, ranks_of
from evaluator.analyses.explanations.shifting import Shifted
from evaluator.analyses.explanations.weighting import Means, weighted_means
from evaluator.records import ALL, MODEL, Direction, Effect, Importance
from evaluator.statistics.quantiles import t_quantile
from evaluator.statistics.spread import FloatArray
from evaluator.statistics.streams import stream
from evaluator.subject.subject import ColumnInfo

Method = Literal["shap", "permutation"]


class About(NamedTuple):
    """What is known about each feature beside its importance."""

    direction: tuple[Direction, ...]
    moves_with: tuple[tuple[str, ...], ...]


class Shares(NamedTuple):
    """Parts of the sum by feature, with the ends of their ranges."""

    value: FloatArray
    low: FloatArray
    high: FloatArray


class Measured(NamedTuple):
    """Means by feature and how they were come by."""

    means: Means
    how: str
    space: str
    n: int
    background: int | None


def contribution_rows(asked: Asked, found: Contributions, about: About) -> tuple[Importance, ...]:
    """Mean size of each feature's part of the score, for the population."""
    means = weighted_means(np.abs(found.values), found.drawn)
    measured = Measured(means, found.how, found.space, found.drawn.n, found.background)
    return _rows(asked, "shap", measured, about)


def shift_rows(asked: Asked, found: Shifted, about: About) -> tuple[Importance, ...]:
    """Growth of the loss without each feature, for the population."""
    measured = Measured(weighted_means(found.growth, found.drawn), "shifted", found.space, found.drawn.n, None)
    return _rows(asked, "permutation", measured, about)


def untested_rows(asked: Asked, method: Method, space: str, reason: str) -> tuple[Importance, ...]:
    """One row for each feature that says why there is no number."""
    return tuple(
        Importance(
            method=method, subject=MODEL, population_id=ALL, feature=column.name, words=column.words, value=None,
            low=None, high=None, se=None, level=asked.level, share=None, share_low=None, share_high=None,
            rank_low=None, rank_high=None, times_first=None, repeats=0, direction="unknown", moves_with="[]", space=space,
            unit=asked.unit_of(space), how="", n=0, background=None, weighted=asked.weight is not None,
            status="not_tested", reason=reason,
        )
        for column in asked.columns
    )  # fmt: skip


def effect_rows(asked: Asked, curves: Sequence[Curve | None]) -> tuple[Effect, ...]:
    """Every point of every curve."""
    return tuple(
        _effect(asked, curve, position) for curve in curves if curve is not None for position in range(curve.y.size)
    )


def _rows(asked: Asked, method: Method, measured: Measured, about: About) -> tuple[Importance, ...]:
    ranks = ranks_of(measured.means, asked.level, stream(asked.seed, f"explanations/ranks/{method}"))
    half = measured.means.half_width(asked.level)
    shares = _shares(measured.means, asked.level) if method == "shap" else None
    return tuple(
        _importance(asked, method, measured, about, ranks, shares, place, float(half[place]))
        for place in range(len(asked.columns))
    )


def _importance(
    asked: Asked, method: Method, measured: Measured, about: About, ranks: Ranks, shares: Shares | None, place: int,
    half: float,
) -> Importance:  # fmt: skip
    column, value = asked.columns[place], float(measured.means.value[place])
    low, high = (value - half, value + half) if np.isfinite(half) else (None, None)
    share, share_low, share_high = (None, None, None) if shares is None else (_finite(end[place]) for end in shares)
    times = None if ranks.times_first is None else int(ranks.times_first[place])
    return Importance(
        method=method, subject=MODEL, population_id=ALL, feature=column.name, words=column.words, value=value,
        low=max(low, 0.0) if method == "shap" and low is not None else low, high=high,
        se=_finite(measured.means.se[place]), level=asked.level,
        share=share, share_low=share_low, share_high=share_high, rank_low=int(ranks.low[place]),
        rank_high=int(ranks.high[place]), times_first=times, repeats=0 if times is None else REPEATS,
        direction=about.direction[place], moves_with=json.dumps(list(about.moves_with[place])),
        space=measured.space, unit=asked.unit_of(measured.space), how=measured.how, n=measured.n,
        background=measured.background, weighted=asked.weight is not None, status="ok", reason="",
    )  # fmt: skip


def _shares(means: Means, level: float) -> Shares | None:
    """Each mean as a part of their sum, with t intervals by the delta method; None when the sum is zero."""
    total = means.value.sum()
    if total <= 0:
        return None
    share = means.value / total
    slope = (np.eye(share.size) - share[:, None]) / total
    variance = np.einsum("ij,jk,ik->i", slope, means.covariance, slope)
    half = t_quantile(level, means.df) * np.sqrt(variance.clip(min=0.0))
    return Shares(share, (share - half).clip(min=0.0), (share + half).clip(max=1.0))


def _effect(asked: Asked, curve: Curve, position: int) -> Effect:
    column, y, se = curve.column, float(curve.y[position]), float(curve.se[position])
    half = t_quantile(asked.level, curve.df) * se
    low, high = (y - half, y + half) if np.isfinite(half) else (None, None)
    x, level, label = _place(column, curve, position)
    return Effect(
        subject=MODEL, population_id=ALL, feature=column.name, words=column.words,
        kind="levels" if curve.at is None else "quantity", position=position, x=x, level=level, label=label, y=y,
        low=low, high=high, se=_finite(se), confidence=asked.level, n=int(curve.n[position]),
        share=float(curve.share[position]), thin=_is_thin(curve, position, asked.plan.data.min_group),
        space=asked.space, unit=asked.unit_of(asked.space),
    )  # fmt: skip


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _place(column: ColumnInfo, curve: Curve, position: int) -> tuple[float | None, str, str]:
    """Where a point stands: a number, or a level with its label."""
    if curve.at is not None:
        return float(curve.at[position]), "", ""
    level = curve.levels[position]
    labels: Mapping[str, str] = dict(column.levels)
    return None, level, labels.get(level, level)


def _is_thin(curve: Curve, position: int, fewest: int) -> bool:
    """Fewer rows than a group needs; the first edge of a quantity goes with the bin after it."""
    first = curve.at is not None and position == 0
    return bool(curve.n[1 if first else position] < fewest)
